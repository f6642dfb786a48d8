#include "sync/hq/csv.h"

namespace tillside::hq {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789.-") == std::string_view::npos; }

}  // namespace

void CsvReader::feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (bytes_++ < kBom.size() && c == kBom[bytes_ - 1]) continue;
    if (quoted_ && !quote_seen_) {
      if (c == '"')
        quote_seen_ = true;
      else
        field_ += c;
      if (c == '\n') ++line_;
      continue;
    }
    if (quote_seen_) {
      quote_seen_ = false;
      if (c == '"') {
        field_ += '"';
        continue;
      }
      quoted_ = false;
    }
    if (c == '"' && field_.empty()) {
      quoted_ = any_ = true;
    } else if (c == ',') {
      any_ = true;
      end_field();
    } else if (c == '\n') {
      end_row();
      ++line_;
    } else {
      any_ = true;
      field_ += c;
    }
  }
}

void CsvReader::finish() {
  quoted_ = quote_seen_ = false;
  end_row();
}

void CsvReader::end_field() {
  row_.fields.push_back(std::move(field_));
  field_.clear();
}

void CsvReader::end_row() {
  if (field_.ends_with('\r')) field_.pop_back();
  if (!any_ || (row_.fields.empty() && field_.empty())) {
    any_ = false;
    field_.clear();
    return;
  }
  end_field();
  row_.line = line_;
  on_row_(row_);
  row_.fields.clear();
  any_ = false;
}

CsvHead::CsvHead(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) columns_.emplace(trimmed(names[i]), i);
}

std::string_view CsvHead::get(const CsvReader::Row& row, const char* name) const {
  const auto at = columns_.find(std::string_view(name));
  if (at == columns_.end() || at->second >= row.fields.size()) return {};
  return trimmed(row.fields[at->second]);
}

void append_csv_row(std::string& out, const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    auto text = fields[i];
    if (!text.empty() && std::string_view("=+-@\t").find(text[0]) != std::string_view::npos && !is_number(text))
      text.insert(0, 1, '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
      out += text;
      continue;
    }
    out += '"';
    for (const char c : text) {
      out += c;
      if (c == '"') out += '"';
    }
    out += '"';
  }
  out += "\r\n";
}

}  // namespace tillside::hq
