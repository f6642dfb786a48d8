#include "sync/client/uplink.h"

#include <gtest/gtest.h>

#include "tests/sync/client/rig.h"

namespace tillside::sync {
namespace {

using fakes::FakeLine;
using Kind = SyncEvent::Kind;

class UplinkTest : public ::testing::Test {
 protected:
  void sell(int count, int from = 1) {
    for (int i = from; i < from + count; ++i) {
      sold.push_back(R"({"k":"checkout","n":)" + std::to_string(i) + "}");
      rig.till.sell(sold.back());
    }
  }
  void lose_uplink(FakeLine::Fault how, int times = 1) {
    rig.line.fault = [how, left = times](const auto& request, int) mutable {
      if (request.path != "/v1/uplink" || left == 0) return FakeLine::Fault::none;
      --left;
      return how;
    };
  }
  fakes::FakeHq::EpochLedger& ledger_of(const wire::Epoch& epoch) {
    return rig.hq.memory.tills.at(rig.number()).ledger[epoch];
  }
  // A copy's events came first: headquarters holds others from seq to `last`. Returns the current epoch.
  wire::Epoch fork_at(std::uint64_t seq, std::uint64_t last = 0) {
    const auto epoch = rig.till.identity()->epoch;
    auto& ledger = ledger_of(epoch);
    for (auto at = seq; at <= std::max(seq, last); ++at) {
      ledger.hashes[at] = {};
      ledger.events[at] = "of the other copy";
    }
    ledger.held = std::max(seq, last);
    return epoch;
  }
  // Headquarters came back from a backup that holds the epoch up to `held` and nothing beside it.
  void restored_without_fork(const wire::Epoch& epoch, std::uint64_t held) {
    auto& ledger = ledger_of(epoch);
    ledger.other_copy.clear();
    ledger.newest_fork = 0;
    ledger.held = held;
    ledger.events.erase(ledger.events.upper_bound(held), ledger.events.end());
    ledger.hashes.erase(ledger.hashes.upper_bound(held), ledger.hashes.end());
    rig.hq.memory.incarnation = Bytes16{9};
  }
  std::vector<std::string> kept_beside(const wire::Epoch& epoch) {
    std::vector<std::string> events;
    for (const auto& [place, event] : ledger_of(epoch).other_copy) events.push_back(event);
    return events;
  }
  const fakes::FakeTill::EpochLog& log() { return rig.till.log_of(rig.till.identity()->epoch); }
  test::Rig rig;
  std::vector<std::string> sold;
};

TEST_F(UplinkTest, EveryEventArrivesOnceInOrder) {
  rig.options.batch.max_events = 7;
  rig.restart();
  sell(50);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), sold);
  EXPECT_EQ(log().acknowledged, 50u);
  EXPECT_EQ(rig.client->board.status().uploaded, 50u);
}

TEST_F(UplinkTest, ALostAnswerSendsTheSameAgainAndChangesNothing) {
  sell(5);
  lose_uplink(FakeLine::Fault::answer_lost, 2);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), sold);
  EXPECT_EQ(rig.line.calls["/v1/uplink"], 3);
}

TEST_F(UplinkTest, AGapRewindsToWhereHeadquartersStands) {
  sell(10);
  ASSERT_TRUE(rig.settle());
  auto& ledger = rig.hq.memory.tills.at(rig.number()).ledger.at(rig.till.identity()->epoch);
  for (std::uint64_t seq = 5; seq <= 10; ++seq) {
    ledger.events.erase(seq);
    ledger.hashes.erase(seq);
  }
  ledger.held = 4;
  sell(1, 11);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), sold);
  EXPECT_EQ(rig.client->told_of(Kind::rewound), 1);
}

TEST_F(UplinkTest, WhatIsNoLongerKeptIsSkippedOver) {
  sell(10);
  ASSERT_TRUE(rig.settle());
  auto& ledger = rig.hq.memory.tills.at(rig.number()).ledger.at(rig.till.identity()->epoch);
  ledger = {};
  rig.till.disk.log.at(rig.till.identity()->epoch).retained_from = 6;
  sell(1, 11);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), std::vector<std::string>(sold.begin() + 5, sold.end()));
}

TEST_F(UplinkTest, AForkIsShownAndKeptBesideToItsEnd) {
  rig.options.batch.max_events = 2;
  rig.restart();
  sell(3);
  ASSERT_TRUE(rig.settle());
  const auto birth = fork_at(4);
  sell(7, 4);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.till.log_of(birth).forked_from, 4u);
  EXPECT_EQ(rig.till.log_of(birth).fork_kept, 10u);
  EXPECT_EQ(rig.till.log_of(birth).acknowledged, 3u);
  EXPECT_EQ(kept_beside(birth), std::vector<std::string>(sold.begin() + 3, sold.end()));
  EXPECT_EQ(ledger_of(birth).held, 4u);
  EXPECT_EQ(rig.client->told_of(Kind::forked), 1);
  EXPECT_EQ(rig.client->told_of(Kind::kept), 3);
}

