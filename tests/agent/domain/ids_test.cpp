#include "agent/domain/ids.h"

#include <gtest/gtest.h>

#include "agent/domain/base32.h"

namespace tillside {
namespace {

TEST(Hex, GoesThereAndBack) {
  const std::array<std::uint8_t, 4> bytes{0x00, 0x7F, 0xA5, 0xFF};
  EXPECT_EQ(to_hex(bytes), "007fa5ff");
  std::array<std::uint8_t, 4> back{};
  EXPECT_TRUE(from_hex("007fA5FF", back));
  EXPECT_EQ(back, bytes);
  for (const char* text : {"", "007fa5f", "007fa5ff0", "007fa5fg", "007fa5f "})
    EXPECT_FALSE(from_hex(text, back)) << text;
}

TEST(PlainIds, AreShortAndPlain) {
  for (const char* id : {"0123", "L2", "E-1.7_x", "a"}) EXPECT_TRUE(is_plain_id(id)) << id;
  for (const char* id : {"", "a b", "a:b", "店", "a/b", "123456789012345678901234567890123"})
    EXPECT_FALSE(is_plain_id(id)) << id;
}

TEST(KeyIds, PackInto24Bits) {
  const KeyId id{kMaxTillNumber, 15};
  EXPECT_EQ(id.packed(), 0xFFFFFFu);
  EXPECT_EQ(KeyId::from_packed(id.packed()), id);
  EXPECT_EQ((KeyId{2, 3}.packed()), 0x23u);
}

TEST(Base32, WritesCrockford) {
  const std::vector<std::uint8_t> bytes{0xFF, 0x00, 0x80};
  EXPECT_EQ(base32_encode(bytes), "ZW080");
  EXPECT_EQ(base32_encode(bytes, 5), "Z");
  EXPECT_EQ(base32_encode(bytes, 9), "ZW");
  EXPECT_EQ(base32_encode({}, 0), "");
}

TEST(Base32, ForgivesWhatPeopleType) {
  EXPECT_EQ(base32_decode("zw-080", 24), (std::vector<std::uint8_t>{0xFF, 0x00, 0x80}));
  EXPECT_EQ(base32_decode("OIL", 15), base32_decode("011", 15));
}

TEST(Base32, RefusesTheRest) {
  for (const char* text : {"", "ZW08", "ZW0800", "ZW081", "ZW08U", "ZW08 ", "ZW08é"})
    EXPECT_FALSE(base32_decode(text, 24).has_value()) << text;  // ZW081 sets a padding bit
}

TEST(Base32, RoundTripsEveryLength) {
  std::vector<std::uint8_t> bytes;
  for (unsigned length = 0; length < 40; ++length) {
    EXPECT_EQ(base32_decode(base32_encode(bytes), bytes.size() * 8), bytes);
    bytes.push_back(static_cast<std::uint8_t>(length * 37 + 11));
  }
  bytes.resize(19);
  bytes.back() &= 0xFC;  // 150 bits: the last two of 19 bytes are none
  EXPECT_EQ(base32_encode(bytes, 150).size(), 30u);
  EXPECT_EQ(base32_decode(base32_encode(bytes, 150), 150), bytes);
}

}  // namespace
}  // namespace tillside
