// What goes into headquarters' ledger and comes out of it, as values.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/domain/campaign.h"
#include "agent/domain/events.h"
#include "agent/domain/ids.h"
#include "agent/domain/key_directory.h"
#include "agent/domain/staff.h"
#include "agent/domain/time.h"
#include "sync/wire/messages.h"

namespace tillside::hq {

struct Store {
  std::string store_id;
  StoreNumber number = 0;  // 0: to be given
  std::string name, zone = "Asia/Shanghai", currency = "CNY", calling_code = "86";
  bool operator==(const Store&) const = default;
};

// What headquarters is in this life of its database.
struct HqState {
  Bytes16 incarnation{};
  bool recovering = false;
  std::uint8_t key_generation = 0;        // of headquarters' own coupons, and of what it signs with (HqKeys::signing)
  std::uint16_t revoked_generations = 0;  // of its own, bit (1 << generation)
  std::uint8_t member_generation = 1;
  std::string public_host;
};

struct EnrolCode {
  Bytes32 code_hash{};
  std::string store_id;
  Instant expires;
};

enum class EpochState : std::uint8_t { live = 0, frozen = 1, ended = 2 };

// One incarnation of a till's database, as headquarters knows it.
struct EpochRecord {
  TillNumber till = 0;
  wire::Epoch epoch{};
  std::uint8_t generation = 0;
  VerifyingKey public_key{};
  wire::ContactValue newest, previous;  // previous.counter 0: none yet
  Bytes16 nonce{};                      // the request nonce that was answered with `newest`
  std::string answer;                   // and that answer, byte for byte; empty: newest came by enrolment
  EpochState state = EpochState::live;
  bool must_recover = false;       // headquarters was restored since: the next contact readmits
  std::uint64_t report_until = 0;  // ended by a readmission: its events up to here are still to come
  Instant begun;
};

struct TillInfo {
  TillNumber till = 0;
  std::string store_id;
  bool revoked = false, forked = false;
  std::uint64_t fork_events = 0;  // kept of other histories, beside what is held
  std::string version;
  Instant enrolled, contacted, uplinked;  // 0: never
  std::size_t epochs = 0;
  std::uint64_t events = 0;
  bool awaited = false;  // recovering headquarters waits for it
  bool rotate = false;   // it is to change its key at its next contact
};

// A key the till has changed for another under the same epoch.
struct OldKey {
  wire::Epoch epoch{};
  std::uint8_t generation = 0;
  VerifyingKey public_key{};
};

// Everything a contact is judged by, read in the transaction that will hold its outcome.
struct ContactSituation {
  HqState hq;
  std::optional<TillInfo> till;
  std::optional<Store> store;
  std::optional<EpochRecord> record;           // of the epoch the till says
  std::vector<EpochRecord> others;             // the till's other epochs
  std::vector<OldKey> old_keys;                // of every epoch of the till
  std::optional<std::string> answer_to_nonce;  // this epoch and nonce were answered before, by another epoch
  std::uint64_t held_seq = 0;                  // under the epoch the till says
  std::uint64_t newest_fork = 0;  // where the last of the other histories under that epoch parts from it; 0: none
};

// What becomes of it. All of it is durable together, or none.
struct ContactPlan {
  std::string answer;                  // sent byte for byte
  bool nothing_changes = false;        // a repeated answer
  std::optional<EpochRecord> changed;  // the epoch said, as it is from now on
  std::optional<EpochRecord> begun;    // a new epoch
  std::vector<EpochRecord> ended;      // other epochs of this till, as they are from now on
  bool rotated = false;                // `changed` has a new key: the one before becomes an OldKey
  std::string outcome;                 // with `begun`: fenced or readmitted
  std::optional<Store> unknown_store;  // to be created with a readmitted till
  std::optional<TillInfo> unknown_till;
  std::optional<Bytes16> restored_as;  // headquarters found that it was restored: its new incarnation
  std::string version;
  Instant at;
};

struct PreparedEvent {
  std::string_view body;
  wire::ChainHash digest{};
  std::optional<EventView> view;  // nullopt: cannot be used
  std::string reason;             // why not
};

// A batch, decompressed, digested and read. Views point into text that lives until ingest() returns.
struct IngestBatch {
  TillNumber till = 0;
  wire::Epoch token_epoch{};  // of the token that came with it
  std::uint64_t token_counter = 0;
  wire::BatchHead head;
  std::vector<PreparedEvent> events;
  Instant received;
};

enum class IngestResult : std::uint8_t {
  taken,        // held durably; held_seq may be beyond this batch when it is a repeated one
  quarantined,  // the till is revoked: held durably, apart
  gap,          // expected_seq says where to go on
  fork,         // both copies are kept
  stale_token,  // a newer contact ended the token
  unknown_till,
};
struct IngestOutcome {
  IngestResult result = IngestResult::taken;
  std::uint64_t held_seq = 0, expected_seq = 0, fork_seq = 0;
  std::uint64_t kept_to =
      0;  // fork: this history is kept from where it parts up to here; below fork_seq: nothing known
  std::vector<wire::EventVerdict> verdicts;
  std::size_t applied = 0;  // events new to the ledger
};

// Positions in the change log, one a scope.
struct Position {
  std::uint64_t chain = 0, store = 0, till = 0;
  bool operator==(const Position&) const = default;
};
struct ChangePage {
  std::vector<std::string> changes;  // wire::Change documents
  Position position;
  bool more = false;
};

struct CampaignInfo {
  Campaign terms;
  Minor worth = 0;
  std::int64_t lent = 0, issued = 0, returned = 0;  // over all tills and epochs; returned: also what is given back
  std::int64_t available = 0;                       // of the issuable budget, not lent yet
};

struct QuotaRow {
  std::uint32_t campaign = 0;
  TillNumber till = 0;
  wire::Epoch epoch{};
  std::int64_t lent = 0, issued = 0, returned = 0;  // returned: of coupons that were not printed
  std::int64_t given_back = 0;                      // unused, in all
  bool recalled = false;                            // the till was asked for what it holds; nothing more is lent
};

using PersonKey = Bytes16;
struct MemberRow {
  PersonKey person{};
  std::string record;  // encode_member bytes
  std::vector<std::pair<IdType, IdHash>> ids;
};
struct MemberIdRow {
  IdHash hash{};
  PersonKey person{};
  std::string record;
  bool remove = false;  // only when it still belongs to `person`
};
struct RemovedId {
  IdHash hash{};
  PersonKey person{};
};
struct MemberCounts {
  std::uint64_t members = 0, identifiers = 0, dirty = 0;
  std::uint32_t covered = 0;        // bit (1 << type): every member has one
  std::uint32_t authoritative = 0;  // declared at import
};

// A coupon that headquarters issued itself, under till number 0.
struct OwnCoupon {
  CouponBody body;
  PersonKey person{};         // whose; zero: nobody's
  std::string store_id;       // whose goods or welcome it is
  std::optional<KeyId> home;  // decides it alone; nullopt: headquarters, online
};
// Coupons made at once, all or none.
struct OwnOrder {
  std::string order_id;  // 1 to 64 characters: the same order again gives the same coupons
  std::uint32_t campaign = 0;
  std::string store_id;
  std::vector<PersonKey> persons;  // one each; empty: `count` for the bearer
  std::uint32_t count = 0;
  std::optional<std::uint32_t> limit;  // as many of this item at most at this store, all orders together
  Instant now;
};
// Somebody joined a group, as far as a file or a call tells.
struct JoinFact {
  PersonKey person{};
  std::vector<IdHash> ids;          // hers
  std::vector<std::string> stores;  // whose groups; the first is where she joined
  std::optional<Instant> at;        // nullopt: not told, so it earns nothing
  bool first_ever = false;          // the source says that she was in no group before
};
// Settings by name; nullopt takes one back. `other` of wire::Settings.
using SettingValues = std::map<std::string, std::optional<std::string>>;

// Vouchers handed over, in sales and without.
struct HandedOver {
  std::uint32_t campaign = 0, item = 0;
  std::string store_id, name_zh, name_en, currency;
  std::int64_t made = 0;   // for this store
  std::int64_t count = 0;  // handed over there; a voucher that two tills redeemed counts twice
  Minor value = 0;
};

struct EpochLedger {
  wire::Epoch epoch{};
  std::uint64_t held_seq = 0;
  wire::ChainHash chain{};
  std::optional<std::uint64_t> fork_seq;
  std::uint64_t fork_events = 0;  // kept of other histories
  EpochState state = EpochState::live;
  std::optional<std::uint8_t> generation;  // of its newest key; nullopt: no such epoch is known, only its events
  bool disk_gone = false;                  // the owner said so
  std::map<std::string, std::uint64_t> by_kind;
  std::uint64_t parked = 0, coupons = 0, sales = 0, quarantined = 0;
  Minor net = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> holes;
};

enum class ReportBy : std::uint8_t { store, guide, day, cashier };  // cashier: what benefits came off, no more
struct ReportQuery {
  std::optional<LocalDate> from, to;  // inclusive business dates
  ReportBy by = ReportBy::store;
};
struct ReportRow {
  std::string key, name;  // store id, "store:staff number", "store:operator id" or date; a name where there is one
  std::string currency;
  std::int64_t checkouts = 0, identified = 0, group_checkouts = 0;
  Minor gross = 0, group_amount = 0, reversed = 0;  // reversed <= 0
  std::int64_t reversals = 0, reversals_of_unknown = 0;
  std::int64_t showings = 0, joins_shown = 0;
  std::int64_t coupons = 0, coupons_revoked = 0;
  Minor coupon_value = 0;  // highest worth of those issued
  std::int64_t conflicts = 0, duplicates = 0, parked = 0;
  std::int64_t discounted = 0, discounts_differing = 0;  // checkouts; not told by guide
  Minor discount_advised = 0, discount_applied = 0;      // of benefits
};

// Headquarters' own keys, as far as the ledger must know them.
struct OwnKeys {
  std::function<VerifyingKey(std::uint8_t generation)> key_of;
  std::uint8_t newest = 0;  // the generation that the newest of them begins with
};

// A redemption away from home that a till asks for.
struct ReservationAttempt {
  TillNumber till = 0;
  wire::Epoch epoch{};
  Bytes16 rid{};
  KeyId key;
  std::uint32_t serial = 0, campaign = 0;
  Policy policy = Policy::home;
  Minor value = 0;
  Instant now;
  std::optional<CouponBytes> body = {};  // of headquarters' own: must be the one that was issued
};

// What home said of a coupon that headquarters asked it to let go. The numbers are kept.
enum class YieldState : std::uint8_t {
  asked = 1,
  gone = 2,   // headquarters alone decides it, for good
  spent = 3,  // it was redeemed at home
  held = 4,   // a bill there has it: home will say again
};

// One approved redemption, as its till told it.
struct Redemption {
  TillNumber till = 0;
  std::string store_id, operator_id, identity;
  LocalDate date;
  Instant at, received;  // by the till's clock; by headquarters'
  Minor value = 0;
  std::string currency;
  bool reserved = false;  // away from home, granted by headquarters
};
// A coupon that was redeemed more than once.
struct RedeemedTwice {
  KeyId key;
  std::uint32_t serial = 0;
  std::uint32_t campaign = 0;
  std::vector<Redemption> redemptions;  // in the order headquarters heard of them; two at least
  std::int64_t exposed = 0;             // units of exposure that this coupon holds
  Minor lost = 0;                       // given away beyond its largest redemption
  // Of its campaign, with every coupon listed up to this one, against what was set aside for that.
  std::int64_t running = 0, bound = 0;  // redemptions beyond the first; units of exposure
  Minor running_value = 0, bound_value = 0;
};

struct LedgerCounts {
  std::uint64_t tills = 0, tills_revoked = 0, tills_forked = 0, events = 0, parked = 0, checkouts = 0, coupons = 0,
                conflicts = 0, fork_events = 0, quarantined = 0, redemptions = 0, redeemed_twice = 0;
};

}  // namespace tillside::hq
