// What holds for every sale and every series of returns.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "agent/domain/reversal.h"

namespace tillside {
namespace {

template <class Number>
Number within(Number low, Number high) {
  return *rc::gen::inRange<Number>(low, high + 1);
}

std::vector<Line> any_goods() {
  std::vector<Line> lines(static_cast<std::size_t>(within(1, 8)));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Line& line = lines[i];
    line.line_no = static_cast<std::int32_t>(i) + 1;
    line.kind = *rc::gen::weightedElement<LineKind>({{8, LineKind::sale}, {1, LineKind::fee}, {1, LineKind::deposit}});
    line.sku = *rc::gen::element<std::string>("a", "b", "c");
    line.category = "fruit/" + line.sku;
    line.quantity =
        *rc::gen::element<bool>(true, false) ? 1000 * within<Thousandths>(1, 100) : within<Thousandths>(1, 20'000);
    line.amount = within<Minor>(0, 100'000);
    line.discount = within<Minor>(0, line.amount);
  }
  return lines;
}

KeptSale any_sale() {
  Checkout checkout;
  checkout.lines = any_goods();
  Minor sum = 0;
  for (const Line& line : checkout.lines) sum += line.amount - line.discount;
  checkout.totals.net = *rc::gen::element<bool>(true, false) ? sum : within<Minor>(0, sum + 50);
  checkout.tenders = {{TenderType::cash, 1}};
  return keep_sale(checkout);
}

// Cuts every line into pieces: together they return the whole sale, in any order and bundling.
std::vector<std::vector<ReturnedLine>> any_series(const KeptSale& sale) {
  std::vector<ReturnedLine> pieces;
  for (const KeptLine& line : sale.lines) {
    for (Thousandths left = line.quantity; left > 0;) {
      const Thousandths piece = pieces.size() > 60 ? left : within<Thousandths>(1, left);
      pieces.push_back({0, line.line_no, piece, 0, {}, {}});
      left -= piece;
    }
  }
  for (std::size_t i = pieces.size(); i > 1; --i) std::swap(pieces[i - 1], pieces[within<std::size_t>(0, i - 1)]);
  std::vector<std::vector<ReturnedLine>> series;
  for (const ReturnedLine& piece : pieces) {
    if (series.empty() || *rc::gen::element<bool>(true, false)) series.emplace_back();
    series.back().push_back(piece);
  }
  return series;
}

// Anything at all, sound or not: too much, unknown lines, money alone.
std::vector<ReturnedLine> any_return(const KeptSale& sale) {
  std::vector<ReturnedLine> lines(static_cast<std::size_t>(within(1, 4)));
  for (ReturnedLine& line : lines) {
    line.original = within<std::int32_t>(0, static_cast<std::int32_t>(sale.lines.size()) + 1);
    line.quantity = within<Thousandths>(0, 30'000);
    line.told = within<Minor>(0, 60'000);
    line.sku = *rc::gen::element<std::string>("", "a", "b");
  }
  return lines;
}

Minor told_of(const std::vector<ReturnedLine>& lines) {
  return std::accumulate(lines.begin(), lines.end(), Minor{0},
                         [](Minor sum, const auto& line) { return sum + line.told; });
}

Minor sum_of(const std::vector<LineRefund>& lines) {
  return std::accumulate(lines.begin(), lines.end(), Minor{0},
                         [](Minor sum, const auto& line) { return sum + line.amount; });
}

TEST(ReversalProperties, SharesAddUpToWhatWasPaid) {
  EXPECT_TRUE(rc::check([] {
    const KeptSale sale = any_sale();
    if (!sale.is_sale) return;
    const auto shares = shares_of(sale);
    RC_ASSERT(std::accumulate(shares.begin(), shares.end(), Minor{0}) == sale.worth);
    RC_ASSERT(std::all_of(shares.begin(), shares.end(), [](Minor share) { return share >= 0; }));
  }));
}

TEST(ReversalProperties, AnyOrderOfPartialReturnsEqualsOneReturn) {
  EXPECT_TRUE(rc::check([] {
    const KeptSale bought = any_sale();
    if (!bought.is_sale) return;
    KeptSale parts = bought, whole = bought;
    Minor sum = 0;
    for (const auto& lines : any_series(bought)) sum += take_back(parts, lines, 0).refund;
    RC_ASSERT(sum == take_back_whole(whole).refund);
    RC_ASSERT(sum == bought.worth);
    RC_ASSERT(parts.lines == whole.lines);
    RC_ASSERT(nothing_left(parts));
  }));
}

TEST(ReversalProperties, APrefixOfTheSeriesDependsOnWhatCameBackAndNotOnTheOrder) {
  EXPECT_TRUE(rc::check([] {
    const KeptSale bought = any_sale();
    if (!bought.is_sale) return;
    auto series = any_series(bought);
    series.resize((series.size() + 1) / 2);
    KeptSale forward = bought, backward = bought;
    Minor sum_forward = 0, sum_backward = 0;
    for (const auto& lines : series) sum_forward += take_back(forward, lines, 0).refund;
    std::reverse(series.begin(), series.end());
    for (const auto& lines : series) sum_backward += take_back(backward, lines, 0).refund;
    RC_ASSERT(sum_forward == sum_backward);
    RC_ASSERT(forward == backward);
  }));
}

TEST(ReversalProperties, MoneyIsNeverCreated) {
  EXPECT_TRUE(rc::check([] {
    KeptSale sale = any_sale();
    if (!sale.is_sale) return;
    Minor given = 0;
    for (int i = within(1, 12); i > 0; --i) {
      const auto lines = any_return(sale);
      const TakingBack taking = take_back(sale, lines, told_of(lines));
      RC_ASSERT(taking.refund >= 0);
      RC_ASSERT(taking.refund == sum_of(taking.lines));
      given += taking.refund;
      RC_ASSERT(given == refund_so_far(sale));
      RC_ASSERT(given <= sale.worth);
    }
  }));
}

TEST(ReversalProperties, GivingReturnsBackLeavesTheSaleAsItWas) {
  EXPECT_TRUE(rc::check([] {
    const KeptSale bought = any_sale();
    if (!bought.is_sale) return;
    KeptSale sale = bought;
    std::vector<Taken> taken;
    for (int i = within(1, 6); i > 0; --i) {
      const auto lines = any_return(sale);
      taken.push_back(take_back(sale, lines, told_of(lines)).taken);
    }
    for (std::size_t i = taken.size(); i > 1; --i) std::swap(taken[i - 1], taken[within<std::size_t>(0, i - 1)]);
    for (const Taken& one : taken) give_back(sale, one);
    RC_ASSERT(refund_so_far(sale) == 0);
    RC_ASSERT(sale == bought);
  }));
}

// What the shopper walks away with, and what she owes, do not depend on how she split her returns.
TEST(ReversalProperties, ClawBacksDoNotDependOnTheOrder) {
  EXPECT_TRUE(rc::check([] {
    KeptSale bought = any_sale();
    if (!bought.is_sale) return;
    Campaign terms;
    if (*rc::gen::element<bool>(true, false)) terms.conditions.min_total = within<Minor>(0, bought.worth + 10);
    if (*rc::gen::element<bool>(true, false)) terms.conditions.skus = {"a"};
    bought.earned = {{{0, 1}, 1, Standing::live, 0}};
    const CouponFacts spent{CouponFate::spent, within<Minor>(0, 5'000), 5'000, true, &terms};
    const auto walk = [&](const std::vector<std::vector<ReturnedLine>>& series) {
      KeptSale sale = bought;
      Minor refunded = 0, collected = 0, owed = 0;
      for (const auto& lines : series) {
        const Minor refund = take_back(sale, lines, 0).refund;
        const Settlement settled = settle(sale, {&spent, 1}, {}, refund);
        RC_ASSERT(settled.collected >= 0);
        RC_ASSERT(settled.collected <= refund);
        refunded += refund;
        collected += settled.collected;
        owed = settled.owed;
      }
      RC_ASSERT(collected == sale.collected);
      RC_ASSERT(refunded - collected >= 0);
      return std::pair{refunded, collected + owed};
    };
    const auto series = any_series(bought);
    std::vector<ReturnedLine> at_once;
    for (const auto& lines : series) at_once.insert(at_once.end(), lines.begin(), lines.end());
    RC_ASSERT(walk(series) == walk({at_once}));
  }));
}

TEST(ReversalProperties, WhatIsKeptIsReadBackAndDamageIsNoticedOrHarmless) {
  EXPECT_TRUE(rc::check([] {
    Kept kept;
    kept.sale = any_sale();
    if (kept.sale.is_sale) {
      const auto lines = any_return(kept.sale);
      kept.taken.push_back(take_back(kept.sale, lines, told_of(lines)).taken);
      kept.awaiting.push_back({{"0123:L2:20261122:7:completed", ""}, true, 5, lines});
      kept.sale.earned = {{{3, 0xFFFFFFFF}, 70'001, Standing::withheld, -1}};
      kept.sale.used = {{17, {15, 9}, 2, kMaxAmount, 0xFFFF, 0xFFFFFFFF, {1, 2}, 3}};
    }
    std::string packed = pack(kept);
    const auto back = unpack_kept(packed);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == kept);
    if (packed.empty()) return;
    RC_ASSERT(!unpack_kept(packed.substr(0, packed.size() - 1)));
    packed[within<std::size_t>(0, packed.size() - 1)] ^= static_cast<char>(within(1, 255));
    (void)unpack_kept(packed);
  }));
}

}  // namespace
}  // namespace tillside
