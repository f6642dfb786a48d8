#include "sync/client/uplink.h"

#include <algorithm>

namespace tillside::sync {
namespace {

std::string text_of(const Outbox::Batch& batch) {
  return wire::write_batch(batch.head, std::vector<std::string_view>(batch.events.begin(), batch.events.end()));
}

HqTransport::Request uplink_request(std::string body, const std::string& token) {
  HqTransport::Request request;
  request.method = "POST";
  request.path = "/v1/uplink";
  request.body = std::move(body);
  request.content_type = "application/x-ndjson";
  request.content_encoding = "zstd";
  request.bearer = token;
  return request;
}

std::uint64_t last_seq(const Outbox::Batch& batch) { return batch.head.first_seq + batch.events.size() - 1; }

std::uint64_t fork_seq_of(const wire::UplinkAnswer& answer) { return std::max<std::uint64_t>(*answer.fork_seq, 1); }
std::uint64_t kept_of(const Outbox::Batch& batch, const wire::UplinkAnswer& answer) {
  return std::min(answer.kept_to.value_or(0), last_seq(batch));
}

Trouble no_progress(const char* detail) { return garbled(Error{ErrorCode::bad_format, "uplink", detail}); }

}  // namespace

std::optional<Outbox::Batch> Uplink::next(bool with_forks) {
  auto batch = outbox_.next_batch(max_events_, limits_.max_bytes);
  if (!batch && with_forks) batch = outbox_.next_forked_batch(max_events_, limits_.max_bytes);
  return batch;
}

std::string Uplink::compressed(const std::string& text) const {
  if (limits_.compressor != nullptr && with_dictionary_) return limits_.compressor->compress(text);
  return wire::Compressor(limits_.level, with_dictionary_).compress(text);
}

Attempt<Uplink::Done> Uplink::send(HqTransport& transport, const std::string& token, bool with_forks) {
  const auto batch = next(with_forks);
  if (!batch || batch->events.empty()) return Done{};
  auto body = compressed(text_of(*batch));
  const std::size_t wire_bytes = body.size();
  auto answer = transport.exchange(uplink_request(std::move(body), token));
  if (!answer) return no_answer(answer.error());
  auto result = judge(*batch, *answer);
  if (auto* done = std::get_if<Done>(&result)) done->wire_bytes = wire_bytes;
  return result;
}

Attempt<Uplink::Done> Uplink::judge(const Outbox::Batch& batch, const HqTransport::Answer& answer) {
  if (can_send_smaller(batch, answer)) return Done{Step::smaller};
  if (!is_success(answer) && answer.status != 409) return of_answer(answer);
  auto read = wire::read_uplink_answer(answer.body);
  if (!read) return answer.status == 409 ? of_answer(answer) : garbled(read.error());
  if (read->fork_seq) return fork(batch, *read);
  if (read->expected_seq) return gap(batch, *read->expected_seq);
  if (answer.status == 409) return of_answer(answer);
  return taken(batch, *read);
}

bool Uplink::can_send_smaller(const Outbox::Batch& batch, const HqTransport::Answer& answer) {
  if (answer.status == 413 && batch.events.size() > 1) {
    max_events_ = std::max<std::size_t>(1, batch.events.size() / 2);
    return true;
  }
  if (answer.status == 415 && with_dictionary_ && wire::shipped_dictionary_id() != 0) {
    with_dictionary_ = false;
    return true;
  }
  return false;
}

Attempt<Uplink::Done> Uplink::taken(const Outbox::Batch& batch, const wire::UplinkAnswer& answer) {
  if (answer.held_seq + 1 < batch.head.first_seq) return gap(batch, answer.held_seq + 1);
  if (answer.held_seq < batch.head.first_seq) return no_progress("headquarters took nothing of the batch");
  if (!answer.verdicts.empty()) {
    if (auto status = outbox_.parked(batch.head.epoch, answer.verdicts); !status) return of_storage(status.error());
  }
  max_events_ = std::min(limits_.max_events, max_events_ * 2);
  auto result = acknowledge(batch, answer.held_seq);
  if (auto* done = std::get_if<Done>(&result)) done->parked = answer.verdicts.size();
  return result;
}

Attempt<Uplink::Done> Uplink::gap(const Outbox::Batch& batch, std::uint64_t expected_seq) {
  const Place place{batch.head.epoch, expected_seq};
  if (expected_seq == 0 || expected_seq == batch.head.first_seq || place == last_gap_) {
    last_gap_.reset();
    return no_progress("headquarters asks for what it was just sent, or for what is no longer kept");
  }
  if (expected_seq > batch.head.first_seq) return acknowledge(batch, expected_seq - 1);
  auto status = outbox_.rewind(batch.head.epoch, expected_seq);
  if (!status && status.error().code != ErrorCode::out_of_range) return of_storage(status.error());
  last_gap_ = place;
  return Done{Step::rewound, 0, 0, 0, expected_seq - 1};
}

Attempt<Uplink::Done> Uplink::acknowledge(const Outbox::Batch& batch, std::uint64_t held_seq) {
  const std::uint64_t held = std::min(held_seq, last_seq(batch));
  if (auto status = outbox_.acknowledged(batch.head.epoch, held); !status) return of_storage(status.error());
  last_gap_.reset();
  if (last_fork_ && last_fork_->epoch == batch.head.epoch && last_fork_->seq <= held) last_fork_.reset();
  return Done{Step::taken, held - batch.head.first_seq + 1, 0, 0, held};
}

Attempt<Uplink::Done> Uplink::fork(const Outbox::Batch& batch, const wire::UplinkAnswer& answer) {
  return batch.forked ? more_of_fork(batch, answer) : first_fork(batch, answer);
}

Attempt<Uplink::Done> Uplink::first_fork(const Outbox::Batch& batch, const wire::UplinkAnswer& answer) {
  const Place place{batch.head.epoch, fork_seq_of(answer)};
  if (last_fork_ && last_fork_->epoch == place.epoch && last_fork_->seq <= place.seq)
    return no_progress("forked before, and still sent");
  if (auto status = outbox_.forked(place.epoch, place.seq, kept_of(batch, answer)); !status)
    return of_storage(status.error());
  last_fork_ = place;
  last_gap_.reset();
  last_unrooted_.reset();
  return Done{Step::forked, 0, 0, 0, place.seq - 1, place.epoch, answer.kept_to.has_value()};
}

Attempt<Uplink::Done> Uplink::more_of_fork(const Outbox::Batch& batch, const wire::UplinkAnswer& answer) {
  const Place place{batch.head.epoch, fork_seq_of(answer)};
  const std::uint64_t kept_to = kept_of(batch, answer);
  if (!answer.kept_to) return Done{Step::kept, 0, 0, 0, place.seq - 1, place.epoch, false};
  const bool rooted = kept_to >= std::max(batch.head.first_seq, place.seq);
  if (!rooted && last_unrooted_ && last_unrooted_->epoch == place.epoch && last_unrooted_->seq <= place.seq)
    return no_progress("headquarters keeps nothing of a fork that it is sent");
  if (auto status = outbox_.forked(place.epoch, place.seq, rooted ? kept_to : 0); !status)
    return of_storage(status.error());
  last_unrooted_ = rooted ? std::nullopt : std::optional(place);
  last_gap_.reset();
  max_events_ = std::min(limits_.max_events, max_events_ * 2);
  const std::uint64_t kept = rooted ? kept_to + 1 - std::max(batch.head.first_seq, place.seq) : 0;
  return Done{Step::kept, kept, 0, 0, place.seq - 1, place.epoch};
}

}  // namespace tillside::sync
