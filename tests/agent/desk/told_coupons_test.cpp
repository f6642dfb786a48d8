// Coupons that headquarters told of: found by a shopper who proved who she is, redeemed by their ids, handed over.
#include "agent/desk/coupon_counter.h"
#include "agent/domain/coupon_terms.h"
#include "tests/agent/desk/desk_fixture.h"

namespace tillside {
namespace {

using nlohmann::json;

constexpr std::uint32_t kPerson = 0xC0FFEE01;
constexpr const char* kPhone = "13800138000";

class ToldCouponsTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    add_campaign(7, "welcome", R"({"type":"amount_off","amount":1000,"min_spend":5000})");
    add_campaign(8, "pickup", R"({"type":"item","item":4711,"worth":1500})");
    window.replace(shop);
    MemberRecord record;
    record.stores = {5};
    record.person = kPerson;
    group.members[hash_identifier(shop.member_keys.back(), IdType::phone, *normalise(IdType::phone, kPhone, "86"))] =
        record;
  }
  void add_campaign(int number, const std::string& kind, const std::string& reward) {
    auto campaign =
        parse_campaign(R"({"number":)" + std::to_string(number) + R"(,"kind":")" + kind +
                       R"(","name":{"zh":"礼","en":"gift"},"reward":)" + reward +
                       R"(,"valid_days":30,"budget":{"issue":20,"exposure":2},"quota_per_till":5,)" +
                       R"("active_from":"2026-01-01T00:00:00+08:00","active_until":"2027-12-31T23:59:59+08:00"})");
    ASSERT_TRUE(campaign.ok()) << campaign.error().field;
    shop.campaigns.push_back(*campaign);
  }
  // What the downlink would have put there; its id.
  std::string tell(std::uint32_t serial, std::size_t campaign, std::uint32_t person, std::optional<KeyId> home,
                   bool bound = false) {
    CouponBody body = body_of(shop.campaigns.at(campaign), clock.now());
    body.key = {0, 0};
    body.serial = serial;
    body.home_store = shop.store_number;
    if (bound) body.person = person;
    const auto bytes = encode_coupon(body);
    const auto typed = typed_code(body, TypedKey{77});
    typed_form = format_typed(typed);
    url = coupon_url("T.EXAMPLE.CN", *bytes, sign_coupon(*bytes, shop.chain, headquarters.secret_key));
    EXPECT_TRUE(store->writer()
                    .run([&](store::Session& session) {
                      session.told().put({store::coupon_number(body.key, serial), person, *bytes, home, typed.mac},
                                         body.issued_minute + 40 * 24 * 60);
                    })
                    .ok());
    if (person != 0) store->persons().add(person);
    return coupon_id(body);
  }
  Checkout scanned(Checkout checkout, Proof proof = Proof::scanned) const {
    checkout.customer_ids = {{IdType::phone, kPhone, proof}};
    return checkout;
  }
  Checkout total(std::int64_t sequence, Minor net = 12'345) const {
    Checkout checkout = sale(sequence, net);
    checkout.state = CheckoutState::total;
    checkout.tenders.clear();
    return checkout;
  }
  json usable(const Checkout& checkout) { return parsed(desk->advise(checkout))["usable_coupons"]; }
  json check(const std::string& code, std::optional<Checkout> checkout = {}) {
    CouponCall call;
    call.code = code;
    call.checkout = std::move(checkout);
    return parsed(desk->coupons().check(std::move(call)));
  }
  json hand_over(const std::string& hold_id, const std::string& code, std::vector<CustomerId> who = {}) {
    CouponCall call;
    call.hold_id = hold_id;
    call.code = code;
    call.lane_id = "L2";
    call.operator_id = "E1007";
    call.customer_ids = std::move(who);
    return parsed(wait([&](ReplyTo reply) { desk->coupons().hand_over(std::move(call), std::move(reply)); }));
  }

  void hear(const CouponBytes& bytes, KeyId home) {
    const auto body = decode_coupon(bytes);
    ASSERT_TRUE(body.ok());
    const store::ToldCoupon told{store::coupon_number(body->key, body->serial), kPerson, bytes, home, std::nullopt};
    ASSERT_TRUE(store->writer()
                    .run([&](store::Session& session) { session.told().put(told, body->issued_minute + 40 * 24 * 60); })
                    .ok());
    store->persons().add(kPerson);
  }
  // She earned one here, whose id is returned; `url` is its paper.
  std::string earn() {
    lend(1, 5);
    const json sold = parsed(complete(scanned(sale(1))));
    EXPECT_EQ(sold["coupons"].size(), 1u) << sold.dump();
    url = sold["coupons"][0]["url"];
    return sold["coupons"][0]["id"];
  }
  void hear_of_paper() { hear(read_coupon_text(url)->body, here); }
  json redeem(std::int64_t sequence, const std::string& code) {
    Checkout checkout = scanned(sale(sequence));
    checkout.coupons = {code};
    return parsed(complete(checkout));
  }

  const KeyId here{17, 0}, elsewhere{18, 0};
  const wire::KeyPair headquarters = wire::key_pair_from_seed(Bytes32{9});
  std::string typed_form, url;
};

