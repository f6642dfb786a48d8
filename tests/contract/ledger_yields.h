// Home's word on coupons that are wanted elsewhere: what it changes at headquarters. Instantiated like LedgerContract.
#pragma once

#include <memory>
#include <vector>

#include "sync/wire/messages.h"
#include "tests/contract/ledger_reservations.h"

namespace tillside::test {

class LedgerYields : public LedgerReservations {
 protected:
  void SetUp() override {
    LedgerReservations::SetUp();
    at_home = std::make_unique<TillEvents>(home, 1);
  }

  hq::ReservationAttempt strict(std::uint8_t rid, std::uint32_t serial, TillNumber by = 0) const {
    auto attempt = this->attempt(rid, serial, by);
    attempt.policy = Policy::strict;
    return attempt;
  }
  // Home's next event, sent as often as wanted.
  void answer(std::uint32_t serial, Yielding what, int times = 1) {
    at_home->add(yield_event({home, 0, serial, what}));
    for (int i = 0; i < times; ++i) ingest(at_home->all());
  }
  // Coupons that home's downlink asks for, by serial.
  std::vector<std::uint32_t> asked_for() {
    std::vector<std::uint32_t> serials;
    for (const auto& text : ledger().changes_since(home, "0123", {}, 1 << 20).changes) {
      const auto change = wire::read_change(text);
      if (change.ok() && change->kind == wire::ChangeKind::yield) serials.push_back(change->yield.serial);
    }
    return serials;
  }
  // Home's disk begins another life under the next key; `state` is what becomes of the one before.
  TillEvents begin_life(hq::EpochState state, std::uint64_t report_until) {
    wire::Epoch old{};
    old.fill(1);
    EXPECT_TRUE(ledger()
                    .contact(home, old, Bytes16{7},
                             [&](const hq::ContactSituation& situation) {
                               hq::ContactPlan plan;
                               plan.answer = "again";
                               plan.outcome = "readmitted";
                               plan.changed = situation.record;
                               plan.changed->state = state;
                               plan.changed->report_until = report_until;
                               plan.begun = situation.record;
                               plan.begun->epoch.fill(8);
                               plan.begun->generation = 1;
                               plan.begun->public_key.fill(8);
                               return Result<hq::ContactPlan>(plan);
                             })
                    .ok());
    at_home->set_token_epoch(TillEvents(home, 8).epoch());
    return TillEvents(home, 8);
  }

  std::unique_ptr<TillEvents> at_home;
};

}  // namespace tillside::test
