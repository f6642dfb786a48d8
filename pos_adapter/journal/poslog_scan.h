// Finds Transaction elements in a growing XML text without parsing it: only tags, comments, CDATA sections,
// instructions and declarations are told apart.
#pragma once

#include <cstdint>
#include <string_view>

namespace tillside::journal {

struct Found {
  enum class What : std::uint8_t {
    nothing,      // no more to find in these bytes
    torn,         // a Transaction begins at `begin`, its end is not there yet
    transaction,  // [begin, end)
    cut_off,      // [begin, end) begins one that another begins or the document ends behind
    too_deep,     // [begin, end), nested deeper than kMaxXmlDepth
  };
  What what = What::nothing;
  std::size_t begin = 0, end = 0;  // nothing: bytes before `end` need not be seen again
};

// From `from` on, which is outside of any Transaction. Prefixes of names are passed over: arts:Transaction is one.
Found find_transaction(std::string_view bytes, std::size_t from);

// The encoding named by an XML declaration at the beginning of `head`, or blank.
std::string_view declared_encoding(std::string_view head);

// The part of a name behind its prefix.
std::string_view local_name(std::string_view name);

}  // namespace tillside::journal
