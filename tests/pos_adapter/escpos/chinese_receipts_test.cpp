// Receipts of made-up shops, three layouts as they are common in China, by the general Chinese template.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/reading_support.h"

namespace tillside::escpos::testing {
namespace {

using Texts = std::vector<std::string>;

// A supermarket: bar code and name above price, quantity, amount.
constexpr std::string_view kSupermarket = R"(
          好邻居超市（滨江店）
            欢迎光临
小票号:20261122000451   机号:03
收银员:1007 李
时间:2026-11-22 09:15:03
会员卡号:8600012345
================================
品名        单价   数量     金额
--------------------------------
6901234567892
农夫山泉550ml
             2.00     3     6.00
6922255451427
纯牛奶250ml*12
            45.90     1    45.90
  会员优惠:               -5.00
6900000000017
散装红富士苹果
             9.90 1.235    12.23
--------------------------------
合计:       5.235          64.13
优惠合计:                   5.00
应收:                      59.13
微信支付:                  40.00
现金:                      20.00
找零:                       0.87
================================
  七天内凭小票退换货，谢谢惠顾
)";

TEST(ChineseReceipts, ASupermarket) {
  const auto [paper, reading] = read_text(kSupermarket);
  EXPECT_EQ(reading.template_name, "general-zh");
  EXPECT_EQ(reading.kind, SlipKind::sale);
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  EXPECT_EQ(reading.flags, Flags{Flag::business_date_assumed});
  ASSERT_TRUE(reading.checkout);
  const Checkout& sale = *reading.checkout;
  EXPECT_EQ(sale.checkout_id, "20261122000451");
  EXPECT_EQ(sale.sequence, 20261122000451);
  EXPECT_EQ(sale.state, CheckoutState::completed);
  EXPECT_EQ(sale.store_id, "0123");
  EXPECT_EQ(sale.lane_id, "L2");
  EXPECT_EQ(sale.operator_id, "1007");
  EXPECT_EQ(format_time(sale.occurred_at, shanghai()), "2026-11-22T09:15:03+08:00");
  EXPECT_EQ(sale.occurred_at_text, "2026-11-22 09:15:03");
  ASSERT_EQ(sale.customer_ids.size(), 1U);
  EXPECT_EQ(sale.customer_ids[0].type, IdType::card);
  EXPECT_EQ(sale.customer_ids[0].value, "8600012345");
  EXPECT_EQ(sale.customer_ids[0].proof, Proof::named);
  EXPECT_EQ(sale.source.adapter, "print");
  EXPECT_EQ(sale.source.confidence, Confidence::parsed);
  EXPECT_EQ(lines_of(sale),
            (Texts{"sale 6901234567892|农夫山泉550ml|3|200|600|0", "sale 6922255451427|纯牛奶250ml*12|1|4590|4590|500",
                   "sale 6900000000017|散装红富士苹果|1.235|990|1223|0"}));
  EXPECT_EQ(sale.totals.gross, 6413);
  EXPECT_EQ(sale.totals.discount, 500);
  EXPECT_EQ(sale.totals.net, 5913);
  EXPECT_EQ(tenders_of(sale), (Texts{"wechat 4000", "cash 1913"}));
}

// A fruit shop: one line each, quantity before price, the whole bill rounded.
constexpr std::string_view kFruitShop = R"(
       【甜果时光】
单号：DG-0088    款台：L2
导购：E2033 小周
2026/11/22 18:20
商品名称     数量    单价   小计
1 榴莲(金枕) 1.235kg 39.80 49.15
2 香蕉       2.100kg  5.98 12.56
3 礼品袋     1个      0.50  0.50
--------------------------------
总计：￥62.21
满减：-￥10.00
抹零：0.21
实付：￥52.00
支付方式：微信支付
会员手机：138****8000
)";

TEST(ChineseReceipts, AFruitShop) {
  const auto [paper, reading] = read_text(kFruitShop);
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  EXPECT_TRUE(reading.member_masked);
  ASSERT_TRUE(reading.checkout);
  const Checkout& sale = *reading.checkout;
  EXPECT_EQ(sale.checkout_id, "DG-0088");
  EXPECT_EQ(sale.sequence, 88);
  EXPECT_EQ(sale.guide_id, "E2033");
  EXPECT_TRUE(sale.customer_ids.empty()) << "a masked number names nobody";
  EXPECT_EQ(lines_of(sale),
            (Texts{"sale |榴莲(金枕)|1.235kg|3980|4915|0", "sale |香蕉|2.1kg|598|1256|0", "sale |礼品袋|1个|50|50|0"}));
  EXPECT_EQ(sale.totals.gross, 6221);
  EXPECT_EQ(sale.totals.discount, 1021);
  EXPECT_EQ(sale.totals.net, 5200);
  EXPECT_EQ(tenders_of(sale), Texts{"wechat 5200"});
  EXPECT_EQ(format_time(sale.occurred_at, shanghai()), "2026-11-22T18:20:00+08:00");
}

