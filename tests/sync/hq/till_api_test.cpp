#include <future>

#include "sync/wire/compress.h"
#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

using sync::Uplink;

class HqTillApi : public testing::Test {
 protected:
  void SetUp() override {
    rig_.add_store();
    till_.enroll(rig_.code());
    till_.contact();
  }
  HqRig rig_;
  TillAt till_{rig_, 1};
};

TEST_F(HqTillApi, WhatATillSendsIsHeldOnceAndSurvivesARestart) {
  for (int i = 1; i <= 700; ++i) till_.till.sell(sale_event({.sequence = i}));
  EXPECT_EQ(till_.send().held_seq, 500u);
  rig_.restart();
  EXPECT_EQ(till_.send().held_seq, 700u);
  const auto& log = till_.till.log_of(till_.till.identity()->epoch);
  const auto epochs = rig_.admin("GET", "tills/1/ledger")["epochs"];
  ASSERT_EQ(epochs.size(), 1u);
  wire::ChainHash hash{};
  for (const auto& event : log.events) hash = wire::chain(hash, event);
  EXPECT_EQ(epochs[0]["chain_hash"], to_hex(hash));
  EXPECT_EQ(epochs[0]["events_by_kind"]["checkout"], 700);
  EXPECT_EQ(rig_.ledger().counts().checkouts, 700u);
}

TEST_F(HqTillApi, AParkedEventIsToldAndDoesNotBlock) {
  till_.till.sell(sale_event({.sequence = 1}));
  till_.till.sell("{\"e\":\"nonsense\"}");
  till_.till.sell(sale_event({.sequence = 2}));
  const auto done = till_.send();
  EXPECT_EQ(done.held_seq, 3u);
  EXPECT_EQ(done.parked, 1u);
}

TEST_F(HqTillApi, ATillAheadOfHeadquartersRewinds) {
  for (int i = 1; i <= 4; ++i) till_.till.sell(sale_event({.sequence = i}));
  till_.till.disk.log.at(till_.till.identity()->epoch).acknowledged = 2;
  EXPECT_EQ(till_.send().step, Uplink::Step::rewound);
  EXPECT_EQ(till_.send().held_seq, 4u);
}

TEST_F(HqTillApi, AForkIsNotAcknowledgedAndIsShown) {
  for (int i = 1; i <= 3; ++i) till_.till.sell(sale_event({.sequence = i}));
  till_.send_all();
  auto& log = till_.till.disk.log.at(till_.till.identity()->epoch);
  log.acknowledged = 1;
  log.events[1] = sale_event({.sequence = 2, .net = 4321});
  EXPECT_EQ(till_.send().step, Uplink::Step::forked);
  EXPECT_EQ(log.forked_from, 2u);
  EXPECT_TRUE(rig_.admin("GET", "tills")["tills"][0]["forked"]);
}

TEST_F(HqTillApi, AForksRestIsKeptAndCounted) {
  for (int i = 1; i <= 3; ++i) till_.till.sell(sale_event({.sequence = i}));
  till_.send_all();
  auto& log = till_.till.disk.log.at(till_.till.identity()->epoch);
  log.acknowledged = 1;
  log.events[1] = sale_event({.sequence = 2, .net = 4321});
  EXPECT_EQ(till_.send().step, Uplink::Step::forked);
  EXPECT_EQ(log.fork_kept, 3u);
  for (int i = 4; i <= 6; ++i) till_.till.sell(sale_event({.sequence = i}));
  const auto more = till_.send();
  EXPECT_EQ(more.step, Uplink::Step::kept);
  EXPECT_EQ(more.events, 3u);
  EXPECT_EQ(log.fork_kept, 6u);
  EXPECT_EQ(rig_.admin("GET", "tills")["tills"][0]["fork_events"], 5);
  const auto epoch = rig_.admin("GET", "tills/1/ledger")["epochs"][0];
  EXPECT_EQ(epoch["fork_events"], 5);
  EXPECT_EQ(epoch["held_seq"], 3);
}

TEST_F(HqTillApi, BadBatchesAreRefusedAndNothingIsTaken) {
  const auto send = [&](const std::string& body, const std::string& encoding) {
    return rig_.exchange("POST", "/v1/uplink", body, till_.token(), "application/x-ndjson", encoding).status;
  };
  EXPECT_EQ(send("not zstd", "zstd"), 400);
  EXPECT_EQ(send("not a head\n", ""), 400);
  EXPECT_EQ(send("{}", "br"), 415);
  EXPECT_EQ(send(wire::Compressor().compress(std::string(9 << 20, 'x')), "zstd"), 413);
  EXPECT_EQ(send(std::string(12 << 20, 'x'), ""), 413);
  EXPECT_EQ(rig_.ledger().counts().events, 0u);
  const std::string event = sale_event({});
  const std::string_view events[] = {event};
  const auto plain = wire::write_batch({till_.till.identity()->epoch, 1, 1, {}, 1}, events);
  EXPECT_EQ(send(plain, ""), 200);
}

