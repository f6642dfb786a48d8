// What a cashier's POS gets at "total" and at "close".
#include "tests/agent/desk/desk_fixture.h"

namespace tillside {
namespace {

using nlohmann::json;

TEST_F(DeskTest, AdviseSaysNotMemberOnlyWhenTheReplicaIsCompleteForPhones) {
  const Checkout checkout = with_phone(sale(1), "13800138000");
  EXPECT_EQ(parsed(desk->advise(checkout))["verdict"]["status"], "not_member");
  group.known.checkpoint_applied = false;
  EXPECT_EQ(parsed(desk->advise(checkout))["verdict"]["status"], "unknown");
}

TEST_F(DeskTest, AdviseKnowsAMemberHereAndElsewhere) {
  join("13800138001", {5});
  join("13800138002", {6});
  const json here = parsed(desk->advise(with_phone(sale(1), "138 0013 8001")))["verdict"];
  EXPECT_EQ(here["status"], "member");
  EXPECT_EQ(here["here"], true);
  const json elsewhere = parsed(desk->advise(with_phone(sale(2), "+86 138-0013-8002")))["verdict"];
  EXPECT_EQ(elsewhere["here"], false);
  EXPECT_EQ(elsewhere["elsewhere"], true);
}

TEST_F(DeskTest, AdviseNobodyNamedIsUnidentifiedNotUnknown) {
  const json advice = parsed(desk->advise(sale(1)));
  EXPECT_EQ(advice["verdict"]["status"], "unidentified");
  EXPECT_TRUE(advice["join"].is_object());
}

TEST_F(DeskTest, OneCheckoutHasOneShowingHoweverOftenItIsAdvised) {
  const json first = parsed(desk->advise(sale(1)));
  const json second = parsed(desk->advise(with_phone(sale(1), "13800138000")));
  EXPECT_EQ(first["showing_id"], second["showing_id"]);
  const json other = parsed(desk->advise(sale(2)));
  EXPECT_NE(first["showing_id"], other["showing_id"]);
  EXPECT_EQ(parsed(complete(sale(2)))["showing_id"], other["showing_id"]);
}

TEST_F(DeskTest, TheShowingCreditsTheGuideAndIsAValidToken) {
  const std::string showing = parsed(desk->advise(sale(1)))["showing_id"];
  const auto token = verify_referral(showing, shop.referral_key);
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->staff, 3);
  EXPECT_EQ(token->till_or_store, 17u);
}

TEST_F(DeskTest, CompleteIssuesASignedCouponWithinTheQuota) {
  lend(1, 1);
  const json answer = parsed(complete(sale(1)));
  ASSERT_EQ(answer["coupons"].size(), 1u);
  const auto text = read_coupon_text(answer["coupons"][0]["url"].get<std::string>());
  ASSERT_TRUE(text.ok());
  EXPECT_TRUE(verify_coupon(text->body, text->signature, shop.chain, keys.public_key));
  const auto body = decode_coupon(text->body);
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body->value, 2000);
  EXPECT_EQ(body->staff, 3);

  const json second = parsed(complete(sale(2)));
  EXPECT_TRUE(second["coupons"].empty());
  EXPECT_EQ(second["not_earned"][0]["reason"], "quota_used_up");
}