TEST_F(ToldCouponsTest, OnlyWhoProvedWhoSheIsIsToldOfHerCoupons) {
  const std::string id = tell(1, 1, kPerson, here);
  EXPECT_EQ(usable(total(1)), json::array());
  EXPECT_EQ(usable(scanned(total(1), Proof::named)), json::array()) << "a number said aloud lists nothing";
  const json listed = usable(scanned(total(1)));
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["coupon"]["id"], id);
  EXPECT_EQ(listed[0]["state"], "free");
  EXPECT_EQ(listed[0]["discount"], 1000);
  EXPECT_EQ(listed[0]["coupon"]["reward"]["min_spend"], 5000);
  EXPECT_EQ(listed[0]["coupon"]["home_till"], 17);
  EXPECT_EQ(usable(scanned(total(1), Proof::paid)).size(), 1u);
  const json small = usable(scanned(total(2, 4'000)));
  EXPECT_EQ(small[0]["state"], "refused");
  EXPECT_EQ(small[0]["reason"], "min_spend");
  EXPECT_EQ(small[0]["missing"], 1000);
}

TEST_F(ToldCouponsTest, AnIdIsWorthSomethingOnlyToItsOwner) {
  const std::string id = tell(1, 1, kPerson, here);
  EXPECT_EQ(check(id)["reason"], "wrong_person");
  EXPECT_EQ(check(id, total(1))["reason"], "wrong_person");
  EXPECT_EQ(check(id, scanned(total(1), Proof::named))["reason"], "wrong_person");
  EXPECT_EQ(check(id, scanned(total(1)))["state"], "free");
  EXPECT_EQ(check("00000000000099", scanned(total(1)))["reason"], "not_a_code");
  const std::string voucher = tell(2, 2, 0, here);
  EXPECT_EQ(check(voucher, scanned(total(1)))["reason"], "wrong_person") << "nobody's: its code is wanted";
}

TEST_F(ToldCouponsTest, AtHomeItIsRedeemedOnceByItsId) {
  const std::string id = tell(1, 1, kPerson, here);
  Checkout checkout = scanned(sale(1));
  checkout.coupons = {id};
  const json answer = parsed(complete(checkout));
  ASSERT_EQ(answer["redeemed"].size(), 1u);
  EXPECT_EQ(answer["redeemed"][0]["value"], 1000);
  EXPECT_NE(events().back().find(R"("u":[[0,0,1,7,1000,""]])"), std::string::npos) << events().back();
  EXPECT_EQ(usable(scanned(total(2))), json::array());
  Checkout again = scanned(sale(2));
  again.coupons = {id};
  const json second = parsed(complete(again));
  EXPECT_EQ(second["redeemed"].size(), 0u);
  EXPECT_EQ(second["unapproved"][0]["reason"], "spent");
}

TEST_F(ToldCouponsTest, AwayFromHomeItWaitsForTheNetwork) {
  tell(1, 1, kPerson, elsewhere);
  tell(2, 1, kPerson, std::nullopt);
  const json listed = usable(scanned(total(1)));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0]["reason"], "needs_network");
  EXPECT_EQ(listed[0]["works_at"]["till"], 18);
  EXPECT_EQ(listed[1]["reason"], "needs_network");
  EXPECT_EQ(listed[1]["works_at"]["till"], nullptr);
}

