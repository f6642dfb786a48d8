#include <gtest/gtest.h>

#include <random>

#include "agent/domain/member.h"

namespace tillside {
namespace {

MemberRecord full() {
  MemberRecord record;
  record.stores = {7, 1, kMaxStoreNumber};
  record.friend_of = StaffRef{7, 65535};
  record.tier = 3;
  record.paid_until = date_of(2027, 1, 31);
  record.first_joined = Instant{29'000'000 * kMinute};
  record.person = 0xDEADBEEF;
  return record;
}

TEST(MemberCodec, RoundTrips) {
  for (const auto& record : {MemberRecord{}, full()}) {
    const auto back = decode_member(encode_member(record));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, record);
  }
}

TEST(MemberCodec, IsSmall) {
  EXPECT_EQ(encode_member(MemberRecord{}), std::string("\x10\x00", 2));
  MemberRecord usual;
  usual.stores = {7};
  usual.friend_of = StaffRef{7, 12};
  usual.first_joined = Instant{29'000'000 * kMinute};
  usual.person = 77;
  EXPECT_LE(encode_member(usual).size(), 16u);
}

TEST(MemberCodec, HasTheDocumentedBytes) {
  MemberRecord record;
  record.stores = {7, 300};
  record.friend_of = StaffRef{7, 12};
  record.tier = 2;
  record.person = 0x01020304;
  EXPECT_EQ(to_hex(reinterpret_cast<const std::uint8_t*>(encode_member(record).data()), encode_member(record).size()),
            "121307ac02070c0201020304");
}

TEST(MemberCodec, KeepsAtMost15Stores) {
  MemberRecord record;
  for (StoreNumber store = 1; store <= 20; ++store) record.stores.push_back(store);
  EXPECT_EQ(decode_member(encode_member(record))->stores.size(), 15u);
}

TEST(MemberCodec, KeepsMinutesOnly) {
  MemberRecord record;
  record.first_joined = Instant{kMinute * 5 + 59'999};
  EXPECT_EQ(decode_member(encode_member(record))->first_joined, Instant{kMinute * 5});
  record.first_joined = Instant{-1};
  EXPECT_EQ(decode_member(encode_member(record))->first_joined, Instant{-kMinute});
}

TEST(MemberCodec, CarriesABirthdayAndWhetherSheBought) {
  MemberRecord record;
  record.birthday = MonthDay{2, 29};
  EXPECT_EQ(encode_member(record), std::string("\x10\x20\x02\x1d", 4));
  record.bought = false;
  EXPECT_EQ(encode_member(record), std::string("\x10\x60\x02\x1d\x00", 5));
  EXPECT_EQ(*decode_member(encode_member(record)), record);
  EXPECT_FALSE(decode_member(std::string("\x10\x20\x02\x1e", 4)).ok());
  EXPECT_FALSE(decode_member(std::string("\x10\x20\x0d\x01", 4)).ok());
  EXPECT_FALSE(decode_member(std::string("\x10\x40\x02", 3)).ok());
  EXPECT_EQ(decode_member(std::string("\x10\x80", 2)).error().code, ErrorCode::too_new);
}

TEST(MonthDay, IsADayOfSomeYear) {
  EXPECT_EQ(*parse_month_day("02-29"), (MonthDay{2, 29}));
  EXPECT_EQ(*parse_month_day("12-31"), (MonthDay{12, 31}));
  for (const char* text : {"", "2-29", "02-30", "00-01", "13-01", "04-31", "01-00", "01/02", "1990-01-02", "0a-01"})
    EXPECT_FALSE(parse_month_day(text).ok()) << text;
}

TEST(MemberCodec, RefusesTornAndForeignBytes) {
  const std::string bytes = encode_member(full());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_EQ(decode_member(bytes.substr(0, length)).error().code, ErrorCode::bad_format) << length;
  EXPECT_EQ(decode_member(bytes + "x").error().code, ErrorCode::bad_format);
  EXPECT_EQ(decode_member(std::string("\x20\x00", 2)).error().code, ErrorCode::too_new);
  EXPECT_EQ(decode_member(std::string("\x00\x00", 2)).error().code, ErrorCode::bad_format);
  EXPECT_EQ(decode_member(std::string("\x10\x20", 2)).error().code, ErrorCode::bad_format);
  EXPECT_EQ(decode_member(std::string("\x10\x02\x00", 3)).error().code, ErrorCode::bad_format);  // a tier that is none
  EXPECT_EQ(decode_member(std::string("\x11\x00\x87\x00", 4)).error().code, ErrorCode::bad_format);      // 7, too long
  EXPECT_EQ(decode_member(std::string("\x11\x00\x80\x80\x40", 5)).error().code, ErrorCode::bad_format);  // 2^20
}

TEST(MemberCodec, NeverCrashesOnNoiseAndTakesOnlyItsOwnForm) {
  std::mt19937 random(20261122);
  for (int i = 0; i < 200'000; ++i) {
    std::string bytes(random() % 24, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    if (bytes.size() > 1)
      bytes[0] = static_cast<char>(0x10 | (random() % 4)), bytes[1] = static_cast<char>(random() % 128);
    const auto record = decode_member(bytes);
    if (!record) continue;
    const auto again = decode_member(encode_member(*record));
    ASSERT_TRUE(again.ok());
    ASSERT_EQ(*again, *record);
    ASSERT_EQ(encode_member(*record), bytes);
  }
}

}  // namespace
}  // namespace tillside
