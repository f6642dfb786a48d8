// A campaign with no conditions, and a checkout, verdict and time that earn it.
#pragma once

#include "agent/domain/campaign.h"

namespace tillside::samples {

inline const Instant kSundayMorning{1'795'310'100'000};  // 2026-11-22T09:15+08:00, a Sunday

inline Campaign campaign(std::uint32_t number = 1) {
  Campaign campaign;
  campaign.number = number;
  campaign.name_zh = "满100减20 下次用";
  campaign.name_en = "20 off next visit";
  campaign.reward.amount = 2000;
  campaign.reward.min_spend = 10000;
  campaign.budget_issue = 400;
  campaign.quota_per_till = 60;
  campaign.active_from = kSundayMorning.plus_ms(-kDay);
  campaign.active_until = kSundayMorning.plus_ms(kDay);
  return campaign;
}

inline Line line(LineKind kind, std::string sku, std::string category, Thousandths quantity = 1000) {
  Line line;
  line.kind = kind;
  line.sku = std::move(sku);
  line.category = std::move(category);
  line.quantity = quantity;
  return line;
}

// 123.45 yuan: a durian and two apples, guide E2033.
inline Checkout checkout() {
  Checkout checkout;
  checkout.state = CheckoutState::completed;
  checkout.store_id = "0123";
  checkout.lane_id = "L2";
  checkout.guide_id = "E2033";
  checkout.occurred_at = kSundayMorning;
  checkout.totals.gross = checkout.totals.net = 12345;
  checkout.tenders = {{TenderType::wechat, 12345}};
  checkout.lines = {line(LineKind::sale, "6901", "fruit/durian", 1235),
                    line(LineKind::sale, "6902", "fruit/apple", 2000)};
  checkout.lines[0].amount = checkout.lines[0].unit_price = 10345;
  checkout.lines[1].amount = checkout.lines[1].unit_price = 2000;
  return checkout;
}

inline Verdict verdict(VerdictStatus status = VerdictStatus::member) {
  Verdict verdict;
  verdict.status = status;
  verdict.here = status == VerdictStatus::member ? std::optional(true) : std::nullopt;
  verdict.tier = 2;
  verdict.proof = Proof::scanned;
  verdict.as_of = kSundayMorning.plus_ms(-kHour);
  return verdict;
}

}  // namespace tillside::samples
