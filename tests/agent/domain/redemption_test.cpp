// Every reason, one by one, and what holds for any coupon on any bill.
#include "agent/domain/redemption.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "tests/agent/domain/campaign_samples.h"
#include "tests/agent/domain/coupon_samples.h"

namespace tillside {
namespace {

using samples::kSundayMorning;
using Mark = CouponStanding::Mark;

class Keys final : public KeyLookup {
 public:
  std::optional<KeyFacts> find(KeyId key) const override {
    const auto found = known.find(key);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  }
  bool expired(KeyId, Instant now) const override { return now > expires; }
  std::map<KeyId, KeyFacts> known;
  Instant expires = kSundayMorning.plus_ms(kDay);
};

// Till 17, generation 2, at 09:20 on the day coupon 451 was issued, on a bill of 123.45.
class Redemption : public ::testing::Test {
 protected:
  Redemption() {
    body.person = 0;
    show();
    standing.issued = true;
    standing.issued_as = code.full;
    terms = samples::campaign();
    sale = samples::checkout();
    bill = bill_at_total(sale);
    question.code = &code;
    question.own_key = {17, 2};
    question.own_public = own.verifying;
    question.chain = samples::kChain;
    question.keys = &keys;
    question.terms = &terms;
    question.zone = &zone;
    question.time.now = kSundayMorning.plus_ms(5 * kMinute);
    question.standing = &standing;
    question.bill = &bill;
    keys.known[{18, 0}] = {theirs.verifying, KeyFacts::Status::live, std::nullopt, 1000, 0};
  }

  void sign(const CouponBody& as, const samples::KeyPair& with) {
    code.form = ShownCode::Form::full;
    code.body = as;
    code.full.body = *encode_coupon(as);
    code.full.signature = sign_coupon(code.full.body, samples::kChain, with.signing);
  }
  void show() { sign(body, own); }
  void show_theirs(std::uint32_t serial = 9) {
    body.key = {18, 0};
    body.serial = serial;
    sign(body, theirs);
    standing = {};
  }

  RedeemDecision judge() const { return judge_redemption(question); }
  std::string reason() const {
    const RedeemDecision decision = judge();
    return decision.ruling == Ruling::approve ? "approved"
           : decision.ruling == Ruling::ask   ? "ask"
                                              : name_of(decision.reason);
  }

