#include "pos_adapter/journal/xml_scan.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "pos_adapter/journal/encoding.h"
#include "pos_adapter/journal/reader.h"

namespace tillside::journal {
namespace {

constexpr auto kNotFound = std::string_view::npos;

constexpr std::size_t kMaxTag = 32 << 10;  // a longer tag, comment or declaration is taken for text

enum class Kind : std::uint8_t { open, close, empty, prologue, other, torn };

// A construct that begins with `<`.
struct Tag {
  Kind kind = Kind::torn;
  std::string_view name;  // local, of open, close and empty
  std::size_t end = 0;
};

std::size_t find_byte(std::string_view bytes, char byte, std::size_t from) {
  const void* found = from < bytes.size() ? std::memchr(bytes.data() + from, byte, bytes.size() - from) : nullptr;
  return found == nullptr ? kNotFound : static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
}

Tag until(std::string_view bytes, std::string_view closing, std::size_t from, Kind kind) {
  const auto end = bytes.find(closing, from);
  if (end == kNotFound) return {};
  return {kind, {}, end + closing.size()};
}

// <!DOCTYPE ... [ ... ] >, with quoted texts in it.
Tag declaration(std::string_view bytes, std::size_t at) {
  int brackets = 0;
  for (std::size_t i = at + 2; i < bytes.size(); ++i) {
    const char byte = bytes[i];
    if (byte == '"' || byte == '\'') {
      i = find_byte(bytes, byte, i + 1);
      if (i == kNotFound) return {};
    } else if (byte == '[') {
      ++brackets;
    } else if (byte == ']') {
      --brackets;
    } else if (byte == '>' && brackets <= 0) {
      return {Kind::other, {}, i + 1};
    }
  }
  return {};
}

bool could_begin(std::string_view bytes, std::size_t at, std::string_view what) {
  const auto there = bytes.substr(at, what.size());
  return there.size() < what.size() && what.starts_with(there);
}

Tag marked(std::string_view bytes, std::size_t at) {
  static constexpr std::string_view kComment = "<!--", kCdata = "<![CDATA[";
  if (bytes.substr(at).starts_with(kComment)) return until(bytes, "-->", at + kComment.size(), Kind::other);
  if (bytes.substr(at).starts_with(kCdata)) return until(bytes, "]]>", at + kCdata.size(), Kind::other);
  if (could_begin(bytes, at, kComment) || could_begin(bytes, at, kCdata)) return {};
  return declaration(bytes, at);
}

// The `>` that ends a tag, not one in an attribute's value.
std::size_t tag_end(std::string_view bytes, std::size_t from) {
  while (true) {
    const auto end = find_byte(bytes, '>', from);
    if (end == kNotFound) return kNotFound;
    const std::string_view inside = bytes.substr(from, end - from);
    const auto quote = inside.find_first_of("\"'");
    if (quote == kNotFound) return end;
    const auto closing = find_byte(bytes, inside[quote], from + quote + 1);
    if (closing == kNotFound) return kNotFound;
    from = closing + 1;
  }
}

Tag element(std::string_view bytes, std::size_t at) {
  const bool closing = bytes[at + 1] == '/';
  const std::size_t name_at = at + (closing ? 2 : 1);
  std::size_t name_end = name_at;
  while (name_end < bytes.size() && !std::strchr(" \t\r\n/>", bytes[name_end])) ++name_end;
  const auto end = tag_end(bytes, name_end);
  if (end == kNotFound) return {};
  const bool empty = bytes[end - 1] == '/' && !closing;
  const auto name = local_name(bytes.substr(name_at, name_end - name_at));
  return {closing ? Kind::close : (empty ? Kind::empty : Kind::open), name, end + 1};
}

Tag any_tag(std::string_view bytes, std::size_t at) {
  if (at + 1 >= bytes.size()) return {};
  switch (bytes[at + 1]) {
    case '!':
      return marked(bytes, at);
    case '?':
      return until(bytes, "?>", at + 2, bytes.substr(at).starts_with("<?xml ") ? Kind::prologue : Kind::other);
    default:
      return element(bytes, at);
  }
}

Tag tag_at(std::string_view bytes, std::size_t at) {
  const Tag tag = any_tag(bytes.substr(0, at + kMaxTag), at);
  if (tag.kind == Kind::torn && bytes.size() - at >= kMaxTag) return {Kind::other, {}, at + 1};
  return tag;
}

bool begins_anew(const Tag& tag, std::string_view opened) {
  if (tag.kind == Kind::prologue) return true;
  if (opened == kPoslogDocument) return tag.name == "POSLog" || (tag.kind != Kind::close && tag.name == opened);
  return tag.name == "JournalReport" ||
         (tag.kind != Kind::close && tag.name.ends_with("Event") && is_document(tag.name));
}

Found end_of(std::string_view bytes, std::size_t begin, const Tag& opening) {
  const std::string_view name = opening.name;
  if (opening.kind == Kind::empty) return {Found::What::document, begin, opening.end, name};
  int depth = 1, deepest = 1;
  std::size_t at = opening.end;
  while ((at = find_byte(bytes, '<', at)) != kNotFound) {
    const Tag tag = tag_at(bytes, at);
    if (tag.kind == Kind::torn) break;
    if (begins_anew(tag, name)) return {Found::What::cut_off, begin, at, name};
    if (tag.kind == Kind::close && tag.name == name)
      return {deepest > kMaxXmlDepth ? Found::What::too_deep : Found::What::document, begin, tag.end, name};
    if (tag.kind == Kind::open) deepest = std::max(deepest, ++depth);
    if (tag.kind == Kind::close) --depth;
    at = tag.end;
  }
  return {Found::What::torn, begin, bytes.size(), name};
}

}  // namespace

std::string_view local_name(std::string_view name) {
  const auto colon = name.find(':');
  return colon == kNotFound ? name : name.substr(colon + 1);
}

bool is_document(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kEvents = {"SaleEvent", "RefundEvent", "VoidEvent", "FinancialEvent",
                                                              "OtherEvent"};
  return name == kPoslogDocument || std::find(kEvents.begin(), kEvents.end(), name) != kEvents.end();
}

Found find_document(std::string_view bytes, std::size_t from) {
  std::size_t at = from;
  while ((at = find_byte(bytes, '<', at)) != kNotFound) {
    const Tag tag = tag_at(bytes, at);
    if (tag.kind == Kind::torn) return {Found::What::nothing, at, at};
    const bool begins = tag.kind == Kind::open || tag.kind == Kind::empty;
    if (begins && (is_document(tag.name) || tag.name == kNaxmlHeader)) return end_of(bytes, at, tag);
    at = tag.end;
  }
  return {Found::What::nothing, bytes.size(), bytes.size()};
}

std::optional<std::string_view> root_of(std::string_view head) {
  std::size_t at = 0;
  while ((at = find_byte(head, '<', at)) != kNotFound) {
    const Tag tag = tag_at(head, at);
    if (tag.kind == Kind::torn) break;
    if (tag.kind == Kind::open || tag.kind == Kind::empty) return tag.name;
    at = tag.end;
  }
  return std::nullopt;
}

std::optional<std::string_view> declared_encoding(std::string_view head) {
  static constexpr std::string_view kBegin = "<?xml";
  const bool all = head.size() >= kDeclarationEnds;
  head = head.substr(0, kDeclarationEnds);
  if (!all && could_begin(head, 0, kByteOrderMark)) return {};
  if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
  if (!all && could_begin(head, 0, kBegin)) return {};
  if (!head.starts_with(kBegin)) return std::string_view();
  const auto end = head.find("?>");
  if (end == kNotFound) return all ? std::optional(std::string_view()) : std::nullopt;
  const auto declaration = head.substr(0, end);
  const auto quote = declaration.find_first_of("\"'", std::min(declaration.find("encoding"), end));
  if (quote == kNotFound) return std::string_view();
  const auto closing = declaration.find(declaration[quote], quote + 1);
  return closing == kNotFound ? std::string_view() : declaration.substr(quote + 1, closing - quote - 1);
}

}  // namespace tillside::journal