TEST_F(UplinkTest, WhatWaitsGoesBeforeTheRestOfAFork) {
  rig.options.batch.max_events = 2;
  rig.restart();
  const auto birth = fork_at(1);
  sell(9);
  for (int turn = 0; turn < 20 && rig.client->told_of(Kind::fenced) == 0; ++turn) rig.up();
  ASSERT_EQ(rig.client->told_of(Kind::fenced), 1);
  rig.up();
  EXPECT_LT(kept_beside(birth).size(), 9u);
  rig.till.sell("sold now");
  while (rig.held().empty()) rig.up();
  EXPECT_LT(kept_beside(birth).size(), 9u);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(kept_beside(birth), sold);
}

TEST_F(UplinkTest, ALostAnswerSendsTheSameForkAgainAndChangesNothing) {
  rig.options.batch.max_events = 3;
  rig.restart();
  const auto birth = fork_at(1);
  sell(10);
  rig.line.fault = [](const auto& request, int n) {
    return request.path == "/v1/uplink" && n % 2 == 0 ? FakeLine::Fault::answer_lost : FakeLine::Fault::none;
  };
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(kept_beside(birth), sold);
}

TEST_F(UplinkTest, AnOlderHeadquartersIsAskedSeldomAndGetsTheRestOnceItIsNewer) {
  rig.hq.says_kept = false;
  rig.options.batch.max_events = 2;
  rig.restart();
  const auto birth = fork_at(1);
  sell(6);
  const int before = rig.line.calls["/v1/uplink"];
  const auto start = rig.clock.monotonic_ms();
  while (rig.clock.monotonic_ms() < start + 6 * 3'600'000) rig.up();
  EXPECT_EQ(rig.till.log_of(birth).forked_from, 1u);
  EXPECT_EQ(rig.till.log_of(birth).fork_kept, 0u);
  EXPECT_LE(rig.line.calls["/v1/uplink"] - before, 8);
  EXPECT_EQ(rig.client->told_of(Kind::forked), 1);
  rig.till.sell("sold meanwhile");
  while (rig.held().empty()) rig.up();

  rig.hq.says_kept = true;
  ASSERT_TRUE(rig.settle(1000));
  EXPECT_EQ(kept_beside(birth), sold);
}

TEST_F(UplinkTest, AForkBehindWhatWasAcknowledgedIsSentFromWhereItBegan) {
  rig.options.batch.max_events = 4;
  rig.restart();
  sell(10);
  ASSERT_TRUE(rig.settle());
  const auto birth = fork_at(6, 10);
  sell(3, 11);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.till.log_of(birth).forked_from, 6u);
  const auto beside = kept_beside(birth);
  EXPECT_EQ(std::vector<std::string>(beside.end() - 8, beside.end()),
            std::vector<std::string>(sold.begin() + 5, sold.end()));
}

TEST_F(UplinkTest, AHeadquartersThatForgotTheForkIsSentItAgain) {
  rig.options.batch.max_events = 3;
  rig.restart();
  sell(2);
  ASSERT_TRUE(rig.settle());
  const auto birth = fork_at(3);
  sell(5, 3);
  ASSERT_TRUE(rig.settle());
  ASSERT_EQ(kept_beside(birth).size(), 5u);
  restored_without_fork(birth, 3);
  for (int turn = 0; turn < 200 && kept_beside(birth).size() < 5; ++turn) rig.up();
  EXPECT_EQ(kept_beside(birth), std::vector<std::string>(sold.begin() + 2, sold.end()));
}

TEST_F(UplinkTest, AForkThatHeadquartersNowTakesForItsOwnIsOver) {
  sell(2);
  ASSERT_TRUE(rig.settle());
  const auto birth = fork_at(3);
  sell(5, 3);
  ASSERT_TRUE(rig.settle());
  restored_without_fork(birth, 2);
  for (int turn = 0; turn < 200 && ledger_of(birth).held < 7; ++turn) rig.up();
  EXPECT_EQ(rig.hq.events_of(rig.number(), birth), sold);
  EXPECT_FALSE(rig.till.log_of(birth).forked_from);
  EXPECT_EQ(rig.till.log_of(birth).acknowledged, 7u);
}

TEST_F(UplinkTest, ATillWhoseOwnEpochForkedMakesContactAtOnceAndItsLaterEventsArrive) {
  sell(3);
  ASSERT_TRUE(rig.settle());
  const auto birth = rig.till.identity()->epoch;
  auto& ledger = rig.hq.memory.tills.at(rig.number()).ledger.at(birth);
  ledger.hashes[4] = {};
  ledger.events[4] = "of the other copy";
  ledger.held = 4;
  sell(1, 4);
  const auto start = rig.clock.monotonic_ms();
  for (int turn = 0; turn < 20 && rig.client->told_of(Kind::fenced) == 0; ++turn) rig.up();
  ASSERT_EQ(rig.client->told_of(Kind::fenced), 1);
  EXPECT_LE(rig.clock.monotonic_ms() - start, 2000);
  EXPECT_NE(rig.till.identity()->epoch, birth);
  EXPECT_EQ(rig.till.current()->public_key, rig.till.identity()->public_key);
  rig.till.sell("sold after the fork");
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), std::vector<std::string>{"sold after the fork"});
  EXPECT_EQ(rig.client->told_of(Kind::fenced), 1);
}

