#include "pos_adapter/plugin/spool_file.h"

#include <gtest/gtest.h>

#include <string>

namespace tillside::pos {
namespace {

std::string file_of(Verb verb, const std::string& document) {
  const SpoolLine line(verb, Text(document.data(), document.size()));
  return std::string(line.text().data, line.text().size) + document;
}

bool reads(const std::string& file, Verb& verb, std::string& document) {
  Text found;
  if (!read_spool_file(Text(file.data(), file.size()), verb, found)) return false;
  document.assign(found.empty() ? "" : found.data, found.size);
  return true;
}

TEST(SpoolFile, IsTheCrcEverybodyKnows) { EXPECT_EQ(crc32("123456789"), 0xCBF43926U); }

TEST(SpoolFile, ComesBackAsItWasWritten) {
  for (const Verb verb : {Verb::complete, Verb::reverse, Verb::event}) {
    Verb found = Verb::advise;
    std::string document;
    ASSERT_TRUE(reads(file_of(verb, "{\"a\":\"榴莲\n\"}"), found, document));
    EXPECT_EQ(found, verb);
    EXPECT_EQ(document, "{\"a\":\"榴莲\n\"}");
  }
  EXPECT_EQ(file_of(Verb::event, "{}"), "tillside-pos-spool 1 event 2 a3a6bf43\n{}");
}

TEST(SpoolFile, AnyCutAndAnyChangedByteIsNoticed) {
  const std::string whole = file_of(Verb::complete, "{\"checkout_id\":\"0123\"}");
  Verb verb = Verb::complete;
  std::string document;
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(reads(whole.substr(0, size), verb, document));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(reads(changed, verb, document)) << i;
  }
  EXPECT_FALSE(reads(whole + "x", verb, document));
  EXPECT_FALSE(reads(file_of(Verb::advise, "{}"), verb, document)) << "never queued";
}

TEST(SpoolFile, IsNamedByItsNumber) {
  char name[kSpoolName];
  spool_name(451, name);
  EXPECT_STREQ(name, "0000000000000451.doc");
  std::uint64_t number = 0;
  EXPECT_TRUE(number_of(name, number));
  EXPECT_EQ(number, 451U);
  for (const char* other : {"", "451.doc", "0000000000000451.tmp", "000000000000045x.doc", "0000000000000451.doc~"})
    EXPECT_FALSE(number_of(other, number)) << other;
}

}  // namespace
}  // namespace tillside::pos
