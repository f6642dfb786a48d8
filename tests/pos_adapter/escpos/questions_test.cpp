#include "pos_adapter/escpos/questions.h"

#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/streams.h"

namespace tillside::escpos {
namespace {

using std::chrono::milliseconds;

class Asking final : public Sink {
 public:
  Questions questions;
  Moment now{std::chrono::hours(1)};
  void ask(const char* bytes) { walker_.feed(hex(bytes), *this); }
  std::uint64_t open() const { return questions.asked() - questions.settled(); }

  void text(std::uint64_t, std::string_view, bool) override {}
  void command(const Command& command) override { questions.asked(command, now); }
  void data(std::uint64_t, std::string_view, bool) override {}

 private:
  Walker walker_;
};

struct Exchange {
  const char* question;
  const char* answer;
};

TEST(Questions, EachHasItsAnswer) {
  for (const Exchange& one : std::vector<Exchange>{{"10 04 01", "16"},
                                                   {"10 04 04", "12"},
                                                   {"1d 72 01", "00"},
                                                   {"1d 72 01", "0f"},
                                                   {"1b 76", "03"},
                                                   {"1d 49 01", "20"},
                                                   {"1d 49 43", "5f 54 4d 2d 54 38 38 00"},
                                                   {"1d 61 ff", "14 00 00 0f"},
                                                   {"1d 28 48 06 00 30 30 31 32 33 34", "37 22 31 32 33 34 00"},
                                                   {"1d 28 6b 03 00 31 52 30", "37 36 31 00"}}) {
    Asking asking;
    asking.ask(one.question);
    EXPECT_EQ(asking.open(), 1U) << one.question;
    asking.questions.heard(hex(one.answer));
    EXPECT_EQ(asking.open(), 0U) << one.question;
  }
}

TEST(Questions, StatusNobodyAskedForAnswersNothing) {
  Asking asking;
  asking.ask("1d 72 01");
  asking.questions.heard(hex("11 13 14 00 00 0f"));
  EXPECT_EQ(asking.open(), 1U);
  asking.questions.heard(hex("00"));
  EXPECT_EQ(asking.open(), 0U);
}

TEST(Questions, AnAnswerInPiecesCountsWhenItIsWhole) {
  Asking asking;
  asking.ask("1d 49 43");
  asking.questions.heard(hex("5f 54 4d"));
  EXPECT_EQ(asking.open(), 1U);
  asking.questions.heard(hex("00"));
  EXPECT_EQ(asking.open(), 0U);
}

TEST(Questions, WhatAsksNothing) {
  Asking asking;
  for (const char* bytes :
       {"1b 40", "1d 61 00", "10 05 01", "10 14 01 00 01", "1d 28 4c 02 00 30 32", "1b 3d 02 1b 40"}) {
    asking.ask(bytes);
  }
  EXPECT_EQ(asking.questions.asked(), 0U);
}

TEST(Questions, PatienceEnds) {
  Asking asking;
  asking.ask("10 04 01");
  asking.questions.heard(hex("16"));
  asking.ask("10 04 01");
  EXPECT_EQ(asking.questions.given_up_at(), asking.now + milliseconds(3000));
  asking.questions.tick(asking.now + milliseconds(2999));
  EXPECT_EQ(asking.open(), 1U);
  asking.questions.tick(asking.now + milliseconds(3000));
  EXPECT_EQ(asking.open(), 0U);
  asking.ask("10 04 01");
  EXPECT_EQ(asking.open(), 1U) << "it has spoken before, so it is not mute";
}

TEST(Questions, AMutePrinterIsAskedInVainOnlyOnce) {
  Asking asking;
  asking.ask("10 04 01");
  asking.questions.tick(asking.now + milliseconds(3000));
  asking.ask("10 04 01");
  EXPECT_EQ(asking.open(), 0U);
  asking.questions.heard(hex("16"));
  asking.ask("10 04 01");
  EXPECT_EQ(asking.open(), 1U);
}

TEST(Questions, FloodsAreBounded) {
  Asking asking;
  for (int i = 0; i < 10000; ++i) asking.ask("10 04 01");
  EXPECT_LE(asking.open(), 64U);
}

}  // namespace
}  // namespace tillside::escpos