TEST_F(ToldCouponsTest, AnEndedLifeOfThisTillIsNoHome) {
  tell(1, 1, kPerson, KeyId{17, 3});
  EXPECT_EQ(usable(scanned(total(1)))[0]["reason"], "ended_epoch");
}

TEST_F(ToldCouponsTest, WhatThisTillIssuedIsListedOnceHeadquartersTold) {
  const std::string id = earn();
  EXPECT_EQ(usable(scanned(total(2))), json::array());
  EXPECT_EQ(check(id, scanned(total(2)))["reason"], "not_a_code") << "not told, so an id proves nothing";
  hear_of_paper();
  const json listed = usable(scanned(total(2)));
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["coupon"]["id"], id);
  EXPECT_EQ(listed[0]["state"], "free");
  EXPECT_EQ(listed[0]["discount"], 2000);
  EXPECT_EQ(listed[0]["coupon"]["home_till"], 17);
  EXPECT_EQ(usable(scanned(total(2), Proof::named)), json::array());
  EXPECT_EQ(check(id, scanned(total(2), Proof::named))["reason"], "wrong_person");
  EXPECT_EQ(check(id, scanned(total(2)))["state"], "free");
}

TEST_F(ToldCouponsTest, SpentByItsIdIsSpentByItsPaper) {
  const std::string id = earn();
  hear_of_paper();
  const json sold = redeem(2, id);
  ASSERT_EQ(sold["redeemed"].size(), 1u) << sold.dump();
  EXPECT_EQ(sold["redeemed"][0]["value"], 2000);
  EXPECT_NE(events().back().find(R"("u":[[17,0,1,1,2000,""]])"), std::string::npos) << events().back();
  EXPECT_EQ(check(url)["reason"], "spent");
  EXPECT_EQ(redeem(3, url)["unapproved"][0]["reason"], "spent");
  EXPECT_EQ(redeem(4, id)["unapproved"][0]["reason"], "spent");
  reopen();
  EXPECT_EQ(redeem(5, id)["unapproved"][0]["reason"], "spent");
}

TEST_F(ToldCouponsTest, SpentByItsPaperIsSpentByItsId) {
  const std::string id = earn();
  hear_of_paper();
  ASSERT_EQ(redeem(2, url)["redeemed"].size(), 1u);
  EXPECT_EQ(redeem(3, id)["unapproved"][0]["reason"], "spent");
  for (const json& one : usable(scanned(total(4)))) EXPECT_NE(one["coupon"]["id"], id);
}

TEST_F(ToldCouponsTest, HeldByItsIdIsHeldForItsPaper) {
  const std::string id = earn();
  hear_of_paper();
  CouponCall call;
  call.hold_id = "h1";
  call.code = id;
  call.lane_id = "L2";
  call.checkout = scanned(total(2));
  const json held = parsed(wait([&](ReplyTo reply) { desk->coupons().hold(call, std::move(reply)); }));
  EXPECT_EQ(held["state"], "approved") << held.dump();
  EXPECT_EQ(check(url)["reason"], "held");
  EXPECT_EQ(usable(scanned(total(3)))[0]["reason"], "held");
}

