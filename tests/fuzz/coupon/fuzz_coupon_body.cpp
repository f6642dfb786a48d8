// 32 bytes from anywhere: what decodes encodes to the same bytes, and everything that is said of it holds together.
#include <algorithm>

#include "agent/domain/coupon.h"
#include "tests/fuzz/coupon/require.h"

using namespace tillside;

namespace {

// What encode_coupon promises to take, made of the same bytes: an encoded body decodes to itself.
CouponBody body_of(const CouponBytes& bytes) {
  CouponBody body;
  body.kind = static_cast<CampaignKind>(1 + bytes[0] % 4);
  body.key = KeyId::from_packed(static_cast<std::uint32_t>(bytes[1] << 16 | bytes[2] << 8 | bytes[3]));
  body.serial = static_cast<std::uint32_t>(bytes[4]) << 24 | static_cast<std::uint32_t>(bytes[5] << 8 | bytes[6]);
  body.campaign = static_cast<std::uint32_t>(bytes[8] << 16 | bytes[9] << 8 | bytes[10]);
  body.issued_minute = static_cast<std::uint32_t>(bytes[11] << 16 | bytes[12] << 8 | bytes[13]);
  body.valid_from_hours = bytes[14];
  body.valid_days = bytes[15];
  body.policy = static_cast<Policy>(bytes[16] & 1);
  body.reward = static_cast<RewardType>(1 + bytes[16] / 2 % 3);
  body.value = bytes[17] << 8 | bytes[18];
  body.min_spend = static_cast<std::int64_t>(bytes[19] << 8 | bytes[20]) * (bytes[30] % 2 == 0 ? 1 : 10'000);
  body.home_store = static_cast<StoreNumber>((bytes[21] & 15) << 16 | bytes[22] << 8 | bytes[23]);
  body.staff = static_cast<StaffNumber>(bytes[24] << 8 | bytes[25]);
  body.person = static_cast<std::uint32_t>(bytes[26]) << 24 | bytes[29];
  return body;
}

void check_decoding(const CouponBytes& bytes) {
  const auto body = decode_coupon(bytes);
  if (!body) {
    require(body.error().code == ErrorCode::bad_format && !body.error().field.empty());
    return;
  }
  const auto again = encode_coupon(*body);
  require(again.ok() && *again == bytes);
  require(coupon_id(*body) == to_hex(bytes).substr(2, 14));
  require(body->value >= 0 && body->min_spend >= 0 && body->home_store <= kMaxStoreNumber);
  const Validity validity = validity_of(*body, StoreZone());
  require(validity.from >= from_code_minutes(body->issued_minute));
  require(body->valid_from_hours != 0 || validity.until > validity.from);
}

void check_encoding(const CouponBody& body) {
  const auto bytes = encode_coupon(body);
  if (!bytes) {
    require(bytes.error().code == ErrorCode::out_of_range && !bytes.error().field.empty());
    return;
  }
  const auto again = decode_coupon(*bytes);
  require(again.ok() && *again == body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CouponBytes bytes{};
  std::copy_n(data, std::min(size, bytes.size()), bytes.begin());
  check_decoding(bytes);
  check_encoding(body_of(bytes));
  return 0;
}
