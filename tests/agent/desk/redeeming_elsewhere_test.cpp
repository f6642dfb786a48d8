// A coupon that headquarters decides: of another till, let go by its home, or above a value.
#include <mutex>

#include "agent/store/yielding.h"
#include "tests/agent/desk/redeeming_fixture.h"

namespace tillside {
namespace {

using nlohmann::json;

// Headquarters' word, as a test has it. Called on the store's thread and the test's; read when the store is at rest.
class FakeGrantor final : public Grantor {
 public:
  bool reachable() const override { return near; }
  Bytes16 new_rid() override { return {++made}; }
  void ask(const Question& question, std::function<void(Answer)> done) override {
    {
      const std::lock_guard lock(mutex_);
      asked.push_back(question);
    }
    done(answer);
  }
  void release(const Bytes16& rid, std::function<void(bool)> done) override {
    {
      const std::lock_guard lock(mutex_);
      released.push_back(rid);
    }
    done(hears);
  }
  std::atomic<bool> near{true}, hears{true};
  std::uint8_t made = 0;
  Answer answer{Answer::Kind::granted, RedeemReason::none};
  std::vector<Question> asked;
  std::vector<Bytes16> released;

 private:
  std::mutex mutex_;  // guards the two lists while they grow
};

class OtherTillsKey final : public KeyLookup {
 public:
  explicit OtherTillsKey(VerifyingKey key) : key_(key) {}
  std::optional<KeyFacts> find(KeyId key) const override {
    if (key != KeyId{18, 0}) return std::nullopt;
    KeyFacts facts;
    facts.key = key_;
    return facts;
  }
  bool expired(KeyId, Instant) const override { return false; }

 private:
  const VerifyingKey key_;
};

class ElsewhereTest : public RedeemingTest {
 protected:
  void SetUp() override {
    RedeemingTest::SetUp();
    theirs = wire::key_pair_from_seed(Bytes32{8});
    lookup = std::make_unique<OtherTillsKey>(theirs.public_key);
    open_with_headquarters();
    auto text = read_coupon_text(url());
    CouponBody body = *decode_coupon(text->body);
    body.key = {18, 0};
    const auto bytes = *encode_coupon(body);
    foreign = coupon_url("t.example.cn", bytes, sign_coupon(bytes, shop.chain, theirs.secret_key));
  }
  void TearDown() override {
    desk.reset();
    RedeemingTest::TearDown();
  }
  void open_with_headquarters() {
    desk.reset();
    desk = std::make_unique<Desk>(
        Desk::Parts{store.get(), &group, &window, &clock, &happenings, lookup.get(), &headquarters});
  }

