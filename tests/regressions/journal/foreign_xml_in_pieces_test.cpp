// An XML file that is no journal is one document that cannot be read, of all its bytes, in whatever pieces it comes. It
// was refused with no bytes at all once they had been read away; and a journal whose root came in two pieces was
// refused.
#include <gtest/gtest.h>

#include "pos_adapter/journal/reader.h"

namespace tillside::journal {
namespace {

// "begin-end code field" of each document of a file that comes in two pieces.
std::string told(std::string_view bytes, std::size_t cut) {
  static const StoreZone utc("UTC", {});
  Defaults defaults;
  defaults.store_id = "S1";
  defaults.lane_id = "L1";
  defaults.zone = &utc;
  const auto reader = make_reader(Format::poslog, default_mapping(), defaults);
  std::string text;
  const auto take = [&](const Parsed& parsed) {
    for (const Document& document : parsed.documents)
      text += std::to_string(document.begin) + "-" + std::to_string(document.end) + " " +
              (document.checkout
                   ? "ok"
                   : std::string(name_of(document.checkout.error().code)) + " " + document.checkout.error().field);
    return parsed.consumed;
  };
  const std::size_t consumed = take(reader->read(bytes.substr(0, cut), Tail::waits));
  take(reader->read(bytes.substr(consumed), Tail::closed));
  return text;
}

TEST(ForeignXml, IsRefusedWithAllItsBytes) {
  const std::string_view file = "<Inventory><Item>3</Item></Inventory>\n";
  for (std::size_t cut = 0; cut <= file.size(); ++cut) EXPECT_EQ(told(file, cut), "0-38 bad_format Inventory") << cut;
}

// Its second element was taken for the first when they came apart.
TEST(ForeignXml, AnElementWithoutANameIsTheFirst) {
  const std::string_view file = "<p:><POSLog>\n";
  for (std::size_t cut = 0; cut <= file.size(); ++cut) EXPECT_EQ(told(file, cut), "0-13 bad_format XML") << cut;
}

TEST(ForeignXml, AJournalWithoutDocumentsIsNone) {
  const std::string_view file = "\n<POSLog>\n</POSLog>\n";
  for (std::size_t cut = 0; cut <= file.size(); ++cut) EXPECT_EQ(told(file, cut), "") << cut;
}

}  // namespace
}  // namespace tillside::journal
