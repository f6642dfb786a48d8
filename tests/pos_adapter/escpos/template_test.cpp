#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "pos_adapter/escpos/receipt_amounts.h"
#include "pos_adapter/escpos/receipt_template.h"
#include "pos_adapter/escpos/receipt_times.h"
#include "tests/pos_adapter/escpos/reading_support.h"

namespace tillside::escpos::testing {
namespace {

std::string refusal(const std::string& text) {
  const auto parsed = parse_template(text);
  return parsed ? "read" : std::string(name_of(parsed.error().code)) + " " + parsed.error().field;
}

TEST(Template, ThoseWeShipAreRight) {
  ASSERT_EQ(book().all().size(), 4U);
  for (const char* name : {"general-zh", "general-western", "general-western-comma", "openbravo"}) {
    ASSERT_NE(book().find(name), nullptr) << name;
    EXPECT_FALSE(book().find(name)->totals.empty());
    EXPECT_FALSE(book().find(name)->items.empty());
  }
  EXPECT_TRUE(book().find("general-zh")->is_general());
  EXPECT_FALSE(book().find("openbravo")->is_general());
}

TEST(Template, WhatIsWrongIsNamed) {
  EXPECT_EQ(refusal("name = \"x\"\n"), "read");
  EXPECT_EQ(refusal("title = \"x\"\n"), "missing_field name");
  EXPECT_EQ(refusal("name = \"x\"\n[hat]\na = 1\n"), "unknown_value hat");
  EXPECT_EQ(refusal("name = \"x\"\n[head]\npaterns = []\n"), "unknown_value head.paterns");
  EXPECT_EQ(refusal("name = \"x\"\n[head]\npatterns = ['(']\n"), "bad_format head.patterns");
  EXPECT_EQ(refusal("name = \"x\"\n[head]\npatterns = ['(?P<colour>.)']\n"), "unknown_value head.patterns");
  EXPECT_EQ(refusal("name = \"x\"\n[head]\npatterns = ['{{nothing}}']\n"), "unknown_value head.patterns");
  EXPECT_EQ(refusal("name = \"x\"\n[head]\npatterns = 'a'\n"), "wrong_type head.patterns");
  EXPECT_EQ(refusal("name = \"x\"\n[kind]\nsale = ['a']\n"), "unknown_value kind.sale");
  EXPECT_EQ(refusal("name = \"x\"\n[paper]\ncharset = \"klingon\"\n"), "unknown_value paper.charset");
  EXPECT_EQ(refusal("name = \"x\"\n[paper.code_pages]\nsix = \"cp866\"\n"), "unknown_value paper.code_pages.six");
  EXPECT_EQ(refusal("name = \"x\"\n[money]\ncurrency = \"XXQ\"\n"), "unknown_value money.currency");
  EXPECT_EQ(refusal("name = \"x\"\n[tenders.types]\nbeads = ['a']\n"), "unknown_value tenders.types.beads");
  EXPECT_EQ(refusal("name = \"x\"\n[goods]\namounts = \"later\"\n"), "unknown_value goods.amounts");
  EXPECT_EQ(refusal("name = \"x\"\n[items]\nrows = []\n"), "wrong_type items");
  EXPECT_EQ(refusal("name = "), "bad_format line 1");
}

TEST(Template, TheExampleOfThePageIsOne) {
  const std::string page = file_bytes(std::filesystem::path(TILLSIDE_SOURCE_DIR) / "docs" / "receipt-templates.md");
  const std::string open = "```toml\n";
  const auto begin = page.find(open) + open.size();
  TemplateBook own = book();
  const Status added = own.add(page.substr(begin, page.find("\n```", begin) - begin), "page");
  EXPECT_TRUE(added.ok()) << added.error().field << " " << added.error().detail;
  ASSERT_NE(own.find("ourpos"), nullptr);
  EXPECT_EQ(own.find("ourpos")->paper.code_pages.at(6), Charset::cp1251);
}

TEST(Template, OnesOwnStandsOverWhatItExtends) {
  TemplateBook own = book();
  ASSERT_TRUE(
      own.add("name = \"ours\"\nextends = \"general-zh\"\n[recognise]\nany = ['^\\s*甜果时光']\n"
              "[totals]\npatterns = ['^大数{{colon}}(?P<total>{{amount}})']\n[operators]\n\"小李\" = \"E1007\"\n",
              "ours.toml")
          .ok());
  const auto papers = read_papers(
      printed("甜果时光\n小票号:9\n收银员:小李\n品名 单价 数量 金额\n苹果 5.00 2 10.00\n大数: 10.00\n合计: 99.00\n"));
  const Reading reading = own.read(papers.at(0), defaults());
  EXPECT_EQ(reading.template_name, "ours");
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  EXPECT_EQ(reading.checkout->totals.net, 1000) << "its own total comes first";
  EXPECT_EQ(reading.checkout->operator_id, "E1007");
}

TEST(Template, CirclesAndStrangersAreRefusedAndChangeNothing) {
  TemplateBook own = book();
  const auto code_of = [&](const std::string& text) { return own.add(text, "a.toml").error().code; };
  EXPECT_EQ(code_of("name = \"a\"\nextends = \"nobody\"\n"), ErrorCode::not_found);
  EXPECT_EQ(code_of("name = \"a\"\nextends = \"a\"\n"), ErrorCode::out_of_range);
  EXPECT_EQ(own.find("a"), nullptr);
  EXPECT_TRUE(own.add("name = \"b\"\n", "b.toml").ok());
}

TEST(Template, AFolderOfOnesOwn) {
  std::string name = (std::filesystem::temp_directory_path() / "tillside-templates-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(name.data());
  std::ofstream(folder / "b.toml") << "name = \"b\"\nextends = \"a\"\n";
  std::ofstream(folder / "a.toml") << "name = \"a\"\n";
  std::ofstream(folder / "notes.txt") << "not a template";
  TemplateBook own = book();
  EXPECT_TRUE(own.add_folder(folder).ok());
  EXPECT_NE(own.find("b"), nullptr);
  std::ofstream(folder / "c.toml") << "name = \"c\"\n[head]\npatterns = ['[']\n";
  const Status broken = own.add_folder(folder);
  ASSERT_FALSE(broken.ok());
  EXPECT_THAT(broken.error().field, ::testing::HasSubstr("c.toml"));
  EXPECT_EQ(own.find("c"), nullptr);
  std::filesystem::remove_all(folder);
  EXPECT_EQ(own.add_folder(folder).error().code, ErrorCode::not_found);
}

TEST(Template, AnExpressionCannotStallATill) {
  auto evil = Pattern::compile("^(a+)+$");
  ASSERT_TRUE(evil.ok());
  EXPECT_FALSE(evil->matches(std::string(100'000, 'a') + "b"));
  EXPECT_FALSE(Pattern::compile("((a{1000}){1000}){1000}").ok()) << "too large to compile in bounded memory";
  EXPECT_FALSE(Pattern::compile("(?=a)").ok()) << "no looking ahead";
}

TEST(PaperNumbers, AreReadAsPrinted) {
  PaperNumbers numbers(Currency{}, '.', ',');
  EXPECT_EQ(numbers.amount("￥1,234.50元"), 123450);
  EXPECT_EQ(numbers.amount("-$2.00"), -200);
  EXPECT_EQ(numbers.amount("$-2.00"), -200);
  EXPECT_EQ(numbers.amount("12.00-"), -1200);
  EXPECT_EQ(numbers.amount("(3.10)"), -310);
  EXPECT_EQ(numbers.amount("40"), 4000);
  EXPECT_EQ(numbers.quantity("1.235"), 1235);
  EXPECT_FALSE(numbers.amount("元"));
  EXPECT_FALSE(numbers.amount("1.2.3"));
  EXPECT_FALSE(numbers.amount("99999999999999"));
  EXPECT_FALSE(numbers.rounded());
  EXPECT_EQ(numbers.amount("0.005"), 1);
  EXPECT_TRUE(numbers.rounded());
  PaperNumbers commas(*currency_of("EUR"), ',', '.');
  EXPECT_EQ(commas.amount("1.012,40"), 101240);
}

TEST(ReceiptTimes, AreReadByTheirFormat) {
  const auto at = [](const char* text, const char* format) -> std::string {
    const auto ms = read_local_time(text, format);
    return ms ? format_time(shanghai().at_local(*ms), shanghai()) : "none";
  };
  EXPECT_EQ(at("2026年11月22日 9:05", "%Y年%m月%d日 %H:%M"), "2026-11-22T09:05:00+08:00");
  EXPECT_EQ(at("Nov 22, 2026, 12:34:31 AM", "%b %d, %Y, %I:%M:%S %p"), "2026-11-22T00:34:31+08:00");
  EXPECT_EQ(at("2026/11/22 下午3:04", "%Y/%m/%d %p%I:%M"), "2026-11-22T15:04:00+08:00");
  EXPECT_EQ(at("2026-02-29", "%Y-%m-%d"), "none");
  EXPECT_EQ(at("2026-11-22 24:00", "%Y-%m-%d %H:%M"), "none");
  EXPECT_EQ(at("26-11-22", "%Y-%m-%d"), "none");
}

}  // namespace
}  // namespace tillside::escpos::testing