TEST_F(DeskTest, TooSmallASaleEarnsNothingAndSaysWhy) {
  lend(1, 5);
  const json answer = parsed(complete(sale(1, 9'999)));
  EXPECT_TRUE(answer["coupons"].empty());
  EXPECT_EQ(answer["not_earned"][0]["reason"], "min_total");
}

TEST_F(DeskTest, NothingIsIssuedBeforeHeadquartersWasInContact) {
  lend(1, 5);
  shop.may_issue = false;
  window.replace(shop);
  EXPECT_EQ(parsed(complete(sale(1)))["not_earned"][0]["reason"], "not_ready");
}

TEST_F(DeskTest, ALateCheckoutIssuesNoPaperCouponUnlessAsLive) {
  lend(1, 5);
  Checkout late = sale(1);
  late.occurred_at = clock.now().plus_ms(-16 * kMinute);
  const json answer = parsed(complete(late));
  EXPECT_EQ(answer["not_earned"][0]["reason"], "late");
  EXPECT_EQ(answer["flags"], json::array({"late"}));
  Checkout replayed = sale(2);
  replayed.occurred_at = clock.now().plus_ms(-16 * kMinute);
  EXPECT_EQ(parsed(complete(replayed, {true}))["coupons"].size(), 1u);
}

TEST_F(DeskTest, TheFirstAnswerComesBackByteForByteAlsoAfterARestart) {
  lend(1, 5);
  const Reply first = complete(sale(1));
  const Reply again = complete(sale(1));
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(first.body, again.body);
  reopen();
  const Reply later = complete(sale(1));
  EXPECT_TRUE(later.duplicate);
  EXPECT_EQ(first.body, later.body);
  EXPECT_EQ(events().size(), 1u);
}

TEST_F(DeskTest, TimesSourceAndShowingAreNotContent) {
  const Reply first = complete(sale(1));
  Checkout again = sale(1);
  again.occurred_at = again.occurred_at.plus_ms(5000);
  again.source.adapter = "journal";
  const Reply second = complete(again);
  EXPECT_TRUE(second.duplicate);
  EXPECT_EQ(first.body, second.body);
}

TEST_F(DeskTest, TotalsThatDoNotAddUpAreAcceptedAndFlagged) {
  Checkout odd = sale(1);
  odd.totals.net += 1;
  const Reply reply = complete(odd);
  ASSERT_FALSE(reply.error);
  EXPECT_THAT(parsed(reply)["flags"].get<std::vector<std::string>>(), ::testing::Contains("totals_do_not_add_up"));
}

TEST_F(DeskTest, AnUnreadablePhoneNeverRefusesTheSale) {
  const Reply reply = complete(with_phone(sale(1), "not a phone"));
  ASSERT_FALSE(reply.error);
  EXPECT_EQ(parsed(reply)["verdict"]["status"], "unknown");
  EXPECT_EQ(parsed(reply)["flags"], json::array({"identifier_ignored"}));
}

TEST_F(DeskTest, ForeignCurrencyIsRefusedByName) {
  Checkout foreign = sale(1);
  foreign.currency = *currency_of("USD");
  const Reply reply = complete(foreign);
  ASSERT_TRUE(reply.error);
  EXPECT_EQ(reply.error->code, ErrorCode::currency_mismatch);
  EXPECT_TRUE(events().empty());
}

TEST_F(DeskTest, PromptKeysAreRecordedAndUnknownOnesRefused) {
  const std::string showing = parsed(desk->advise(sale(1)))["showing_id"];
  const Reply asked = wait([&](ReplyTo reply) { desk->prompt(showing, "asked", "E1007", std::move(reply)); });
  EXPECT_FALSE(asked.error);
  const Reply wrong = wait([&](ReplyTo reply) { desk->prompt(showing, "shrugged", "E1007", std::move(reply)); });
  EXPECT_EQ(wrong.error->code, ErrorCode::unknown_value);
  ASSERT_EQ(events().size(), 1u);
  EXPECT_EQ(json::parse(events()[0])["what"], "asked");
}

TEST_F(DeskTest, AForgedShowingTakesNoPrompt) {
  std::string showing = parsed(desk->advise(sale(1)))["showing_id"];
  showing[29] = showing[29] == '0' ? '8' : '0';
  const Reply forged = wait([&](ReplyTo reply) { desk->prompt(showing, "asked", "E1007", std::move(reply)); });
  ASSERT_TRUE(forged.error);
  EXPECT_EQ(forged.error->code, ErrorCode::not_found);
  EXPECT_TRUE(events().empty());
}

TEST_F(DeskTest, ARepeatedCompleteLeavesTheNextCheckoutsShowingOpen) {
  complete(sale(1));
  Checkout next = sale(0);
  next.checkout_id.clear();
  const std::string showing = parsed(desk->advise(next))["showing_id"];
  EXPECT_TRUE(complete(sale(1)).duplicate);
  EXPECT_EQ(parsed(desk->advise(next))["showing_id"], showing);
}

TEST_F(DeskTest, ACheckoutDeliveredAgainWithItsAdviceLeavesNoShowingBehind) {
  desk->advise(sale(1));
  complete(sale(1));
  desk->advise(sale(1));
  EXPECT_TRUE(complete(sale(1)).duplicate);
  desk->advise(sale(2));
  complete(sale(2));
  EXPECT_EQ(events().size(), 2u);
}

TEST_F(DeskTest, WhatWasNotPrintedIsRevokedAndItsUnitComesBack) {
  lend(1, 1);
  const json answer = parsed(complete(sale(1)));
  const std::string identity = answer["identity"];
  const Reply revoked = wait([&](ReplyTo reply) { desk->not_printed(identity, std::move(reply)); });
  EXPECT_EQ(parsed(revoked)["revoked"][0]["id"], answer["coupons"][0]["id"]);
  EXPECT_EQ(parsed(complete(sale(2)))["coupons"].size(), 1u);
  const Reply again = wait([&](ReplyTo reply) { desk->not_printed(identity, std::move(reply)); });
  EXPECT_TRUE(parsed(again)["revoked"].empty());
}

TEST_F(DeskTest, TheKeptAnswerIsFoundByIdentityAndByCheckoutId) {
  const Reply first = complete(sale(7));
  EXPECT_EQ(*desk->answer_of(first.identity), first.body);
  EXPECT_EQ(*desk->answer_of("0123-L2-20261122-7"), first.body);
  EXPECT_EQ(desk->answer_of("nothing").error().code, ErrorCode::not_found);
}

TEST_F(DeskTest, SuspendedTrainingAndNoSaleEarnNothing) {
  lend(1, 5);
  Checkout suspended = sale(1);
  suspended.state = CheckoutState::suspended;
  EXPECT_FALSE(event(suspended).error);
  Checkout training = sale(2);
  training.training = true;
  EXPECT_TRUE(parsed(complete(training))["coupons"].empty());
  EXPECT_EQ(parsed(complete(training))["sale"], false);
  EXPECT_EQ(complete(suspended).error->code, ErrorCode::unknown_value);
}

TEST_F(DeskTest, DeliverRoutesByStateAndTellsWhatBecame) {
  const auto deliver = [&](const Checkout& checkout) {
    std::promise<Delivery> done;
    desk->deliver(checkout, true, [&](Delivery delivery) { done.set_value(std::move(delivery)); });
    return done.get_future().get();
  };
  EXPECT_EQ(deliver(sale(1)).kind, Delivery::Kind::recorded);
  EXPECT_EQ(deliver(sale(1)).kind, Delivery::Kind::duplicate);
  EXPECT_EQ(deliver(sale(1, 500)).kind, Delivery::Kind::conflict);
  Checkout wrong = sale(2);
  wrong.lines[0].amount = -5;
  EXPECT_EQ(deliver(wrong).kind, Delivery::Kind::refused);
}

TEST_F(DeskTest, NoOrdinalComesTwiceAcrossRestarts) {
  std::set<std::uint32_t> seen;
  std::int64_t sequence = 0;
  for (int run = 0; run < 3; ++run) {
    for (int i = 0; i < 300; ++i) {
      const json advice = parsed(desk->advise(sale(++sequence)));
      if (advice["showing_id"].is_null()) continue;
      EXPECT_TRUE(seen.insert(read_referral(advice["showing_id"].get<std::string>())->ordinal).second);
    }
    reopen();
  }
  EXPECT_GT(seen.size(), 500u);
}

}  // namespace
}  // namespace tillside
