// `tillside printer learn` as an integrator calls it.
#include "agent/cli/printer_learn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "agent/cli/terminal.h"

namespace tillside::cli {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// UTF-8, as a printer set to it is sent.
constexpr const char* kKnown =
    "\x1B@好再来\n小票号:7\n2026-11-22 09:15\n品名  单价  数量  金额\n可乐  3.00  2  6.00\n合计: 6.00\n现金: "
    "6.00\n\x1Bi";
constexpr const char* kForeign =
    "\x1B@一品鲜便利\n凭证编码#1007\n22/11/2026 18:01\n货品明细  件数  售出价  实计\n"
    "豆浆  2  3.50  7.00\n油条  3  1.50  4.50\n本次结清  11.50\n翼支付  11.50\n\x1Bi";

class PrinterLearn : public ::testing::Test {
 protected:
  PrinterLearn() {
    std::string name = (std::filesystem::temp_directory_path() / "tillside-learn-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    ::setenv("LC_ALL", "en_US.UTF-8", 1);
  }
  ~PrinterLearn() override { std::filesystem::remove_all(folder_); }

  LearnOrder order(const std::string& bytes) {
    std::ofstream(folder_ / "sample.bin", std::ios::binary) << bytes;
    LearnOrder order;
    order.files = {folder_ / "sample.bin"};
    return order;
  }
  int run(const LearnOrder& order) {
    ::testing::internal::CaptureStdout();
    const int code = printer_learn(order);
    out = ::testing::internal::GetCapturedStdout();
    return code;
  }

  std::filesystem::path folder_;
  std::string out;
};

TEST_F(PrinterLearn, AKnownReceiptIsShownAsItWasRead) {
  EXPECT_EQ(run(order(kKnown)), kDone);
  EXPECT_THAT(out, HasSubstr("sample.bin #1: sale, sure (general-zh)"));
  EXPECT_THAT(out, HasSubstr("total 6.00  number 7  lines 1  cash 6.00"));
  EXPECT_THAT(out, HasSubstr("item |可乐"));
  EXPECT_THAT(out, HasSubstr("read with certainty: 1/1"));
}

TEST_F(PrinterLearn, AForeignOneIsMissedAndTheDraftReadsIt) {
  LearnOrder ask = order(std::string(kForeign) + kKnown);
  EXPECT_EQ(run(ask), kPartly);
  EXPECT_THAT(out, HasSubstr("?    |本次结清"));
  EXPECT_THAT(out, HasSubstr("with the draft"));

  ask = order(kForeign);
  ask.write = folder_ / "own.toml";
  EXPECT_EQ(run(ask), kFailed);
  std::ifstream draft(ask.write);
  const std::string text((std::istreambuf_iterator<char>(draft)), {});
  EXPECT_THAT(text, HasSubstr("name = \"own\""));

  ask.templates = folder_;
  ask.write.clear();
  ask.json = true;
  EXPECT_EQ(run(ask), kDone) << text;
  const json told = json::parse(out);
  EXPECT_EQ(told["samples"][0]["template"], "own");
  EXPECT_EQ(told["samples"][0]["certainty"], "sure");
  EXPECT_EQ(told["samples"][0]["checkout"]["totals"]["net"], 1150);
  EXPECT_EQ(told["samples"][0]["checkout"]["sequence"], 1007);
}

TEST_F(PrinterLearn, WhatCannotBeDoneIsSaid) {
  LearnOrder ask = order(kKnown);
  ask.by = "nobody";
  EXPECT_EQ(run(ask), kUsage);
  ask = order("");
  EXPECT_EQ(run(ask), kFailed);
  ask.files = {folder_ / "none.bin"};
  EXPECT_EQ(run(ask), kFailed);
  ask = order(kKnown);
  std::ofstream(folder_ / "broken.toml") << "name = \"x\"\n[head]\npatterns = ['(']\n";
  ask.templates = folder_;
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run(ask), kFailed);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("broken.toml: head.patterns"));
}

}  // namespace
}  // namespace tillside::cli
