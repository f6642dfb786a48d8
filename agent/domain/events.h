// What a till tells headquarters: one JSON object a line, small because every byte crosses a shop's uplink.
//
// docs/events.md has the grammar and an example of each. Short keys, arrays for rows, absent means default; names and
// categories of goods are left out when a sku is there (headquarters has the catalogue). No raw identifier is ever in
// an event: customers appear as their 128-bit hashes. The place (store, lane, date, series, sequence, state) is the
// identity's; the till, its epoch and the event's sequence are told by the batch that carries it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/checkout.h"
#include "agent/domain/member.h"

namespace tillside {

enum class EventKind : std::uint8_t {
  checkout,   // a completed or exchanged checkout, with its showing and its coupons
  reversal,   // a void or return, with what it revoked
  lane,       // suspended, resumed, no_sale, reprint, sign_on, sign_off, day_close
  showing,    // a prompt that was shown and whose checkout never completed
  prompt,     // the cashier's key: asked, declined, no_phone, in_group
  conflict,   // the same identity with other content: the second copy, whole
  revoked,    // coupons revoked without a reversal (not printed), or lent units given back
  incident,   // something this till wants known: a database set aside, a fence, a restart of a counter
  yield,      // headquarters asked for coupons of this till: what became of each
  hand_over,  // goods handed over for a voucher, without a sale
};
const char* name_of(EventKind kind);
std::optional<EventKind> event_kind_of(std::string_view name);

struct HashedId {
  IdType type = IdType::phone;
  Proof proof = Proof::named;
  IdHash hash{};
};

struct ShowingFact {
  std::uint32_t ordinal = 0;  // of the referral token
  std::uint32_t minute = 0;   // of the referral token
  StaffNumber staff = 0;      // credited
  bool join_shown = false;    // a join QR was part of it
};

struct CouponFact {
  std::uint8_t generation = 0;
  std::uint32_t serial = 0;
  std::uint32_t campaign = 0;
  std::uint32_t minute = 0;  // issued, code minutes
  StaffNumber staff = 0;
  std::uint32_t person = 0;
};

struct RevokedCoupon {
  std::uint8_t generation = 0;
  std::uint32_t serial = 0;
  std::uint32_t campaign = 0;
};

struct RedeemedCoupon {
  KeyId key;
  std::uint32_t serial = 0;
  std::uint32_t campaign = 0;
  Minor value = 0;             // what it took off
  std::optional<Bytes16> rid;  // the reservation, when its home is elsewhere
};

// Lent units that the till will never issue: in all, of this campaign and epoch. Never lowers.
struct ReturnedUnits {
  std::uint32_t campaign = 0;
  std::int64_t units = 0;
};

// A coupon the sale names that was not approved; the sale stands.
struct UnapprovedCoupon {
  std::string id;      // of the coupon; empty: the code could not be read
  std::string reason;  // a RedeemReason by name; read from an event: any name
  Minor applied = 0;   // what the POS took off all the same, as far as it says
};

// A coupon that was spent and then no longer earned: its value is charged against the refund. Below 0: given back,
// because the return was.
struct ClawedBack {
  TillNumber till = 0;
  std::uint8_t generation = 0;
  std::uint32_t serial = 0;
  std::uint32_t campaign = 0;
  Minor value = 0;
};

// A coupon whose matter could not be settled at the till. Reasons: withheld and trusted (no longer earned, its home is
// out of reach; value: kept back from the refund), given_back (that was undone), and for one that was spent and is to
// be replaced: quota_used_up, not_ready, late, clock, stopped, unknown_campaign.
struct PendingCoupon {
  TillNumber till = 0;
  std::uint8_t generation = 0;
  std::uint32_t serial = 0;
  std::uint32_t campaign = 0;
  Minor value = 0;
  std::string reason;
};

// A coupon issued for one that was spent on what was taken back, or that was revoked and is earned again.
struct ReplacementFact {
  CouponFact coupon;
  TillNumber till = 0;  // of the coupon it is for
  std::uint8_t generation = 0;
  std::uint32_t serial = 0;
};

// What home says of a coupon that headquarters asked it to let go. The numbers travel.
enum class Yielding : std::uint8_t {
  gone = 0,   // home never approves it again, without or with headquarters' word but for a reservation
  spent = 1,  // too late: it was redeemed there
  held = 2,   // a bill there has it; home lets it go when that bill does
};
struct YieldFact {
  TillNumber till = 0;
  std::uint8_t generation = 0;
  std::uint32_t serial = 0;
  Yielding what = Yielding::gone;
};

// All that an event of kind checkout, reversal, lane or conflict says. Spans must outlive the call that writes it.
struct CheckoutFacts {
  const Checkout* checkout = nullptr;
  std::int64_t series = 0;         // the series it was filed under
  std::string_view identity;       // full identity; sent only when its parts do not tell it (sequence 0)
  std::string_view home_store_id;  // the till's store, left out of the event when the same
  std::span<const HashedId> ids;
  VerdictStatus verdict = VerdictStatus::unidentified;
  bool here = false;  // member of this store's group
  std::span<const Flag> flags;
  std::optional<ShowingFact> showing;
  std::span<const CouponFact> coupons;
  std::span<const RevokedCoupon> revoked;
  std::span<const RedeemedCoupon> redeemed;
  std::span<const UnapprovedCoupon> unapproved;
  std::span<const AppliedDiscount> advised;  // what was to be taken off, by the last advice of its showing
  std::optional<Minor> inferred_off;         // taken off at a door that cannot report, as far as it can be told
  std::string_view original_identity;        // reversal: what it reversed; empty when unknown
  std::span<const ClawedBack> clawed_back;
  std::span<const PendingCoupon> pending;
  std::span<const ReplacementFact> replacements;
  Minor collected = 0;  // kept back from this document's refund; below 0: given back
};

// Appends one event without a newline. kind: checkout, reversal, lane or conflict.
void append_checkout_event(std::string& out, EventKind kind, const CheckoutFacts& facts);
void append_showing_event(std::string& out, std::string_view lane_id, LocalDate date, const ShowingFact& showing,
                          VerdictStatus verdict);
// `answer` is the cashier's key: asked, declined, no_phone, in_group. `at` is when it was pressed.
void append_prompt_event(std::string& out, std::uint32_t showing_ordinal, std::string_view answer, Instant at,
                         std::string_view operator_id);
void append_revoked_event(std::string& out, std::string_view identity, std::string_view reason,
                          std::span<const RevokedCoupon> coupons);
void append_yield_event(std::string& out, std::span<const YieldFact> coupons, Instant at);
// Of kind revoked: units given back that no coupon was issued for.
void append_returned_event(std::string& out, std::span<const ReturnedUnits> returned);
struct HandOver {
  std::string_view lane_id;
  LocalDate date;
  Instant at;
  std::string_view operator_id;
};
void append_hand_over_event(std::string& out, const HandOver& what, const RedeemedCoupon& coupon);
void append_incident_event(std::string& out, std::string_view what, std::string_view detail, Instant at);

// What headquarters reads of an event. Strings are copies.
struct EventView {
  EventKind kind = EventKind::checkout;
  CheckoutState state = CheckoutState::completed;
  std::string store_id;                        // empty: the till's own
  std::string lane_id, checkout_id, identity;  // identity empty when the parts tell it
  LocalDate date;
  std::int64_t series = 0, sequence = 0;
  Instant at;
  std::string operator_id, guide_id;
  std::string currency;  // empty: the store's
  Minor net = 0;
  std::uint32_t lines = 0;
  bool training = false;
  bool sale = false;  // a completed checkout of value: counts
  bool cash = false;  // paid in cash, in part at least
  std::vector<HashedId> ids;
  VerdictStatus verdict = VerdictStatus::unidentified;
  bool here = false;
  std::vector<std::string> flags;
  std::optional<ShowingFact> showing;
  std::vector<CouponFact> coupons;
  std::vector<RevokedCoupon> revoked;
  std::vector<RedeemedCoupon> redeemed;
  std::vector<UnapprovedCoupon> unapproved;
  Minor advised_off = 0, applied_off = 0;  // benefits: advised, and taken off as told or inferred
  std::string original_identity;
  std::vector<ClawedBack> clawed_back;
  std::vector<PendingCoupon> pending;
  std::vector<ReplacementFact> replacements;
  Minor collected = 0;
  std::vector<YieldFact> yielded;
  std::vector<ReturnedUnits> returned_units;
  std::string what, detail;  // prompt: the key; incident and revoked: what and why
  std::uint32_t prompt_ordinal = 0;
};

// Reads events fast (simdjson on demand). Owns buffers: one thread at a time.
class EventReader {
 public:
  EventReader();
  ~EventReader();
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  // `padded` is followed by at least 64 readable bytes. Unknown keys are ignored (a newer till may say more); an
  // unknown kind is unknown_value; wrong types and ranges name the field.
  Result<EventView> read_padded(std::string_view padded);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The identity headquarters files it under: the event's own, or made of its parts. `till_store` fills the store.
std::string identity_of(const EventView& event, std::string_view till_store);

}  // namespace tillside
