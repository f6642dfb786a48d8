#include "agent/domain/reconcile.h"

#include <gtest/gtest.h>

#include "tests/agent/domain/campaign_samples.h"

namespace tillside {
namespace {

const AdvisedOff kAdvised{{{"B7", 1, 320}, {"B7", 2, 80}, {"B8", 2, 50}}, 100};

Checkout paid(std::vector<AppliedDiscount> applied) {
  Checkout checkout = samples::checkout();
  checkout.applied_discounts = std::move(applied);
  return checkout;
}

bool differs(std::vector<AppliedDiscount> applied) { return reconcile(kAdvised, paid(std::move(applied))).differs; }

TEST(Reconcile, WhatWasAdvisedLineByLine) {
  EXPECT_FALSE(differs({{"B7", 1, 320}, {"B7", 2, 80}, {"B8", 2, 50}}));
  EXPECT_FALSE(differs({{"B8", 2, 50}, {"B7", 2, 30}, {"B7", 2, 50}, {"B7", 1, 320}}));
  EXPECT_TRUE(differs({{"B7", 1, 320}, {"B7", 2, 81}, {"B8", 2, 50}}));
  EXPECT_TRUE(differs({{"B7", 1, 320}, {"B7", 2, 80}}));
  EXPECT_TRUE(differs({{"B7", 2, 320}, {"B7", 1, 80}, {"B8", 2, 50}}));
  EXPECT_TRUE(differs({{"B7", 1, 320}, {"B7", 2, 80}, {"B8", 2, 50}, {"B9", 1, 1}}));
  EXPECT_TRUE(differs({}));
}

TEST(Reconcile, ACodeForTheWholeBillIsComparedInAll) {
  EXPECT_FALSE(differs({{"B7", 0, 400}, {"B8", 2, 50}}));
  EXPECT_FALSE(differs({{"B7", 0, 80}, {"B7", 1, 320}, {"B8", 0, 50}}));
  EXPECT_TRUE(differs({{"B7", 0, 320}, {"B8", 0, 50}}));
}

TEST(Reconcile, CodesOfOthersAreLeftToOthers) {
  EXPECT_FALSE(differs({{"B7", 1, 320}, {"B7", 2, 80}, {"B8", 2, 50}, {"ROUND", 0, 5}}));
  EXPECT_FALSE(reconcile({}, paid({{"MANAGER", 1, 500}})).differs);
}

TEST(Reconcile, WhatIsNoSaleDiffersInNothing) {
  Checkout training = paid({});
  training.training = true;
  EXPECT_FALSE(reconcile(kAdvised, training).differs);
}

TEST(Reconcile, ADoorThatOnlyListensIsJudgedByWhatMoreWasTakenOff) {
  const auto at_journal = [](Minor line_discount, Minor discount_line) {
    Checkout checkout = paid({});
    checkout.source.adapter = "journal";
    checkout.lines[0].discount = line_discount;
    checkout.lines.push_back(samples::line(LineKind::discount, "", ""));
    checkout.lines.back().amount = -discount_line;
    return reconcile(kAdvised, checkout);
  };
  EXPECT_FALSE(at_journal(550, 0).differs);  // 100 of its own, 450 advised
  EXPECT_EQ(at_journal(550, 0).inferred, 450);
  EXPECT_FALSE(at_journal(100, 450).differs);
  EXPECT_TRUE(at_journal(100, 0).differs);
  EXPECT_EQ(at_journal(100, 0).inferred, 0);
  EXPECT_EQ(at_journal(0, 0).inferred, 0);
}

TEST(Reconcile, WhatAnAdviceRemembers) {
  Campaign offer = samples::campaign(7);
  Checkout bill = samples::checkout();
  bill.lines[0].discount = 420;
  bill.applied_discounts = {{"B7", 1, 320}};
  const AdvisedOff advised = advised_off(bill, {{&offer, 1, 1000, 320}});
  ASSERT_EQ(advised.rows.size(), 1u);
  EXPECT_EQ(advised.rows[0].code, "B7");
  EXPECT_EQ(advised.rows[0].line_no, 1);
  EXPECT_EQ(advised.rows[0].amount, 320);
  EXPECT_EQ(advised.pos_discounts, 100);  // what is ours already is not the POS's own
}

}  // namespace
}  // namespace tillside
