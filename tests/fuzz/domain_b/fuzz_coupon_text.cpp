// Every text form a till reads: coupon codes, typed codes, referral tokens. What is read must be written back the same.
#include <cstdlib>

#include "agent/domain/coupon.h"
#include "agent/domain/referral.h"

using namespace tillside;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_body(const CouponBytes& bytes) {
  const auto body = decode_coupon(bytes);
  if (!body) return;
  const auto again = encode_coupon(*body);
  require(again.ok() && *again == bytes);
  require(coupon_id(*body) == to_hex(bytes).substr(2, 14));
  const Validity validity = validity_of(*body, StoreZone());
  require(body->valid_days == 0 || validity.until.ms > 0);
}

void check_coupon(std::string_view text) {
  const auto code = read_coupon_text(text);
  if (!code) return;
  const auto again = read_coupon_text(coupon_url("host", code->body, code->signature));
  require(again.ok() && again->body == code->body && again->signature == code->signature);
  check_body(code->body);
}

void check_typed(std::string_view text) {
  const auto code = read_typed(text);
  if (!code) return;
  require(*read_typed(format_typed(*code)) == *code);
  require(*read_typed(format_typed_digits(*code)) == *code);
}

void check_referral(std::string_view text) {
  const auto referral = read_referral(text);
  if (!referral) return;
  const ReferralKey key{};
  const auto verified = verify_referral(encode_referral(*referral, key), key);
  require(verified.ok() && *verified == *referral);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_coupon(text);
  check_typed(text);
  check_referral(text);
  CouponBytes body{};
  if (size == body.size()) {
    for (std::size_t i = 0; i < size; ++i) body[i] = data[i];
    check_body(body);
  }
  return 0;
}
