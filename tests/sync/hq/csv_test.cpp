#include "sync/hq/csv.h"

#include <gtest/gtest.h>

namespace tillside::hq {
namespace {

struct Read {
  std::vector<CsvReader::Row> rows;
  explicit Read(std::string_view text, std::size_t piece = 1000) {
    CsvReader reader([&](const CsvReader::Row& row) { rows.push_back(row); });
    for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
    reader.finish();
  }
};

TEST(HqCsv, ReadsQuotesLineEndsAndABomInPiecesOfAnySize) {
  const std::string_view text = "\xEF\xBB\xBFname,say\r\nA,\"he said \"\"no\"\", twice\"\n\n\"two\nlines\",x\nlast,";
  for (std::size_t piece = 1; piece < 12; ++piece) {
    const Read read(text, piece);
    ASSERT_EQ(read.rows.size(), 4u) << piece;
    EXPECT_EQ(read.rows[0].fields, (std::vector<std::string>{"name", "say"}));
    EXPECT_EQ(read.rows[1].fields[1], "he said \"no\", twice");
    EXPECT_EQ(read.rows[2].fields[0], "two\nlines");
    EXPECT_EQ(read.rows[3].fields, (std::vector<std::string>{"last", ""}));
    EXPECT_EQ(read.rows[1].line, 2u);
  }
}

TEST(HqCsv, WritesWhatASpreadsheetDoesNotRun) {
  std::string out;
  append_csv_row(out, {"=cmd()", "-5.20", "a,b", "say \"x\""});
  EXPECT_EQ(out, "'=cmd(),-5.20,\"a,b\",\"say \"\"x\"\"\"\r\n");
}

}  // namespace
}  // namespace tillside::hq
