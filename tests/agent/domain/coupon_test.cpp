#include "agent/domain/coupon.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "tests/agent/domain/coupon_samples.h"

namespace tillside {
namespace {

using samples::coupon;
using samples::kChain;
using samples::key_pair;

CouponBytes encoded(const CouponBody& body) {
  const auto bytes = encode_coupon(body);
  EXPECT_TRUE(bytes.ok());
  return bytes.ok() ? *bytes : CouponBytes{};
}

ErrorCode code_of(const Result<CouponBody>& read) { return read.ok() ? ErrorCode::internal : read.error().code; }

std::string refused_field(const CouponBody& body) {
  const auto bytes = encode_coupon(body);
  if (bytes.ok()) return "accepted";
  EXPECT_EQ(bytes.error().code, ErrorCode::out_of_range);
  return bytes.error().field;
}

CouponBytes with_bit_flipped(CouponBytes bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (0x80u >> bit % 8));
  return bytes;
}

TEST(CouponBody, StandsInThePromisedBytes) {
  EXPECT_EQ(to_hex(encoded(coupon())), "11000112000001c300000117344b00070807d013e800007b0021c0ffee010000");
}

TEST(CouponBody, ComesBackAsItWas) {
  for (const auto reward : {RewardType::amount_off, RewardType::percent_off, RewardType::item})
    for (const auto policy : {Policy::home, Policy::strict})
      for (const auto kind :
           {CampaignKind::next_visit, CampaignKind::welcome, CampaignKind::pickup, CampaignKind::benefit}) {
        CouponBody body = coupon();
        body.reward = reward;
        body.policy = policy;
        body.kind = kind;
        const auto read = decode_coupon(encoded(body));
        ASSERT_TRUE(read.ok()) << read.error().field;
        EXPECT_EQ(*read, body);
      }
}

TEST(CouponBody, CarriesTheEdgesOfEachField) {
  CouponBody body;
  body.kind = CampaignKind::benefit;
  body.key = {kMaxTillNumber, 15};
  body.serial = 0xFFFFFFFF;
  body.campaign = body.issued_minute = (1u << 24) - 1;
  body.valid_from_hours = body.valid_days = 255;
  body.policy = Policy::strict;
  body.reward = RewardType::item;
  body.value = 65535;
  body.min_spend = 4'095'000'000'000'000'000;
  body.home_store = kMaxStoreNumber;
  body.staff = 65535;
  body.person = 0xFFFFFFFF;
  const auto read = decode_coupon(encoded(body));
  ASSERT_TRUE(read.ok()) << read.error().field;
  EXPECT_EQ(*read, body);
}

TEST(CouponBody, NamesTheFieldThatDoesNotFit) {
  const auto with = [](auto change) {
    CouponBody body = coupon();
    change(body);
    return refused_field(body);
  };
  EXPECT_EQ(with([](auto& b) { b.key.till = kMaxTillNumber + 1; }), "key.till");
  EXPECT_EQ(with([](auto& b) { b.key.generation = 16; }), "key.generation");
  EXPECT_EQ(with([](auto& b) { b.campaign = 1u << 24; }), "campaign");
  EXPECT_EQ(with([](auto& b) { b.issued_minute = 1u << 24; }), "issued_minute");
  EXPECT_EQ(with([](auto& b) { b.home_store = kMaxStoreNumber + 1; }), "home_store");
  EXPECT_EQ(with([](auto& b) { b.value = 4097; }), "value");
  EXPECT_EQ(with([](auto& b) { b.value = -1; }), "value");
  EXPECT_EQ(with([](auto& b) { b.min_spend = 12345; }), "min_spend");
  EXPECT_EQ(with([](auto& b) { b.kind = static_cast<CampaignKind>(5); }), "kind");
  EXPECT_EQ(with([](auto& b) { b.policy = static_cast<Policy>(2); }), "policy");
  EXPECT_EQ(with([](auto& b) { b.reward = static_cast<RewardType>(0); }), "reward");
  EXPECT_EQ(with([](auto& b) { b.reward = RewardType::percent_off, b.value = 10000; }), "value");
  EXPECT_EQ(with([](auto& b) { b.reward = RewardType::item, b.value = 65536; }), "value");
}

TEST(CouponBody, RefusesReservedBitsVersionsAndUnknownValues) {
  const CouponBytes good = encoded(coupon());
  for (std::size_t bit : {133u, 134u, 135u})
    EXPECT_EQ(code_of(decode_coupon(with_bit_flipped(good, bit))), ErrorCode::bad_format) << bit;
  for (std::size_t bit = 240; bit < 256; ++bit)
    EXPECT_EQ(code_of(decode_coupon(with_bit_flipped(good, bit))), ErrorCode::bad_format) << bit;
  for (std::size_t bit = 168; bit < 172; ++bit)
    EXPECT_EQ(code_of(decode_coupon(with_bit_flipped(good, bit))), ErrorCode::bad_format) << bit;
  for (unsigned first = 0; first < 256; ++first) {
    CouponBytes bytes = good;
    bytes[0] = static_cast<std::uint8_t>(first);
    EXPECT_EQ(decode_coupon(bytes).ok(), first >= 0x11 && first <= 0x14) << first;
  }
  for (unsigned flags = 0; flags < 256; ++flags) {
    CouponBytes bytes = good;
    bytes[16] = static_cast<std::uint8_t>(flags);
    const unsigned policy = flags >> 6, reward = (flags >> 3) & 7, reserved = flags & 7;
    const bool percent_fits = reward != 2 || coupon().value <= 9999;
    EXPECT_EQ(decode_coupon(bytes).ok(), policy <= 1 && reward >= 1 && reward <= 3 && reserved == 0 && percent_fits);
  }
}

TEST(CouponBody, RefusesAnAmountSpeltOtherwise) {
  CouponBytes bytes = encoded(coupon());
  bytes[17] = 0x30;  // 2 x 10^3 for 2000
  bytes[18] = 0x02;
  EXPECT_EQ(code_of(decode_coupon(bytes)), ErrorCode::bad_format);
}

TEST(CouponBody, RandomBytesDecodeToWhatEncodesToThem) {
  std::mt19937 random(1);
  int accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    CouponBytes bytes;
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    bytes[0] = static_cast<std::uint8_t>(0x11 + random() % 4);
    bytes[16] = static_cast<std::uint8_t>(random() & 0xF8);
    bytes[21] &= 0x0F;
    bytes[30] = bytes[31] = 0;
    if (const auto body = decode_coupon(bytes)) {
      ++accepted;
      EXPECT_EQ(to_hex(encoded(*body)), to_hex(bytes));
    }
  }
  EXPECT_GT(accepted, 500);
}

