#include "sync/wire/batch.h"

#include <sodium.h>

#include <cstring>

#include "sync/wire/big_endian.h"
#include "sync/wire/json_fields.h"

namespace tillside::wire {
namespace {

Error bad(std::string field, std::string detail) {
  return Error{ErrorCode::bad_format, std::move(field), std::move(detail)};
}

void append_head(std::string& out, const BatchHead& head) {
  out += R"({"epoch":")" + to_hex(head.epoch) + R"(","first_seq":)" + std::to_string(head.first_seq) + R"(,"count":)" +
         std::to_string(head.count) + R"(,"prev":")" + to_hex(head.prev) + R"(","retained_from":)" +
         std::to_string(head.retained_from) + "}\n";
}

void read_head_fields(Fields& fields, BatchHead& head) {
  fields.bytes("epoch", head.epoch);
  fields.number("first_seq", head.first_seq, std::numeric_limits<std::int64_t>::max() - kMaxBatchEvents);
  fields.number("count", head.count, kMaxBatchEvents);
  fields.bytes("prev", head.prev);
  fields.number("retained_from", head.retained_from, std::numeric_limits<std::int64_t>::max());
}

Result<BatchHead> read_head(std::string_view line) {
  auto head = read_document<BatchHead>(line, read_head_fields);
  if (!head) return bad(head.error().field.empty() ? "head" : head.error().field, name_of(head.error().code));
  if (head->first_seq == 0) return bad("first_seq", "sequences start at 1");
  if (head->retained_from == 0) return bad("retained_from", "sequences start at 1");
  if (head->count == 0) return bad("count", "no events");
  return head;
}

// The text up to the next newline, which is taken off `rest` too; nullopt without one.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const void* end = rest.empty() ? nullptr : std::memchr(rest.data(), '\n', rest.size());
  if (end == nullptr) return std::nullopt;
  const auto length = static_cast<std::size_t>(static_cast<const char*>(end) - rest.data());
  const auto line = rest.substr(0, length);
  rest.remove_prefix(length + 1);
  return line;
}

}  // namespace

ChainHash chain(const ChainHash& previous, std::string_view event) {
  static const int ready = sodium_init();  // picks the fastest BLAKE2b
  (void)ready;
  ChainHash hash{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, hash.size());
  crypto_generichash_update(&state, previous.data(), previous.size());
  crypto_generichash_update(&state, bytes_of(event), event.size());
  crypto_generichash_final(&state, hash.data(), hash.size());
  return hash;
}

std::string write_batch(const BatchHead& head, std::span<const std::string_view> events) {
  std::size_t size = 256;
  for (auto event : events) size += event.size() + 1;
  std::string out;
  out.reserve(size);
  append_head(out, head);
  for (auto event : events) {
    out += event;
    out += '\n';
  }
  return out;
}

Result<BatchView> read_batch(std::string_view text) {
  if (text.size() > kMaxBatchBytes) return bad("", "larger than a batch may be");
  const auto head_line = take_line(text);
  if (!head_line) return bad("head", "missing");
  auto head = read_head(*head_line);
  if (!head) return head.error();

  BatchView batch{*head, {}};
  batch.events.reserve(head->count);
  while (!text.empty()) {
    const auto event = take_line(text);
    if (!event) return bad("events", "the last line does not end");
    if (event->empty() || event->size() > kMaxEventBytes) return bad("events", "an event is empty or too large");
    if (batch.events.size() == head->count) return bad("count", "fewer than the lines");
    batch.events.push_back(*event);
  }
  if (batch.events.size() != head->count) return bad("count", "more than the lines");
  return batch;
}

}  // namespace tillside::wire