TEST_F(UplinkTest, AForkOfAnEpochLeftBehindCostsNoContact) {
  fakes::FakeTill copy;
  ASSERT_TRUE(rig.settle());
  copy.disk = rig.till.disk;
  rig.client->token.rejected(*rig.client->token.live(rig.clock.monotonic_ms()));
  rig.clock.advance(2000);
  sell(1);
  ASSERT_TRUE(rig.settle());
  copy.sell("sold at the copy before its contact");
  test::Client other(copy, rig.clock, rig.random, rig.options);
  for (int i = 0; i < 10; ++i) rig.clock.advance(other.up.turn(rig.line));
  EXPECT_EQ(other.told_of(Kind::fenced), 1);
  EXPECT_EQ(other.told_of(Kind::forked), 1);
  EXPECT_EQ(other.told_of(Kind::contacted), 1);
}

TEST_F(UplinkTest, AForkThatIsStillSentDoesNotSpin) {
  rig.till.forgets_to_fork = true;
  sell(3);
  ASSERT_TRUE(rig.settle());
  rig.hq.memory.tills.at(rig.number()).ledger.at(rig.till.identity()->epoch).hashes[4] = {};
  sell(1, 4);
  const int before = rig.line.calls["/v1/uplink"];
  const auto start = rig.clock.monotonic_ms();
  while (rig.clock.monotonic_ms() < start + 3'600'000) rig.up();
  EXPECT_LT(rig.line.calls["/v1/uplink"] - before, 200);
}

TEST_F(UplinkTest, AParkedEventBlocksNothingBehindIt) {
  sell(2);
  rig.till.sell("poison");
  sold.push_back("poison");
  sell(2, 4);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), sold);
  ASSERT_EQ(log().parked.size(), 1u);
  EXPECT_EQ(log().parked[0].seq, 3u);
  EXPECT_EQ(log().parked[0].reason, "unknown_value");
  EXPECT_EQ(rig.client->told_of(Kind::parked), 1);
}

TEST_F(UplinkTest, NothingIsAcknowledgedBeyondWhatWasSent) {
  rig.options.batch.max_events = 4;
  rig.restart();
  rig.hq.claims_too_much = true;
  sell(10);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), sold);
}

TEST_F(UplinkTest, ATooLargeBatchIsHalvedUntilItFits) {
  rig.hq.most_events = 3;
  sell(40);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), sold);
}

TEST_F(UplinkTest, AHeadquartersWithoutTheDictionaryIsSentPlainFrames) {
  rig.hq.knows_dictionary = false;
  sell(4);
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), sold);
}

TEST_F(UplinkTest, AFullDiskDelaysTheAcknowledgementAndLosesNothing) {
  sell(4);
  rig.till.disk_full = true;
  for (int i = 0; i < 10; ++i) rig.up();
  EXPECT_EQ(log().acknowledged, 0u);
  EXPECT_EQ(rig.client->board.status().last_error, "storage_full");
  rig.till.disk_full = false;
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), sold);
  EXPECT_EQ(rig.client->board.status().last_error, "");
}

TEST_F(UplinkTest, AfterAFenceTheOldEpochsEventsGoUnderTheirBirthName) {
  fakes::FakeTill copy;
  sell(2);
  ASSERT_TRUE(rig.settle());
  copy.disk = rig.till.disk;
  const auto old_epoch = rig.till.identity()->epoch;
  rig.client->token.rejected(*rig.client->token.live(rig.clock.monotonic_ms()));
  rig.clock.advance(2000);
  ASSERT_TRUE(rig.settle());  // the original made contact again: the copy's value is old

  copy.sell("sold at the copy before its contact");
  test::Client other(copy, rig.clock, rig.random, rig.options);
  for (int i = 0; i < 10; ++i) rig.clock.advance(other.up.turn(rig.line));
  EXPECT_EQ(other.told_of(Kind::fenced), 1);
  copy.sell("sold at the copy after");
  for (int i = 0; i < 10; ++i) rig.clock.advance(other.up.turn(rig.line));
  const auto number = copy.identity()->till;
  EXPECT_EQ(rig.hq.events_of(number, old_epoch).back(), "sold at the copy before its contact");
  EXPECT_EQ(rig.hq.events_of(number, copy.identity()->epoch), std::vector<std::string>{"sold at the copy after"});
}

}  // namespace
}  // namespace tillside::sync
