// A picture sent with GS 8 L was taken for a question, because its function stands two bytes further on than that of
// GS ( L: no block went in behind it until the question that nobody would answer was given up, that is never at its
// cut.
#include <gtest/gtest.h>

#include "pos_adapter/escpos/questions.h"
#include "tests/pos_adapter/escpos/streams.h"

namespace tillside::escpos {
namespace {

class Asking final : public Sink {
 public:
  Questions questions;
  void feed(const std::string& bytes) { walker_.feed(bytes, *this); }

  void text(std::uint64_t, std::string_view, bool) override {}
  void command(const Command& command) override { questions.asked(command, Moment(std::chrono::hours(1))); }
  void data(std::uint64_t, std::string_view, bool) override {}

 private:
  Walker walker_;
};

TEST(LargePicture, AsksNothing) {
  Asking stored, printed;
  stored.feed(hex("1d 38 4c 0b 00 00 00 30 70 30 01 01 31 08 00 01 00 aa"));
  EXPECT_EQ(stored.questions.asked(), 0U);
  printed.feed(hex("1d 38 4c 02 00 00 00 30 32"));
  EXPECT_EQ(printed.questions.asked(), 0U);
}

TEST(LargePicture, WhatIsAskedTheLongWayIsAQuestion) {
  Asking one;
  one.feed(hex("1d 38 4c 02 00 00 00 30 03"));  // how much room is left for pictures
  EXPECT_EQ(one.questions.asked(), 1U);
  one.questions.heard(hex("37 31 31 00"));
  EXPECT_EQ(one.questions.settled(), 1U);
}

}  // namespace
}  // namespace tillside::escpos
