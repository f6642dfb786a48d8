// A POS whose receipts no template of ours reads, and what is learned from three of them.
#include "pos_adapter/escpos/learn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pos_adapter/escpos/learn_shapes.h"
#include "tests/pos_adapter/escpos/reading_support.h"

namespace tillside::escpos::testing {
namespace {

using ::testing::HasSubstr;

// Labels as nobody else has them: 凭证, 本次结清, 品项 with its columns.
std::string receipt(int number, const char* total) {
  return "          一品鲜便利\n凭证编码#" + std::to_string(1000 + 7 * number) + "\n22/11/2026 18:0" +
         std::to_string(number) +
         "\n货品明细      件数    售出价     实计\n- - - - - - - - - - - - - - - -\n"
         "豆浆            2       3.50      7.00\n油条            3       1.50      4.50\n"
         "- - - - - - - - - - - - - - - -\n本次结清            " +
         total + "\n翼支付              " + total + "\n";
}

std::vector<Sample> samples() {
  std::string stream;
  for (int number = 1; number <= 3; ++number) stream += printed(receipt(number, "11.50"));
  return read_samples("three.bin", stream, book(), defaults());
}

TEST(Learn, EveryPaperOfAFileIsASample) {
  const auto all = samples();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[2].ordinal, 3U);
  for (const Sample& sample : all) EXPECT_NE(sample.reading.certainty, Certainty::sure);
}

TEST(Learn, LinesWithAmountsThatNobodyReadAreMissed) {
  const auto all = samples();
  std::string missed;
  for (const std::size_t line : missed_lines(all[0])) missed += all[0].paper.lines[line].text + "\n";
  EXPECT_THAT(missed, HasSubstr("本次结清"));
  EXPECT_THAT(missed, HasSubstr("翼支付"));
  EXPECT_TRUE(missed_lines(read_samples("x", printed("\n只有字\n"), book(), defaults()).at(0)).empty());
}

TEST(Learn, ADraftReadsTheSamplesItCameFrom) {
  const auto all = samples();
  const Draft draft = teach(all, "yipinxian", book(), defaults());
  EXPECT_EQ(learned(draft, all, book(), defaults()), 3U) << draft.toml();
  TemplateBook taught = book();
  ASSERT_TRUE(taught.add(draft.toml(), "draft").ok());
  const Reading reading = taught.read(all[1].paper, defaults());
  EXPECT_EQ(reading.template_name, "yipinxian") << "it is recognised by the shop's own line";
  ASSERT_TRUE(reading.checkout) << draft.toml();
  EXPECT_EQ(reading.checkout->sequence, 1014);
  EXPECT_EQ(reading.checkout->totals.net, 1150);
  EXPECT_EQ(lines_of(*reading.checkout),
            (std::vector<std::string>{"sale |豆浆|2|350|700|0", "sale |油条|3|150|450|0"}));
  EXPECT_EQ(tenders_of(*reading.checkout), std::vector<std::string>{"other 1150"}) << "a way to pay nobody named";
  EXPECT_EQ(format_time(reading.checkout->occurred_at, shanghai()), "2026-11-22T18:02:00+08:00");
}

TEST(Learn, ADraftReadsOtherReceiptsOfThatPosToo) {
  const Draft draft = propose(samples(), "yipinxian");
  TemplateBook taught = book();
  ASSERT_TRUE(taught.add(draft.toml(), "draft").ok());
  const auto other = read_samples("one.bin", printed(receipt(5, "11.50")), taught, defaults());
  ASSERT_EQ(other.size(), 1U);
  EXPECT_EQ(other[0].reading.certainty, Certainty::sure) << doubts_of(other[0].reading);
}

TEST(Learn, WhatIsReadAlreadyNeedsNothing) {
  const std::string known =
      "好再来\n小票号:7\n2026-11-22 09:15\n品名  单价  数量  金额\n可乐  3.00  2  6.00\n合计: 6.00\n现金: 6.00\n";
  const auto all = read_samples("known.bin", printed(known), book(), defaults());
  const Draft draft = propose(all, "known");
  for (const Proposal& proposal : draft.proposals) EXPECT_EQ(proposal.table, "recognise");
}

TEST(Learn, RowsAreFoundByTheirArithmetic) {
  const auto shape_of = [](const std::string& text) { return find_rows(read_papers(encoded(text) + "\n").at(0)); };
  const auto price_first = shape_of("苹果  9.90  1.235kg  12.23\n梨  5.00  2  10.00");
  ASSERT_TRUE(price_first);
  EXPECT_FALSE(price_first->quantity_first);
  EXPECT_FALSE(price_first->name_above);
  const auto below = shape_of("苹果\n   2 x 3.00   6.00");
  ASSERT_TRUE(below);
  EXPECT_TRUE(below->quantity_first);
  EXPECT_TRUE(below->name_above);
  EXPECT_TRUE(below->times);
  const auto counted = shape_of("牛肉面  2  56.00\n酸梅汤  1  8.00");
  ASSERT_TRUE(counted);
  EXPECT_FALSE(counted->has_price);
  EXPECT_FALSE(shape_of("欢迎光临"));
}

TEST(Learn, WhatStandsInADraftIsQuoted) {
  EXPECT_EQ(as_pattern("A (b) 5.0 'x'"), "A\\s+\\(b\\)\\s+5\\.0\\s+\\x27x\\x27");
}

}  // namespace
}  // namespace tillside::escpos::testing
