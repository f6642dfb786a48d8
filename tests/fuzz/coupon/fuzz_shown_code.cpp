// Whatever a scanner types: few readings, the first as it stands, and each encodes to what it was read from.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/domain/redemption.h"
#include "agent/domain/scan_layouts.h"
#include "tests/fuzz/coupon/require.h"

using namespace tillside;

namespace {

void check(const ShownCode& code) {
  require(code.form != ShownCode::Form::none);
  if (code.form == ShownCode::Form::full) {
    const auto again = encode_coupon(code.body);
    require(again.ok() && *again == code.full.body);
  }
  if (code.form == ShownCode::Form::typed) require(*read_typed(format_typed_digits(code.typed)) == code.typed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto codes = read_shown_codes(text);
  require(codes.size() <= 6);
  for (const ShownCode& code : codes) check(code);
  const ShownCode direct = read_shown_code(text);
  require(direct.form == ShownCode::Form::none || codes.front().form == direct.form);
  for (const std::string& reading : undo_layouts(text)) require(reading.size() <= size);
  return 0;
}
