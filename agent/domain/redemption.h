// Whether a coupon that is shown at a till may be redeemed there now, and what it takes off. Pure: the caller hands in
// everything that is known, and the time. docs/redemption.md tells the rules and lists the reasons.
//
// Nothing here is durable: an approval is worth something once the store has made its mark (store/redeeming.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/campaign.h"
#include "agent/domain/checkout.h"
#include "agent/domain/coupon.h"
#include "agent/domain/ids.h"
#include "agent/domain/key_directory.h"
#include "agent/domain/member.h"
#include "agent/domain/money.h"
#include "agent/domain/time.h"
#include "agent/domain/trusted_clock.h"

namespace tillside {

// Why a coupon is not approved. A closed list: the names travel, in answers and in events.
enum class RedeemReason : std::uint8_t {
  none,
  not_a_code,
  forged,
  unknown_key,
  beyond_ceiling,
  directory_expired,
  unknown_campaign,
  not_yet,
  expired,
  clock,
  min_spend,
  nothing_to_discount,
  wrong_person,
  spent,
  held,
  revoked,
  yielded,
  ended_epoch,
  needs_network,
  asking,
  no_exposure,
  home_only,
  cap,
  not_with_others,
  too_many_tries,
  not_ready,
  training,
};
inline constexpr int kRedeemReasons = 27;
const char* name_of(RedeemReason reason);
std::optional<RedeemReason> redeem_reason_of(std::string_view name);
// One sentence for the cashier, without figures.
const char* reason_words_zh(RedeemReason reason);
const char* reason_words_en(RedeemReason reason);

// What somebody scanned or typed.
struct ShownCode {
  enum class Form : std::uint8_t { none, full, typed, id };
  Form form = Form::none;
  CouponText full;  // full
  CouponBody body;  // full, decoded
  TypedCode typed;  // typed
  KeyId id_key;     // id: a coupon's id, which proves nothing; whoever shows it must have proved who she is
  std::uint32_t id_serial = 0;
};
// URL, bare code, typed form or its digits, or a coupon's id (14 hex digits), with all that docs/coupons.md forgives.
// Form::none when it is no code.
ShownCode read_shown_code(std::string_view text);
// What it may be, likeliest first: as it stands, then as a scanner may have meant it whose keys were read through
// another layout (scan_layouts.h). A URL whose signs arrived whole, and what reads as it stands otherwise, is read as
// it stands only. Of several readings the signature decides. Empty when it is no code.
std::vector<ShownCode> read_shown_codes(std::string_view text);

// What this till remembers of one coupon.
struct CouponStanding {
  enum class Mark : std::uint8_t { none, spent, held, asking, revoked, yielded };
  Mark mark = Mark::none;
  bool issued = false;  // home is here: it stands in this till's list of what it issued
  bool told = false;    // headquarters told of it: `told_as` is its body, `told_home` decides it alone
  CouponBytes told_as{};
  std::optional<KeyId> told_home;
  CouponText issued_as;  // issued: as it was signed
  std::string hold_id;   // held, asking: by this hold
  std::string lane;      // held, asking: where
  std::string identity;  // spent: in which checkout
};

// What this till approved since its last contact, and how far it may go.
struct RedeemCaps {
  std::int64_t count = 0;
  Minor value = 0;
};
struct RedeemLimits {
  std::int64_t cap_count = 500;  // approvals since the last contact
  Minor cap_value = 2'000'000;   // their value, minor units
  Minor ask_above = 50'000;      // worth more than this: headquarters is asked first, also at home
};

// The bill a coupon is shown at.
struct Bill {
  Minor spend = 0;                     // what min_spend asks: after the POS's own promotions, before coupons
  Minor left = 0;                      // what coupons may still take off
  const Checkout* checkout = nullptr;  // its lines
  std::uint32_t person = 0;            // 0: unknown
  Proof proof = Proof::named;
  std::span<const Campaign* const> used;  // campaigns of the coupons approved on it before
};
// A POS names a coupon in applied_discounts by its id.
bool is_coupon_id(std::string_view text);
// Before the tender: coupons named in applied_discounts are off already.
Bill bill_at_total(const Checkout& checkout);
// At close: what its coupons took off is put back, as far as the POS says it in applied_discounts; where it says
// nothing, its discount, but at most `worth`, the sum of worth_of() of the coupons it lists.
Bill bill_at_close(const Checkout& checkout, Minor worth);

// What a coupon takes off this bill, 0 to bill.left. `missing`: how much is missing to its min_spend, else 0.
struct Discount {
  Minor amount = 0;
  Minor missing = 0;
};
Discount discount_of(const Reward& reward, const Bill& bill);
// The most it can take off any bill.
Minor worth_of(const Reward& reward);
// The line whose sku is that item's number (leading zeros do not count); nullptr when no piece of it is on the bill.
const Line* line_of_item(const Checkout& checkout, std::uint32_t item);

// Everything a decision looks at. Pointers may be null where noted; they outlive the call.
struct RedeemQuestion {
  const ShownCode* code = nullptr;  // Form::full; a typed form was found by the caller (`standing.issued_as`)
  KeyId own_key;                    // this till's number and live generation
  // Bit (1 << generation): keys that this till changed in this life. What it issued under them is its own as well.
  std::uint16_t own_earlier = 0;
  VerifyingKey own_public{};
  ChainId chain{};
  const KeyLookup* keys = nullptr;  // null: own key only
  const Campaign* terms = nullptr;  // null: not known here
  const StoreZone* zone = nullptr;
  TrustedTime time;
  const CouponStanding* standing = nullptr;  // required
  std::string_view hold_id;                  // the hold this question comes from or through; empty: none
  const Bill* bill = nullptr;                // null: the bill is not judged
  RedeemCaps caps;
  RedeemLimits limits;
  bool may_redeem = true;  // false: not enrolled, or restored and not yet in contact
  bool reachable = false;  // headquarters answers
};

enum class Ruling : std::uint8_t { approve, ask, refuse };

struct RedeemDecision {
  Ruling ruling = Ruling::refuse;
  RedeemReason reason = RedeemReason::none;  // refuse
  Minor discount = 0;                        // approve, ask: off this bill, or worth_of() without a bill
  Minor missing = 0;                         // min_spend
  Policy policy = Policy::home;              // ask: what to ask for
  std::optional<TillNumber> works_at;        // refuse: the till that could say yes; with online, or when
  bool works_online = false;                 // refuse: elsewhere when the network is back
  bool home_is_asked = false;                // refuse: elsewhere once works_at has answered headquarters
};

// Pure: the same question has the same answer. The signature of a coupon this till remembers issuing is not verified
// again: it is compared with what was signed.
RedeemDecision judge_redemption(const RedeemQuestion& question);
// Whether its signature, or what is remembered of it, bears the code out: the first thing judge_redemption() asks.
bool is_borne_out(const RedeemQuestion& question);

// For a coupon that comes through the hold that has it: what was promised stands, only terms, person and bill are
// asked. The caller has made sure that it is the very coupon that was held. Never Ruling::ask.
RedeemDecision judge_held(const RedeemQuestion& question);

}  // namespace tillside