  Checkout sale;
  const samples::KeyPair own = samples::key_pair(0x10), theirs = samples::key_pair(0x60);
  CouponBody body = samples::coupon();
  ShownCode code;
  CouponStanding standing;
  Campaign terms;
  Bill bill;
  Keys keys;
  StoreZone zone;
  RedeemQuestion question;
};

TEST_F(Redemption, AtHomeItIsApprovedWithNobodyAsked) {
  EXPECT_EQ(reason(), "approved");
  EXPECT_EQ(judge().discount, 2000);
}

TEST_F(Redemption, TheTypedFormOfACouponThatWasFoundIsApproved) {
  code.form = ShownCode::Form::typed;
  EXPECT_EQ(reason(), "approved");
}

TEST_F(Redemption, NoCodeIsNone) {
  code = read_shown_code("hello");
  EXPECT_EQ(reason(), "not_a_code");
  code = read_shown_code("");
  EXPECT_EQ(reason(), "not_a_code");
}

TEST_F(Redemption, AFlippedBitOfTheSignatureIsForged) {
  code.full.signature[5] ^= 1;
  EXPECT_EQ(reason(), "forged");
  show_theirs();
  code.full.signature[5] ^= 1;
  EXPECT_EQ(reason(), "forged");
}

TEST_F(Redemption, OurKeyInOtherHandsIsNotBelieved) {
  body.value = 4000;
  sign(body, own);
  EXPECT_EQ(reason(), "forged") << "other terms under a serial we gave";
  body = samples::coupon();
  body.person = 0;
  body.serial = 900;
  sign(body, own);
  standing = {};
  EXPECT_EQ(reason(), "beyond_ceiling") << "a serial we never gave";
}

TEST_F(Redemption, AnotherChainsCouponIsForged) {
  show_theirs();
  question.chain = ChainId{9};
  EXPECT_EQ(reason(), "forged");
}

TEST_F(Redemption, AnUnknownKeyIsForOnline) {
  show_theirs();
  keys.known.clear();
  EXPECT_EQ(reason(), "unknown_key");
  EXPECT_TRUE(judge().works_online);
  question.keys = nullptr;
  EXPECT_EQ(reason(), "unknown_key");
}

TEST_F(Redemption, AKeyHoldsAsFarAsTheDirectorySays) {
  question.reachable = true;
  show_theirs(1000);
  EXPECT_EQ(reason(), "ask");
  show_theirs(1001);
  EXPECT_EQ(reason(), "beyond_ceiling");
  KeyFacts& facts = keys.known[{18, 0}];
  facts.status = KeyFacts::Status::revoked;
  facts.good_to = 9;
  show_theirs(9);
  EXPECT_EQ(reason(), "ask");
  show_theirs(10);
  EXPECT_EQ(reason(), "beyond_ceiling");
  facts.status = KeyFacts::Status::retired;
  facts.until = kSundayMorning.plus_ms(-kHour);
  EXPECT_EQ(reason(), "beyond_ceiling");
}

TEST_F(Redemption, AnExpiredDirectoryStillVouchesForOurOwn) {
  keys.expires = kSundayMorning.plus_ms(-1);
  EXPECT_EQ(reason(), "approved");
  show_theirs();
  EXPECT_EQ(reason(), "directory_expired");
}

TEST_F(Redemption, TermsThatAreNotKnownAreForOnline) {
  question.terms = nullptr;
  EXPECT_EQ(reason(), "unknown_campaign");
  EXPECT_TRUE(judge().works_online);
}

TEST_F(Redemption, ItsValidityIsToTheMillisecond) {
  body.valid_from_hours = 1;
  show();
  standing.issued_as = code.full;
  const Validity valid = validity_of(body, zone);
  question.time.now = valid.from.plus_ms(-1);
  EXPECT_EQ(reason(), "not_yet");
  question.time.now = valid.from;
  EXPECT_EQ(reason(), "approved");
  question.time.now = valid.until;
  EXPECT_EQ(reason(), "approved");
  question.time.now = valid.until.plus_ms(1);
  EXPECT_EQ(reason(), "expired");
  question.time.known = false;
  EXPECT_EQ(reason(), "clock");
}

TEST_F(Redemption, ADistrustedClockAsksAsStrict) {
  show_theirs();
  question.reachable = true;
  EXPECT_EQ(judge().policy, Policy::home);
  question.time.trusted = false;
  EXPECT_EQ(reason(), "ask");
  EXPECT_EQ(judge().policy, Policy::strict);
}

TEST_F(Redemption, TheBillMustReachTheMinimum) {
  bill.spend = 9'999;
  EXPECT_EQ(reason(), "min_spend");
  EXPECT_EQ(judge().missing, 1);
  bill.spend = 10'000;
  EXPECT_EQ(reason(), "approved");
  question.bill = nullptr;
  EXPECT_EQ(reason(), "approved");
  EXPECT_EQ(judge().discount, 2000);
}

TEST_F(Redemption, NothingToDiscountIsSaid) {
  bill.left = 0;
  EXPECT_EQ(reason(), "nothing_to_discount");
}

TEST_F(Redemption, AnItemMustBeOnTheBillUnlessItIsPickedUp) {
  terms.reward = {};
  terms.reward.type = RewardType::item;
  terms.reward.item = 6901;
  terms.reward.worth = 8000;
  body.reward = RewardType::item;
  body.value = 6901;
  body.min_spend = 0;
  show();
  standing.issued_as = code.full;
  EXPECT_EQ(reason(), "approved");
  EXPECT_EQ(judge().discount, 8000) << "at most its worth";
  bill.checkout = nullptr;
  EXPECT_EQ(reason(), "nothing_to_discount");
  terms.kind = body.kind = CampaignKind::pickup;
  show();
  standing.issued_as = code.full;
  EXPECT_EQ(reason(), "approved");
}

TEST_F(Redemption, ForOnePersonWhoShowedIt) {
  body.person = 90210;
  show();
  standing.issued_as = code.full;
  EXPECT_EQ(reason(), "wrong_person");
  bill.person = 90210;
  EXPECT_EQ(reason(), "wrong_person") << "a phone number that was said proves nobody";
  bill.proof = Proof::scanned;
  EXPECT_EQ(reason(), "approved");
  bill.person = 90211;
  EXPECT_EQ(reason(), "wrong_person");
}

TEST_F(Redemption, MarksDecideBeforeTheBillDoes) {
  bill.spend = 0;
  for (const auto& [mark, expected] : std::map<Mark, std::string>{{Mark::spent, "spent"},
                                                                  {Mark::held, "held"},
                                                                  {Mark::asking, "asking"},
                                                                  {Mark::revoked, "revoked"},
                                                                  {Mark::yielded, "yielded"}}) {
    standing.mark = mark;
    standing.hold_id = "somebody's";
    EXPECT_EQ(reason(), expected);
  }
  EXPECT_TRUE(judge().works_online);
}

TEST_F(Redemption, WhatWasLetGoIsForHeadquartersAlsoAtHome) {
  standing.mark = Mark::yielded;
  EXPECT_EQ(reason(), "yielded");
  question.reachable = true;
  EXPECT_EQ(reason(), "ask");
  standing.mark = Mark::spent;
  EXPECT_EQ(reason(), "spent");
}

TEST_F(Redemption, AnEarlierLifeOfThisTillIsForHeadquarters) {
  question.own_key = {17, 3};
  standing = {};
  EXPECT_EQ(reason(), "ended_epoch") << "also when its key is gone";
  keys.known[{17, 2}] = {own.verifying, KeyFacts::Status::retired, std::nullopt, 1000, 0};
  EXPECT_EQ(reason(), "ended_epoch");
  question.reachable = true;
  EXPECT_EQ(reason(), "ask");
}

TEST_F(Redemption, WhatWasIssuedUnderAKeyThisTillChangedIsStillItsOwn) {
  question.own_key = {17, 3};
  question.own_public = samples::key_pair(0x33).verifying;
  question.own_earlier = 1u << 2;
  EXPECT_EQ(reason(), "approved") << "offline, also when the directory does not know the key yet";
  code.form = ShownCode::Form::typed;
  EXPECT_EQ(reason(), "approved");
  show();
  code.full.signature[5] ^= 1;
  EXPECT_EQ(reason(), "forged");
  show();
  question.own_earlier = 1u << 1;
  EXPECT_EQ(reason(), "ended_epoch") << "a copy's key, or one of an earlier life";
  question.own_earlier = 1u << 2;
  standing = {};
  EXPECT_EQ(reason(), "ended_epoch") << "never issued here";
}

TEST_F(Redemption, ElsewhereNeedsTheNetworkAndSaysWhereItWorks) {
  show_theirs();
  EXPECT_EQ(reason(), "needs_network");
  EXPECT_EQ(judge().works_at, std::optional<TillNumber>(18));
  EXPECT_TRUE(judge().works_online);
  question.reachable = true;
  EXPECT_EQ(reason(), "ask");
  EXPECT_EQ(judge().discount, 2000);
}

TEST_F(Redemption, HeadquartersOwnCouponsHaveNoTillToBeSentTo) {
  keys.known[{0, 0}] = {theirs.verifying, KeyFacts::Status::live, std::nullopt, 1000, 0};
  body.key = {0, 0};
  sign(body, theirs);
  standing = {};
  EXPECT_EQ(reason(), "needs_network");
  EXPECT_EQ(judge().works_at, std::nullopt);
}

TEST_F(Redemption, CapsStopAfterTheLastOneAllowed) {
  question.limits = {3, 10'000, 50'000};
  question.caps = {2, 8'000};
  EXPECT_EQ(reason(), "approved");
  question.caps = {3, 0};
  EXPECT_EQ(reason(), "cap");
  question.caps = {0, 8'001};
  EXPECT_EQ(reason(), "cap");
}

TEST_F(Redemption, AboveAValueHeadquartersIsAskedFirst) {
  question.limits.ask_above = 1'999;
  EXPECT_EQ(reason(), "needs_network");
  EXPECT_EQ(judge().works_at, std::nullopt);
  question.reachable = true;
  EXPECT_EQ(reason(), "ask");
  question.limits.ask_above = 2'000;
  EXPECT_EQ(reason(), "approved");
}

TEST_F(Redemption, OneOfAGroupOnABill) {
  Campaign other = samples::campaign(2);
  const Campaign* used[] = {&other};
  bill.used = used;
  EXPECT_EQ(reason(), "approved");
  other.group = terms.group = "basket";
  EXPECT_EQ(reason(), "not_with_others");
  other.group.clear();
  other.number = terms.number;
  EXPECT_EQ(reason(), "not_with_others");
}

TEST_F(Redemption, BeforeTheFirstContactNothingIsRedeemed) {
  question.may_redeem = false;
  EXPECT_EQ(reason(), "not_ready");
}

TEST_F(Redemption, TermsThatTheCodeContradictsAreForged) {
  terms.reward.amount = 500;
  EXPECT_EQ(reason(), "forged");
}

TEST_F(Redemption, AHoldKeepsItsPromiseAndStillAsksTheBill) {
  standing.mark = Mark::held;
  standing.hold_id = question.hold_id = "h1";
  question.time.now = validity_of(body, zone).until.plus_ms(kDay);
  EXPECT_EQ(judge_held(question).ruling, Ruling::approve);
  bill.spend = 5'000;
  EXPECT_EQ(judge_held(question).reason, RedeemReason::min_spend);
}

// A coupon of headquarters that it told this till of.
class Told : public Redemption {
 protected:
  Told() {
    keys.known[{0, 0}] = {theirs.verifying, KeyFacts::Status::live, std::nullopt, 1000, 0};
    body.key = {0, 0};
    sign(body, theirs);
    standing = {};
    standing.told = true;
    standing.told_as = code.full.body;
    standing.told_home = question.own_key;
  }
};

TEST_F(Told, TheTillThatIsNamedDecidesItAlone) {
  EXPECT_EQ(reason(), "approved");
  standing.told_home = KeyId{18, 0};
  EXPECT_EQ(reason(), "needs_network");
  EXPECT_EQ(judge().works_at, 18u);
  question.reachable = true;
  EXPECT_EQ(reason(), "ask");
}

TEST_F(Told, WithoutANameNobodyIsHome) {
  standing.told_home.reset();
  EXPECT_EQ(reason(), "needs_network");
  EXPECT_FALSE(judge().works_at);
  standing = {};
  EXPECT_EQ(reason(), "needs_network") << "never told: the same";
}

TEST_F(Told, AnEarlierLifeOfThisTillIsNoHome) {
  standing.told_home = KeyId{17, 1};
  EXPECT_EQ(reason(), "ended_epoch");
}

TEST_F(Told, ACodeMustStillBeSigned) {
  code.full.signature[5] ^= 1;
  EXPECT_EQ(reason(), "forged") << "its body can be guessed";
  code.form = ShownCode::Form::id;
  code.full.signature = {};
  EXPECT_EQ(reason(), "approved") << "headquarters vouches for what was found by its id";
  code.full.body[20] ^= 1;
  EXPECT_EQ(reason(), "forged");
}

TEST_F(Told, OfATillItsIssuerIsHomeWhateverIsTold) {
  show_theirs();
  standing.told = true;
  standing.told_as = code.full.body;
  standing.told_home = question.own_key;
  EXPECT_EQ(reason(), "needs_network");
}

TEST(ShownCodes, AnIdIsFourteenHexDigits) {
  const auto code = read_shown_code("000112000001c3");
  ASSERT_EQ(code.form, ShownCode::Form::id);
  EXPECT_EQ(code.id_key, (KeyId{17, 2}));
  EXPECT_EQ(code.id_serial, 451u);
  EXPECT_EQ(read_shown_code("000112000001c").form, ShownCode::Form::none);
  EXPECT_EQ(read_shown_code("000112000001cg").form, ShownCode::Form::none);
}

TEST(RedeemReasons, HaveNamesAndWords) {
  std::set<std::string> names;
  for (int i = 0; i < kRedeemReasons; ++i) {
    const auto reason = static_cast<RedeemReason>(i);
    EXPECT_EQ(redeem_reason_of(name_of(reason)), reason);
    EXPECT_GT(std::string(reason_words_zh(reason)).size(), 5u);
    EXPECT_GT(std::string(reason_words_en(reason)).size(), 4u);
    EXPECT_TRUE(names.insert(name_of(reason)).second);
  }
  EXPECT_EQ(redeem_reason_of("fine"), std::nullopt);
}

TEST(Bills, WhatCouponsTookOffIsPutBack) {
  Checkout checkout = samples::checkout();
  checkout.totals = {12'345, 2'000, 0, 10'345};
  EXPECT_EQ(bill_at_close(checkout, 2'000).spend, 12'345) << "the POS says nothing: its own discount";
  EXPECT_EQ(bill_at_close(checkout, 500).spend, 10'845) << "at most what the coupons are worth";
  EXPECT_EQ(bill_at_close(checkout, 0).spend, 10'345);
  checkout.applied_discounts = {{"000112000001c3", 0, 1'500}, {"MEMBER-DAY", 0, 500}};
  EXPECT_EQ(bill_at_close(checkout, 2'000).spend, 11'845) << "only coupons are put back";
  EXPECT_EQ(bill_at_total(checkout).spend, 11'845);
  EXPECT_EQ(bill_at_total(checkout).left, 10'345);
}

TEST(Discounts, OfEachKind) {
  Bill bill;
  bill.spend = bill.left = 1'050;
  Reward reward;
  reward.type = RewardType::percent_off;
  reward.basis_points = 8'500;
  reward.cap = 3'000;
  EXPECT_EQ(discount_of(reward, bill).amount, 158) << "157.5, rounded to the shopper's side";
  reward.cap = 100;
  EXPECT_EQ(discount_of(reward, bill).amount, 100);
  reward = {};
  reward.amount = 2'000;
  EXPECT_EQ(discount_of(reward, bill).amount, 1'050) << "never more than the bill";
}

TEST(Discounts, AnItemIsOnePieceOfIt) {
  Checkout checkout = samples::checkout();
  Line line = samples::line(LineKind::sale, "007", "fruit", 3000);
  line.unit_price = 500;
  line.amount = 1'500;
  checkout.lines.push_back(line);
  Bill bill = bill_at_total(checkout);
  Reward reward;
  reward.type = RewardType::item;
  reward.item = 7;
  EXPECT_EQ(discount_of(reward, bill).amount, 500);
  Line away = line;
  away.kind = LineKind::voided;
  away.amount = -1'500;
  checkout.lines.push_back(away);
  EXPECT_EQ(discount_of(reward, bill).amount, 0) << "it was taken off the bill again";
}

// Any reward on any bill: never below zero, never beyond the bill, the cap, or what is there to take.
TEST(Discounts, StayWithinBounds) {
  std::mt19937_64 random(20261122);
  const auto upto = [&](std::int64_t most) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most + 1));
  };
  for (int round = 0; round < 20'000; ++round) {
    Reward reward;
    reward.type = random() % 2 == 0 ? RewardType::amount_off : RewardType::percent_off;
    reward.amount = upto(50'000);
    reward.basis_points = static_cast<std::int32_t>(upto(9'998) + 1);
    reward.cap = upto(20'000);
    reward.min_spend = upto(30'000);
    Bill bill;
    bill.left = upto(60'000) - 5'000;
    bill.spend = bill.left + upto(3'000);
    const Discount discount = discount_of(reward, bill);
    ASSERT_GE(discount.amount, 0);
    ASSERT_LE(discount.amount, std::max<Minor>(bill.left, 0));
    ASSERT_LE(discount.amount, worth_of(reward));
    ASSERT_EQ(discount.missing, std::max<Minor>(reward.min_spend - bill.spend, 0));
    if (discount.missing > 0) {
      ASSERT_EQ(discount.amount, 0);
    }
    Bill more = bill;
    ++more.left, ++more.spend;
    ASSERT_GE(discount_of(reward, more).amount, discount.amount) << "a larger bill never gets less";
  }
}

// A mutated code is never approved: 96 bytes, every bit.
TEST_F(Redemption, NoFlippedBitIsApproved) {
  const CouponText good = code.full;
  for (std::size_t bit = 0; bit < 96 * 8; ++bit) {
    CouponText bad = good;
    auto& byte = bit < 32 * 8 ? bad.body[bit / 8] : bad.signature[bit / 8 - 32];
    byte = static_cast<std::uint8_t>(byte ^ (1 << (bit % 8)));
    const ShownCode shown = read_shown_code(coupon_url("t.example.cn", bad.body, bad.signature));
    question.code = &shown;
    ASSERT_NE(judge().ruling, Ruling::approve) << bit;
    ASSERT_NE(judge().ruling, Ruling::ask) << bit;
  }
}

// A decision is a function of its question.
TEST_F(Redemption, TheSameQuestionHasTheSameAnswer) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2'000; ++round) {
    standing.mark = static_cast<Mark>(random() % 6);
    question.reachable = random() % 2 == 0;
    question.caps = {static_cast<std::int64_t>(random() % 600), static_cast<Minor>(random() % 3'000'000)};
    bill.spend = bill.left = static_cast<Minor>(random() % 30'000);
    question.time.now = kSundayMorning.plus_ms(static_cast<std::int64_t>(random() % 10) * kDay - kDay);
    const RedeemDecision first = judge(), second = judge();
    ASSERT_EQ(first.ruling, second.ruling);
    ASSERT_EQ(first.reason, second.reason);
    ASSERT_EQ(first.discount, second.discount);
    ASSERT_EQ(first.ruling == Ruling::refuse, first.reason != RedeemReason::none);
    if (first.ruling == Ruling::approve) {
      ASSERT_LE(question.caps.value + first.discount, question.limits.cap_value);
    }
  }
}

}  // namespace
}  // namespace tillside
