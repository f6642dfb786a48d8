#include "agent/desk/showings.h"

#include <gtest/gtest.h>

namespace tillside {
namespace {

Showing showing(const std::string& id, const std::string& lane, std::int64_t sequence) {
  Showing one;
  one.id = id;
  one.lane_id = lane;
  one.sequence = sequence;
  return one;
}

Checkout at(const std::string& lane, std::int64_t sequence) {
  Checkout checkout;
  checkout.lane_id = lane;
  checkout.sequence = sequence;
  return checkout;
}

TEST(Showings, ANewCheckoutPushesTheUnfinishedOneOut) {
  Showings showings;
  EXPECT_FALSE(showings.put(showing("a", "L1", 1)));
  EXPECT_FALSE(showings.put(showing("b", "L2", 1))) << "lanes are apart";
  const auto out = showings.put(showing("c", "L1", 2));
  ASSERT_TRUE(out);
  EXPECT_EQ(out->id, "a");
}

TEST(Showings, ACheckoutWithoutANumberMeansTheLanesOpenOne) {
  Showings showings;
  showings.put(showing("a", "L1", 7));
  EXPECT_EQ(showings.find(at("L1", 0))->id, "a");
  EXPECT_FALSE(showings.find(at("L1", 8)));
  EXPECT_EQ(showings.take(at("L1", 7), 1, ReferralKey{})->id, "a");
  EXPECT_FALSE(showings.find(at("L1", 7)));
}

TEST(Showings, AfterARestartTheIdTellsWhatItWas) {
  Showings showings;
  Referral referral;
  referral.till_or_store = 9;
  referral.staff = 3;
  referral.ordinal = 77;
  Checkout checkout = at("L1", 1);
  checkout.showing_id = encode_referral(referral, ReferralKey{1});
  const auto closed = showings.take(checkout, 9, ReferralKey{1});
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->fact.ordinal, 77u);
  EXPECT_EQ(closed->fact.staff, 3);
  EXPECT_FALSE(showings.take(checkout, 10, ReferralKey{1})) << "another till's showing is not ours";
  EXPECT_FALSE(showings.take(checkout, 9, ReferralKey{2})) << "nor is a forged one";
}

TEST(Showings, WhatCameToNothingIsOpenAgainUnlessTheLaneMovedOn) {
  Showings showings;
  showings.put(showing("a", "L1", 7));
  const auto taken = showings.take(at("L1", 7), 1, ReferralKey{});
  EXPECT_FALSE(showings.give_back(*taken));
  EXPECT_EQ(showings.find(at("L1", 7))->id, "a");
  const auto again = showings.take(at("L1", 7), 1, ReferralKey{});
  showings.put(showing("b", "L1", 8));
  EXPECT_EQ(showings.give_back(*again)->id, "a");
  EXPECT_EQ(showings.find(at("L1", 8))->id, "b");
}

TEST(OrdinalSource, AsksAheadOnceAndNeverGivesWhatIsNotReserved) {
  std::vector<std::uint32_t> asked;
  OrdinalSource source(1, 1 + OrdinalSource::kBlock, [&](std::uint32_t upto) { asked.push_back(upto); });
  for (std::uint32_t i = 0; i < OrdinalSource::kBlock; ++i) EXPECT_EQ(source.next(), 1 + i);
  EXPECT_FALSE(source.next());
  ASSERT_EQ(asked.size(), 1u);
  source.reserved(asked[0]);
  EXPECT_EQ(source.next(), 1 + OrdinalSource::kBlock);
}

TEST(OrdinalSource, AFailedReservationIsAskedForAgain) {
  int asked = 0;
  OrdinalSource source(1, 2, [&](std::uint32_t) { ++asked; });
  EXPECT_TRUE(source.next());
  source.reserved(0);
  EXPECT_FALSE(source.next());
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace tillside
