#include "tests/pos_adapter/escpos/reading_support.h"

#include <iconv.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "agent/domain/checkout_json.h"

namespace tillside::escpos::testing {

std::string encoded(std::string_view utf8, const char* charset) {
  const auto handle = ::iconv_open(charset, "UTF-8");
  std::string in(utf8), out(utf8.size() * 4 + 16, '\0');
  char* from = in.data();
  char* to = out.data();
  std::size_t from_left = in.size(), to_left = out.size();
  const bool done = ::iconv(handle, &from, &from_left, &to, &to_left) != static_cast<std::size_t>(-1);
  ::iconv_close(handle);
  if (!done) throw std::runtime_error("a sample that cannot be encoded");
  out.resize(out.size() - to_left);
  return out;
}

std::string printed(std::string_view utf8) { return "\x1B@" + encoded(utf8) + "\n\n\n\n\x1DV\x42\x10"; }

PaperReading read_bytes(std::string_view stream, std::string_view by) {
  const ReceiptTemplate* named = book().find(by);
  auto papers = read_papers(stream, named == nullptr ? PaperSettings{} : named->paper);
  PaperReading out;
  if (!papers.empty()) out.paper = std::move(papers.front());
  out.reading = book().read(out.paper, defaults(), by);
  return out;
}

PaperReading read_text(std::string_view utf8, std::string_view by) { return read_bytes(printed(utf8), by); }

std::string doubts_of(const Reading& reading) {
  std::string out;
  for (const Doubt doubt : reading.doubts) out += (out.empty() ? "" : " ") + std::string(name_of(doubt));
  return out;
}

std::vector<std::string> lines_of(const Checkout& checkout) {
  std::vector<std::string> out;
  for (const Line& line : checkout.lines)
    out.push_back(std::string(name_of(line.kind)) + " " + line.sku + "|" + line.name + "|" +
                  format_quantity(line.quantity) + line.unit + "|" + std::to_string(line.unit_price) + "|" +
                  std::to_string(line.amount) + "|" + std::to_string(line.discount));
  return out;
}

std::vector<std::string> tenders_of(const Checkout& checkout) {
  std::vector<std::string> out;
  for (const Tender& tender : checkout.tenders)
    out.push_back(std::string(name_of(tender.type)) + " " + std::to_string(tender.amount));
  return out;
}

std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace tillside::escpos::testing