TEST_F(ToldCouponsTest, OtherTermsThanThisTillIssuedAreNotListed) {
  const std::string id = earn();
  auto body = *decode_coupon(read_coupon_text(url)->body);
  body.value = 3000;
  hear(*encode_coupon(body), here);
  EXPECT_EQ(usable(scanned(total(2))), json::array());
  EXPECT_EQ(check(id, scanned(total(2)))["reason"], "forged");
  EXPECT_EQ(check(url)["state"], "free") << "its paper is as good as ever";
}

TEST_F(ToldCouponsTest, WhatAnotherTillIssuedNamesThatTill) {
  CouponBody body = body_of(shop.campaigns.at(0), clock.now());
  body.key = elsewhere;
  body.serial = 9;
  body.home_store = shop.store_number;
  hear(*encode_coupon(body), elsewhere);
  const json listed = usable(scanned(total(1)));
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["reason"], "needs_network");
  EXPECT_EQ(listed[0]["works_at"]["till"], 18);
}

TEST_F(ToldCouponsTest, AVoucherIsHandedOverOnceWithoutASale) {
  tell(1, 2, 0, here);
  const json first = hand_over("g1", typed_form);
  EXPECT_EQ(first["state"], "spent") << first.dump();
  EXPECT_EQ(first["discount"], 1500);
  EXPECT_EQ(hand_over("g1", typed_form), first) << "the same call again";
  EXPECT_EQ(hand_over("g2", typed_form)["reason"], "spent");
  const auto told = events();
  EXPECT_EQ(std::count_if(told.begin(), told.end(),
                          [](const std::string& one) { return one.find("hand_over") != std::string::npos; }),
            1);
  reopen();
  EXPECT_EQ(hand_over("g3", typed_form)["reason"], "spent");
}

TEST_F(ToldCouponsTest, AVoucherThatIsHeldIsHandedOverThroughItsHold) {
  tell(1, 2, 0, here);
  CouponCall call;
  call.hold_id = "h1";
  call.code = typed_form;
  call.lane_id = "L2";
  const json held = parsed(wait([&](ReplyTo reply) { desk->coupons().hold(call, std::move(reply)); }));
  EXPECT_EQ(held["state"], "approved");
  EXPECT_EQ(hand_over("h2", typed_form)["reason"], "held");
  EXPECT_EQ(hand_over("h1", typed_form)["state"], "spent");
}

TEST_F(ToldCouponsTest, OnlyAVoucherForGoodsAndOnlyToWhomItIsFor) {
  const std::string id = tell(1, 1, kPerson, here);
  EXPECT_EQ(hand_over("g1", id, {{IdType::phone, kPhone, Proof::scanned}})["reason"], "nothing_to_discount");
  tell(2, 2, kPerson, here, true);
  EXPECT_EQ(hand_over("g2", typed_form)["reason"], "wrong_person");
  EXPECT_EQ(hand_over("g3", typed_form, {{IdType::phone, kPhone, Proof::named}})["reason"], "wrong_person");
  EXPECT_EQ(hand_over("g4", typed_form, {{IdType::phone, kPhone, Proof::scanned}})["state"], "spent");
}

TEST_F(ToldCouponsTest, ATypedFormThatWasNotToldIsAGuess) {
  tell(1, 2, 0, here);
  CouponBody other = body_of(shop.campaigns.at(2), clock.now());
  other.serial = 1;
  EXPECT_EQ(check(format_typed(typed_code(other, TypedKey{78})))["reason"], "needs_network");
}

TEST(PersonFilter, NeverSaysNoneOfWhoHasOne) {
  auto filter = std::make_unique<store::PersonFilter>();
  for (std::uint32_t person = 1; person <= 20'000; ++person) filter->add(person * 2'654'435'761u);
  for (std::uint32_t person = 1; person <= 20'000; ++person) EXPECT_TRUE(filter->may_have(person * 2'654'435'761u));
  int maybe = 0;
  for (std::uint32_t person = 20'001; person <= 40'000; ++person) maybe += filter->may_have(person * 2'654'435'761u);
  EXPECT_LT(maybe, 400) << "of 20,000 who have none";
}

}  // namespace
}  // namespace tillside