TEST(PackAmount, TakesTheSmallestExponentThatIsExact) {
  EXPECT_EQ(pack_amount(0), 0);
  EXPECT_EQ(pack_amount(2000), 2000);
  EXPECT_EQ(pack_amount(4095), 4095);
  EXPECT_EQ(pack_amount(4096), std::nullopt);
  EXPECT_EQ(pack_amount(4100), (1 << 12) | 410);
  EXPECT_EQ(pack_amount(10000), (1 << 12) | 1000);
  EXPECT_EQ(pack_amount(40950), (1 << 12) | 4095);
  EXPECT_EQ(pack_amount(40960), std::nullopt);
  EXPECT_EQ(pack_amount(41000), (2 << 12) | 410);
  EXPECT_EQ(pack_amount(-1), std::nullopt);
  EXPECT_EQ(pack_amount(4'095'000'000'000'000'000), (15 << 12) | 4095);
  EXPECT_EQ(pack_amount(4'096'000'000'000'000'000), std::nullopt);
  EXPECT_EQ(pack_amount(std::numeric_limits<std::int64_t>::max()), std::nullopt);
}

TEST(PackAmount, EveryPackedValueUnpacks) {
  for (unsigned packed = 0; packed < 65536; ++packed) {
    const std::int64_t value = unpack_amount(static_cast<std::uint16_t>(packed));
    const auto again = pack_amount(value);
    ASSERT_TRUE(again) << packed;
    ASSERT_EQ(unpack_amount(*again), value) << packed;
    ASSERT_LE(*again >> 12, static_cast<int>(packed >> 12));
  }
}

