// What is typed or read from the bar code: each form spells the same 79 bits again, and one coupon's key opens no
// other.
#include "agent/domain/coupon.h"
#include "tests/fuzz/coupon/require.h"

using namespace tillside;

namespace {

bool is(const Result<TypedCode>& read, const TypedCode& code) { return read.ok() && *read == code; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto code = read_typed(text);
  if (!code) {
    require(code.error().code == ErrorCode::bad_format);
    return 0;
  }
  require(code->till < 1u << 20 && code->serial_low < 1u << 24 && code->mac < 1ull << 35);
  const std::string letters = format_typed(*code), digits = format_typed_digits(*code);
  require(letters.size() == 19 && digits.size() == 24);
  require(is(read_typed(letters), *code) && is(read_typed(digits), *code));
  require(!read_typed(letters + "0") && !read_typed(digits + "0") && !read_typed(digits.substr(1)));

  CouponBody body;
  body.key.till = code->till;
  body.serial = code->serial_low;
  const TypedKey key{42};
  require(typed_matches(typed_code(body, key), body, key));
  require(!typed_matches(*code, body, key) || *code == typed_code(body, key));
  body.serial += 1u << 24;  // the same low bits, another coupon
  require(!typed_matches(*code, body, key) || *code == typed_code(body, key));
  return 0;
}
