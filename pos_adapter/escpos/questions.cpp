#include "pos_adapter/escpos/questions.h"

#include <algorithm>

namespace tillside::escpos {
namespace {

constexpr std::size_t kOpenAtMost = 64;

// GS ( L pL pH m fn, GS 8 L p1 p2 p3 p4 m fn
std::uint8_t graphics_function(const Command& command) {
  return command.parameter(command.parameter(1) == '8' ? 8 : 6);
}

bool graphics_ask(std::uint8_t function) {  // sizes and key codes of what is stored
  switch (function) {
    case 0:
    case 3:
    case 4:
    case 48:
    case 51:
    case 52:
    case 64:
    case 80:
      return true;
    default:
      return false;
  }
}

bool settings_ask(const Command& command) {  // GS ( E
  if (command.parameter(1) != '(' || command.parameter(2) != 'E') return false;
  switch (command.parameter(5)) {
    case 4:
    case 6:
    case 12:
    case 14:
    case 16:
    case 50:
    case 52:
    case 100:
      return true;
    default:
      return false;
  }
}

}  // namespace

Questions::Form Questions::form_of(const Command& command) {
  const std::uint8_t n = command.parameter(2);
  switch (command.kind) {
    case Kind::status:
    case Kind::ask_status:
      return Form::byte;
    case Kind::about:
      return n <= 3 || (n >= '1' && n <= '3') ? Form::byte : Form::block;
    case Kind::automatic_status:
      return command.parameter(1) == 'a' && n != 0 ? Form::status : Form::none;
    case Kind::ask_status_now:
      return command.parameter(3) == 1 ? Form::status : Form::byte;
    case Kind::response:
    case Kind::stored:
      return Form::block;
    case Kind::symbol:
      return command.parameter(6) == 82 ? Form::block : Form::none;
    case Kind::graphics:
      return n == 'L' && graphics_ask(graphics_function(command)) ? Form::block : Form::none;
    case Kind::machine:
      return settings_ask(command) ? Form::block : Form::none;
    default:
      return Form::none;
  }
}

void Questions::asked(const Command& command, Moment now) {
  const Form form = command.to_display ? Form::none : form_of(command);
  if (form == Form::none) return;
  ++asked_;
  if (mute_) return;
  open_.push_back({form, now});
  if (open_.size() > kOpenAtMost) open_.pop_front();
}

void Questions::heard(std::string_view bytes) {
  for (const char byte : bytes) hear(static_cast<std::uint8_t>(byte));
}

void Questions::hear(std::uint8_t byte) {
  spoke_ = true;
  mute_ = false;
  if (status_left_ > 0) {
    --status_left_;
  } else if (in_block_) {
    if (byte != 0) return;
    in_block_ = false;
    settle(Form::block);
  } else if ((byte & 0x93) == 0x10) {
    status_left_ = 3;
    settle(Form::status);
  } else if (byte == 0x11 || byte == 0x13 || open_.empty()) {
    return;  // XON, XOFF, or nobody asked
  } else if (open_.front().form == Form::block) {
    in_block_ = true;
  } else {
    settle(Form::byte);
  }
}

void Questions::settle(Form form) {
  const auto found = std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.form == form; });
  if (found != open_.end()) open_.erase(found);
}

void Questions::tick(Moment now) {
  while (!open_.empty() && given_up_at() <= now) {
    open_.pop_front();
    mute_ = !spoke_;
  }
}

void Questions::forget() {
  open_.clear();
  in_block_ = false;
}

}  // namespace tillside::escpos
