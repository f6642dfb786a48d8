// The chain's verifying keys, as headquarters signed them: which key of which till vouches for a coupon, and how far.
//
// The directory comes in parts, one document for each 256 till numbers, so that a change sends 12 KB and not a
// megabyte: 20,000 tills with one key each are 79 parts, 960 KB in all, and as much in memory. docs/wire.md, "Key
// directory". Bytes of a document, big-endian:
//   0 "TD1" | 3 chain id 16 | 19 headquarters' incarnation 16 | 35 part 2 | 37 version 8 | 45 expires, ms 8
//   53 count 4 | 57 rows of 48, rising by key id:
//      key id 3 | status 1 | public key 32 | until 4 | ceiling 4 | good_to 4
//   then 64 of Ed25519 by headquarters' key over "tillside/keys/v1\0" and all bytes before.
// `until` is in code minutes, all ones for none. Pure. Values; const calls from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/domain/coupon.h"
#include "agent/domain/ids.h"
#include "agent/domain/result.h"
#include "agent/domain/time.h"

namespace tillside {

// What is known of one key.
struct KeyFacts {
  enum class Status : std::uint8_t { live, retired, revoked };
  VerifyingKey key{};
  Status status = Status::live;
  std::optional<Instant> until;         // coupons issued later do not hold; whole minutes
  std::uint32_t ceiling = 0xFFFF'FFFF;  // the highest serial it may have issued
  std::uint32_t good_to = 0;            // revoked: serials up to this one hold
  bool operator==(const KeyFacts&) const = default;
};
const char* name_of(KeyFacts::Status status);

// The chain's keys as this till knows them. Any thread; quick.
class KeyLookup {
 public:
  virtual ~KeyLookup() = default;
  virtual std::optional<KeyFacts> find(KeyId key) const = 0;
  virtual bool expired(KeyId key, Instant now) const = 0;  // what is known of that key is out of date
};

struct KeyRow {
  KeyId id;
  KeyFacts facts;
  bool operator==(const KeyRow&) const = default;
};

using KeyPartNumber = std::uint16_t;
inline constexpr std::uint32_t kTillsAPart = 256;
inline KeyPartNumber part_of(TillNumber till) { return static_cast<KeyPartNumber>(till / kTillsAPart); }

struct KeyPart {
  ChainId chain{};
  Bytes16 incarnation{};  // of headquarters: versions compare within it
  KeyPartNumber part = 0;
  std::uint64_t version = 0;
  Instant expires;
  std::vector<KeyRow> rows;  // rising by id, all of this part
  bool operator==(const KeyPart&) const = default;
};

// Sorts the rows. They must be of this part and at most kMostKeysAPart.
inline constexpr std::size_t kMostKeysAPart = kTillsAPart * 16;
std::string write_key_part(KeyPart part, const SigningKey& hq_key);
//   bad_format     truncated, padded, rows out of order, twice or of another part, an unknown status
//   too_new        of a later version of the format
//   bad_signature  not signed by this headquarters, or of another chain
Result<KeyPart> read_key_part(std::string_view bytes, const ChainId& chain, const VerifyingKey& hq_key);

class KeyDirectory final : public KeyLookup {
 public:
  // Takes a part that read_key_part() let through. `incarnation` is headquarters' present one, from the last contact.
  // false, and nothing changes: not newer than what is held (an old one played again), or of an incarnation that ended.
  bool take(std::shared_ptr<const KeyPart> part, const Bytes16& incarnation);
  bool take(KeyPart part, const Bytes16& incarnation) {
    return take(std::make_shared<const KeyPart>(std::move(part)), incarnation);
  }

  std::optional<KeyFacts> find(KeyId key) const override;  // O(log n)
  bool expired(KeyId key, Instant now) const override;     // also when there is no such part
  // The newest version held of a part; 0: none.
  std::uint64_t version_of(KeyPartNumber part) const;
  std::size_t keys() const;
  std::size_t parts() const { return parts_.size(); }
  std::optional<Instant> expires() const;  // of the part that goes first; nullopt: none is held

 private:
  std::map<KeyPartNumber, std::shared_ptr<const KeyPart>> parts_;  // directories share them
};

// What a directory says of a coupon whose signature holds under `facts.key`.
enum class KeyFinding : std::uint8_t { good, beyond };
KeyFinding judge_key(const KeyFacts& facts, std::uint32_t serial, Instant issued);

}  // namespace tillside
