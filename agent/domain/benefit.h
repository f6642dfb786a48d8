// Benefits: what leaves the bill now, line by line, without a coupon. Member-day, tier, paid-member and birthday
// prices.
//
// A benefit covers the sold lines its terms name, in the bill's order, until its quantity limit or its cap is used up.
// One at a time, by (priority, number), each on what the ones before it left; of one group at most one a line.
//   percent_off  the covered part's share, rounded half away from zero
//   amount_off   so much less a unit, at most the covered part
//   price        the covered part above that price a unit
// A discount is never below zero and never more than what is left of its line. What a voided line cancels is not
// covered. What the POS reports in applied_discounts is ours, everything else in a line's discount is the POS's own
// promotion: so the same call gives the same advice before and after the POS has applied it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/campaign.h"
#include "agent/domain/taken_groups.h"

namespace tillside {

// Take `amount` off line `line_no`. Refers to the campaign.
struct AdvisedDiscount {
  const Campaign* campaign = nullptr;
  std::int32_t line_no = 0;
  Thousandths quantity = 0;  // of the line, that it covers
  Minor amount = 0;          // > 0
};

// "B7": how a POS names campaign 7's benefit when it reports what it took off.
std::string discount_code(const Campaign& campaign);
bool is_discount_code(std::string_view code);

// The sold lines of a bill while benefits are taken off it. Refers to the checkout and the campaigns.
class BenefitBill {
 public:
  explicit BenefitBill(const Checkout& checkout);

  // Takes one benefit off, appending what it takes. The reason when its terms reach no line; its conditions are the
  // caller's to ask.
  NotEarned apply(const Campaign& campaign, std::vector<AdvisedDiscount>& discounts);

  Minor already_off() const { return already_off_; }  // of benefits, in the checkout as it came
  Minor promotions() const { return promotions_; }    // what the POS itself took off sold lines

 private:
  struct Sold {
    const Line* line = nullptr;
    Thousandths quantity = 0;  // not voided
    Minor list = 0;            // of that quantity
    Minor promotion = 0;       // the POS's own
    Minor coupons = 0;         // ours, but of coupons
    Minor given = 0;           // by benefits so far
    TakenGroups groups;
  };
  struct Grant;

  void take_voids(const std::vector<Line>& lines);
  void take_applied(const Checkout& checkout);
  void cover(Grant& grant, Sold& sold, std::vector<AdvisedDiscount>& discounts);

  std::vector<Sold> sold_;
  Minor already_off_ = 0, promotions_ = 0;
};

struct BenefitOutcome {
  std::vector<AdvisedDiscount> discounts;
  std::vector<Earned> outcomes;  // one a benefit campaign, in order; `none` also when there was nothing left to take
};
// Judges every campaign of kind benefit. Pure; the order of `campaigns` does not matter.
BenefitOutcome judge_benefits(const std::vector<Campaign>& campaigns, const Checkout& checkout, const Verdict& verdict,
                              const StoreZone& zone, Instant now);

}  // namespace tillside
