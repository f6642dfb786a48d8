// A part of the key directory from anywhere: as it came it is not headquarters' word; signed, it reads back as it is
// written, or is refused by name.
#include <sodium.h>

#include <algorithm>

#include "agent/domain/key_directory.h"
#include "tests/fuzz/coupon/require.h"

using namespace tillside;

namespace {

constexpr std::size_t kChainAt = 3, kSignature = 64;

struct Keys {
  VerifyingKey verifying;
  SigningKey signing;
};

const Keys& hq() {
  static const Keys keys = [] {
    const Bytes32 seed{7};
    Keys made;
    crypto_sign_seed_keypair(made.verifying.data(), made.signing.data(), seed.data());
    return made;
  }();
  return keys;
}

std::string signed_by_headquarters(std::string_view bytes) {
  std::string text("tillside/keys/v1\0", 17);
  text += bytes;
  std::string whole(bytes);
  whole.resize(bytes.size() + kSignature);
  crypto_sign_detached(reinterpret_cast<unsigned char*>(whole.data() + bytes.size()), nullptr,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), hq().signing.data());
  return whole;
}

ChainId chain_in(std::string_view bytes) {
  ChainId chain{};
  if (bytes.size() >= kChainAt + chain.size()) std::copy_n(bytes.begin() + kChainAt, chain.size(), chain.begin());
  return chain;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ChainId chain = chain_in(bytes);
  require(!read_key_part(bytes, chain, hq().verifying));  // nobody signs it by chance

  const std::string whole = signed_by_headquarters(bytes);
  const auto part = read_key_part(whole, chain, hq().verifying);
  if (!part) return 0;
  require(write_key_part(*part, hq().signing) == whole);
  KeyDirectory directory;
  require(directory.take(*part, part->incarnation) && !directory.take(*part, part->incarnation));
  for (const KeyRow& row : part->rows) {
    require(directory.find(row.id) == row.facts);
    (void)judge_key(row.facts, row.facts.ceiling, Instant{0});
  }
  return 0;
}
