#include "pos_adapter/escpos/language.h"

#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/streams.h"

namespace tillside::escpos {
namespace {

struct Case {
  std::string opening;
  Language language;
};

TEST(Language, IsToldByTheFirstBytes) {
  const std::vector<Case> cases = {
      {"^XA^FO50,50", Language::zpl},
      {"CT~~CD,~CC^~CT~\r\n^XA", Language::zpl},
      {"! 0 200 200 210 1\r\n", Language::cpcl},
      {"SIZE 40 mm,30 mm\r\n", Language::tspl},
      {"\nN\nq609\n", Language::epl},
      {hex("02") + "L\r", Language::dpl},
      {hex("02 1b 41"), Language::sbpl},
      {hex("1b") + "%-12345X@PJL", Language::pcl},
      {hex("1b 45 1b 26 6c"), Language::pcl},
      {"%!PS-Adobe-3.0", Language::postscript},
      {"%PDF-1.7", Language::pdf},
      {hex("1b 40 1b 28 47 01 00 01"), Language::escp},
      {hex("1b 40 1b 1d 61 01"), Language::star},
      {hex("1b 2a 72 41"), Language::star},
      {hex("00 00 00 1b 1e 61 30"), Language::star},
      {"RaS2PwgRaster", Language::picture},
      {hex("1b 40 1b 3d 01"), Language::escpos},
      {hex("1b 45 01"), Language::escpos},
      {hex("1b 2a 00 10 00"), Language::escpos},
      {hex("1d 76 30 00"), Language::escpos},
      {"Receipt 6\n", Language::escpos},
      {"\xba\xcf\xbc\xc6", Language::escpos},
      {"\n\n  total", Language::escpos},
      {"SIZES OF SHOES", Language::escpos},
      {"", Language::undecided},
      {hex("1b"), Language::undecided},
      {hex("1b 40"), Language::undecided},
      {"SIZ", Language::undecided},
      {"!", Language::undecided},
  };
  for (const Case& one : cases)
    EXPECT_EQ(name_of(language_of(one.opening)), std::string(name_of(one.language))) << one.opening;
}

TEST(Language, OnceDecidedItStays) {
  for (const Case& one : std::vector<Case>{{"^XA^FO50,50^FDtext^FS", Language::zpl},
                                           {hex("1b 40 1b 1d 61 01") + "text", Language::star},
                                           {"%PDF-1.7 and more", Language::pdf}}) {
    Language last = Language::undecided;
    for (std::size_t size = 0; size <= one.opening.size(); ++size) {
      const Language now = language_of(std::string_view(one.opening).substr(0, size));
      EXPECT_TRUE(last == Language::undecided || last == now);
      last = now;
    }
    EXPECT_EQ(last, one.language);
  }
  EXPECT_NE(language_of(std::string(kOpeningBytes, '\0')), Language::undecided);
}

}  // namespace
}  // namespace tillside::escpos
