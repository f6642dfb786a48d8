// Finds the elements that are documents in a growing XML text without parsing it: only tags, comments, CDATA sections,
// instructions and declarations are told apart. Documents are a POSLog's Transaction and a NAXML-POSJournal's events.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tillside::journal {

struct Found {
  enum class What : std::uint8_t {
    nothing,   // no more to find in these bytes
    torn,      // a document begins at `begin`, its end is not there yet
    document,  // [begin, end)
    cut_off,   // [begin, end) begins one that another begins or the file ends behind
    too_deep,  // [begin, end), nested deeper than kMaxXmlDepth
  };
  What what = What::nothing;
  std::size_t begin = 0, end = 0;  // nothing: bytes before `end` need not be seen again
  std::string_view name = {};      // of the document's element
};

// From `from` on, which is outside of any document. Prefixes of names are passed over: arts:Transaction is one.
// A NAXML TransmissionHeader is found like a document: it names the store of the events behind it.
Found find_document(std::string_view bytes, std::size_t from);

inline constexpr std::string_view kPoslogDocument = "Transaction", kNaxmlHeader = "TransmissionHeader";
bool is_document(std::string_view name);

// The local name of the first element; nullopt when none has begun.
std::optional<std::string_view> root_of(std::string_view head);

inline constexpr std::size_t kDeclarationEnds = 512;  // an XML declaration ends within

// The encoding that an XML declaration at the very beginning names; blank when there is none.
// nullopt: more bytes are needed to tell (never when there are kDeclarationEnds).
std::optional<std::string_view> declared_encoding(std::string_view head);

// The part of a name behind its prefix.
std::string_view local_name(std::string_view name);

}  // namespace tillside::journal
