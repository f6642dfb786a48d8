// What the reports on coupons, settlement and operators say, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/domain/campaign.h"
#include "agent/domain/money.h"
#include "agent/domain/time.h"

namespace tillside::hq {

struct DateRange {
  std::optional<LocalDate> from, to;  // inclusive business dates; nullopt: no end
};

// Coupons of one campaign that one store issued, or headquarters for that store (no store: for none), as they stand
// now.
//
// Each coupon is counted once: redeemed before revoked before expired before live, so that always
// issued + unheard == live + expired + redeemed_home + redeemed_elsewhere + revoked.
struct CouponCounts {
  std::int64_t issued = 0;   // replacements among them
  std::int64_t unheard = 0;  // redeemed, but the till that issued them has not told of it yet
  std::int64_t live = 0, expired = 0, revoked = 0;
  std::int64_t redeemed_home = 0, redeemed_elsewhere = 0;  // by the first redemption that was heard of; home:
                                                           // at the till that decides the coupon alone
  Minor home_value = 0, elsewhere_value = 0;               // what those took off
  std::int64_t again = 0;                                  // redemptions beyond the first of a coupon
  Minor again_value = 0;
  std::int64_t replacements = 0;  // issued for a coupon that was spent on what was taken back
  std::int64_t clawed_back = 0;   // coupons that were spent and no longer earned
  Minor clawed_back_value = 0;    // less what was given back since
  std::int64_t handed_over = 0;   // redeemed, of a pickup campaign
  bool operator==(const CouponCounts&) const = default;
};
CouponCounts& operator+=(CouponCounts& sum, const CouponCounts& more);

struct CouponRow {
  std::uint32_t campaign = 0;
  std::string store_id, currency;  // a redemption in another currency has a row of that currency
  CouponCounts counts;
};
// Units (coupons at their highest worth) of a campaign's budgets.
struct CampaignBudget {
  std::uint32_t campaign = 0;
  std::string name_zh, name_en;
  CampaignKind kind = CampaignKind::next_visit;
  Minor worth = 0;
  std::int64_t issue = 0;                              // issuable
  std::int64_t lent = 0, used = 0, returned = 0;       // by tills; returned: not printed, or given back unused
  std::int64_t available = 0;                          // not lent
  std::int64_t exposure = 0;                           // set aside for redemptions away from home
  std::int64_t exposure_open = 0, exposure_spent = 0;  // in use: granted and not yet heard of; redeemed
  std::int64_t exposure_returned = 0;                  // grants that were released
  bool stopped = false;
};
// A till that has not taken a stopped campaign's end in yet, and what it can still do under it.
struct StopAwaited {
  std::uint32_t campaign = 0;
  std::uint32_t till = 0;
  std::string store_id, currency;
  std::int64_t in_hand = 0;  // units lent to it and not used, as far as it has told
  Minor in_hand_value = 0;   // at their highest worth
  std::int64_t live = 0;     // coupons of it that are out and good: they stay so
  Minor live_value = 0;
  Instant heard;  // its last contact or uplink; 0: never
};
struct CouponReport {
  std::vector<CampaignBudget> campaigns;  // rising
  std::vector<CouponRow> rows;            // by campaign, store, currency
};

// What coupons that one store issued took off at another (or at itself), and what came back. No issuing store:
// headquarters. No redeeming store: clawed back before headquarters heard where it was redeemed.
struct SettlementRow {
  std::string issuing, redeeming, currency;
  std::uint32_t campaign = 0;
  std::int64_t redeemed = 0;  // redemptions, by the business date of the sale
  Minor value = 0;
  std::int64_t clawed_back = 0;  // by the business date of the return
  Minor clawed_back_value = 0;
  bool operator==(const SettlementRow&) const = default;
};

// What one store's sales were paid with. A split tender counts at each of its tenders; change is a negative amount of
// cash.
struct TenderRow {
  std::string store_id, currency;
  std::string tender;        // the checkout's word: cash, wechat, card ...; empty: the door told of none
  std::int64_t paid = 0;     // tenders in sales
  Minor amount = 0;          // what they came to
  std::int64_t refunds = 0;  // tenders in voids and returns, and what they came to: below 0 is given back
  Minor refunded = 0;
  bool operator==(const TenderRow&) const = default;
};

// What is looked for at each operator, and from how many on it is told.
struct OddityThresholds {
  std::int64_t same_person = 10;        // checkouts on which one person was named, in the whole range
  std::int64_t same_person_a_day = 3;   // or on one business date
  std::int64_t voided_cash = 2;         // cash sales that issued a coupon and were then voided or returned whole
  std::int64_t overrides = 10;          // "shows she is in the group"
  std::int64_t unapproved = 3;          // coupons taken off that were not approved
  std::int64_t differing = 5;           // checkouts where other discounts were taken off than advised
  std::size_t checkouts_listed = 1000;  // of each finding, at most
};
enum class OddityKind : std::uint8_t { same_person, voided_cash, overrides, unapproved, differing };
const char* name_of(OddityKind kind);

struct Oddity {
  OddityKind kind = OddityKind::same_person;
  std::string store_id, operator_id, name;  // name as the roster has it
  std::int64_t threshold = 0;               // that was reached
  std::int64_t count = 0;
  std::int64_t most_a_day = 0;         // same_person
  Minor value = 0;                     // of the coupons at their highest worth; taken off; by how much it differs
  std::string currency;                // empty: no value
  std::vector<std::string> checkouts;  // identities, rising; of overrides those that were completed
};

}  // namespace tillside::hq
