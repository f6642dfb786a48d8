#include <gtest/gtest.h>

#include <algorithm>

#include "checkout_samples.h"

namespace tillside {
namespace {

const Bytes32 kZeroKey{};

std::string digest_after(void (*change)(Checkout&)) {
  Checkout checkout = contract_checkout();
  change(checkout);
  return to_hex(content_digest(checkout, kZeroKey));
}

std::string digest() {
  return digest_after([](Checkout&) {});
}

TEST(Identity, IsNumberedWhereThereIsANumber) {
  const auto checkout = contract_checkout();
  EXPECT_EQ(identity_of(checkout), "0123:L2:20261122:0:451:total");
  EXPECT_EQ(identity_of(checkout, 3, 0), "0123:L2:20261122:3:451:total");
}

TEST(Identity, FallsBackToTheId) {
  auto checkout = contract_checkout();
  checkout.sequence = 0;
  checkout.checkout_id = "No 7:a/%";
  EXPECT_EQ(identity_of(checkout), "0123:L2:20261122:id:No%207%3Aa%2F%25:total");
}

TEST(Identity, FallsBackToTheContentAndItsTimeText) {
  auto checkout = contract_checkout();
  checkout.sequence = 0;
  checkout.checkout_id.clear();
  const std::string first = identity_of(checkout, 0, 0);
  EXPECT_EQ(first.substr(0, 19), "0123:L2:20261122:d:");
  EXPECT_EQ(first.substr(19 + 32), ":0:total");
  EXPECT_EQ(identity_of(checkout, 0, 1), first.substr(0, 19 + 32) + ":1:total");

  auto other_time = checkout;
  other_time.occurred_at_text = "2026-11-22T09:15:04+08:00";
  EXPECT_NE(identity_of(other_time), first);
  auto same_instant = checkout;
  same_instant.occurred_at.ms += 1;
  EXPECT_EQ(identity_of(same_instant), first);
  auto other_content = checkout;
  other_content.lines[0].amount = 1;
  EXPECT_NE(identity_of(other_content), first);
}

TEST(Identity, HasTheDocumentedDigest) {
  Checkout checkout = contract_checkout();
  checkout.state = CheckoutState::completed;
  checkout.checkout_id = checkout.operator_id = checkout.guide_id = "";
  checkout.sequence = 0;
  EXPECT_EQ(identity_of(checkout, 0, 2), "0123:L2:20261122:d:88884f2fdbb16f60cd7d4dff40810b17:2:completed");
}

TEST(Identity, RevealsNothingOfTheCustomer) {
  auto checkout = contract_checkout();
  checkout.sequence = 0;
  checkout.checkout_id.clear();
  auto nameless = checkout;
  nameless.customer_ids.clear();
  EXPECT_EQ(identity_of(checkout), identity_of(nameless));
}

TEST(Content, HasTheDocumentedForm) {
  std::string content;
  append_canonical_content(content, contract_checkout());
  EXPECT_EQ(content,
            R"(["tillside/content/1","0123-L2-20261122-000451","total","0123","L2","2026-11-22",0,451,"E1007","E2033",)"
            R"(false,[["phone","13800138000","named"]],"CNY",true,)"
            R"([[1,"6901234567892","榴莲","fruit/durian","sale",1235,"kg",1990,2458,0]],[2458,0,0,2458],)"
            R"([["wechat",2458]],[],[],null])");
  EXPECT_EQ(digest(), "6a65dd33bcc3a84a2d507675294b83b0");
}

TEST(Content, IsNotTimeSourceShowingOrDroppedFields) {
  EXPECT_EQ(digest_after([](Checkout& c) {
              c.occurred_at.ms += 5;
              c.occurred_at_text = "later";
              c.source = {"csv", "other", Confidence::parsed};
              c.showing_id = "S1";
              c.unknown_fields = 9;
              c.decimals_rounded = c.business_date_assumed = true;
            }),
            digest());
}

TEST(Content, IsEverythingElse) {
  const std::string usual = digest();
  std::vector<std::string> seen{usual};
  void (*const changes[])(Checkout&) = {
      [](Checkout& c) { c.checkout_id += "x"; },
      [](Checkout& c) { c.state = CheckoutState::completed; },
      [](Checkout& c) { c.store_id = "0124"; },
      [](Checkout& c) { c.lane_id = "L3"; },
      [](Checkout& c) { ++c.business_date.days; },
      [](Checkout& c) { c.series = 1; },
      [](Checkout& c) { c.sequence = 452; },
      [](Checkout& c) { c.operator_id = "E1"; },
      [](Checkout& c) { c.guide_id = "E1"; },
      [](Checkout& c) { c.training = true; },
      [](Checkout& c) { c.customer_ids[0].value = "13800138001"; },
      [](Checkout& c) { c.customer_ids[0].type = IdType::card; },
      [](Checkout& c) { c.customer_ids[0].proof = Proof::paid; },
      [](Checkout& c) { c.customer_ids.clear(); },
      [](Checkout& c) { c.currency = *currency_of("JPY"); },
      [](Checkout& c) { c.prices_include_tax = false; },
      [](Checkout& c) { c.lines[0].line_no = 2; },
      [](Checkout& c) { c.lines[0].sku = "1"; },
      [](Checkout& c) { c.lines[0].name = "x"; },
      [](Checkout& c) { c.lines[0].category = "x"; },
      [](Checkout& c) { c.lines[0].kind = LineKind::fee; },
      [](Checkout& c) { c.lines[0].quantity = 1; },
      [](Checkout& c) { c.lines[0].unit = "g"; },
      [](Checkout& c) { c.lines[0].unit_price = 1; },
      [](Checkout& c) { c.lines[0].amount = 1; },
      [](Checkout& c) { c.lines[0].discount = 1; },
      [](Checkout& c) { c.lines.push_back(c.lines[0]); },
      [](Checkout& c) { c.totals.gross = 1; },
      [](Checkout& c) { c.totals.discount = 1; },
      [](Checkout& c) { c.totals.tax = 1; },
      [](Checkout& c) { c.totals.net = 1; },
      [](Checkout& c) { c.tenders[0].type = TenderType::cash; },
      [](Checkout& c) { c.tenders[0].amount = 1; },
      [](Checkout& c) { c.coupons = {"A"}; },
      [](Checkout& c) {
        c.applied_discounts = {{"A", 1, 1}};
      },
      [](Checkout& c) { c.original = OriginalRef{}; },
      [](Checkout& c) { c.original.emplace().identity = "0123:L2:20261122:0:7:completed"; },
      [](Checkout& c) { c.lines[0].original = LineOriginal{}; },
      [](Checkout& c) {
        c.lines[0].original = LineOriginal{{}, 1};
      },
      [](Checkout& c) {
        c.lines[0].original = LineOriginal{{}, 1};
        c.lines[0].original->sale.checkout_id = "A";
      },
  };
  for (const auto change : changes) seen.push_back(digest_after(change));
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST(Content, TakesCustomerIdsTrimmedAndInAnyOrder) {
  auto checkout = contract_checkout(), shuffled = checkout;
  checkout.customer_ids.push_back({IdType::card, "V1", Proof::scanned});
  shuffled.customer_ids = {{IdType::card, " V1 ", Proof::scanned}, checkout.customer_ids[0]};
  EXPECT_EQ(content_digest(checkout, kZeroKey), content_digest(shuffled, kZeroKey));
}

TEST(Content, DependsOnTheKey) {
  Bytes32 key{};
  key[31] = 1;
  EXPECT_NE(content_digest(contract_checkout(), key), content_digest(contract_checkout(), kZeroKey));
}

}  // namespace
}  // namespace tillside