// A restaurant: quantity and amount only, a service charge, what was handed over and the change.
constexpr std::string_view kRestaurant = R"(
        老巷子面馆 结账单
台号:A12  人数:2
流水号:000123
2026年11月22日 12:08:30
收银：admin
--------------------------------
菜品              数量     金额
1.招牌牛肉面         2    56.00
2.酸梅汤             1     8.00
3.服务费             1     6.40
--------------------------------
合计:                     70.40
实收:                    100.00
找零:                     29.60
)";

TEST(ChineseReceipts, ARestaurant) {
  const auto [paper, reading] = read_text(kRestaurant);
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  ASSERT_TRUE(reading.checkout);
  const Checkout& sale = *reading.checkout;
  EXPECT_EQ(sale.sequence, 123);
  EXPECT_EQ(sale.operator_id, "admin");
  EXPECT_EQ(lines_of(sale), (Texts{"sale |招牌牛肉面|2|0|5600|0", "sale |酸梅汤|1|0|800|0", "fee |服务费|1|0|640|0"}));
  EXPECT_EQ(sale.totals.net, 7040);
  EXPECT_EQ(tenders_of(sale), Texts{"cash 7040"}) << "change is given in cash, so cash was handed over";
}

std::string with_title(std::string_view receipt, const std::string& title) {
  return "          " + title + "\n" + std::string(receipt);
}

TEST(ChineseReceipts, WhatIsNoSaleIsKnownByItsTitle) {
  const std::vector<std::pair<std::string, SlipKind>> titles = {{"挂单小票", SlipKind::suspended},
                                                                {"*** 挂单 ***", SlipKind::suspended},
                                                                {"【补打】", SlipKind::reprint},
                                                                {"补打小票 第2次", SlipKind::reprint},
                                                                {"销售小票(重打)", SlipKind::reprint},
                                                                {"厨打单", SlipKind::kitchen},
                                                                {"--- 制作单 ---", SlipKind::kitchen},
                                                                {"收银员交班表", SlipKind::report},
                                                                {"营业日报表", SlipKind::report},
                                                                {"培训模式", SlipKind::training},
                                                                {"商户存根联", SlipKind::copy},
                                                                {"预结单", SlipKind::suspended},
                                                                {"支付状态：未支付", SlipKind::suspended},
                                                                {"商品入库单", SlipKind::report}};
  for (const auto& [title, kind] : titles) {
    const auto [paper, reading] = read_text(with_title(kSupermarket, title));
    EXPECT_EQ(reading.kind, kind) << title;
    EXPECT_EQ(reading.certainty, Certainty::not_a_sale) << title;
    EXPECT_FALSE(reading.checkout && is_sale(*reading.checkout)) << title;
  }
}

TEST(ChineseReceipts, ASuspendedSlipIsToldAsAnEvent) {
  const auto suspended = read_text(with_title(kSupermarket, "挂单小票"));
  ASSERT_TRUE(suspended.reading.checkout);
  EXPECT_EQ(suspended.reading.checkout->state, CheckoutState::suspended);
  const auto again = read_text(with_title(kSupermarket, "补打"));
  ASSERT_TRUE(again.reading.checkout);
  EXPECT_EQ(again.reading.checkout->state, CheckoutState::reprint);
  EXPECT_EQ(again.reading.checkout->sequence, 20261122000451);
  EXPECT_FALSE(read_text(with_title(kSupermarket, "日结报表")).reading.checkout)
      << "a report in the middle of the day must not end holds";
}

TEST(ChineseReceipts, WordsAboutReturnsInTheFootMakeNoReturn) {
  for (const char* foot : {"商品售出，七天内凭小票退货", "如需补打小票请联系收银台", "退换货请保留小票"}) {
    const auto [paper, reading] = read_text(std::string(kRestaurant) + foot + "\n");
    EXPECT_EQ(reading.kind, SlipKind::sale) << foot;
    EXPECT_EQ(reading.certainty, Certainty::sure) << foot;
  }
}

// Amounts of a return stand with a minus on some papers and without on others.
constexpr std::string_view kReturn = R"(
          好邻居超市（滨江店）
             退货单
小票号:20261122000460   机号:03
原小票号:20261122000451
时间:2026-11-22 10:01:00
品名        单价   数量     金额
--------------------------------
6901234567892
农夫山泉550ml
             2.00    -2    -4.00
--------------------------------
合计:          -2          -4.00
应退:                      -4.00
现金:                      -4.00
)";

