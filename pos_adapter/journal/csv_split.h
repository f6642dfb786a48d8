// RFC 4180 records out of bytes: quotes, doubled quotes, delimiters and newlines within quotes; CRLF, LF or CR ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillside::journal {

struct Record {
  std::vector<std::string> fields;
  std::size_t size = 0;     // bytes, with the line end
  std::uint64_t lines = 0;  // line ends within and behind it
};

enum class Split : std::uint8_t {
  record,
  torn,    // its end is not there yet
  broken,  // closed within quotes, or over kMaxDocument; size and lines tell its first physical line
};

// The record at the beginning of `bytes`, which must not be empty. `out` is reused.
// A quote within an unquoted field stands for itself (12" plate).
Split split_record(std::string_view bytes, char delimiter, bool closed, Record& out);

// The one of , ; and tab that stands most often outside quotes in the first line; a comma when none does.
// nullopt: the line's end has not come yet (never when `closed` or over kMaxDocument).
std::optional<char> find_delimiter(std::string_view head, bool closed);

}  // namespace tillside::journal
