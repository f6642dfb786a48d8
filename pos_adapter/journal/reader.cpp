#include "pos_adapter/journal/reader.h"

#include "pos_adapter/journal/encoding.h"
#include "pos_adapter/journal/readers.h"

namespace tillside::journal {

const char* name_of(Format format) {
  switch (format) {
    case Format::json_lines:
      return "json_lines";
    case Format::csv:
      return "csv";
    case Format::poslog:
      return "poslog";
  }
  return "";
}

Result<Format> detect(std::string_view head) {
  if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
  const auto first = head.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return Error{ErrorCode::not_found, "", "nothing but blanks"};
  if (head.find('\0') != std::string_view::npos || head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF"))
    return Error{ErrorCode::bad_format, "", "not text in UTF-8 or a national encoding (UTF-16?)"};
  switch (head[first]) {
    case '{':
      return Format::json_lines;
    case '<':
      return Format::poslog;
    case '[':
      return Error{ErrorCode::bad_format, "", "a JSON array; one document a line is wanted"};
    default:
      return Format::csv;
  }
}

std::unique_ptr<Reader> make_reader(Format format, const Mapping& mapping, const Defaults& defaults,
                                    const Start& start) {
  switch (format) {
    case Format::json_lines:
      return make_json_lines_reader(mapping, defaults, start);
    case Format::csv:
      return make_csv_reader(mapping, defaults, start);
    case Format::poslog:
      break;
  }
  return make_xml_reader(mapping, defaults, start);
}

}  // namespace tillside::journal
