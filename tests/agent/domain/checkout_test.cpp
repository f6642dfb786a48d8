#include "agent/domain/checkout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "checkout_samples.h"

namespace tillside {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Change = std::function<void(Checkout&)>;

Checkout changed(const Change& change) {
  Checkout checkout = contract_checkout();
  change(checkout);
  return checkout;
}

// "code field", or "ok".
std::string judged(const Change& change) {
  const auto flags = validate(changed(change), Currency{});
  return flags ? "ok" : std::string(name_of(flags.error().code)) + " " + flags.error().field;
}

Flags flags_of(const Change& change) { return validate(changed(change), Currency{}).value(); }

TEST(Validate, TakesTheContractsDocumentWithoutAFlag) {
  EXPECT_THAT(flags_of([](Checkout&) {}), IsEmpty());
}

TEST(Validate, AsksForPlainIds) {
  EXPECT_EQ(judged([](Checkout& c) { c.store_id = ""; }), "missing_field store_id");
  EXPECT_EQ(judged([](Checkout& c) { c.lane_id = ""; }), "missing_field lane_id");
  EXPECT_EQ(judged([](Checkout& c) { c.lane_id = "L 2"; }), "bad_format lane_id");
  EXPECT_EQ(judged([](Checkout& c) { c.operator_id = "收银员"; }), "bad_format operator_id");
  EXPECT_EQ(judged([](Checkout& c) { c.operator_id = ""; }), "ok");
  EXPECT_EQ(judged([](Checkout& c) { c.guide_id = std::string(33, 'E'); }), "bad_format guide_id");
  EXPECT_EQ(judged([](Checkout& c) { c.checkout_id = std::string(65, '1'); }), "out_of_range checkout_id");
  EXPECT_EQ(judged([](Checkout& c) { c.checkout_id = "a\tb"; }), "bad_format checkout_id");
  EXPECT_EQ(judged([](Checkout& c) { c.checkout_id = "No. 7/3:x"; }), "ok");
}

TEST(Validate, BoundsCounters) {
  EXPECT_EQ(judged([](Checkout& c) { c.sequence = -1; }), "out_of_range sequence");
  EXPECT_EQ(judged([](Checkout& c) { c.sequence = 9'007'199'254'740'992; }), "out_of_range sequence");
  EXPECT_EQ(judged([](Checkout& c) { c.sequence = 9'007'199'254'740'991; }), "ok");
  EXPECT_EQ(judged([](Checkout& c) { c.series = -1; }), "out_of_range series");
}

TEST(Validate, RefusesAnotherCurrency) {
  EXPECT_EQ(judged([](Checkout& c) { c.currency = *currency_of("HKD"); }), "currency_mismatch currency");
}

TEST(Validate, SignsGoByKind) {
  EXPECT_EQ(judged([](Checkout& c) { c.lines[0].amount = -1; }), "out_of_range lines[0].amount");
  EXPECT_EQ(judged([](Checkout& c) { c.lines[0].discount = -1; }), "out_of_range lines[0].discount");
  EXPECT_EQ(judged([](Checkout& c) { c.lines[0].quantity = -1; }), "out_of_range lines[0].quantity");
  EXPECT_EQ(judged([](Checkout& c) { c.lines[0].unit_price = -1; }), "out_of_range lines[0].unit_price");
  for (const auto kind : {LineKind::returned, LineKind::voided, LineKind::discount}) {
    const auto negative = [&](Checkout& c) { c.lines.push_back({2, "", "", "", kind, 1000, "", 0, -5, 0}); };
    const auto positive = [&](Checkout& c) { c.lines.push_back({2, "", "", "", kind, 1000, "", 0, 5, 0}); };
    EXPECT_EQ(judged(negative), "ok") << name_of(kind);
    EXPECT_EQ(judged(positive), "out_of_range lines[1].amount") << name_of(kind);
  }
  EXPECT_EQ(judged([](Checkout& c) { c.totals.net = -1; }), "out_of_range totals.net");
  EXPECT_EQ(judged([](Checkout& c) { c.tenders[0].amount = -1; }), "out_of_range tenders[0].amount");
}

TEST(Validate, ChangeIsANegativeCashTender) {
  EXPECT_THAT(flags_of([](Checkout& c) {
                c.tenders = {{TenderType::cash, 3000}, {TenderType::cash, -542}};
              }),
              IsEmpty());
}

TEST(Validate, ARefundGives) {
  const Change refund = [](Checkout& c) {
    c.state = CheckoutState::returned;
    c.lines[0].kind = LineKind::returned;
    c.lines[0].amount = -2458;
    c.totals = {-2458, 0, 0, -2458};
    c.tenders[0].amount = -2458;
  };
  EXPECT_THAT(flags_of(refund), IsEmpty());
  EXPECT_EQ(judged([&](Checkout& c) {
              refund(c);
              c.totals.net = 1;
            }),
            "out_of_range totals.net");
  EXPECT_EQ(judged([&](Checkout& c) {
              refund(c);
              c.tenders[0].amount = 1;
            }),
            "out_of_range tenders[0].amount");
}

TEST(Validate, ASaleWithReturnedGoodsMayGiveBack) {
  EXPECT_THAT(flags_of([](Checkout& c) {
                c.state = CheckoutState::completed;
                c.lines.push_back({2, "", "", "", LineKind::returned, 1000, "", 0, -3000, 0});
                c.totals = {-542, 0, 0, -542};
                c.tenders[0].amount = -542;
              }),
              IsEmpty());
}

TEST(Validate, BoundsAmountsAndSums) {
  EXPECT_EQ(judged([](Checkout& c) { c.lines[0].amount = kMaxAmount + 1; }), "out_of_range lines[0].amount");
  EXPECT_EQ(judged([](Checkout& c) { c.lines[0].amount = INT64_MIN; }), "out_of_range lines[0].amount");
  EXPECT_EQ(judged([](Checkout& c) { c.lines[0].quantity = kMaxQuantity + 1; }), "out_of_range lines[0].quantity");
  EXPECT_EQ(judged([](Checkout& c) { c.totals.tax = INT64_MAX; }), "out_of_range totals.tax");
  EXPECT_EQ(judged([](Checkout& c) {
              c.lines[0].amount = kMaxAmount;
              c.lines.push_back(c.lines[0]);
            }),
            "overflow lines");
  EXPECT_EQ(judged([](Checkout& c) {
              c.tenders[0].amount = kMaxAmount;
              c.tenders.push_back(c.tenders[0]);
            }),
            "overflow tenders");
}

TEST(Validate, TotalsThatDoNotAddUpAreFlagged) {
  EXPECT_THAT(flags_of([](Checkout& c) { c.totals.net = 2400; }),
              ElementsAre(Flag::totals_do_not_add_up, Flag::tenders_do_not_add_up));
  EXPECT_THAT(flags_of([](Checkout& c) { c.lines[0].amount = 2457; }), ElementsAre(Flag::totals_do_not_add_up));
  EXPECT_THAT(flags_of([](Checkout& c) { c.tenders[0].amount = 2400; }), ElementsAre(Flag::tenders_do_not_add_up));
}

TEST(Validate, TotalsMayCountDiscountLinesEitherWay) {
  const Change discount_line = [](Checkout& c) {
    c.lines.push_back({2, "", "", "", LineKind::discount, 1000, "", 0, -458, 0});
    c.tenders[0].amount = 2000;
  };
  EXPECT_THAT(flags_of([&](Checkout& c) {
                discount_line(c);
                c.totals = {2458, 458, 0, 2000};
              }),
              IsEmpty());
  EXPECT_THAT(flags_of([&](Checkout& c) {
                discount_line(c);
                c.totals = {2000, 0, 0, 2000};
              }),
              IsEmpty());
}

TEST(Validate, TaxIsAddedWherePricesExcludeIt) {
  EXPECT_THAT(flags_of([](Checkout& c) {
                c.prices_include_tax = false;
                c.totals = {2458, 0, 320, 2778};
                c.tenders[0].amount = 2778;
              }),
              IsEmpty());
}

TEST(Validate, SaysWhatWasAssumed) {
  EXPECT_THAT(flags_of([](Checkout& c) {
                c.decimals_rounded = c.business_date_assumed = true;
                c.unknown_fields = 2;
              }),
              ElementsAre(Flag::decimals_rounded, Flag::unknown_fields_dropped, Flag::business_date_assumed));
  EXPECT_THAT(flags_of([](Checkout& c) { c.tenders.clear(); }), IsEmpty());  // tenders come only at close
}

TEST(Validate, BoundsListsAndTexts) {
  EXPECT_EQ(judged([](Checkout& c) { c.lines.resize(2001); }), "out_of_range lines");
  EXPECT_EQ(judged([](Checkout& c) { c.tenders.resize(65); }), "out_of_range tenders");
  EXPECT_EQ(judged([](Checkout& c) { c.coupons.resize(33); }), "out_of_range coupons");
  EXPECT_EQ(judged([](Checkout& c) { c.customer_ids.resize(17); }), "out_of_range customer.ids");
  EXPECT_EQ(judged([](Checkout& c) { c.lines[0].name = std::string(257, 'x'); }), "out_of_range lines[0].name");
  EXPECT_EQ(judged([](Checkout& c) { c.coupons = {std::string(257, 'x')}; }), "out_of_range coupons[0]");
  EXPECT_EQ(judged([](Checkout& c) { c.customer_ids[0].value = "  "; }), "missing_field customer.ids[0].value");
}

TEST(Validate, AnOriginalIsNamedByIdOrByParts) {
  const auto with = [](OriginalRef original) { return [original](Checkout& c) { c.original = original; }; };
  EXPECT_EQ(judged(with({"X-1", "", "", std::nullopt, 0, 0})), "ok");
  EXPECT_EQ(judged(with({"", "", "L1", date_of(2026, 11, 21), 0, 9})), "ok");
  EXPECT_EQ(judged(with({"", "", "", date_of(2026, 11, 21), 0, 9})), "missing_field original.lane_id");
  EXPECT_EQ(judged(with({"", "", "L1", std::nullopt, 0, 9})), "missing_field original.business_date");
  EXPECT_EQ(judged(with({"", "", "L1", date_of(2026, 11, 21), 0, 0})), "missing_field original.sequence");
}

TEST(Validate, ALinesOriginalIsNamedInTheSameWay) {
  const auto with = [](std::int32_t line_no, auto change) {
    return [=](Checkout& c) {
      c.lines[0].original = LineOriginal{{}, line_no};
      change(c.lines[0].original->sale);
    };
  };
  EXPECT_EQ(judged(with(3, [](OriginalRef&) {})), "ok");
  EXPECT_EQ(judged(with(0, [](OriginalRef& sale) { sale.identity = "0123:L2:20261122:0:7:completed"; })), "ok");
  EXPECT_EQ(judged(with(0, [](OriginalRef& sale) { sale.lane_id = "L1"; })),
            "missing_field lines[0].original.business_date");
  EXPECT_EQ(judged(with(0, [](OriginalRef& sale) { sale.identity = "\x07"; })),
            "bad_format lines[0].original.identity");
  EXPECT_EQ(judged(with(0, [](OriginalRef& sale) { sale.identity.assign(257, 'x'); })),
            "out_of_range lines[0].original.identity");
  EXPECT_EQ(judged(with(1'000'001, [](OriginalRef&) {})), "out_of_range lines[0].original.line_no");
}

TEST(Sale, OnlyWhatIsClosedAndWorthSomething) {
  for (int i = 0; i <= static_cast<int>(CheckoutState::day_close); ++i) {
    const auto state = static_cast<CheckoutState>(i);
    const bool sale = state == CheckoutState::completed || state == CheckoutState::exchanged;
    const bool reversal = state == CheckoutState::voided || state == CheckoutState::returned;
    EXPECT_EQ(is_sale(changed([&](Checkout& c) { c.state = state; })), sale) << name_of(state);
    EXPECT_EQ(is_reversal(changed([&](Checkout& c) { c.state = state; })), reversal) << name_of(state);
  }
  const auto completed = [](const Change& change) {
    return changed([&](Checkout& c) {
      c.state = CheckoutState::completed;
      change(c);
    });
  };
  EXPECT_FALSE(is_sale(completed([](Checkout& c) { c.training = true; })));
  EXPECT_FALSE(is_sale(completed([](Checkout& c) { c.totals = {}, c.tenders.clear(); })));
  EXPECT_FALSE(is_sale(completed([](Checkout& c) { c.totals = {}, c.tenders[0].amount = 0; })));
  EXPECT_TRUE(is_sale(completed([](Checkout& c) { c.totals = {}; })));
  EXPECT_FALSE(is_sale(completed([](Checkout& c) { c.totals.net = -1; })));
  EXPECT_FALSE(is_reversal(changed([](Checkout& c) { c.state = CheckoutState::voided, c.training = true; })));
}

TEST(Category, IsASubtree) {
  EXPECT_TRUE(in_category("fruit/durian", "fruit"));
  EXPECT_TRUE(in_category("fruit/durian", "fruit/"));
  EXPECT_TRUE(in_category("fruit", "fruit"));
  EXPECT_TRUE(in_category("水果/榴莲", "水果"));
  EXPECT_FALSE(in_category("fruitcake", "fruit"));
  EXPECT_FALSE(in_category("fruit", "fruit/durian"));
  EXPECT_FALSE(in_category("", "fruit"));
  EXPECT_FALSE(in_category("fruit", ""));
}

TEST(Names, GoThereAndBack) {
  for (int i = 0; i <= static_cast<int>(CheckoutState::day_close); ++i)
    EXPECT_EQ(checkout_state_of(name_of(static_cast<CheckoutState>(i))), static_cast<CheckoutState>(i));
  for (int i = 0; i <= static_cast<int>(LineKind::fee); ++i)
    EXPECT_EQ(line_kind_of(name_of(static_cast<LineKind>(i))), static_cast<LineKind>(i));
  for (int i = 0; i <= static_cast<int>(TenderType::other); ++i)
    EXPECT_EQ(tender_type_of(name_of(static_cast<TenderType>(i))), static_cast<TenderType>(i));
  for (int i = 1; i <= kIdTypes; ++i) EXPECT_EQ(id_type_of(name_of(static_cast<IdType>(i))), static_cast<IdType>(i));
  for (int i = 0; i <= 2; ++i) EXPECT_EQ(proof_of(name_of(static_cast<Proof>(i))), static_cast<Proof>(i));
  for (int i = 0; i <= 3; ++i)
    EXPECT_EQ(verdict_status_of(name_of(static_cast<VerdictStatus>(i))), static_cast<VerdictStatus>(i));
  EXPECT_STREQ(name_of(CheckoutState::no_sale), "no_sale");
  EXPECT_STREQ(name_of(TenderType::digital_yuan), "digital_yuan");
  EXPECT_STREQ(name_of(IdType::external_userid), "external_userid");
  EXPECT_STREQ(name_of(Flag::unknown_original), "unknown_original");
  EXPECT_STREQ(name_of(Scope::chain), "chain");
}

}  // namespace
}  // namespace tillside
