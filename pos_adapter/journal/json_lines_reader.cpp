#include <algorithm>
#include <utility>

#include "agent/domain/checkout_json.h"
#include "pos_adapter/journal/decimals.h"
#include "pos_adapter/journal/encoding.h"
#include "pos_adapter/journal/readers.h"

namespace tillside::journal {
namespace {

constexpr auto kNoEnd = std::string_view::npos;

class JsonLinesReader : public Reader {
 public:
  JsonLinesReader(const Mapping& mapping, const Defaults& defaults, const Start& start)
      : offset_(start.offset),
        line_(start.line),
        lane_(mapping.lane_id.empty() ? defaults.lane_id : mapping.lane_id),
        pos_(mapping.pos) {
    defaults_.store_id = mapping.store_id.empty() ? defaults.store_id : mapping.store_id;
    defaults_.currency = mapping.currency.value_or(defaults.currency);
    defaults_.zone = defaults.zone;
    defaults_.now = defaults.now;
  }

  Parsed read(std::string_view bytes, Tail tail) override {
    Parsed parsed;
    while (parsed.consumed < bytes.size()) {
      const std::string_view rest = bytes.substr(parsed.consumed);
      const auto end = rest.find('\n');
      if (end == kNoEnd && tail != Tail::closed && rest.size() <= kMaxDocument) break;
      const std::size_t size = end == kNoEnd ? rest.size() : end + 1;
      take_line(rest.substr(0, size), end != kNoEnd, parsed);
      parsed.consumed += size;
      offset_ += size;
      if (end != kNoEnd) ++line_;
    }
    return parsed;
  }

  void set_now(Instant now) override { defaults_.now = now; }

 private:
  void take_line(std::string_view bytes, bool whole, Parsed& parsed) {
    const bool rest_of_refused = std::exchange(skipping_, bytes.size() > kMaxDocument && !whole);
    if (rest_of_refused) {
      skipping_ = !whole;
      return;
    }
    std::string_view text = trimmed(bytes);
    if (offset_ == 0 && text.starts_with(kByteOrderMark)) text = trimmed(text.substr(kByteOrderMark.size()));
    if (!text.empty())
      parsed.documents.push_back(
          {offset_, offset_ + bytes.size(), line_, line_ + (whole ? 1 : 0), read_document(text)});
  }

  Result<Checkout> read_document(std::string_view text) {
    if (text.size() > kMaxDocument) return Error{ErrorCode::out_of_range, "", "a line over 1 MiB"};
    auto checkout = reader_.read(text, defaults_);
    if (!checkout.ok()) return checkout;
    if (checkout->lane_id.empty()) checkout->lane_id = lane_;
    if (checkout->source.adapter.empty()) checkout->source.adapter = "journal";
    if (checkout->source.pos.empty()) checkout->source.pos = pos_;
    return checkout;
  }

  std::uint64_t offset_, line_;
  std::string lane_, pos_;
  CheckoutReader::Defaults defaults_;
  CheckoutReader reader_;
  bool skipping_ = false;  // a line was refused for its length before its end was seen
};

}  // namespace

std::unique_ptr<Reader> make_json_lines_reader(const Mapping& mapping, const Defaults& defaults, const Start& start) {
  return std::make_unique<JsonLinesReader>(mapping, defaults, start);
}

}  // namespace tillside::journal
