// A key's end beyond the 24 bits of code minutes was read as an end that is written otherwise: one document, two
// spellings.
#include <gtest/gtest.h>
#include <sodium.h>

#include "agent/domain/key_directory.h"

namespace tillside {
namespace {

constexpr std::size_t kUntilAt = 57 + 3 + 1 + 32;  // of the first row

struct Keys {
  VerifyingKey verifying{};
  SigningKey signing{};
  Keys() { crypto_sign_seed_keypair(verifying.data(), signing.data(), Bytes32{1}.data()); }
};

// A part with one key that ends at `until`, signed as headquarters would.
std::string part_with(std::uint32_t until, const Keys& hq) {
  KeyPart part;
  part.rows = {{{17, 2}, {}}};
  std::string bytes = write_key_part(part, hq.signing);
  bytes.resize(bytes.size() - 64);
  for (std::size_t byte = 0; byte < 4; ++byte) bytes[kUntilAt + byte] = static_cast<char>(until >> (24 - 8 * byte));
  const std::string text = std::string("tillside/keys/v1\0", 17) + bytes;
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       hq.signing.data());
  return bytes + std::string(signature.begin(), signature.end());
}

TEST(KeyEnd, HasOneSpelling) {
  const Keys hq;
  const auto read = [&](std::uint32_t until) { return read_key_part(part_with(until, hq), {}, hq.verifying); };
  ASSERT_TRUE(read(0xFFFFFF));
  EXPECT_EQ(write_key_part(*read(0xFFFFFF), hq.signing), part_with(0xFFFFFF, hq));
  ASSERT_TRUE(read(0xFFFFFFFF));
  EXPECT_FALSE(read(0xFFFFFFFF)->rows[0].facts.until);
  for (const std::uint32_t until : {0x1000000u, 0xE6FFFFFFu, 0xFFFFFFFEu}) {
    ASSERT_FALSE(read(until)) << until;
    EXPECT_EQ(read(until).error().code, ErrorCode::bad_format);
  }
}

}  // namespace
}  // namespace tillside
