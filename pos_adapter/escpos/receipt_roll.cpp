#include "pos_adapter/escpos/receipt_roll.h"

#include <algorithm>

namespace tillside::escpos {
namespace {

constexpr std::size_t kFeedBytes = 64;

bool is_content(const Command& command) {
  switch (command.kind) {
    case Kind::raster:
    case Kind::bit_image:
    case Kind::print_nv:
    case Kind::print_download:
    case Kind::barcode:
    case Kind::symbol:
    case Kind::graphics:
      return true;
    default:
      return false;
  }
}

bool is_beside_the_paper(Kind kind) {  // asks, or acts at once
  switch (kind) {
    case Kind::filler:
    case Kind::status:
    case Kind::automatic_status:
    case Kind::about:
    case Kind::stored:
    case Kind::response:
    case Kind::ask_status:
    case Kind::recover:
    case Kind::pulse:
    case Kind::pulse_now:
    case Kind::beep:
    case Kind::beep_now:
    case Kind::ask_status_now:
    case Kind::panel:
    case Kind::sensor:
      return true;
    default:
      return false;
  }
}

bool empties_the_printer(const Command& command) {
  return command.kind == Kind::clear_now || (command.kind == Kind::recover && command.parameter(2) == 2);
}

bool is_visible(char letter) { return static_cast<unsigned char>(letter) > 0x20; }

}  // namespace

void ReceiptRoll::text(std::string_view bytes, const PrinterState& before) {
  if (std::any_of(bytes.begin(), bytes.end(), is_visible)) note_content(before);
  record(bytes);
}

void ReceiptRoll::command(const Command& command, const PrinterState& before) {
  recording_data_ = false;
  if (command.kind == Kind::peripheral) return record_peripheral(command.head);
  if (command.to_display) return;
  if (empties_the_printer(command)) return clear();
  kicked_ = kicked_ || (content_ && (command.kind == Kind::pulse || command.kind == Kind::pulse_now));
  if (is_beside_the_paper(command.kind)) return;
  if (is_content(command)) note_content(before);
  const bool feeds = command.kind == Kind::feed_lines || command.kind == Kind::feed_dots ||
                     (command.kind == Kind::line_feed && !before.mid_line);
  if (feeds && content_ && feeds_.size() < kFeedBytes) feeds_ += command.head;
  recording_data_ = !command.whole;
  record(command.head);
}

void ReceiptRoll::data(std::string_view bytes) {
  if (recording_data_) record(bytes);
}

void ReceiptRoll::note_content(const PrinterState& before) {
  if (!content_) begin_ = before;
  content_ = true;
  kicked_ = false;
  feeds_.clear();
  ++contents_;
}

void ReceiptRoll::record(std::string_view bytes) {
  if (!content_ || too_long_) return;
  too_long_ = bytes_.size() + bytes.size() > kReceiptBytes;
  if (too_long_) return bytes_.clear();
  bytes_ += bytes;
  peripheral_at_ = std::string::npos;
}

void ReceiptRoll::record_peripheral(std::string_view bytes) {
  if (peripheral_at_ != std::string::npos) bytes_.resize(peripheral_at_);
  const std::size_t at = bytes_.size();
  record(bytes);
  if (content_ && !too_long_) peripheral_at_ = at;
}

PaperReceipt ReceiptRoll::receipt() const { return {.number = 0, .bytes = bytes_, .begin = begin_}; }

void ReceiptRoll::clear() {
  const std::uint64_t contents = contents_;
  *this = ReceiptRoll();
  contents_ = contents;
}

void ReceiptRoll::drop(std::size_t size) {
  bytes_.erase(0, size);
  peripheral_at_ = std::string::npos;
  if (bytes_.empty()) clear();
}

}  // namespace tillside::escpos
