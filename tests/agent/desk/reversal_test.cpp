// What a void or a return takes back.
#include "tests/agent/desk/desk_fixture.h"

namespace tillside {
namespace {

using nlohmann::json;

class ReversalTest : public DeskTest {
 protected:
  Checkout undo(std::int64_t sequence, const Checkout& original, CheckoutState state, Minor back) const {
    Checkout checkout = sale(sequence, back);
    checkout.state = state;
    for (Line& line : checkout.lines) {
      line.kind = LineKind::returned;
      line.amount = -line.amount;
      line.quantity = -line.quantity;
    }
    checkout.totals = {-back, 0, 0, -back};
    checkout.tenders = {{TenderType::wechat, -back}};
    checkout.original = OriginalRef{original.checkout_id, {}, {}, std::nullopt, 0, 0};
    return checkout;
  }
};

TEST_F(ReversalTest, AWholeReturnRevokesTheCouponTheSaleEarned) {
  lend(1, 5);
  const Checkout bought = sale(1);
  const json earned = parsed(complete(bought));
  const Reply reply = reverse(undo(2, bought, CheckoutState::returned, 12'345));
  ASSERT_FALSE(reply.error) << reply.error->field << " " << reply.error->detail;
  const json answer = parsed(reply);
  EXPECT_EQ(answer["original"], earned["identity"]);
  ASSERT_EQ(answer["revoked"].size(), 1u);
  EXPECT_EQ(answer["revoked"][0]["id"], earned["coupons"][0]["id"]);
  const Reply again = reverse(undo(2, bought, CheckoutState::returned, 12'345));
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.body, reply.body);
}

TEST_F(ReversalTest, ASecondReturnOfTheSameSaleRevokesNothingMore) {
  lend(1, 5);
  const Checkout bought = sale(1);
  complete(bought);
  reverse(undo(2, bought, CheckoutState::returned, 12'345));
  EXPECT_TRUE(parsed(reverse(undo(3, bought, CheckoutState::returned, 12'345)))["revoked"].empty());
}

TEST_F(ReversalTest, ManySmallReturnsRevokeOnceTheRestNoLongerEarnsIt) {
  lend(1, 5);
  const Checkout bought = sale(1);
  complete(bought);
  EXPECT_TRUE(parsed(reverse(undo(2, bought, CheckoutState::returned, 1'000)))["revoked"].empty());
  EXPECT_TRUE(parsed(reverse(undo(3, bought, CheckoutState::returned, 1'000)))["revoked"].empty());
  EXPECT_EQ(parsed(reverse(undo(4, bought, CheckoutState::returned, 1'000)))["revoked"].size(), 1u);
}

TEST_F(ReversalTest, AReturnOfAnUnknownSaleIsKeptAndReported) {
  const Reply reply = reverse(undo(2, sale(99), CheckoutState::returned, 500));
  ASSERT_FALSE(reply.error);
  EXPECT_TRUE(parsed(reply)["original"].is_null());
  EXPECT_THAT(reply.flags, ::testing::Contains(Flag::unknown_original));
  ASSERT_EQ(events().size(), 1u);
  EXPECT_EQ(json::parse(events()[0])["e"], "reversal");
}

TEST_F(ReversalTest, AVoidUnderTheSalesOwnNumberNeedsNoReference) {
  lend(1, 5);
  const Checkout bought = sale(1);
  complete(bought);
  Checkout voided = undo(1, bought, CheckoutState::voided, 12'345);
  voided.original.reset();
  EXPECT_EQ(parsed(reverse(voided))["revoked"].size(), 1u);
}

TEST_F(ReversalTest, TheOriginalIsFoundByItsPartsToo) {
  lend(1, 5);
  const Checkout bought = sale(1);
  const std::string identity = complete(bought).identity;
  Checkout back = undo(2, bought, CheckoutState::returned, 12'345);
  back.original = OriginalRef{{}, {}, "L2", bought.business_date, 0, 1};
  EXPECT_EQ(parsed(reverse(back))["original"], identity);
}

// Three lines: 60, 40 and 23.45 yuan.
class PartialReturnTest : public ReversalTest {
 protected:
  Checkout basket(std::int64_t sequence) const {
    Checkout checkout = sale(sequence);
    checkout.lines.clear();
    const Minor amounts[] = {6'000, 4'000, 2'345};
    for (const Minor amount : amounts) {
      Line line;
      line.line_no = static_cast<std::int32_t>(checkout.lines.size()) + 1;
      line.sku = "sku-" + std::to_string(line.line_no);
      line.unit_price = line.amount = amount;
      checkout.lines.push_back(line);
    }
    return checkout;
  }
  Checkout back(std::int64_t sequence, const std::string& identity, std::vector<std::int32_t> line_nos) const {
    Checkout checkout = basket(sequence);
    checkout.state = CheckoutState::returned;
    std::vector<Line> lines;
    Minor sum = 0;
    for (const std::int32_t line_no : line_nos) {
      Line line = checkout.lines[static_cast<std::size_t>(line_no) - 1];
      line.kind = LineKind::returned;
      line.quantity = -line.quantity;
      line.amount = -line.amount;
      line.original = LineOriginal{{}, line_no};
      line.original->sale.identity = identity;
      sum += line.amount;
      lines.push_back(line);
    }
    checkout.lines = lines;
    checkout.totals = {sum, 0, 0, sum};
    checkout.tenders = {{TenderType::wechat, sum}};
    return checkout;
  }
  json preview(const Checkout& checkout) {
    const Reply reply = desk->advise(checkout);
    EXPECT_FALSE(reply.error);
    return parsed(reply)["reversal"];
  }
  std::int64_t left(std::uint32_t campaign) {
    std::int64_t units = 0;
    EXPECT_TRUE(store->writer().run([&](store::Session& session) { units = session.issuing().left(campaign); }).ok());
    return units;
  }
  Checkout voiding(std::int64_t sequence, const std::string& identity) const {
    Checkout checkout = sale(sequence);
    checkout.state = CheckoutState::voided;
    checkout.original.emplace().identity = identity;
    return checkout;
  }
};

TEST_F(PartialReturnTest, EachLineIsRefundedAndTheCouponFallsWithTheMinimum) {
  lend(1, 5);
  const std::string sold = complete(basket(1)).identity;
  const json first = parsed(reverse(back(2, sold, {3})));
  EXPECT_EQ(first["refund"]["amount"], 2'345);
  EXPECT_EQ(first["refund"]["lines"][0]["original_line_no"], 3);
  EXPECT_EQ(first["refund"]["lines"][0]["original"], sold);
  EXPECT_TRUE(first["revoked"].empty());
  const json second = parsed(reverse(back(3, sold, {2})));
  EXPECT_EQ(second["refund"]["amount"], 4'000);
  EXPECT_EQ(second["revoked"].size(), 1u);
  EXPECT_EQ(json::parse(events().back())["of"], sold);
}

TEST_F(PartialReturnTest, ThePreviewSaysWhatTheCommitSaysAndWritesNothing) {
  lend(1, 5);
  const std::string sold = complete(basket(1)).identity;
  reopen();
  const Checkout returned = back(2, sold, {1, 3});
  const auto before = events();
  json foreseen = preview(returned);
  EXPECT_EQ(events(), before);
  EXPECT_EQ(foreseen, preview(returned));
  json done = parsed(reverse(returned));
  done.erase("identity");
  done.erase("flags");
  EXPECT_EQ(foreseen, done);
  EXPECT_EQ(done["revoked"].size(), 1u);
}

TEST_F(PartialReturnTest, MoreThanWasSoldIsFlaggedAndRefundsNothing) {
  const std::string sold = complete(basket(1)).identity;
  reverse(back(2, sold, {2}));
  const Reply again = reverse(back(3, sold, {2}));
  EXPECT_THAT(again.flags, ::testing::Contains(Flag::over_return));
  EXPECT_EQ(parsed(again)["refund"]["amount"], 0);
  EXPECT_EQ(parsed(again)["refund"]["lines"][0]["over"], "1");
}

TEST_F(PartialReturnTest, AReturnBeforeItsSaleMakesTheSaleEarnNothing) {
  lend(1, 5);
  const std::string identity = "0123:L2:20261122:0:1:completed";
  const Reply early = reverse(back(2, identity, {3}));
  EXPECT_THAT(early.flags, ::testing::Contains(Flag::unknown_original));
  EXPECT_EQ(json::parse(events().back())["of"], identity);
  reopen();
  const Reply sold = complete(basket(1));
  EXPECT_THAT(sold.flags, ::testing::Contains(Flag::returned_before));
  EXPECT_TRUE(parsed(sold)["coupons"].empty());
  EXPECT_EQ(parsed(sold)["not_earned"][0]["reason"], "returned_before");
  EXPECT_EQ(left(1), 5);
  EXPECT_EQ(parsed(reverse(back(3, sold.identity, {1, 2, 3})))["refund"]["amount"], 10'000) << "line 3 is back already";
  EXPECT_EQ(parsed(complete(basket(4)))["coupons"].size(), 1u) << "another sale is not concerned";
}

TEST_F(PartialReturnTest, AVoidBeforeItsSaleCountsTooByNumberOrById) {
  lend(1, 5);
  Checkout voided = undo(1, basket(1), CheckoutState::voided, 12'345);
  voided.original.reset();
  reverse(voided);
  EXPECT_TRUE(parsed(complete(basket(1)))["coupons"].empty());
  reverse(undo(3, basket(2), CheckoutState::returned, 12'345));
  EXPECT_TRUE(parsed(complete(basket(2)))["coupons"].empty());
}

TEST_F(PartialReturnTest, AReturnGivenBackEarnsTheCouponAgain) {
  lend(1, 5);
  const json sold = parsed(complete(basket(1)));
  const Reply returned = reverse(back(2, sold["identity"], {1}));
  EXPECT_EQ(parsed(returned)["revoked"].size(), 1u);
  const json given = parsed(reverse(voiding(3, returned.identity)));
  EXPECT_EQ(given["refund"]["amount"], -6'000);
  ASSERT_EQ(given["restored"].size(), 1u);
  EXPECT_NE(given["restored"][0]["id"], sold["coupons"][0]["id"]);
  EXPECT_EQ(json::parse(events().back())["rp"][0][8], 1) << "for serial 1";
  EXPECT_EQ(left(1), 3);
  const json twice = parsed(reverse(voiding(4, returned.identity)));
  EXPECT_EQ(twice["refund"]["amount"], 0) << "a return is given back once";
  const json whole = parsed(reverse(back(5, sold["identity"], {1, 2, 3})));
  EXPECT_EQ(whole["refund"]["amount"], 12'345);
  ASSERT_EQ(whole["revoked"].size(), 1u);
  EXPECT_EQ(whole["revoked"][0]["id"], given["restored"][0]["id"]);
}

TEST_F(PartialReturnTest, WithoutQuotaACouponEarnedAgainStaysPending) {
  lend(1, 1);
  const std::string sold = complete(basket(1)).identity;
  const Reply returned = reverse(back(2, sold, {1}));
  const json foreseen = preview(voiding(3, returned.identity));
  const json given = parsed(reverse(voiding(3, returned.identity)));
  EXPECT_TRUE(given["restored"].empty());
  ASSERT_EQ(given["pending"].size(), 1u);
  EXPECT_EQ(given["pending"][0]["reason"], "quota_used_up");
  EXPECT_EQ(given["pending"], foreseen["pending"]);
}

TEST_F(PartialReturnTest, ACouponOfAnEndedEpochIsPendingAndItsWorthWithheld) {
  lend(1, 5);
  const std::string sold = complete(basket(1)).identity;
  shop.key.generation = 1;
  window.replace(shop);
  const json answer = parsed(reverse(back(2, sold, {1})));
  EXPECT_TRUE(answer["revoked"].empty());
  ASSERT_EQ(answer["pending"].size(), 1u);
  EXPECT_EQ(answer["pending"][0]["reason"], "withheld");
  EXPECT_EQ(answer["clawed_back"], 2'000);
  EXPECT_EQ(answer["refund"]["pay_out"], 4'000);
  EXPECT_EQ(json::parse(events().back())["pe"][0][4], 2'000);
  EXPECT_EQ(json::parse(events().back())["co"], 2'000);
}

TEST_F(PartialReturnTest, OneDocumentMayReturnLinesOfTwoSales) {
  const std::string one = complete(basket(1)).identity, two = complete(basket(2)).identity;
  Checkout both = back(3, one, {1, 2});
  both.lines[1].original->sale.identity = two;
  const json answer = parsed(reverse(both));
  EXPECT_EQ(answer["refund"]["amount"], 10'000);
  EXPECT_EQ(answer["refund"]["lines"][1]["original"], two);
}

TEST_F(PartialReturnTest, TrainingTakesNothingBack) {
  lend(1, 5);
  const std::string sold = complete(basket(1)).identity;
  Checkout practice = back(2, sold, {1, 2, 3});
  practice.training = true;
  EXPECT_TRUE(parsed(reverse(practice))["revoked"].empty());
  EXPECT_EQ(parsed(reverse(back(3, sold, {1, 2, 3})))["revoked"].size(), 1u);
}

// Line 1 of a basket comes back, and other goods go out on the same bill.
class ExchangeTest : public PartialReturnTest {
 protected:
  Checkout exchange(std::int64_t sequence, const std::string& sold, Minor bought) const {
    Checkout checkout = back(sequence, sold, {1});
    checkout.state = CheckoutState::exchanged;
    Line fresh = sale(sequence, bought).lines[0];
    fresh.line_no = 2;
    checkout.lines.push_back(fresh);
    const Minor net = bought - 6'000;
    checkout.totals = {net, 0, 0, net};
    checkout.tenders = {{TenderType::wechat, net}};
    return checkout;
  }
};

TEST_F(ExchangeTest, TakesBackWhatCameBackAndEarnsForWhatIsPaid) {
  lend(1, 5);
  const json sold = parsed(complete(basket(1)));
  Checkout exchanged = exchange(2, sold["identity"], 30'000);
  const json foreseen = preview(exchanged);
  const json done = parsed(complete(exchanged));
  EXPECT_EQ(done["taken_back"], foreseen);
  EXPECT_EQ(done["taken_back"]["refund"]["amount"], 6'000);
  ASSERT_EQ(done["taken_back"]["revoked"].size(), 1u);
  EXPECT_EQ(done["taken_back"]["revoked"][0]["id"], sold["coupons"][0]["id"]);
  EXPECT_EQ(done["coupons"].size(), 1u) << "240 yuan were paid";
  const json told = json::parse(events().back());
  EXPECT_EQ(told["e"], "checkout");
  EXPECT_EQ(told["of"], sold["identity"]);
  EXPECT_EQ(told["r"][0][0], 1);
}

TEST_F(ExchangeTest, IsAnsweredOnceAndTakesBackOnce) {
  lend(1, 5);
  const std::string sold = complete(basket(1)).identity;
  const Reply first = complete(exchange(2, sold, 30'000));
  const Reply again = complete(exchange(2, sold, 30'000));
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(parsed(reverse(back(3, sold, {1, 2, 3})))["refund"]["amount"], 6'345) << "line 1 is back already";
}

TEST_F(ExchangeTest, VoidedGivesTheGoodsOfTheFirstSaleBackToIt) {
  lend(1, 5);
  const std::string sold = complete(basket(1)).identity;
  const json exchanged = parsed(complete(exchange(2, sold, 30'000)));
  const json voided = parsed(reverse(voiding(3, exchanged["identity"])));
  ASSERT_EQ(voided["restored"].size(), 1u) << "the first sale earns its coupon again";
  ASSERT_EQ(voided["revoked"].size(), 1u);
  EXPECT_EQ(voided["revoked"][0]["id"], exchanged["coupons"][0]["id"]);
  EXPECT_EQ(voided["refund"]["amount"], 24'000) << "300 come back, 60 are paid again";
}

TEST_F(ExchangeTest, OfAnUnknownSaleStandsAndIsFlagged) {
  lend(1, 5);
  const Reply reply = complete(exchange(2, "0123:L2:20261122:0:1:completed", 30'000));
  EXPECT_THAT(reply.flags, ::testing::Contains(Flag::unknown_original));
  EXPECT_TRUE(parsed(reply)["taken_back"]["original"].is_null());
  EXPECT_TRUE(parsed(complete(basket(1)))["coupons"].empty()) << "the sale comes later: line 1 is back already";
}

TEST_F(ExchangeTest, ASaleWithNothingReturnedSpeaksOfNoTakingBack) {
  EXPECT_FALSE(parsed(complete(basket(1))).contains("taken_back"));
  EXPECT_FALSE(parsed(desk->advise(basket(2))).contains("reversal"));
}

TEST_F(ReversalTest, OnlyVoidsAndReturnsReverse) { EXPECT_EQ(reverse(sale(1)).error->code, ErrorCode::unknown_value); }

}  // namespace
}  // namespace tillside
