// The QR code's text: what is read says the same bytes again, in every spelling that readers forgive, and nobody
// forges.
#include <sodium.h>

#include <algorithm>

#include "agent/domain/coupon.h"
#include "agent/domain/scanned_text.h"
#include "tests/fuzz/coupon/require.h"

using namespace tillside;

namespace {

const ChainId kChain{1, 2, 3};

const VerifyingKey& till_key() {
  static const VerifyingKey key = [] {
    const Bytes32 seed{7};
    VerifyingKey verifying;
    SigningKey signing;
    crypto_sign_seed_keypair(verifying.data(), signing.data(), seed.data());
    return verifying;
  }();
  return key;
}

bool same(const Result<CouponText>& read, const CouponText& code) {
  return read.ok() && read->body == code.body && read->signature == code.signature;
}

std::string lowered(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// The last 154 letters and digits of what came in, without what is forgiven: they are the code, character for
// character.
std::string canonical(std::string_view text) {
  std::string clean = upper_cased(clean_scan(text).value());
  std::erase_if(clean, [](char c) { return !is_alphanumeric(c); });
  clean = clean.substr(clean.size() - 154);
  std::replace(clean.begin(), clean.end(), 'O', '0');
  std::replace_if(
      clean.begin(), clean.end(), [](char c) { return c == 'I' || c == 'L'; }, '1');
  return clean;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto code = read_coupon_text(text);
  if (!code) {
    require(code.error().code == ErrorCode::bad_format);
    return 0;
  }
  const std::string url = coupon_url("host", code->body, code->signature), bare = url.substr(url.size() - 154);
  require(bare == canonical(text));
  require(same(read_coupon_text(url), *code) && same(read_coupon_text(bare), *code));
  require(same(read_coupon_text(lowered(url)), *code) && same(read_coupon_text(" " + url + "\r\n"), *code));
  require(!read_coupon_text(bare + "0") && !read_coupon_text(bare.substr(1)));
  require(!read_typed(text));  // no text is two forms at once
  require(!verify_coupon(code->body, code->signature, kChain, till_key()));
  return 0;
}
