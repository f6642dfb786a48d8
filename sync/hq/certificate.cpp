#include "sync/hq/certificate.h"

#include <sodium.h>

#include <vector>

namespace tillside::hq {
namespace {

constexpr std::string_view kMagic = "TC1";
constexpr std::string_view kPurpose{"tillside/till-certificate/v1\0", 29};

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xff));
}

void put_text(std::string& out, std::string_view text) {
  put(out, text.size(), 2);
  out.append(text);
}

template <std::size_t N>
void put_bytes(std::string& out, const std::array<std::uint8_t, N>& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), N);
}

class Taker {
 public:
  explicit Taker(std::string_view left) : left_(left) {}
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && left_.empty(); }

  std::string_view bytes(std::size_t count) {
    if (count > left_.size()) ok_ = false;
    if (!ok_) return {};
    const auto out = left_.substr(0, count);
    left_.remove_prefix(count);
    return out;
  }
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const char c : bytes(count)) value = (value << 8) | static_cast<std::uint8_t>(c);
    return value;
  }
  std::string text() { return std::string(bytes(number(2))); }
  template <std::size_t N>
  void into(std::array<std::uint8_t, N>& out) {
    const auto from = bytes(N);
    if (ok_) std::copy(from.begin(), from.end(), out.begin());
  }

 private:
  std::string_view left_;
  bool ok_ = true;
};

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Error bad_format() { return {ErrorCode::bad_format, "certificate", "not a certificate of version 1"}; }

}  // namespace

std::string write_certificate(const Certificate& certificate, const SigningKey& hq_key) {
  std::string body(kMagic);
  put(body, certificate.till, 4);
  put(body, certificate.generation, 1);
  put_bytes(body, certificate.epoch);
  put_bytes(body, certificate.public_key);
  put(body, certificate.store.number, 4);
  for (const auto* text : {&certificate.store.store_id, &certificate.store.name, &certificate.store.zone,
                           &certificate.store.currency, &certificate.store.calling_code})
    put_text(body, *text);
  const auto signed_text = std::string(kPurpose) + body;
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, raw(signed_text), signed_text.size(), hq_key.data());
  put_bytes(body, signature);
  return to_hex(raw(body), body.size());
}

Result<Certificate> read_certificate(std::string_view text, const VerifyingKey& hq_key) {
  std::vector<std::uint8_t> bytes(text.size() / 2);
  if (text.size() > 4096 || !from_hex(text, bytes.data(), bytes.size())) return bad_format();
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (all.size() < kMagic.size() + 64 || !all.starts_with(kMagic)) return bad_format();
  const auto body = all.substr(0, all.size() - 64);
  const auto signed_text = std::string(kPurpose) + std::string(body);
  if (crypto_sign_verify_detached(raw(all.substr(all.size() - 64)), raw(signed_text), signed_text.size(),
                                  hq_key.data()) != 0)
    return Error{ErrorCode::bad_signature, "certificate", "not signed by this headquarters"};
  Taker from(body.substr(kMagic.size()));
  Certificate out;
  out.till = static_cast<TillNumber>(from.number(4));
  out.generation = static_cast<std::uint8_t>(from.number(1));
  from.into(out.epoch);
  from.into(out.public_key);
  out.store.number = static_cast<StoreNumber>(from.number(4));
  for (auto* field :
       {&out.store.store_id, &out.store.name, &out.store.zone, &out.store.currency, &out.store.calling_code})
    *field = from.text();
  if (!from.at_end()) return bad_format();
  return out;
}

}  // namespace tillside::hq
