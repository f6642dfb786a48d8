#include "agent/domain/key_directory.h"

#include <sodium.h>

#include <algorithm>

namespace tillside {
namespace {

constexpr std::string_view kMagic = "TD1";
constexpr std::string_view kPurpose{"tillside/keys/v1\0", 17};
constexpr std::size_t kHeadBytes = 57, kRowBytes = 48, kSignatureBytes = 64;
constexpr std::uint32_t kNoEnd = 0xFFFF'FFFF;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xff));
}

template <std::size_t N>
void put(std::string& out, const std::array<std::uint8_t, N>& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), N);
}

// Reads on from the front; whoever calls has made sure of the length.
class Taker {
 public:
  explicit Taker(std::string_view left) : left_(left) {}
  std::string_view bytes(std::size_t count) {
    const auto out = left_.substr(0, count);
    left_.remove_prefix(count);
    return out;
  }
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const char c : bytes(count)) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
  }
  template <std::size_t N>
  void into(std::array<std::uint8_t, N>& out) {
    const auto from = bytes(N);
    std::copy(from.begin(), from.end(), out.begin());
  }

 private:
  std::string_view left_;
};

std::string signed_text(std::string_view body) { return std::string(kPurpose) + std::string(body); }

bool row_before(const KeyRow& a, const KeyRow& b) { return a.id < b.id; }

void put_row(std::string& out, const KeyRow& row) {
  put(out, row.id.packed(), 3);
  put(out, static_cast<std::uint64_t>(row.facts.status), 1);
  put(out, row.facts.key);
  put(out, row.facts.until ? code_minutes(*row.facts.until) : kNoEnd, 4);
  put(out, row.facts.ceiling, 4);
  put(out, row.facts.good_to, 4);
}

bool take_row(Taker& from, KeyRow& row) {
  row.id = KeyId::from_packed(static_cast<std::uint32_t>(from.number(3)));
  const auto status = from.number(1);
  row.facts.status = static_cast<KeyFacts::Status>(status);
  from.into(row.facts.key);
  const auto until = static_cast<std::uint32_t>(from.number(4));
  if (until != kNoEnd) row.facts.until = from_code_minutes(until);
  row.facts.ceiling = static_cast<std::uint32_t>(from.number(4));
  row.facts.good_to = static_cast<std::uint32_t>(from.number(4));
  const bool one_spelling = !row.facts.until || code_minutes(*row.facts.until) == until;
  return one_spelling && status <= static_cast<std::uint64_t>(KeyFacts::Status::revoked);
}

bool in_order(const KeyPart& part) {
  for (std::size_t i = 0; i < part.rows.size(); ++i) {
    if (part_of(part.rows[i].id.till) != part.part) return false;
    if (i > 0 && !row_before(part.rows[i - 1], part.rows[i])) return false;
  }
  return true;
}

Error damaged(const char* what) { return {ErrorCode::bad_format, "keys", what}; }
Error not_signed(const char* what) { return {ErrorCode::bad_signature, "keys", what}; }

}  // namespace

const char* name_of(KeyFacts::Status status) {
  static constexpr const char* kNames[] = {"live", "retired", "revoked"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string write_key_part(KeyPart part, const SigningKey& hq_key) {
  std::sort(part.rows.begin(), part.rows.end(), row_before);
  std::string out(kMagic);
  out.reserve(kHeadBytes + part.rows.size() * kRowBytes + kSignatureBytes);
  put(out, part.chain);
  put(out, part.incarnation);
  put(out, part.part, 2);
  put(out, part.version, 8);
  put(out, static_cast<std::uint64_t>(part.expires.ms), 8);
  put(out, part.rows.size(), 4);
  for (const KeyRow& row : part.rows) put_row(out, row);
  const std::string text = signed_text(out);
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, raw(text), text.size(), hq_key.data());
  put(out, signature);
  return out;
}

Result<KeyPart> read_key_part(std::string_view bytes, const ChainId& chain, const VerifyingKey& hq_key) {
  if (bytes.size() < kHeadBytes + kSignatureBytes || !bytes.starts_with("TD")) return damaged("no key directory");
  if (!bytes.starts_with(kMagic)) return Error{ErrorCode::too_new, "keys", "a later version of the directory"};
  const auto body = bytes.substr(0, bytes.size() - kSignatureBytes);
  const std::string text = signed_text(body);
  if (crypto_sign_verify_detached(raw(bytes.substr(body.size())), raw(text), text.size(), hq_key.data()) != 0)
    return not_signed("not signed by this headquarters");
  Taker from(body.substr(kMagic.size()));
  KeyPart part;
  from.into(part.chain);
  if (part.chain != chain) return not_signed("of another chain");
  from.into(part.incarnation);
  part.part = static_cast<KeyPartNumber>(from.number(2));
  part.version = from.number(8);
  part.expires = {static_cast<std::int64_t>(from.number(8))};
  const auto count = from.number(4);
  if (count > kMostKeysAPart || body.size() != kHeadBytes + count * kRowBytes) return damaged("truncated or padded");
  part.rows.resize(count);
  for (KeyRow& row : part.rows)
    if (!take_row(from, row)) return damaged("an unknown status, or an end beyond code minutes");
  if (!in_order(part)) return damaged("rows out of order");
  return part;
}

bool KeyDirectory::take(std::shared_ptr<const KeyPart> part, const Bytes16& incarnation) {
  if (part->incarnation != incarnation) return false;
  const auto held = parts_.find(part->part);
  if (held != parts_.end() && held->second->incarnation == incarnation && held->second->version >= part->version)
    return false;
  parts_.insert_or_assign(part->part, std::move(part));
  return true;
}

std::optional<KeyFacts> KeyDirectory::find(KeyId key) const {
  const auto part = parts_.find(part_of(key.till));
  if (part == parts_.end()) return std::nullopt;
  const auto& rows = part->second->rows;
  const auto at =
      std::lower_bound(rows.begin(), rows.end(), key, [](const KeyRow& row, KeyId id) { return row.id < id; });
  if (at == rows.end() || at->id != key) return std::nullopt;
  return at->facts;
}

bool KeyDirectory::expired(KeyId key, Instant now) const {
  const auto part = parts_.find(part_of(key.till));
  return part == parts_.end() || part->second->expires < now;
}

std::uint64_t KeyDirectory::version_of(KeyPartNumber part) const {
  const auto found = parts_.find(part);
  return found == parts_.end() ? 0 : found->second->version;
}

std::size_t KeyDirectory::keys() const {
  std::size_t count = 0;
  for (const auto& [number, part] : parts_) count += part->rows.size();
  return count;
}

std::optional<Instant> KeyDirectory::expires() const {
  std::optional<Instant> first;
  for (const auto& [number, part] : parts_) first = first ? std::min(*first, part->expires) : part->expires;
  return first;
}

KeyFinding judge_key(const KeyFacts& facts, std::uint32_t serial, Instant issued) {
  if (serial > facts.ceiling) return KeyFinding::beyond;
  if (facts.until && issued > *facts.until) return KeyFinding::beyond;
  if (facts.status == KeyFacts::Status::revoked && serial > facts.good_to) return KeyFinding::beyond;
  return KeyFinding::good;
}

}  // namespace tillside