TEST(CouponSignature, HoldsForItsBodyChainAndKey) {
  const auto keys = key_pair(1);
  const auto body = encoded(coupon());
  const auto signature = sign_coupon(body, kChain, keys.signing);
  EXPECT_TRUE(verify_coupon(body, signature, kChain, keys.verifying));
  EXPECT_FALSE(verify_coupon(body, signature, samples::counting_from<ChainId>(1), keys.verifying));
  EXPECT_FALSE(verify_coupon(body, signature, kChain, key_pair(2).verifying));
  EXPECT_FALSE(verify_coupon(body, signature, kChain, VerifyingKey{}));
}

TEST(CouponSignature, EveryFlippedBitBreaksIt) {
  const auto keys = key_pair(1);
  const auto body = encoded(coupon());
  const auto signature = sign_coupon(body, kChain, keys.signing);
  for (std::size_t bit = 0; bit < 256; ++bit)
    EXPECT_FALSE(verify_coupon(with_bit_flipped(body, bit), signature, kChain, keys.verifying)) << bit;
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Signature flipped = signature;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1u << bit % 8));
    EXPECT_FALSE(verify_coupon(body, flipped, kChain, keys.verifying)) << bit;
  }
}

TEST(CouponSignature, SignsThePrefixWithItsFinalZero) {
  const auto keys = key_pair(1);
  const auto body = encoded(coupon());
  const auto signature = sign_coupon(body, kChain, keys.signing);
  std::string text("tillside/coupon/v1\0", 19);
  text.append(kChain.begin(), kChain.end()).append(body.begin(), body.end());
  EXPECT_EQ(crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                        text.size(), keys.verifying.data()),
            0);
}

TEST(CouponId, IsKeyAndSerial) {
  EXPECT_EQ(coupon_id(coupon()), "000112000001c3");
  EXPECT_EQ(coupon_id(coupon()), to_hex(encoded(coupon())).substr(2, 14));
}

TEST(CouponValidity, RunsFromItsHourToTheEndOfALocalDay) {
  const StoreZone shanghai;
  CouponBody body = coupon();
  body.valid_from_hours = 24;
  const Validity validity = validity_of(body, shanghai);
  EXPECT_EQ(format_time(validity.from, shanghai), "2026-11-23T09:15:00+08:00");
  EXPECT_EQ(format_time(validity.until, shanghai), "2026-11-29T23:59:59.999+08:00");
}

TEST(CouponValidity, CountsDaysInTheVerifyingStoresZone) {
  CouponBody body = coupon();
  body.valid_days = 1;
  const StoreZone honolulu("Pacific/Honolulu", {{Instant{0}, -10 * 3600}});
  EXPECT_EQ(format_time(validity_of(body, honolulu).until, honolulu), "2026-11-22T23:59:59.999-10:00");
}

TEST(CouponValidity, EndsAtLocalMidnightAcrossASummerTimeChange) {
  const auto change = parse_time("2026-10-25T01:00:00Z", StoreZone());
  ASSERT_TRUE(change.ok());
  const StoreZone berlin("Europe/Berlin", {{Instant{0}, 7200}, {*change, 3600}});
  CouponBody body = coupon();
  const auto issued = parse_time("2026-10-24T23:30:00+02:00", berlin);
  ASSERT_TRUE(issued.ok());
  body.issued_minute = code_minutes(*issued);
  body.valid_days = 1;
  EXPECT_EQ(format_time(validity_of(body, berlin).until, berlin), "2026-10-25T23:59:59.999+01:00");
}

}  // namespace
}  // namespace tillside