  wire::KeyPair theirs;
  std::unique_ptr<OtherTillsKey> lookup;
  FakeGrantor headquarters;
  std::string foreign;
};

TEST_F(ElsewhereTest, HeadquartersGrantsAndTheSaleTellsTheReservation) {
  const json answer = hold("h1", foreign, "L2", total(2));
  EXPECT_EQ(answer["state"], "approved") << answer;
  ASSERT_EQ(headquarters.asked.size(), 1u);
  EXPECT_EQ(headquarters.asked[0].value, 2000);
  EXPECT_EQ(parsed(complete(spending(2, {foreign})))["redeemed"].size(), 1u);
  EXPECT_NE(events().back().find(R"("u":[[18,0,1,1,2000,")" + to_hex(headquarters.asked[0].rid) + "\"]]"),
            std::string::npos)
      << events().back();
}

TEST_F(ElsewhereTest, TheChainsDirectoryVouchesForOtherTills) {
  lookup.reset();
  open_with_headquarters();
  EXPECT_EQ(hold("h1", foreign)["reason"], "unknown_key");
  KeyPart part;
  part.part = part_of(18);
  part.version = 1;
  part.expires = clock.now().plus_ms(kDay);
  KeyFacts facts;
  facts.key = theirs.public_key;
  part.rows = {{KeyId{18, 0}, facts}};
  auto directory = std::make_shared<KeyDirectory>();
  ASSERT_TRUE(directory->take(part, part.incarnation));
  shop.keys = directory;
  window.replace(shop);
  EXPECT_EQ(hold("h2", foreign)["state"], "approved");
}

TEST_F(ElsewhereTest, AwayFromHeadquartersItSaysWhereItWorks) {
  headquarters.near = false;
  const json answer = hold("h1", foreign);
  EXPECT_EQ(answer["reason"], "needs_network");
  EXPECT_EQ(answer["works_at"]["till"], 18);
  EXPECT_TRUE(headquarters.asked.empty());
  EXPECT_EQ(parsed(complete(spending(2, {foreign})))["unapproved"][0]["reason"], "needs_network");
}

TEST_F(ElsewhereTest, ARefusalForGoodIsKeptUnderTheHold) {
  headquarters.answer = {Grantor::Answer::Kind::refused, RedeemReason::spent};
  EXPECT_EQ(hold("h1", foreign)["reason"], "spent");
  EXPECT_EQ(hold("h1", foreign)["reason"], "spent");
  EXPECT_EQ(headquarters.asked.size(), 1u);
}

TEST_F(ElsewhereTest, WhatHomeHasNotLetGoYetIsAskedForAnewUnderTheSameHold) {
  headquarters.answer = {Grantor::Answer::Kind::refused, RedeemReason::home_only};
  const json refused = hold("h1", foreign);
  EXPECT_EQ(refused["reason"], "home_only");
  EXPECT_EQ(refused["works_at"]["till"], 18);
  EXPECT_EQ(refused["works_at"]["online"], true);
  EXPECT_EQ(refused["works_at"]["en"], "at till 18 now, elsewhere once till 18 has answered");
  headquarters.answer = {Grantor::Answer::Kind::granted, RedeemReason::none};
  EXPECT_EQ(hold("h1", foreign)["state"], "approved");
  ASSERT_EQ(headquarters.asked.size(), 2u);
  EXPECT_NE(headquarters.asked[0].rid, headquarters.asked[1].rid) << "a reservation has one answer";
  EXPECT_EQ(parsed(complete(spending(2, {foreign})))["redeemed"].size(), 1u);
}

// The hold asked, was refused, asked anew; then the first answer comes a second time.
TEST_F(ElsewhereTest, ALateAnswerDoesNotUndoWhatWasAskedAnew) {
  headquarters.answer = {};
  EXPECT_EQ(hold("h1", foreign)["state"], "asking");
  const Grantor::Answer no{Grantor::Answer::Kind::refused, RedeemReason::home_only};
  const auto granted = [&](Bytes16 rid, Grantor::Answer answer) {
    return parsed(wait([&](ReplyTo reply) {
      store->writer().submit(granted_job({"h1", rid, answer, window.current(), clock.now()}, std::move(reply)));
    }));
  };
  const Bytes16 first = headquarters.asked[0].rid;
  EXPECT_EQ(granted(first, no)["reason"], "home_only");
  EXPECT_EQ(hold("h1", foreign)["state"], "asking");
  EXPECT_EQ(granted(first, no)["state"], "asking");
  EXPECT_EQ(granted(headquarters.asked[1].rid, {Grantor::Answer::Kind::granted, RedeemReason::none})["state"],
            "approved");
}

TEST_F(ElsewhereTest, WhatHomeLetGoIsReservedThereAsEverywhere) {
  ASSERT_TRUE(store->writer().run([](store::Session& session) { store::yield_coupon(session, {17, 0}, 1); }));
  headquarters.near = false;
  EXPECT_EQ(check(url())["reason"], "yielded");
  EXPECT_EQ(hold("h1", url())["reason"], "yielded");
  EXPECT_EQ(parsed(complete(spending(2, {url()})))["unapproved"][0]["reason"], "yielded");
  headquarters.near = true;
  EXPECT_EQ(hold("h1", url())["state"], "approved");
  EXPECT_EQ(hold("h2", url())["reason"], "held");
  EXPECT_EQ(parsed(complete(spending(3, {url()})))["redeemed"].size(), 1u);
  EXPECT_NE(events().back().find(to_hex(headquarters.asked.at(0).rid)), std::string::npos);
  EXPECT_EQ(check(url())["reason"], "spent");
}

TEST_F(ElsewhereTest, ABillThatEndsWithoutItGivesItToHeadquarters) {
  headquarters.near = false;
  const auto want = [&] {
    ASSERT_TRUE(store->writer().run([](store::Session& session) { store::yield_coupon(session, {17, 0}, 1); }));
  };
  hold("h1", url(), "L2", total(2));
  want();
  EXPECT_EQ(check(url(), total(3))["reason"], "held");
  complete(spending(2, {}));
  EXPECT_NE(events().back().find(R"("y":[[17,0,1,0]])"), std::string::npos) << events().back();
  EXPECT_EQ(check(url())["reason"], "yielded");
}

TEST_F(ElsewhereTest, UnansweredItIsAskedAgainUnderTheSameReservationAlsoAfterARestart) {
  headquarters.answer = {};
  EXPECT_EQ(hold("h1", foreign)["state"], "asking");
  EXPECT_EQ(parsed(complete(spending(2, {foreign})))["unapproved"][0]["reason"], "asking");
  desk.reset();
  reopen();
  open_with_headquarters();
  headquarters.answer = {Grantor::Answer::Kind::granted, RedeemReason::none};
  EXPECT_EQ(hold("h1", foreign)["state"], "approved");
  ASSERT_EQ(headquarters.asked.size(), 2u);
  EXPECT_EQ(headquarters.asked[0].rid, headquarters.asked[1].rid);
}

TEST_F(ElsewhereTest, WhatIsLetGoIsToldUntilItIsHeard) {
  hold("h1", foreign);
  headquarters.hears = false;
  EXPECT_EQ(release("h1")["state"], "released");
  desk->coupons().take_up();
  headquarters.hears = true;
  desk->coupons().take_up();
  ASSERT_TRUE(store->writer().run([](store::Session&) {}));
  desk->coupons().take_up();
  EXPECT_EQ(headquarters.released.size(), 3u);
  EXPECT_EQ(hold("h1", foreign)["state"], "released");
}

TEST_F(ElsewhereTest, AboveAValueHeadquartersIsAskedAlsoAtHome) {
  shop.redeem_limits.ask_above = 1'000;
  window.replace(shop);
  EXPECT_EQ(hold("h1", url())["state"], "approved");
  EXPECT_EQ(headquarters.asked.size(), 1u);
  EXPECT_EQ(parsed(complete(spending(2, {url()})))["redeemed"].size(), 1u);
}

}  // namespace
}  // namespace tillside
