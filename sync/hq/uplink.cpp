#include "sync/hq/uplink.h"

#include "sync/wire/compress.h"

namespace tillside::hq {
namespace {

constexpr std::size_t kPadding = 64;

Result<std::string> text_of(std::string_view body, bool compressed) {
  if (compressed) {
    thread_local wire::Decompressor decompressor;
    return decompressor.decompress(body, wire::kMaxBatchBytes);
  }
  std::string text;
  text.reserve(body.size() + kPadding);
  text.assign(body);
  return text;
}

std::string reason_of(const Error& error) {
  std::string reason = name_of(error.code);
  if (!error.field.empty()) reason += ": " + error.field;
  return reason;
}

PreparedEvent prepare(std::string_view body, const wire::ChainHash& digest) {
  thread_local EventReader reader;
  PreparedEvent event{body, digest, std::nullopt, {}};
  auto view = reader.read_padded(body);
  if (view)
    event.view = std::move(*view);
  else
    event.reason = reason_of(view.error());
  return event;
}

}  // namespace

Result<std::unique_ptr<OwnedBatch>> prepare_batch(std::string_view body, bool compressed, const wire::Token& token,
                                                  Instant received) {
  auto text = text_of(body, compressed);
  if (!text) return text.error();
  auto owned = std::make_unique<OwnedBatch>();
  owned->text = std::move(*text);
  auto view = wire::read_batch(owned->text);
  if (!view) return view.error();
  auto& batch = owned->batch;
  batch.till = token.till;
  batch.token_epoch = token.epoch;
  batch.token_counter = token.counter;
  batch.head = view->head;
  batch.received = received;
  batch.events.reserve(view->events.size());
  auto digest = view->head.prev;
  for (const auto event : view->events) {
    digest = wire::chain(digest, event);
    batch.events.push_back(prepare(event, digest));
  }
  return owned;
}

}  // namespace tillside::hq