TEST_F(HqTillApi, ARevokedTillIsHeardButToldNothing) {
  till_.till.sell(sale_event({}));
  rig_.admin("POST", "tills/1/revoke", "{}");
  EXPECT_EQ(rig_.exchange("GET", "/v1/downlink", "", till_.token()).status, 403);
  EXPECT_EQ(till_.send().held_seq, 1u);
  EXPECT_EQ(till_.contact().held_seq, 1u);
  EXPECT_EQ(rig_.ledger().counts().quarantined, 1u);
  EXPECT_EQ(rig_.ledger().counts().checkouts, 0u);
}

TEST_F(HqTillApi, ANewTillGetsTheStateNotTheHistory) {
  for (int i = 0; i < 3; ++i)
    rig_.admin("POST", "staff/import",
               "store_id,staff_id,staff_number,name,role\n0123,E" + std::to_string(i) + ",1,阿青,guide\n", "text/csv");
  rig_.add_campaign();
  till_.drain();
  ASSERT_EQ(till_.told(wire::ChangeKind::staff).size(), 1u);
  EXPECT_EQ(till_.told(wire::ChangeKind::staff)[0].staff[0].staff_id, "E2");
  EXPECT_EQ(till_.told(wire::ChangeKind::staff)[0].staff[0].badge_token.size(), 30u);
  EXPECT_EQ(till_.told(wire::ChangeKind::campaign).size(), 1u);
  ASSERT_EQ(till_.told(wire::ChangeKind::quota).size(), 1u);
  EXPECT_EQ(till_.told(wire::ChangeKind::quota)[0].quota.lent, 10);
  EXPECT_EQ(till_.drain().changes, 0u);
}

TEST_F(HqTillApi, AHeldPollWakesWhenSomethingChanges) {
  till_.drain();
  auto waiting = std::async(std::launch::async, [&] { return till_.poll(50); });
  while (rig_.exchange("GET", "/metrics", "", "").body.find("tillside_hq_polls_held 1") == std::string::npos)
    std::this_thread::yield();
  rig_.add_campaign();
  ASSERT_EQ(waiting.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_GE(std::get<sync::Downlink::Poll>(waiting.get()).changes, 1u);
}

TEST_F(HqTillApi, AHeldPollEndsEmptyWhenItsTimeIsOver) {
  rig_.settle_keys();
  till_.drain();
  auto waiting = std::async(std::launch::async, [&] { return till_.poll(5); });
  while (rig_.exchange("GET", "/metrics", "", "").body.find("tillside_hq_polls_held 1") == std::string::npos)
    std::this_thread::yield();
  rig_.clock.advance(6 * kSecond);
  ASSERT_EQ(waiting.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(std::get<sync::Downlink::Poll>(waiting.get()).changes, 0u);
}

TEST_F(HqTillApi, StoppingAnswersThoseWhoWait) {
  till_.drain();
  auto waiting = std::async(std::launch::async, [&] { return till_.poll(50); });
  while (rig_.exchange("GET", "/metrics", "", "").body.find("tillside_hq_polls_held 1") == std::string::npos)
    std::this_thread::yield();
  rig_.stop();
  EXPECT_TRUE(std::holds_alternative<sync::Downlink::Poll>(waiting.get()));
}

TEST_F(HqTillApi, ABadCursorIsRefused) {
  EXPECT_EQ(rig_.exchange("GET", "/v1/downlink?since=nonsense", "", till_.token()).status, 400);
  EXPECT_EQ(rig_.exchange("GET", "/v1/snapshots/..%2Fhq.key", "", till_.token()).status, 404);
  EXPECT_EQ(rig_.exchange("GET", "/v1/snapshots/absent.snap", "", till_.token()).status, 404);
}

TEST_F(HqTillApi, TwoSendersAtOnceBothArrive) {
  TillAt other(rig_, 2);
  other.enroll(rig_.code());
  other.contact();
  for (int i = 1; i <= 1500; ++i) {
    till_.till.sell(sale_event({.sequence = i, .lane = "L1"}));
    other.till.sell(sale_event({.sequence = i, .lane = "L2"}));
  }
  auto beside = std::async(std::launch::async, [&] { other.send_all(); });
  till_.send_all();
  beside.get();
  EXPECT_EQ(rig_.ledger().counts().checkouts, 3000u);
}

}  // namespace
}  // namespace tillside::test
