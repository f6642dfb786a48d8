#include "tests/fakes/paper.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace tillside::fakes {
namespace {

using namespace std::string_literals;
using Kind = PaperItem::Kind;
using Lines = std::vector<std::string>;

TEST(Paper, KeepsTextBetweenCommandsThatItWalksByLength) {
  const Paper paper = print_on_paper("\x1b@\x1b\x61\x01Til\x1b\x45\x01lside\n\x1d!\x11second\nunfinished");
  EXPECT_EQ(paper.lines(), (Lines{"Tillside", "second", "unfinished"}));
  EXPECT_EQ(paper.items.front().alignment, 1);
}

TEST(Paper, DoesNotTakePictureDataForCommands) {
  const Paper paper = print_on_paper("\x1dv0\0\x02\0\x02\0\x10\x04\x1b\x69"s + "text\n");
  ASSERT_EQ(paper.items.size(), 2U);
  EXPECT_EQ(paper.items[0].kind, Kind::picture);
  EXPECT_EQ(paper.lines(), Lines{"text"});
}

TEST(Paper, ReadsRasterFromTheHighestBit) {
  const Picture picture = print_on_paper("\x1dv0\0\x01\0\x02\0\x80\x01"s).pictures().at(0);
  ASSERT_EQ(picture.width, 8);
  ASSERT_EQ(picture.height, 2);
  EXPECT_TRUE(picture.dark(0, 0));
  EXPECT_FALSE(picture.dark(7, 0));
  EXPECT_TRUE(picture.dark(7, 1));
}

TEST(Paper, JoinsBandsUntilThePaperMoves) {
  const std::string band = "\x1dv0\0\x01\0\x01\0\xff"s;
  EXPECT_EQ(print_on_paper(band + band).pictures().size(), 1U);
  EXPECT_EQ(print_on_paper(band + band).pictures().at(0).height, 2);
  EXPECT_EQ(print_on_paper(band + "\n" + band).pictures().size(), 2U);
  EXPECT_EQ(print_on_paper(band + "\x1b\x64\x02" + band).pictures().size(), 2U);
  EXPECT_EQ(raster_commands(band + band).size(), 2U);
}

TEST(Paper, CutsOffWhatThePaperIsTooNarrowFor) {
  EXPECT_EQ(print_on_paper("\x1dv0\0\x02\0\x01\0\xff\xff"s, 12).pictures().at(0).width, 12);
}

TEST(Paper, SeesCutsAndTheDrawer) {
  const Paper paper = print_on_paper("a\n\x1dVB\x03\x1bp\0\x19\x19\x1bi"s);
  EXPECT_EQ(paper.of(Kind::cut).size(), 2U);
  EXPECT_EQ(paper.of(Kind::drawer).size(), 1U);
}

TEST(Paper, RefusesWhatItDoesNotUnderstand) {
  EXPECT_THROW(print_on_paper("\x1b\x7f"), std::runtime_error);
  EXPECT_THROW(print_on_paper("\x1dv0\0\x02\0\x01\0\xff"s), std::runtime_error);
  EXPECT_THROW(print_on_paper("text\x1dv0\0\x01\0\x01\0\xff"s), std::runtime_error);
  EXPECT_THROW(print_on_paper("\x1d(k\x03\0\x31Q1"s), std::runtime_error);
}

}  // namespace
}  // namespace tillside::fakes
