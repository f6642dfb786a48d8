// Who is in the group: identifiers, what the replica knows of them, and the verdict with its freshness.
//
// Identifiers leave a door only as keyed 128-bit hashes; the raw value lives in memory for the length of a call.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/ids.h"
#include "agent/domain/result.h"
#include "agent/domain/time.h"

namespace tillside {

enum class IdType : std::uint8_t { phone = 1, card = 2, member_code = 3, unionid = 4, openid = 5, external_userid = 6 };
inline constexpr int kIdTypes = 6;
const char* name_of(IdType type);
std::optional<IdType> id_type_of(std::string_view name);

enum class Proof : std::uint8_t { named = 0, scanned = 1, paid = 2 };  // rising strength
const char* name_of(Proof proof);
std::optional<Proof> proof_of(std::string_view name);

struct CustomerId {
  IdType type = IdType::phone;
  std::string value;
  Proof proof = Proof::named;
};

// One spelling for one identifier. phone: E.164 ("+8613800138000"), from national or international writing with
// blanks, dashes, brackets, full-width digits, "+" or "00"; `country_calling_code` (e.g. "86") is assumed without a
// prefix. card and the rest: trimmed, inner blanks removed; card also upper-cased. 1 to 128 bytes after that, else
// bad_format.
Result<std::string> normalise(IdType type, std::string_view value, std::string_view country_calling_code);

using IdHash = Bytes16;
using MemberKey = Bytes32;  // the chain's key for hashing identifiers, by generation

// BLAKE2b-128, keyed, over: one byte type, then the normalised value.
IdHash hash_identifier(const MemberKey& key, IdType type, std::string_view normalised);

struct StaffRef {
  StoreNumber store = 0;
  StaffNumber staff = 0;
  bool operator==(const StaffRef&) const = default;
};

struct MonthDay {
  std::uint8_t month = 1, day = 1;  // a day of a leap year: 02-29 is one
  bool operator==(const MonthDay&) const = default;
};
// "05-17"; else bad_time.
Result<MonthDay> parse_month_day(std::string_view text);

// What the replica knows of a person, found under each of her hashed identifiers.
struct MemberRecord {
  std::vector<StoreNumber> stores;      // stores whose group she is in now, at most 15
  std::optional<StaffRef> friend_of;    // the guide who has her as a WeCom friend
  std::uint8_t tier = 0;                // 0 none
  std::optional<LocalDate> paid_until;  // paid membership
  std::optional<Instant> first_joined;  // first-ever join of any group, minute precision
  std::uint32_t person = 0;             // person tag of coupons, 0 unknown
  std::optional<MonthDay> birthday;
  std::optional<bool> bought;  // whether she has bought anything before; nullopt: not known
  bool operator==(const MemberRecord&) const = default;
};

// The compact binary form kept in the replica and on the wire (about 16 bytes; grammar in docs/membership.md).
std::string encode_member(const MemberRecord& record);
Result<MemberRecord> decode_member(std::string_view bytes);

enum class Scope : std::uint8_t { store, chain };
const char* name_of(Scope scope);

// What the replica is good for. Set by the downlink.
struct ReplicaFacts {
  bool checkpoint_applied = false;  // the last complete snapshot and its changes are in
  std::uint32_t covered_types = 0;  // bit (1 << IdType): every member has an identifier of that type
  std::optional<Instant> as_of;     // headquarters' time of the newest change applied, nullopt: never
  Scope scope = Scope::chain;
};

enum class VerdictStatus : std::uint8_t { member, not_member, unknown, unidentified };
const char* name_of(VerdictStatus status);
std::optional<VerdictStatus> verdict_status_of(std::string_view name);

struct Verdict {
  VerdictStatus status = VerdictStatus::unidentified;
  std::optional<bool> here, elsewhere;
  std::optional<StaffRef> friend_of;
  std::uint8_t tier = 0;
  std::optional<LocalDate> paid_until;
  std::optional<Instant> as_of;
  Scope scope = Scope::chain;
  std::optional<Instant> first_joined;
  std::uint32_t person = 0;
  std::optional<MonthDay> birthday;
  std::optional<bool> bought;
  Proof proof = Proof::named;  // the strongest proof among the identifiers that decided
};

struct Finding {
  IdType type = IdType::phone;
  Proof proof = Proof::named;
  std::optional<MemberRecord> record;  // nullopt: the replica has no such identifier
};

// Decides from what was found for each identifier named at this checkout.
//   nobody named                                   -> unidentified
//   any record with a group                        -> member (here / elsewhere by `store`)
//   a record without a group, or none; and some asked type is covered by a complete replica -> not_member
//   a record of hers without a group, replica complete -> not_member
//   otherwise (incl. member_code alone, which is never resolved offline) -> unknown; never shown as not a member.
Verdict judge(std::span<const Finding> findings, const ReplicaFacts& facts, StoreNumber store);

}  // namespace tillside
