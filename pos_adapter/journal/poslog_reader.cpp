#include <algorithm>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "pos_adapter/journal/encoding.h"
#include "pos_adapter/journal/poslog_scan.h"
#include "pos_adapter/journal/poslog_transaction.h"
#include "pos_adapter/journal/readers.h"

namespace tillside::journal {
namespace {

class PoslogReader : public Reader {
 public:
  PoslogReader(const Mapping& mapping, const Defaults& defaults, const Start& start)
      : mapping_(mapping), defaults_(defaults), encoding_(mapping.encoding), offset_(start.offset), line_(start.line) {
    if (start.offset > 0) take_declaration(start.head, true);
  }

  Parsed read(std::string_view bytes, Tail tail) override {
    Parsed parsed;
    if (!declared_ && !take_declaration(bytes, tail == Tail::closed)) return parsed;
    while (true) {
      const Found found = find_transaction(bytes.substr(parsed.consumed), 0);
      if (found.what == Found::What::nothing || found.what == Found::What::torn) {
        if (found.what == Found::What::torn && bytes.size() - parsed.consumed - found.begin > kMaxDocument) {
          skip_too_long(bytes, found.begin, parsed);
          continue;
        }
        advance(bytes, found.what == Found::What::torn ? found.begin : found.end, parsed);
        break;
      }
      advance(bytes, found.begin, parsed);
      take(bytes.substr(parsed.consumed, found.end - found.begin), found.what, parsed);
      advance(bytes, found.end - found.begin, parsed);
    }
    if (tail == Tail::closed && parsed.consumed < bytes.size()) take_rest(bytes, parsed);
    return parsed;
  }

  void set_now(Instant now) override { defaults_.now = now; }

 private:
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
  void skip_too_long(std::string_view bytes, std::size_t begin, Parsed& parsed) {
    advance(bytes, begin, parsed);
    emit(bytes.substr(parsed.consumed, 1), Error{ErrorCode::out_of_range, "Transaction", "over 1 MiB"}, parsed);
    advance(bytes, 1, parsed);
  }

  void take(std::string_view text, Found::What what, Parsed& parsed) {
    if (what == Found::What::cut_off)
      return emit(text, Error{ErrorCode::bad_format, "Transaction", "ends before its closing tag"}, parsed);
    if (what == Found::What::too_deep)
      return emit(text, Error{ErrorCode::too_deep, "Transaction", "deeper than 64 elements"}, parsed);
    if (text.size() > kMaxDocument)
      return emit(text, Error{ErrorCode::out_of_range, "Transaction", "over 1 MiB"}, parsed);
    auto checkout = parse(text);
    if (checkout) {
      emit(text, std::move(*checkout), parsed);
    } else {
      ++parsed.ignored;
    }
  }

  std::optional<Result<Checkout>> parse(std::string_view text) {
    std::string converted;
    if (encoding_ == Encoding::utf8) {
      if (!is_utf8(text)) return Result<Checkout>(Error{ErrorCode::invalid_utf8, "Transaction", ""});
    } else {
      auto utf8 = to_utf8(text, encoding_);
      if (!utf8.ok()) return Result<Checkout>(utf8.error());
      converted = std::move(*utf8);
      text = converted;
    }
    const auto parsed = document_.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!parsed) return Result<Checkout>(Error{ErrorCode::bad_format, "Transaction", parsed.description()});
    return read_transaction(document_.first_child(), mapping_, defaults_);
  }

  void take_rest(std::string_view bytes, Parsed& parsed) {
    const std::string_view rest = bytes.substr(parsed.consumed);
    const bool cut = local_name(rest.substr(rest.starts_with('<') ? 1 : 0)).starts_with("Transaction");
    if (cut) emit(rest, Error{ErrorCode::bad_format, "Transaction", "ends before its closing tag"}, parsed);
    advance(bytes, rest.size(), parsed);
  }

  void emit(std::string_view text, Result<Checkout> checkout, Parsed& parsed) {
    const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    parsed.documents.push_back({offset_, offset_ + text.size(), line_, line_ + lines, std::move(checkout)});
  }

  const Mapping mapping_;
  Defaults defaults_;
  Encoding encoding_;
  bool declared_ = false;  // the XML declaration has been seen, or there is none
  std::uint64_t offset_, line_;
  pugi::xml_document document_;
};

}  // namespace

std::unique_ptr<Reader> make_poslog_reader(const Mapping& mapping, const Defaults& defaults, const Start& start) {
  return std::make_unique<PoslogReader>(mapping, defaults, start);
}

}  // namespace tillside::journal
