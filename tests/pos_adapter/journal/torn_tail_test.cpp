// A file that is still being written: whatever has come so far, the same documents come out in the end.
#include <fstream>
#include <iterator>

#include "tests/pos_adapter/journal/support.h"

namespace tillside::journal::testing {
namespace {

std::string file(const char* name) {
  std::ifstream in(source_dir() / "tests/data/journal" / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string json_lines() {
  std::string out = "\xEF\xBB\xBF";
  for (int number = 1; number <= 3; ++number)
    out +=
        R"({"state":"completed","lane_id":"L1","business_date":"2026-11-22","sequence":)" + std::to_string(number) +
        R"(,"occurred_at":"2026-11-22T09:00:00Z","lines":[{"name":"榴莲","amount":100}],"totals":{"gross":100,"net":100}})" +
        (number == 2 ? "\r\n\n" : "\n");
  return out + "{broken\n";
}

Mapping retail() { return *load_mapping(source_dir() / "installer/sample_store/online-retail.toml"); }

void same_at_every_cut(Format format, const Mapping& mapping, const std::string& bytes) {
  const auto whole = read_in_pieces(format, mapping, bytes);
  const std::string wanted = told(whole);
  ASSERT_GE(whole.size(), 4u);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    ASSERT_EQ(told(read_in_pieces(format, mapping, bytes, {cut})), wanted) << "cut at " << cut;
}

void same_byte_by_byte(Format format, const Mapping& mapping, const std::string& bytes) {
  std::vector<std::size_t> cuts;
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) cuts.push_back(cut);
  EXPECT_EQ(told(read_in_pieces(format, mapping, bytes, cuts)), told(read_in_pieces(format, mapping, bytes)));
}

void nothing_before_its_time(Format format, const Mapping& mapping, const std::string& bytes) {
  const auto whole = read_in_pieces(format, mapping, bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); cut += 7) {
    const auto reader = make_reader(format, mapping, defaults());
    for (const Document& document : reader->read(std::string_view(bytes).substr(0, cut), Tail::waits).documents)
      EXPECT_LE(document.end, cut);
  }
}

TEST(TornTail, JsonLines) {
  same_at_every_cut(Format::json_lines, default_mapping(), json_lines());
  same_byte_by_byte(Format::json_lines, default_mapping(), json_lines());
  nothing_before_its_time(Format::json_lines, default_mapping(), json_lines());
}

TEST(TornTail, Csv) {
  for (const char* extra : {"", "\"torn,quote"}) {
    const std::string bytes = file("retail.csv") + extra;
    same_at_every_cut(Format::csv, retail(), bytes);
    same_byte_by_byte(Format::csv, retail(), bytes);
    nothing_before_its_time(Format::csv, retail(), bytes);
  }
}

TEST(TornTail, Poslog) {
  const std::string bytes = file("poslog.xml");
  same_at_every_cut(Format::poslog, default_mapping(), bytes);
  same_byte_by_byte(Format::poslog, default_mapping(), bytes);
  nothing_before_its_time(Format::poslog, default_mapping(), bytes);
}

TEST(TornTail, PoslogWithoutItsClosingTag) {
  std::string bytes = file("poslog.xml");
  const std::size_t all = read_in_pieces(Format::poslog, default_mapping(), bytes).size();
  bytes.resize(bytes.rfind("</POSLog>"));
  const auto reader = make_reader(Format::poslog, default_mapping(), defaults());
  EXPECT_EQ(reader->read(bytes, Tail::waits).documents.size(), all);
}

TEST(TornTail, ReadingGoesOnBehindAnyDocument) {
  const std::string bytes = file("poslog.xml");
  const auto whole = read_in_pieces(Format::poslog, default_mapping(), bytes);
  for (std::size_t done = 0; done < whole.size(); ++done) {
    const auto from = static_cast<std::size_t>(whole[done].end);
    const auto reader =
        make_reader(Format::poslog, default_mapping(), defaults(), {from, whole[done].next_line, bytes});
    const Parsed rest = reader->read(std::string_view(bytes).substr(from), Tail::closed);
    EXPECT_EQ(told(rest.documents), told({whole.begin() + static_cast<std::ptrdiff_t>(done) + 1, whole.end()}));
  }
}

}  // namespace
}  // namespace tillside::journal::testing
