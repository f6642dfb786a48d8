// Found by fuzzing: the beginning of a file was judged before enough of it had come.
#include "tests/pos_adapter/journal/support.h"

namespace tillside::journal::testing {
namespace {

void same_at_every_cut(Format format, const std::string& bytes) {
  const std::string wanted = told(read_in_pieces(format, default_mapping(), bytes));
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    ASSERT_EQ(told(read_in_pieces(format, default_mapping(), bytes, {cut})), wanted) << "cut at " << cut;
}

// The delimiter was chosen at the first newline, though it stood within quotes.
TEST(TornStart, AHeaderWithANewlineInQuotes) {
  same_at_every_cut(Format::csv, "\"a\nb,c,d\";ticket;unit_price\nx;1;1.00\nx;2;2.00\n");
}

// A declaration further down set the encoding when it came in the same piece.
TEST(TornStart, ADeclarationThatIsNotTheBeginning) {
  const std::string bytes =
      "<POSLog><?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Transaction><ControlTransaction><NoSale/>"
      "</ControlTransaction><Note>\xE9</Note></Transaction></POSLog>";
  same_at_every_cut(Format::poslog, bytes);
  const auto documents = read_in_pieces(Format::poslog, default_mapping(), bytes);
  ASSERT_EQ(documents.size(), 1u);
  EXPECT_EQ(documents[0].checkout.error().code, ErrorCode::invalid_utf8);
}

TEST(TornStart, ADeclarationInPieces) {
  same_at_every_cut(Format::poslog,
                    "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><POSLog><Transaction>"
                    "<ControlTransaction><NoSale/></ControlTransaction><Note>\xE9</Note></Transaction></POSLog>");
}

}  // namespace
}  // namespace tillside::journal::testing
