#include "pos_adapter/escpos/passage.h"

#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/fake_desk.h"
#include "tests/pos_adapter/escpos/streams.h"

namespace tillside::escpos {
namespace {

using std::chrono::milliseconds;

const std::string kCut = hex("1b 69");
const std::string kKick = hex("1b 70 00 32 fa");

// A passage, its printer, and a clock that only the test moves.
class Line {
 public:
  explicit Line(const PassageSettings& settings = {}) : passage(settings, desk) { passage.begin_job(now); }

  FakeDesk desk;
  Passage passage;
  Moment now{std::chrono::hours(1)};
  std::string paper;   // all that was written
  std::string theirs;  // without our blocks

  void send(std::string_view bytes) {
    passage.from_pos(bytes, now);
    write();
  }
  void wait(milliseconds time) {
    now += time;
    passage.tick(now);
    write();
  }
  void answer(std::uint64_t number, const std::string& block, bool goes_on = false) {
    passage.answered(number, {.block = block, .goes_on = goes_on}, now);
    write();
  }
  void close() {
    passage.pos_closed(now);
    write();
  }
  void write(std::size_t at_most = std::string::npos) {
    while (!passage.ready().empty() && at_most > 0) {
      const std::string piece(passage.ready().substr(0, at_most));
      paper += piece;
      if (!passage.ready_is_ours()) theirs += piece;
      at_most -= piece.size();
      passage.written(piece.size(), now);
    }
  }
};

TEST(Passage, TheBlockStandsBeforeTheCut) {
  Line line;
  line.send("total 1.85\n" + kCut + kKick);
  EXPECT_EQ(line.paper, "total 1.85\n");
  ASSERT_EQ(line.desk.asked.size(), 1U);
  EXPECT_EQ(line.desk.asked[0].bytes, "total 1.85\n");
  EXPECT_EQ(line.desk.asked[0].end, ReceiptEnd::cut);
  line.answer(1, "coupon\n");
  EXPECT_EQ(line.paper, "total 1.85\ncoupon\n" + kCut + kKick);
  EXPECT_TRUE(line.desk.outcomes[1].at(0));
  EXPECT_EQ(line.passage.counts().blocks, 1U);
}

TEST(Passage, WithoutAnAnswerTheCutWaitsNoLongerThanItMay) {
  Line line;
  line.send("total\n" + kCut);
  line.wait(milliseconds(149));
  EXPECT_EQ(line.paper, "total\n");
  EXPECT_EQ(line.passage.next_tick(), line.now + milliseconds(1));
  line.wait(milliseconds(1));
  EXPECT_EQ(line.paper, "total\n" + kCut);
  EXPECT_FALSE(line.desk.outcomes[1].at(0));
  line.answer(1, "too late\n");
  EXPECT_EQ(line.paper, "total\n" + kCut);
  EXPECT_TRUE(line.desk.settled());
}

TEST(Passage, NothingWaitsOutsideTheCut) {
  Line line;
  std::string sent;
  for (const char byte : chinese_receipt()) {
    const std::string one(1, byte);
    line.send(one);
    sent += one;
    const std::string begun = sent.substr(line.paper.size());
    if (!line.desk.asked.empty()) continue;
    EXPECT_TRUE(begun.size() <= 3 && (begun.empty() || begun[0] == 0x1B || begun[0] == 0x1D));
  }
}

TEST(Passage, ABegunCutThatNeverComesIsLetGo) {
  Line line;
  line.send("text\n\x1D");
  EXPECT_EQ(line.paper, "text\n");
  line.wait(milliseconds(150));
  EXPECT_EQ(line.paper, "text\n\x1D");
  line.send(hex("56 00"));  // the cut, but its beginning is with the printer
  EXPECT_EQ(line.paper, "text\n" + hex("1d 56 00"));
  EXPECT_FALSE(line.desk.outcomes[1].at(0));
}

TEST(Passage, EveryFormOfCutEndsAReceipt) {
  for (const char* cut : {"1b 69", "1b 6d", "1d 56 00", "1d 56 30", "1d 56 31", "1d 56 41 10", "1d 56 42 00",
                          "1d 56 62 00", "1d 56 68 00"}) {
    for (const bool bytewise : {false, true}) {
      Line line;
      line.send("total\n");
      const std::string bytes = hex(cut);
      if (!bytewise) line.send(bytes);
      for (std::size_t i = 0; bytewise && i < bytes.size(); ++i) line.send(bytes.substr(i, 1));
      ASSERT_EQ(line.desk.asked.size(), 1U) << cut;
      line.answer(1, "coupon\n");
      EXPECT_EQ(line.paper, "total\ncoupon\n" + bytes) << cut;
    }
  }
}

TEST(Passage, ACutWithNothingBeforeItIsNoReceipt) {
  Line line;
  line.send(hex("1b 40") + "   \n" + kCut + kKick + kCut);
  EXPECT_TRUE(line.desk.asked.empty());
  EXPECT_TRUE(line.passage.passed());
}

TEST(Passage, SeveralReceiptsInOnePiece) {
  Line line;
  line.send("one\n" + kCut + "two\n" + kCut + "three\n" + kCut);
  ASSERT_EQ(line.desk.asked.size(), 3U);
  EXPECT_EQ(line.desk.asked[1].bytes, "two\n");
  line.answer(2, "B\n");
  EXPECT_EQ(line.paper, "one\n");
  line.answer(1, "A\n");
  EXPECT_EQ(line.paper, "one\nA\n" + kCut + "two\nB\n" + kCut + "three\n");
  line.wait(milliseconds(150));
  EXPECT_EQ(line.theirs, "one\n" + kCut + "two\n" + kCut + "three\n" + kCut);
  EXPECT_TRUE(line.desk.settled());
}

// What the POS fed to bring its last line to the cutter is fed again behind our block.
TEST(Passage, FeedsBeforeTheCutAreMadeAgain) {
  Line line;
  line.send("total\n\n\n" + hex("1b 64 03") + kCut);
  line.answer(1, "coupon\n");
  EXPECT_EQ(line.paper, "total\n\n\n" + hex("1b 64 03") + "coupon\n\n\n" + hex("1b 64 03") + kCut);
}

TEST(Passage, APosThatDoesNotCutIsFollowedBySilence) {
  Line line;
  line.send("total\n\n\n");
  line.wait(milliseconds(1999));
  EXPECT_TRUE(line.desk.asked.empty());
  line.wait(milliseconds(1));
  ASSERT_EQ(line.desk.asked.size(), 1U);
  EXPECT_EQ(line.desk.asked[0].end, ReceiptEnd::idle);
  line.answer(1, "coupon\n");
  EXPECT_EQ(line.paper, "total\n\n\ncoupon\n\n\n");
  line.wait(std::chrono::hours(1));
  EXPECT_EQ(line.desk.asked.size(), 1U);
  line.send("next\n");
  line.wait(milliseconds(2000));
  ASSERT_EQ(line.desk.asked.size(), 2U);
  EXPECT_EQ(line.desk.asked[1].bytes, "next\n");
}

TEST(Passage, ThePauseWithinALineIsNoEnd) {
  Line line;
  line.send("total");
  line.wait(std::chrono::minutes(1));
  EXPECT_TRUE(line.desk.asked.empty());
}

TEST(Passage, TheDrawerShortensTheSilence) {
  Line line;
  line.send("total\n" + kKick);
  EXPECT_EQ(line.paper, "total\n" + kKick);
  line.wait(milliseconds(500));
  EXPECT_EQ(line.desk.asked.size(), 1U);
}

TEST(Passage, TheDrawerIsAnEndWhereThatIsSet) {
  Line line({.kick_ends = true});
  line.send(kKick + "total\n" + hex("1b 70"));
  line.send(hex("00 32 fa"));
  line.answer(1, "coupon\n");
  EXPECT_EQ(line.paper, kKick + "total\ncoupon\n" + kKick);
}

// Before its payment a POS may print, pause, and go on.
TEST(Passage, APauseThatIsNotTheEnd) {
  Line line;
  line.send("durian\n");
  line.wait(milliseconds(2000));
  line.answer(1, "", true);
  EXPECT_FALSE(line.desk.outcomes[1].at(0));
  line.wait(std::chrono::minutes(1));
  EXPECT_EQ(line.desk.asked.size(), 1U);
  line.send("total\n" + kCut);
  ASSERT_EQ(line.desk.asked.size(), 2U);
  EXPECT_EQ(line.desk.asked[1].bytes, "durian\ntotal\n");
  line.answer(2, "coupon\n");
  EXPECT_EQ(line.paper, "durian\ntotal\ncoupon\n" + kCut);
  EXPECT_TRUE(line.desk.settled());
}

// A cut that comes while the pause before it is being asked about gets that very answer: the sale is told once.
TEST(Passage, ACutDuringTheQuestionOfAPauseTakesItsAnswer) {
  Line line;
  line.send("total\n");
  line.wait(milliseconds(2000));
  ASSERT_EQ(line.desk.asked.size(), 1U);
  line.send("\n\n" + kCut);
  EXPECT_EQ(line.paper, "total\n\n\n");
  line.answer(1, "coupon\n");
  EXPECT_EQ(line.paper, "total\n\n\ncoupon\n\n\n" + kCut);
  EXPECT_EQ(line.desk.asked.size(), 1U);
  EXPECT_TRUE(line.desk.outcomes[1].at(0));
  EXPECT_TRUE(line.desk.settled());
}

TEST(Passage, NothingWaitsForAPause) {
  Line line;
  line.send("total\n");
  line.wait(milliseconds(2000));
  line.send("next receipt\n");
  EXPECT_EQ(line.paper, "total\nnext receipt\n");
  EXPECT_FALSE(line.desk.outcomes[1].at(0));
  EXPECT_TRUE(line.desk.settled());
}

TEST(Passage, AJobThatIsClosedWithoutACutIsAReceipt) {
  Line line;
  line.send("total");
  line.close();
  ASSERT_EQ(line.desk.asked.size(), 1U);
  EXPECT_EQ(line.desk.asked[0].end, ReceiptEnd::closed);
  EXPECT_FALSE(line.passage.passed());
  line.answer(1, "coupon\n");
  EXPECT_EQ(line.paper, "total\ncoupon\n");
  EXPECT_TRUE(line.passage.passed());
}

TEST(Passage, AJobClosedBehindAPauseIsToldOnce) {
  for (const bool in_time : {false, true}) {
    Line line;
    line.send("total\n");
    line.wait(milliseconds(2000));
    if (!in_time) line.wait(milliseconds(200));
    line.close();
    line.answer(1, "coupon\n");
    EXPECT_EQ(line.desk.asked.size(), 1U);
    EXPECT_EQ(line.paper, in_time ? "total\ncoupon\n" : "total\n");
    EXPECT_TRUE(line.desk.settled());
  }
}

TEST(Passage, NotInPageMode) {
  Line line;
  line.send(hex("1b 4c") + "page" + kCut);
  line.answer(1, "coupon\n");
  EXPECT_EQ(line.paper, hex("1b 4c") + "page" + kCut);
  EXPECT_EQ(line.passage.counts().no_place, 1U);
}

TEST(Passage, NotBetweenAQuestionAndItsAnswer) {
  Line line;
  line.send(hex("10 04 01"));
  line.passage.from_printer("\x16", line.now);
  line.send("total\n" + hex("1d 72 01") + kCut);
  line.answer(1, "coupon\n");
  EXPECT_EQ(line.paper, hex("10 04 01") + "total\n" + hex("1d 72 01"));
  line.passage.from_printer(std::string(1, '\0'), line.now);
  line.write();
  EXPECT_EQ(line.paper, hex("10 04 01") + "total\n" + hex("1d 72 01") + "coupon\n" + kCut);
}

TEST(Passage, AnUnansweredQuestionLeavesNoPlace) {
  Line line;
  line.send(hex("10 04 01"));
  line.passage.from_printer("\x16", line.now);
  line.send("total\n" + hex("1d 72 01") + kCut);
  line.answer(1, "coupon\n");
  line.wait(milliseconds(150));
  EXPECT_EQ(line.paper, hex("10 04 01") + "total\n" + hex("1d 72 01") + kCut);
  EXPECT_FALSE(line.desk.outcomes[1].at(0));
}

TEST(Passage, AMutePrinterGetsItsBlocks) {
  Line line;
  line.send(hex("10 04 01"));
  line.wait(milliseconds(3000));
  line.send(hex("10 04 01") + "total\n" + kCut);
  line.answer(1, "coupon\n");
  EXPECT_NE(line.paper.find("coupon"), std::string::npos);
}

TEST(Passage, ThePoleDisplayIsNotThePaper) {
  Line line;
  for (int i = 0; i < 100000; ++i) line.send(hex("1b 3d 02 0c") + "welcome" + hex("1b 3d 01"));
  EXPECT_TRUE(line.desk.asked.empty());
  line.send("total\n" + hex("1b 3d 02 0c") + "welcome" + hex("1b 3d 01") + "paid\n" + kCut);
  ASSERT_EQ(line.desk.asked.size(), 1U);
  EXPECT_EQ(line.desk.asked[0].bytes, "total\n" + hex("1b 3d 01") + "paid\n");
  line.answer(1, "coupon\n");
  EXPECT_NE(line.paper.find("paid\ncoupon\n"), std::string::npos);
}

TEST(Passage, AJobInAnotherLanguagePassesUnread) {
  for (const char* job :
       {"^XA^FO20,20^FDtotal^FS^XZ\x1Bi", "%PDF-1.4 \x1Bi", "\x1B%-12345X@PJL\n\x1Bi", "SIZE 40 mm\n\x1Bi",
        "\x1B\x1D"
        "a\x01 star\n\x1Bi"}) {
    Line line;
    line.send(job);
    line.close();
    EXPECT_EQ(line.paper, job);
    EXPECT_TRUE(line.desk.asked.empty());
    EXPECT_EQ(line.passage.counts().other_language, 1U);
    line.passage.begin_job(line.now);
    line.send("total\n" + kCut);
    EXPECT_EQ(line.desk.asked.size(), 1U);
  }
}

TEST(Passage, AReceiptTooLongToReadPasses) {
  Line line;
  const std::string row(1000, 'x');
  std::string sent;
  for (int i = 0; i < 1100; ++i) {
    line.send(row + "\n");
    sent += row + "\n";
  }
  line.send(kCut + "total\n" + kCut);
  EXPECT_EQ(line.passage.counts().too_long, 1U);
  ASSERT_EQ(line.desk.asked.size(), 1U);
  EXPECT_EQ(line.desk.asked[0].bytes, "total\n");
}

TEST(Passage, AReceiptOfAPrinterThatWentAwayIsOver) {
  Line line;
  line.passage.from_pos("total\n" + kCut, line.now);
  line.answer(1, "coupon\n");
  line.passage.from_pos("more\n" + kCut, line.now);
  line.passage.printer_lost();
  EXPECT_TRUE(line.passage.passed());
  EXPECT_TRUE(line.desk.settled());
  line.send("again\n" + kCut);
  line.answer(3, "coupon\n");
  EXPECT_TRUE(line.desk.outcomes[3].at(0));
}

TEST(Passage, ABlockThatWasWrittenInPartIsNotPrinted) {
  Line line;
  line.passage.from_pos("total\n" + kCut, line.now);
  line.write(6);
  line.passage.answered(1, {.block = "coupon\n"}, line.now);
  line.write(3);
  EXPECT_TRUE(line.desk.outcomes.empty());
  line.passage.printer_lost();
  EXPECT_FALSE(line.desk.outcomes[1].at(0));
}

// Sends in random pieces with random pauses, answers early, late, never, in any order; the printer answers now and
// then.
std::string passed_in_pieces(const std::string& bytes, std::mt19937& random, bool with_blocks, std::size_t* blocks) {
  Line line({.kick_ends = random() % 2 == 0, .endless = random() % 2 == 0});
  std::size_t answered = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = std::min<std::size_t>(bytes.size() - at, 1 + random() % (random() % 4 == 0 ? 4096 : 40));
    line.send(std::string_view(bytes).substr(at, size));
    at += size;
    if (random() % 8 == 0) line.wait(milliseconds(random() % 3000));
    if (random() % 8 == 0) line.passage.from_printer("\x16", line.now);
    while (with_blocks && answered < line.desk.asked.size() && random() % 4 != 0) {
      line.answer(++answered, random() % 3 == 0 ? "" : hex("1d 21 11") + "ours\n" + hex("1b 61 01"), random() % 5 == 0);
    }
  }
  line.close();
  for (int i = 0; i < 1000 && !line.passage.passed(); ++i) line.wait(milliseconds(150));
  EXPECT_TRUE(line.passage.passed());
  EXPECT_TRUE(line.desk.settled());
  if (!with_blocks) {
    EXPECT_EQ(line.paper, bytes);
  }
  *blocks += line.passage.counts().blocks;
  return line.theirs;
}

TEST(Passage, WhatComesOutIsWhatWentInButForOurBlocks) {
  std::size_t blocks = 0;
  for (unsigned seed = 0; seed < 600; ++seed) {
    std::mt19937 random(seed);
    std::string bytes = likely_bytes(random, 1500) + chinese_receipt() + likely_bytes(random, 300);
    ASSERT_EQ(passed_in_pieces(bytes, random, seed % 4 != 0, &blocks), bytes) << seed;
  }
  EXPECT_GT(blocks, 40U);
}

TEST(Passage, RealStreams) {
  const auto files = shared_streams();
  if (files.empty()) GTEST_SKIP() << "the folder of real inputs is not here";
  std::size_t blocks = 0;
  for (const auto& file : files) {
    const std::string bytes = read_whole(file);
    for (unsigned seed = 0; seed < 10; ++seed) {
      std::mt19937 random(seed);
      ASSERT_EQ(passed_in_pieces(bytes, random, seed > 1, &blocks), bytes) << file << " " << seed;
    }
  }
  EXPECT_GT(blocks, 20U);
}

TEST(Passage, AtEveryBoundary) {
  const std::string bytes = chinese_receipt();
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Line line;
    line.send(bytes.substr(0, cut));
    line.send(bytes.substr(cut));
    ASSERT_EQ(line.desk.asked.size(), 1U) << cut;
    line.answer(1, "ours\n");
    line.close();
    ASSERT_EQ(line.theirs, bytes) << cut;
    ASSERT_EQ(line.passage.counts().blocks, 1U) << cut;
  }
}

}  // namespace
}  // namespace tillside::escpos
