#include "sync/client/contact.h"

#include <gtest/gtest.h>

#include "tests/sync/client/rig.h"

namespace tillside::sync {
namespace {

using fakes::FakeLine;
using wire::ContactOutcome;

class ContactTest : public ::testing::Test {
 protected:
  Attempt<wire::ContactAnswer> make(fakes::FakeTill& till) {
    return Contact(till, till, till, rig.random, "0.1.0").make(rig.line);
  }
  ContactOutcome outcome(fakes::FakeTill& till) {
    auto made = make(till);
    EXPECT_TRUE(std::holds_alternative<wire::ContactAnswer>(made)) << std::get<Trouble>(made).detail;
    return std::get<wire::ContactAnswer>(made).outcome;
  }
  void lose(const std::string& path, FakeLine::Fault how, int times = 1) {
    rig.line.fault = [path, how, left = times](const auto& request, int) mutable {
      if (request.path != path || left == 0) return FakeLine::Fault::none;
      --left;
      return how;
    };
  }
  test::Rig rig;
};

TEST_F(ContactTest, TheNewestValueIsHonestAndLeavesANewOne) {
  const auto before = rig.till.disk.contact;
  EXPECT_EQ(outcome(rig.till), ContactOutcome::honest);
  EXPECT_NE(rig.till.disk.contact, before);
  EXPECT_FALSE(rig.till.disk.pending_nonce);
  EXPECT_EQ(outcome(rig.till), ContactOutcome::honest);
}

TEST_F(ContactTest, ALostAnswerIsAskedForAgainAndIsTheSame) {
  lose("/v1/token", FakeLine::Fault::answer_lost);
  EXPECT_EQ(std::get<Trouble>(make(rig.till)).kind, TroubleKind::unreachable);
  ASSERT_TRUE(rig.till.disk.pending_nonce);
  const auto left_by_hq = rig.hq.memory.tills.at(rig.number()).newest;
  EXPECT_EQ(outcome(rig.till), ContactOutcome::repeated);
  EXPECT_EQ(rig.till.disk.contact, left_by_hq);
  EXPECT_EQ(rig.till.disk.key_number, 1u);
}

TEST_F(ContactTest, ALostRequestIsSimplyMadeAgain) {
  lose("/v1/token", FakeLine::Fault::request_lost);
  (void)make(rig.till);
  EXPECT_EQ(outcome(rig.till), ContactOutcome::honest);
}

TEST_F(ContactTest, TheSecondCopyOfADiskIsFenced) {
  fakes::FakeTill copy;
  copy.disk = rig.till.disk;
  EXPECT_EQ(outcome(rig.till), ContactOutcome::honest);
  EXPECT_EQ(outcome(copy), ContactOutcome::fenced);
  EXPECT_NE(copy.identity()->epoch, rig.till.identity()->epoch);
  EXPECT_EQ(copy.identity()->key_generation, 1);
  EXPECT_EQ(copy.current()->public_key, copy.identity()->public_key);
  EXPECT_EQ(copy.disk.key_number, 2u);
  EXPECT_EQ(outcome(copy), ContactOutcome::honest);
}

TEST_F(ContactTest, ACopyMadeWhileAnAnswerWasOutstandingIsFencedOneContactLater) {
  lose("/v1/token", FakeLine::Fault::answer_lost);
  (void)make(rig.till);
  fakes::FakeTill copy;
  copy.disk = rig.till.disk;
  EXPECT_EQ(outcome(rig.till), ContactOutcome::repeated);
  EXPECT_EQ(outcome(copy), ContactOutcome::repeated);
  EXPECT_EQ(outcome(rig.till), ContactOutcome::honest);
  EXPECT_EQ(outcome(copy), ContactOutcome::fenced);
}

TEST_F(ContactTest, AFencesLostAnswerIsRepeatedUnderTheOldKey) {
  fakes::FakeTill copy;
  copy.disk = rig.till.disk;
  (void)outcome(rig.till);
  lose("/v1/token", FakeLine::Fault::answer_lost);
  (void)make(copy);
  EXPECT_EQ(outcome(copy), ContactOutcome::repeated);
  EXPECT_EQ(copy.identity()->key_generation, 1);
  EXPECT_EQ(copy.current()->public_key, copy.identity()->public_key);
  EXPECT_EQ(outcome(copy), ContactOutcome::honest);
}

TEST_F(ContactTest, DyingBetweenTheNewIdentityAndTheKeySwitchHealsAtTheNextContact) {
  for (const bool says_its_key : {true, false}) {
    rig.hq.says_its_key = says_its_key;
    fakes::FakeTill copy;
    copy.disk = rig.till.disk;
    (void)outcome(rig.till);
    copy.die_after = 2;  // the nonce, then the identity
    EXPECT_THROW((void)make(copy), fakes::Died);
    EXPECT_NE(copy.current()->public_key, copy.identity()->public_key);
    EXPECT_EQ(outcome(copy), ContactOutcome::honest);
    EXPECT_EQ(copy.current()->public_key, copy.identity()->public_key);
    rig.till.disk = copy.disk;
  }
}

TEST_F(ContactTest, FollowIdentityNamesALostKeyFile) {
  auto identity = *rig.till.identity();
  rig.till.disk.key_number = 5;
  const auto status = follow_identity(identity, rig.till);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::not_ready);
  EXPECT_EQ(rig.till.disk.key_number, 5u);
}

TEST_F(ContactTest, AnAnswerNotSignedByHeadquartersLeavesNothing) {
  const auto before = rig.till.disk.contact;
  rig.till.disk.identity->hq_key[0] ^= 1;
  const auto made = make(rig.till);
  EXPECT_EQ(std::get<Trouble>(made).kind, TroubleKind::garbled);
  EXPECT_EQ(rig.till.disk.contact, before);
  EXPECT_TRUE(rig.till.disk.pending_nonce);
}

TEST_F(ContactTest, HeadquartersNewestKeyIsFollowedLinkByLink) {
  const auto chain = rig.till.identity()->chain;
  const auto known = rig.till.identity()->hq_key;
  const auto second = wire::key_pair_from_seed(Bytes32{2}), third = wire::key_pair_from_seed(Bytes32{3});
  wire::HqKeyLink one{1, second.public_key, {}}, two{2, third.public_key, {}};
  wire::sign(one, chain, rig.hq.key().secret_key);
  wire::sign(two, chain, second.secret_key);
  const auto refused = [&](std::vector<wire::HqKeyLink> links) {
    rig.hq.hq_keys = std::move(links);
    const auto before = rig.till.disk.contact;
    const auto made = make(rig.till);
    const auto* trouble = std::get_if<Trouble>(&made);
    return trouble != nullptr && trouble->kind == TroubleKind::garbled && rig.till.disk.contact == before &&
           rig.till.identity()->hq_key == known;
  };
  EXPECT_TRUE(refused({two})) << "the link before it is missing";
  EXPECT_TRUE(refused({two, one}));
  auto bent = one;
  bent.generation = 3;
  EXPECT_TRUE(refused({bent, two}));
  wire::HqKeyLink other_chain{1, second.public_key, {}};
  wire::sign(other_chain, ChainId{9}, rig.hq.key().secret_key);
  EXPECT_TRUE(refused({other_chain}));
  wire::HqKeyLink strange{1, second.public_key, {}};
  wire::sign(strange, chain, third.secret_key);
  EXPECT_TRUE(refused({strange}));
  rig.hq.hq_keys = {one, two};
  ASSERT_TRUE(std::holds_alternative<wire::ContactAnswer>(make(rig.till)));
  EXPECT_EQ(rig.till.identity()->hq_key, third.public_key);
  EXPECT_EQ(rig.till.identity()->earlier_hq_keys, std::vector{known});
}

TEST_F(ContactTest, AValueAheadOfARestoredHeadquartersIsReadmittedAndWhatItForgotIsSentAgain) {
  ASSERT_TRUE(rig.settle());
  const auto backup = rig.hq.memory;
  for (const char* event : {"a", "b", "c"}) rig.till.sell(event);
  (void)outcome(rig.till);
  rig.restart();
  ASSERT_TRUE(rig.settle());
  ASSERT_EQ(rig.held().size(), 3u);

  rig.hq.restore(backup);
  EXPECT_EQ(outcome(rig.till), ContactOutcome::readmitted);
  EXPECT_EQ(rig.till.progress(), (std::pair<std::uint64_t, std::uint64_t>{3, 0}));
  rig.restart();
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(ContactTest, RefusalsKeepEverything) {
  const auto before = rig.till.disk;
  for (const auto fault : {FakeLine::Fault::forbidden, FakeLine::Fault::too_old}) {
    lose("/v1/token", fault);
    EXPECT_EQ(std::get<Trouble>(make(rig.till)).kind, TroubleKind::refused);
    EXPECT_EQ(rig.till.disk.contact, before.contact);
    EXPECT_TRUE(rig.till.disk.identity);
  }
}

}  // namespace
}  // namespace tillside::sync
