// CSV as RFC 4180 has it, fed in pieces of any size: quotes, doubled quotes, line ends CRLF or LF, an UTF-8 BOM.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tillside::hq {

class CsvReader {
 public:
  struct Row {
    std::uint64_t line = 0;  // where it starts, from 1
    std::vector<std::string> fields;
  };
  using OnRow = std::function<void(const Row&)>;
  explicit CsvReader(OnRow on_row) : on_row_(std::move(on_row)) {}

  void feed(std::string_view bytes);
  void finish();  // the last row may lack its line end

 private:
  void end_field();
  void end_row();

  OnRow on_row_;
  Row row_;
  std::string field_;
  std::uint64_t line_ = 1;
  std::uint64_t bytes_ = 0;
  bool quoted_ = false, quote_seen_ = false, any_ = false;
};

// Fields of a row by the names of the head line. Unknown columns are ignored.
class CsvHead {
 public:
  CsvHead() = default;
  explicit CsvHead(const std::vector<std::string>& names);
  bool has(const char* name) const { return columns_.contains(name); }
  std::string_view get(const CsvReader::Row& row, const char* name) const;  // trimmed; empty when absent

 private:
  std::map<std::string, std::size_t, std::less<>> columns_;
};

// Appends one row; fields are quoted where they must be. A field that a spreadsheet would run as a formula gets a
// leading apostrophe.
void append_csv_row(std::string& out, const std::vector<std::string>& fields);

}  // namespace tillside::hq
