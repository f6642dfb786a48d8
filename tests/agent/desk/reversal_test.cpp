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

TEST_F(ReversalTest, OnlyVoidsAndReturnsReverse) { EXPECT_EQ(reverse(sale(1)).error->code, ErrorCode::unknown_value); }

}  // namespace
}  // namespace tillside
