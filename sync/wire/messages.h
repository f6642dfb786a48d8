// The documents of edge and headquarters, as values; both ends read and write them here and nowhere else.
//
// docs/wire.md shows each call with an example. JSON, UTF-8; byte strings are lower-case hex; times are UTC
// milliseconds. Readers ignore unknown fields (two minor versions apart must still sync) and name a field that is
// missing or wrong.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/coupon.h"
#include "agent/domain/ids.h"
#include "agent/domain/member.h"
#include "agent/domain/referral.h"
#include "agent/domain/result.h"
#include "agent/domain/staff.h"
#include "agent/domain/time.h"
#include "sync/wire/batch.h"

namespace tillside::wire {

// A value each contact leaves behind; the copy of a disk lacks the newest one.
struct ContactValue {
  std::uint64_t counter = 0;
  Bytes16 random{};
  bool operator==(const ContactValue&) const = default;
};

struct GenerationKey {
  std::uint8_t generation = 0;
  Bytes32 key{};
};

// Everything a till must know of itself and its chain. Given at enrolment; `settings` and `members` keys change by
// downlink.
struct Identity {
  TillNumber till = 0;
  std::string store_id;
  StoreNumber store_number = 0;
  std::string store_name;
  std::string zone;  // IANA name, "Asia/Shanghai"
  std::string currency;
  std::string country_calling_code;  // "86"
  std::string public_host;           // of coupon and referral URLs, e.g. "t.example.cn"
  ChainId chain{};
  VerifyingKey hq_key{};                   // signs tokens, time and directories: the newest this till was shown
  std::vector<GenerationKey> member_keys;  // newest last
  ReferralKey referral_key{};              // this till's
  TypedKey typed_key{};                    // of this key generation
  // Of the generations before it under this epoch, which the till changed: it still decides their coupons.
  std::vector<GenerationKey> earlier_typed_keys;
  Epoch epoch{};
  std::uint8_t key_generation = 0;
  Bytes16 hq_incarnation{};
  // The till's own key of key_generation, as headquarters registered it. It tells, after a crash between two durable
  // steps of a fence, which of its pairs the till must sign with. Zero from a headquarters that does not say: the till
  // then fills in the key it named in its request before it stores the identity.
  VerifyingKey public_key{};
  // Opaque, signed by headquarters: proves this till to a headquarters restored from before its enrolment. Empty: none.
  std::string certificate;
  // Keys of headquarters that this till knew before hq_key, oldest first; the till's own list, headquarters tells none.
  // They vouch for nothing new: only for what the till took in while they were headquarters' key.
  std::vector<VerifyingKey> earlier_hq_keys;
};

// Headquarters' own key changed: the next one, vouched for by the one before it.
struct HqKeyLink {
  std::uint8_t generation = 0;  // of till number 0: the first that this key signs
  VerifyingKey key{};
  Signature proof{};  // by the key before, over "tillside/hq-key/v1\0" || chain 16 || generation 1 || key 32
};

// POST /v1/enroll
struct EnrollRequest {
  std::string code;  // one-time
  VerifyingKey public_key{};
  Bytes16 request_nonce{};
  Signature proof{};  // by the till's key over "tillside/enroll/v1\0" || code || public_key || request_nonce
  std::string version;
};
struct EnrollAnswer {
  Identity identity;
  ContactValue contact;
  Instant time;
};

// GET /v1/nonce
struct NonceAnswer {
  std::string nonce;  // opaque, valid for a minute
  Instant time;
};

// An epoch that this till left when it was readmitted: no copy of its disk goes on under it.
struct LeftEpoch {
  std::string certificate;     // Identity::certificate of that epoch
  std::uint64_t last_seq = 0;  // its newest event
};
inline constexpr std::size_t kMostLeftEpochs = 16;

// POST /v1/token: the contact.
struct ContactRequest {
  TillNumber till = 0;
  Epoch epoch{};
  std::string server_nonce;
  Bytes16 request_nonce{};
  ContactValue contact;
  std::uint64_t last_seq = 0;   // newest event in the till's outbox under `epoch`
  std::uint64_t acked_seq = 0;  // newest that headquarters acknowledged
  std::string version;
  VerifyingKey
      next_public_key{};  // the key the till will use if it is fenced: made ahead, so that one answer settles it
  Signature signature{};  // over contact_text()
  std::string
      certificate;  // Identity::certificate, as it is; it vouches for itself, so it is not part of contact_text()
  // Identity::hq_key: the answer is signed with a key this till knows. Not part of contact_text(). Zero: not said.
  VerifyingKey hq_key{};
  // Oldest first, at most kMostLeftEpochs: what a headquarters that is restored from before them cannot know.
  std::vector<LeftEpoch> left;
};
// "tillside/contact/v1\0" and every field above up to next_public_key, then each of `left`; fixed-width big-endian,
// texts length-prefixed (u16).
std::string contact_text(const ContactRequest& request);

enum class ContactOutcome : std::uint8_t {
  honest,      // the newest value
  repeated,    // the value before it with the same request nonce: the same answer again
  fenced,      // any other old value: a copy. `identity` holds the new epoch, key generation and keys
  readmitted,  // headquarters was restored and does not know this till or value; it is taken back, quotas frozen
};
struct ContactAnswer {
  ContactOutcome outcome = ContactOutcome::honest;
  std::string token;
  Instant token_expires;
  ContactValue contact;              // made durable before the token is used
  std::optional<Identity> identity;  // with fenced and readmitted
  std::uint64_t held_seq = 0;        // newest event headquarters holds under the till's epoch
  Bytes16 hq_incarnation{};
  bool recovering = false;
  Instant time;
  // By the newest key of headquarters that the till knows, over "tillside/time/v1\0" || request_nonce || time (8 bytes
  // big-endian).
  Signature time_signature{};
  std::vector<HqKeyLink> hq_keys;  // from that key to headquarters' newest, oldest first; empty: the till knows it
  std::string certificate;         // with hq_keys: this till's, by the newest; empty: `identity` has it
};

// POST /v1/uplink: answers 200, or 409 with code "gap" / "fork".
struct EventVerdict {
  std::uint64_t seq = 0;
  std::string state;  // "parked"
  std::string reason;
};
struct UplinkAnswer {
  std::uint64_t held_seq = 0;                 // held durably under the batch's epoch
  std::vector<EventVerdict> verdicts;         // only those that were not simply taken
  std::optional<std::uint64_t> expected_seq;  // with a gap
  std::optional<std::uint64_t> fork_seq;      // with a fork: a sequence that differs, the first one of this batch
  // With a fork: headquarters durably keeps the other history from its first difference up to here. Below fork_seq:
  // nothing of it, because the batch began behind that difference. nullopt: headquarters does not say.
  std::optional<std::uint64_t> kept_to;
  Instant time;
};

// GET /v1/downlink?since=CURSOR&wait=SECONDS
enum class ChangeKind : std::uint8_t {
  campaign,
  staff,
  settings,
  member_keys,
  member,
  members_checkpoint,
  quota,
  keys,
  yield,
  coupon
};
const char* name_of(ChangeKind kind);

struct QuotaGrant {  // cumulative per (campaign, till, epoch)
  std::uint32_t campaign = 0;
  Epoch epoch{};
  std::int64_t lent = 0;
  bool recall = false;  // give back what is not used of it, by an event (docs/events.md, `q`)
};
struct MemberChange {
  IdHash hash{};
  std::string record;         // encode_member bytes; empty: erased
  std::uint64_t version = 0;  // rises with every change of members at headquarters; 0: not told
};
// The replica is complete once `snapshot` (when named and newer than what is held) and all changes up to this one are
// in.
struct MembersCheckpoint {
  std::string snapshot;       // name for GET /v1/snapshots/{name}; empty: none yet
  std::uint64_t version = 0;  // of the newest member change the snapshot holds: newer ones go on top. 0: not told
  std::uint64_t rows = 0, bytes = 0;
  Bytes32 digest{};  // BLAKE2b-256 of the file
  std::uint32_t covered_types = 0;
  Scope scope = Scope::chain;
};
// A part of the key directory, as headquarters signed it: agent/domain/key_directory.h reads it.
struct KeysChange {
  std::uint16_t part = 0;
  std::string document;  // bytes
};
// Headquarters asks a coupon's home to let it go: from then on headquarters alone decides it, online. The till answers
// with an event of kind yield (agent/domain/events.h).
struct YieldWish {
  KeyId key;
  std::uint32_t serial = 0;
};
// A live coupon that the store should know: a member's own, or one that headquarters issued for this store.
// Headquarters vouches for the body; only headquarters' own coupons have a short form here.
struct CouponChange {
  KeyId key;
  std::uint32_t serial = 0;
  bool gone = false;          // spent elsewhere, revoked, or not for this store any more: nothing below is told
  CouponBytes body{};         // of that key and serial
  std::uint32_t person = 0;   // whose it is, also when the code itself is for the bearer; 0: nobody's
  std::optional<KeyId> home;  // the till that decides it alone, as long as this is its live key; nullopt: online only
  std::optional<TypedCode> typed;
};
struct Settings {
  std::uint32_t event_retention_days = 30;
  std::string public_host;
  std::map<std::string, std::string> other;  // kept, not understood
};
struct Change {
  ChangeKind kind = ChangeKind::campaign;
  std::string campaign_json;   // campaign: the campaign document, see agent/domain/campaign.h; a JSON object
  std::uint32_t campaign = 0;  // its number
  std::vector<Staff> staff;    // staff: the whole roster of the store
  Settings settings;
  bool of_store = false;  // settings: of this store alone; they go before the chain's
  std::vector<GenerationKey> member_keys;
  MemberChange member;
  MembersCheckpoint checkpoint;
  QuotaGrant quota;
  KeysChange keys;
  YieldWish yield;
  CouponChange coupon;
};
struct DownlinkAnswer {
  std::string cursor;  // opaque: hand it back
  Bytes16 hq_incarnation{};
  Instant as_of;
  bool more = false;   // ask again at once
  bool reset = false;  // the cursor was of another incarnation, or invented: what follows starts from nothing
  std::vector<Change> changes;
  std::uint32_t unknown_changes = 0;  // read: changes of a kind only a newer till understands, left out
};

// A problem document's machine part.
struct Problem {
  int status = 0;
  std::string code;
  std::string detail;
};

std::string write(const EnrollRequest&);
std::string write(const EnrollAnswer&);
std::string write(const NonceAnswer&);
std::string write(const ContactRequest&);
std::string write(const ContactAnswer&);
std::string write(const UplinkAnswer&);
std::string write(const DownlinkAnswer&);
std::string write(const Identity&);
std::string write(const Settings&);

Result<EnrollRequest> read_enroll_request(std::string_view json);
Result<EnrollAnswer> read_enroll_answer(std::string_view json);
Result<NonceAnswer> read_nonce_answer(std::string_view json);
Result<ContactRequest> read_contact_request(std::string_view json);
Result<ContactAnswer> read_contact_answer(std::string_view json);
Result<UplinkAnswer> read_uplink_answer(std::string_view json);
Result<DownlinkAnswer> read_downlink_answer(std::string_view json);
Result<Identity> read_identity(std::string_view json);
Result<Settings> read_settings(std::string_view json);
Problem read_problem(int status, std::string_view body);

// One change as headquarters keeps it in its change log and puts it into an answer. A kind that is not known is
// unknown_value.
std::string write(const Change&);
Result<Change> read_change(std::string_view json);
// write(head) with these changes, each as write(Change) made it, put in unread: for answers with many of them.
std::string write_downlink(const DownlinkAnswer& head, std::span<const std::string_view> changes);

}  // namespace tillside::wire
