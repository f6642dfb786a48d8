#include "agent/domain/money.h"

#include <gtest/gtest.h>

namespace tillside {
namespace {

struct Case {
  const char* text;
  int scale;
  std::int64_t value;
  bool rounded;
};

class ReadDecimal : public testing::TestWithParam<Case> {};

TEST_P(ReadDecimal, RoundsTheTextHalfAwayFromZero) {
  const auto& want = GetParam();
  const auto read = read_decimal(want.text, want.scale, kMaxAmount);
  ASSERT_TRUE(read.ok()) << want.text << ": " << read.error().detail;
  EXPECT_EQ(read->value, want.value) << want.text;
  EXPECT_EQ(read->rounded, want.rounded) << want.text;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ReadDecimal,
    testing::Values(Case{"28.325300000000002", 2, 2833, true}, Case{"-0.005", 2, -1, true}, Case{"0.005", 2, 1, true},
                    Case{"0.0049999999999", 2, 0, true}, Case{"-0.004", 2, 0, true}, Case{"1e2", 2, 10000, false},
                    Case{"1E+2", 0, 100, false}, Case{"12345e-3", 2, 1235, true}, Case{"12335e-3", 2, 1234, true},
                    Case{"24.58", 2, 2458, false}, Case{"24.5", 2, 2450, false}, Case{"24.580", 2, 2458, false},
                    Case{"+7", 2, 700, false}, Case{"007.50", 2, 750, false}, Case{"0", 2, 0, false},
                    Case{"-0", 2, 0, false}, Case{"0e999999999999", 2, 0, false}, Case{"0.000e5", 2, 0, false},
                    Case{"1e-999999", 2, 0, true}, Case{"0.00049", 3, 0, true}, Case{"0.0005", 3, 1, true},
                    Case{"9.995", 2, 1000, true}, Case{"99.5", 0, 100, true}, Case{"99.49", 0, 99, true},
                    Case{"1.235", 3, 1235, false}, Case{"1000000000000", 0, 1000000000000, false},
                    Case{"10000000000.00", 2, 1000000000000, false}, Case{"-1e10", 2, -1000000000000, false},
                    Case{"0.01e2", 2, 100, false}, Case{"100e-2", 0, 1, false}, Case{"150e-2", 0, 2, true}));

TEST(ReadDecimalRefuses, WhatIsNoDecimal) {
  for (const char* text : {"",    "-",  "+",  ".",    ".5",  "5.",  "1.2.3", "1e",    "1e+", "e5",
                           "1,5", " 1", "1 ", "0x10", "NaN", "inf", "--1",   "1e2.5", "１",  "1e--2"})
    EXPECT_EQ(read_decimal(text, 2, kMaxAmount).error().code, ErrorCode::bad_format) << text;
  EXPECT_EQ(read_decimal(std::string(65, '1'), 2, kMaxAmount).error().code, ErrorCode::bad_format);
}

TEST(ReadDecimalRefuses, WhatIsBeyondTheLimit) {
  for (const char* text : {"10000000000.005", "10000000000.01", "1e11", "1e999999999999999999", "-1e300",
                           "99999999999999999999999999999999", "9223372036854775807"})
    EXPECT_EQ(read_decimal(text, 2, kMaxAmount).error().code, ErrorCode::out_of_range) << text;
  EXPECT_EQ(read_decimal("10000000000.004", 2, kMaxAmount)->value, kMaxAmount);
  EXPECT_EQ(read_decimal("999999999999999999.4", 0, INT64_MAX)->value, 999999999999999999);
}

TEST(Currency, KnowsExponents) {
  EXPECT_EQ(currency_of("CNY")->exponent, 2);
  EXPECT_EQ(currency_of("JPY")->exponent, 0);
  EXPECT_EQ(currency_of("KWD")->exponent, 3);
  EXPECT_EQ(currency_of("CLF")->exponent, 4);
  EXPECT_EQ(currency_of("HKD")->text(), "HKD");
  EXPECT_EQ(*currency_of("CNY"), Currency{});
}

TEST(Currency, RefusesWhatIsNotActive) {
  for (const char* code : {"", "RMB", "cny", "CN", "CNYY", "XXX", "XAU", "DEM", "Y A", "NY "})
    EXPECT_EQ(currency_of(code).error().code, ErrorCode::unknown_value) << code;
}

TEST(Format, Amounts) {
  EXPECT_EQ(format_amount(2458, 2), "24.58");
  EXPECT_EQ(format_amount(-5, 2), "-0.05");
  EXPECT_EQ(format_amount(0, 2), "0.00");
  EXPECT_EQ(format_amount(100, 0), "100");
  EXPECT_EQ(format_amount(1, 3), "0.001");
  EXPECT_EQ(format_amount(INT64_MIN, 2), "-92233720368547758.08");
}

TEST(Format, Quantities) {
  EXPECT_EQ(format_quantity(1235), "1.235");
  EXPECT_EQ(format_quantity(2000), "2");
  EXPECT_EQ(format_quantity(500), "0.5");
  EXPECT_EQ(format_quantity(-1), "-0.001");
  EXPECT_EQ(format_quantity(0), "0");
  EXPECT_EQ(format_quantity(10000), "10");
}

TEST(Sums, ExtendRoundsHalfAwayFromZero) {
  EXPECT_EQ(extend(1235, 1990), 2458);  // 2457.65
  EXPECT_EQ(extend(500, 1), 1);
  EXPECT_EQ(extend(-500, 1), -1);
  EXPECT_EQ(extend(499, 1), 0);
  EXPECT_EQ(extend(kMaxQuantity, 1000), kMaxAmount);
  EXPECT_EQ(extend(kMaxQuantity, kMaxAmount), INT64_MAX);
  EXPECT_EQ(extend(-kMaxQuantity, kMaxAmount), -INT64_MAX);
}

TEST(Sums, AddStopsAtTheLimit) {
  EXPECT_EQ(*add(kMaxAmount - 1, 1), kMaxAmount);
  EXPECT_EQ(add(kMaxAmount, 1).error().code, ErrorCode::overflow);
  EXPECT_EQ(add(-kMaxAmount, -1).error().code, ErrorCode::overflow);
  EXPECT_EQ(add(INT64_MAX, INT64_MAX).error().code, ErrorCode::overflow);
}

TEST(Sums, Share) {
  EXPECT_EQ(share(10000, 8500), 8500);
  EXPECT_EQ(share(1, 5000), 1);
  EXPECT_EQ(share(-1, 5000), -1);
  EXPECT_EQ(share(1, 4999), 0);
  EXPECT_EQ(share(kMaxAmount, 10000), kMaxAmount);
}

}  // namespace
}  // namespace tillside