void expect_return(const Reading& reading) {
  EXPECT_EQ(reading.kind, SlipKind::returned);
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  ASSERT_TRUE(reading.checkout);
  const Checkout& back = *reading.checkout;
  EXPECT_EQ(back.state, CheckoutState::returned);
  ASSERT_TRUE(back.original);
  EXPECT_EQ(back.original->checkout_id, "20261122000451");
  EXPECT_EQ(back.sequence, 20261122000460);
  EXPECT_EQ(lines_of(back), Texts{"returned 6901234567892|农夫山泉550ml|-2|200|-400|0"});
  EXPECT_EQ(back.totals.net, -400);
  EXPECT_EQ(back.totals.gross, -400);
  EXPECT_EQ(tenders_of(back), Texts{"cash -400"});
}

TEST(ChineseReceipts, AReturnWithAndWithoutMinusSigns) {
  expect_return(read_text(kReturn).reading);
  std::string plain(kReturn);
  for (auto at = plain.find("-4.00"); at != std::string::npos; at = plain.find("-4.00")) plain.replace(at, 5, " 4.00");
  for (auto at = plain.find(" -2"); at != std::string::npos; at = plain.find(" -2")) plain.replace(at, 3, "  2");
  expect_return(read_text(plain).reading);
}

std::string replaced(std::string_view receipt, const std::string& what, const std::string& by) {
  std::string out(receipt);
  const auto at = out.find(what);
  if (at == std::string::npos) throw std::runtime_error("not on the receipt: " + what);
  return out.replace(at, what.size(), by);
}

TEST(ChineseReceipts, AWordIsNoNumber) {
  const auto [paper, reading] =
      read_text("谢谢惠顾 NO REFUND\n2026-11-22 09:15\n品名 单价 数量 金额\n可乐 3.00 2 6.00\n合计: 6.00\n");
  EXPECT_EQ(doubts_of(reading), "no_number");
}

TEST(ChineseReceipts, WhenUnsureItSaysWhy) {
  const auto doubts = [](const std::string& receipt) {
    const auto [paper, reading] = read_text(receipt);
    EXPECT_EQ(reading.certainty, Certainty::unsure);
    return doubts_of(reading);
  };
  EXPECT_EQ(doubts(replaced(kSupermarket, "小票号:20261122000451", "")), "no_number");
  EXPECT_EQ(doubts(replaced(kSupermarket, "12.23", "12.93")), "lines_do_not_add_up");
  EXPECT_EQ(doubts(replaced(kSupermarket, "品名        单价   数量     金额", "")), "no_items");
  EXPECT_EQ(doubts(replaced(kSupermarket, "2026-11-22 09:15:03", "2026-13-22 09:15:03")), "unreadable_time");
  const std::string torn(kSupermarket.substr(0, kSupermarket.find("合计:")));
  EXPECT_EQ(doubts(torn), "no_total");
}

TEST(ChineseReceipts, OnlyTheCashHalfOfASplitTenderIsReadAsItStands) {
  const auto [paper, reading] = read_text(replaced(kSupermarket, "微信支付:                  40.00\n", ""));
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  EXPECT_THAT(reading.flags, ::testing::Contains(Flag::tenders_do_not_add_up));
  EXPECT_EQ(tenders_of(*reading.checkout), Texts{"cash 1913"}) << "nothing is invented";
}

TEST(ChineseReceipts, AReceiptInUtf8IsTheSame) {
  const auto want = read_text(kSupermarket).reading.checkout;
  const auto utf8 = read_bytes("\x1B@" + std::string(kSupermarket) + "\x1DV\x01");
  ASSERT_TRUE(utf8.reading.checkout);
  EXPECT_EQ(lines_of(*utf8.reading.checkout), lines_of(*want));
  EXPECT_EQ(utf8.reading.certainty, Certainty::sure);
}

TEST(ChineseReceipts, ReadAgainItIsTheSame) {
  const auto first = read_text(kSupermarket);
  for (int again = 0; again < 100; ++again)
    EXPECT_EQ(lines_of(*read_text(kSupermarket).reading.checkout), lines_of(*first.reading.checkout));
}

TEST(ChineseReceipts, AVoidedRowAndADiscountRow) {
  const auto [paper, reading] = read_text(R"(
小票号:77
2026-11-22 09:15
品名        单价   数量     金额
可乐         3.00     2     6.00
薯片         8.50     1     8.50
薯片         8.50    -1    -8.50
整单折扣                   -1.00
合计:                       5.00
现金:                       5.00
)");
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  ASSERT_TRUE(reading.checkout);
  EXPECT_EQ(lines_of(*reading.checkout), (Texts{"sale |可乐|2|300|600|0", "sale |薯片|1|850|850|0",
                                                "voided |薯片|-1|850|-850|0", "discount |整单折扣|1|0|-100|0"}));
  EXPECT_EQ(reading.checkout->totals.net, 500);
  EXPECT_EQ(reading.checkout->totals.discount, 100);
}

}  // namespace
}  // namespace tillside::escpos::testing
