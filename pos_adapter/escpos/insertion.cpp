#include "pos_adapter/escpos/insertion.h"

namespace tillside::escpos {
namespace {

bool may_stand_in_a_block(const Command& command) {
  switch (command.kind) {
    case Kind::line_feed:
    case Kind::feed_dots:
    case Kind::feed_lines:
    case Kind::tab:
    case Kind::print_mode:
    case Kind::size:
    case Kind::emphasis:
    case Kind::double_strike:
    case Kind::underline:
    case Kind::upside_down:
    case Kind::turned:
    case Kind::inverse:
    case Kind::smoothing:
    case Kind::font:
    case Kind::colour:
    case Kind::letter_space:
    case Kind::code_page:
    case Kind::national_set:
    case Kind::kanji_on:
    case Kind::kanji_off:
    case Kind::kanji_system:
    case Kind::kanji_mode:
    case Kind::kanji_underline:
    case Kind::kanji_quadruple:
    case Kind::kanji_space:
    case Kind::default_spacing:
    case Kind::line_spacing:
    case Kind::align:
    case Kind::left_margin:
    case Kind::area_width:
    case Kind::position:
    case Kind::move:
    case Kind::raster:
    case Kind::bit_image:
    case Kind::barcode:
    case Kind::barcode_setting:
      return true;
    case Kind::encoding:
      return command.parameter(5) == 48;
    case Kind::symbol:
      return command.parameter(5) == 49 && command.parameter(6) != 82;  // QR; 82 asks
    default:
      return false;
  }
}

// Follows the printer through a block and notes what does not belong into one.
class BlockReader final : public Sink {
 public:
  explicit BlockReader(const PrinterState& before) : state_(before) {}

  void text(std::uint64_t /*at*/, std::string_view /*bytes*/, bool to_display) override { state_.text(to_display); }
  void command(const Command& command) override {
    fits_ = fits_ && may_stand_in_a_block(command);
    stores_qr_ = stores_qr_ || command.kind == Kind::symbol;
    state_.command(command);
  }
  void data(std::uint64_t /*at*/, std::string_view /*bytes*/, bool /*last*/) override {}

  bool read(std::string_view content) {
    if (content.size() > kBlockLimit) return false;
    Walker walker;
    walker.feed(content, *this);
    return fits_ && walker.between_commands() && !state_.qr_waits;
  }
  const PrinterState& state() const { return state_; }
  bool stores_qr() const { return stores_qr_; }

 private:
  PrinterState state_;
  bool fits_ = true, stores_qr_ = false;
};

std::string line_ended(const PrinterState& at) {
  if (!at.mid_line) return {};
  return at.peripheral == 1 ? "\n" : "\x1B=\x01\n";
}

}  // namespace

bool fits_a_block(std::string_view content) { return BlockReader(PrinterState{}).read(content); }

std::optional<std::string> block_at(const PrinterState& at, std::string_view content, std::string_view behind) {
  if (!at.takes_ours() || content.empty()) return std::nullopt;
  PrinterState before = at;
  before.mid_line = false;
  const PrinterState plain = before.plain();
  PrinterState begin = plain;
  begin.qr_waits = false;
  BlockReader reader(begin);
  if (!reader.read(content) || (at.qr_waits && reader.stores_qr())) return std::nullopt;
  PrinterState after = reader.state();
  after.qr_waits = before.qr_waits;
  const char* ending = after.mid_line ? "\n" : "";
  after.mid_line = false;
  if (at.mid_line && at.peripheral != 1) before.peripheral = 1;
  std::string out = line_ended(at) + change(before, plain);
  out.append(content).append(ending);
  before.peripheral = at.peripheral;
  return out + change(after, before).append(behind);
}

}  // namespace tillside::escpos
