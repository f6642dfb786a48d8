#include <algorithm>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "agent/domain/utf8.h"
#include "pos_adapter/journal/encoding.h"
#include "pos_adapter/journal/naxml_event.h"
#include "pos_adapter/journal/poslog_transaction.h"
#include "pos_adapter/journal/readers.h"
#include "pos_adapter/journal/xml_scan.h"

namespace tillside::journal {
namespace {

class XmlReader : public Reader {
 public:
  XmlReader(const Mapping& mapping, const Defaults& defaults, const Start& start)
      : mapping_(mapping), defaults_(defaults), encoding_(mapping.encoding), offset_(start.offset), line_(start.line) {
    if (start.offset > 0) look_back(start.head);
  }

  Parsed read(std::string_view bytes, Tail tail) override {
    Parsed parsed;
    if (!declared_ && !take_declaration(bytes, tail == Tail::closed)) return parsed;
    if (!found_any_ && !root_) root_ = root_of(bytes);
    while (true) {
      const Found found = find_document(bytes.substr(parsed.consumed), 0);
      if (found.what == Found::What::nothing || found.what == Found::What::torn) {
        if (found.what == Found::What::torn && bytes.size() - parsed.consumed - found.begin > kMaxDocument) {
          skip_too_long(bytes, found, parsed);
          continue;
        }
        advance(bytes, found.what == Found::What::torn ? found.begin : found.end, parsed);
        break;
      }
      advance(bytes, found.begin, parsed);
      take(bytes.substr(parsed.consumed, found.end - found.begin), found, parsed);
      advance(bytes, found.end - found.begin, parsed);
    }
    if (tail == Tail::closed) close(bytes, parsed);
    return parsed;
  }

  void set_now(Instant now) override { defaults_.now = now; }

 private:
  // What was read before `start` and still counts: the encoding, and a NAXML header.
  void look_back(std::string_view head) {
    take_declaration(head, true);
    found_any_ = true;
    const Found header = find_document(head, 0);
    if (header.what == Found::What::document && header.name == kNaxmlHeader)
      take_header(head.substr(header.begin, header.end - header.begin));
  }

  // False: nothing may be read before the encoding is known.
  bool take_declaration(std::string_view head, bool closed) {
    const auto name = declared_encoding(head);
    declared_ = name || closed;
    const Result<Encoding> encoding = name ? encoding_of(*name) : Error{};
    if (encoding.ok()) encoding_ = *encoding;
    return declared_;
  }

  void advance(std::string_view bytes, std::size_t count, Parsed& parsed) {
    const std::string_view passed = bytes.substr(parsed.consumed, count);
    for (auto at = passed.find('\n'); at != std::string_view::npos; at = passed.find('\n', at + 1)) ++line_;
    parsed.consumed += count;
    offset_ += count;
  }

  // Goes on behind its first byte: what follows may hold the beginning of a sound one.
  void skip_too_long(std::string_view bytes, const Found& found, Parsed& parsed) {
    advance(bytes, found.begin, parsed);
    emit(bytes.substr(parsed.consumed, 1), refused(found, ErrorCode::out_of_range, "over 1 MiB"), parsed);
    advance(bytes, 1, parsed);
  }

  static Error refused(const Found& found, ErrorCode code, const char* why) {
    return {code, std::string(found.name), why};
  }

  void take(std::string_view text, const Found& found, Parsed& parsed) {
    found_any_ = true;
    if (found.what == Found::What::cut_off)
      return emit(text, refused(found, ErrorCode::bad_format, "ends before its closing tag"), parsed);
    if (found.what == Found::What::too_deep)
      return emit(text, refused(found, ErrorCode::too_deep, "deeper than 64 elements"), parsed);
    if (text.size() > kMaxDocument) return emit(text, refused(found, ErrorCode::out_of_range, "over 1 MiB"), parsed);
    if (found.name == kNaxmlHeader) return take_header(text);
    auto checkout = read_document(text, found);
    if (checkout) {
      emit(text, std::move(*checkout), parsed);
    } else {
      ++parsed.ignored;
    }
  }

  std::optional<Result<Checkout>> read_document(std::string_view text, const Found& found) {
    if (auto error = parse(text, found)) return Result<Checkout>(*error);
    const pugi::xml_node element = document_.first_child();
    if (found.name == kPoslogDocument) return read_transaction(element, mapping_, defaults_);
    return read_naxml_event(element, naxml_, mapping_, defaults_);
  }

  std::optional<Error> parse(std::string_view text, const Found& found) {
    std::string converted;
    if (encoding_ == Encoding::utf8) {
      if (!is_utf8(text)) return refused(found, ErrorCode::invalid_utf8, "");
    } else {
      auto utf8 = to_utf8(text, encoding_);
      if (!utf8.ok()) return utf8.error();
      converted = std::move(*utf8);
      text = converted;
    }
    const auto parsed = document_.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!parsed) return refused(found, ErrorCode::bad_format, parsed.description());
    return {};
  }

  void take_header(std::string_view text) {
    if (!parse(text, {})) naxml_ = read_naxml_header(document_.first_child());
  }

  void close(std::string_view bytes, Parsed& parsed) {
    const std::string_view rest = bytes.substr(parsed.consumed);
    const std::string_view name = local_name(rest.substr(rest.starts_with('<') ? 1 : 0));
    const std::string_view begun = name.substr(0, name.find_first_of(" \t\r\n/>"));
    if (!rest.empty() && is_document(begun)) {
      emit(rest, Error{ErrorCode::bad_format, std::string(begun), "ends before its closing tag"}, parsed);
    } else if (!found_any_ && !knows(root_.value_or("")) && offset_ + rest.size() > 0) {
      refuse_all(rest, parsed);
    }
    advance(bytes, rest.size(), parsed);
  }

  // Other XML is one document that cannot be read: the whole file.
  void refuse_all(std::string_view rest, Parsed& parsed) {
    found_any_ = true;
    const std::string root = root_.value_or("").empty() ? "XML" : root_->substr(0, 60);
    const auto lines = static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '\n'));
    parsed.documents.push_back({0, offset_ + rest.size(), first_line_, line_ + lines,
                                Error{ErrorCode::bad_format, root, "neither ARTS POSLog nor NAXML-POSJournal"}});
  }

  static bool knows(std::string_view root) {
    return root == "POSLog" || root == "NAXML-POSJournal" || root == "POSJournal";
  }

  void emit(std::string_view text, Result<Checkout> checkout, Parsed& parsed) {
    found_any_ = true;
    const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    parsed.documents.push_back({offset_, offset_ + text.size(), line_, line_ + lines, std::move(checkout)});
  }

  const Mapping mapping_;
  Defaults defaults_;
  Encoding encoding_;
  bool declared_ = false;            // the XML declaration has been seen, or there is none
  bool found_any_ = false;           // a document, or a part of one
  std::optional<std::string> root_;  // the name of the first element, once it has come
  NaxmlHeader naxml_;
  std::uint64_t offset_, line_;
  const std::uint64_t first_line_ = line_;
  pugi::xml_document document_;
};

}  // namespace

std::unique_ptr<Reader> make_xml_reader(const Mapping& mapping, const Defaults& defaults, const Start& start) {
  return std::make_unique<XmlReader>(mapping, defaults, start);
}

}  // namespace tillside::journal
