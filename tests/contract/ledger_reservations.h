// Redemptions away from home: what every ledger promises of reservations. Instantiated like LedgerContract.
#pragma once

#include "tests/contract/ledger_contract.h"

namespace tillside::test {

class LedgerReservations : public LedgerContract {
 protected:
  void SetUp() override {
    LedgerContract::SetUp();
    add_store();
    home = enrol(1);
    away = enrol(2);
    third = enrol(3);
    Campaign campaign;
    campaign.number = 1;
    campaign.name_zh = "满减";
    campaign.name_en = "off";
    campaign.reward.amount = 2000;
    campaign.budget_issue = 100;
    campaign.budget_exposure = 2;
    campaign.quota_per_till = 10;
    campaign.active_until = {4'000'000'000'000};
    ASSERT_TRUE(ledger().add_campaign(campaign).ok());
  }

  hq::ReservationAttempt attempt(std::uint8_t rid, std::uint32_t serial, TillNumber by = 0) const {
    hq::ReservationAttempt attempt;
    attempt.till = by == 0 ? away : by;
    attempt.epoch.fill(by == third ? 3 : 2);
    attempt.rid.fill(rid);
    attempt.key = {home, 0};
    attempt.serial = serial;
    attempt.campaign = 1;
    attempt.value = 2000;
    attempt.now = {1'795'320'000'000};
    return attempt;
  }
  // "granted", or the reason of a refusal, or the state.
  std::string reserve(const hq::ReservationAttempt& attempt) {
    const auto answer = ledger().reserve(attempt);
    if (!answer.ok()) return name_of(answer.error().code);
    return answer->reason.empty() ? wire::name_of(answer->state) : answer->reason;
  }
  std::string release(std::uint8_t rid, TillNumber by = 0) {
    wire::Epoch epoch{};
    epoch.fill(2);
    Bytes16 id{};
    id.fill(rid);
    const auto answer = ledger().release_reservation(by == 0 ? away : by, epoch, id, {1});
    return answer.ok() ? wire::name_of(answer->state) : name_of(answer.error().code);
  }
  // The till's own sale, through its uplink.
  void redeem(TillEvents& till, std::int64_t sequence, std::uint32_t serial, std::uint8_t rid = 0) {
    RedeemedCoupon coupon{{home, 0}, serial, 1, 2'000, std::nullopt};
    if (rid != 0) coupon.rid.emplace().fill(rid);
    till.add(sale_event({.sequence = sequence, .lane = "L" + std::to_string(till.till()), .redeemed = {coupon}}));
    ingest(till.all());
  }

  TillNumber home = 0, away = 0, third = 0;
};

}  // namespace tillside::test
