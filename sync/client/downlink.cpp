#include "sync/client/downlink.h"

namespace tillside::sync {
namespace {

constexpr int kGraceS = 20;              // beyond the time headquarters holds a poll open
constexpr int kSnapshotTimeoutS = 3600;  // the low-speed limit ends a stalled one long before

bool is_unreserved(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(byte))
      out += c;
    else
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
  }
  return out;
}

Attempt<Downlink::Poll> Downlink::poll(HqTransport& transport, const std::string& token, int wait_s) {
  HqTransport::Request request;
  request.path = "/v1/downlink?since=" + percent_encoded(sink_.cursor()) + "&wait=" + std::to_string(wait_s);
  request.bearer = token;
  request.total_timeout_s = wait_s + kGraceS;
  request.silence_s = wait_s;
  auto answer = transport.exchange(request);
  if (!answer) return no_answer(answer.error());
  if (!is_success(*answer)) return of_answer(*answer);
  auto read = wire::read_downlink_answer(answer->body);
  if (!read) return garbled(read.error());
  if (auto status = sink_.apply(*read); !status) return of_storage(status.error());
  return Poll{read->changes.size(), read->more, read->reset};
}

Attempt<Downlink::Fetched> Downlink::fetch_snapshot(HqTransport& transport, const std::string& token) {
  const auto wanted = sink_.wanted_snapshot();
  if (!wanted) return Fetched{};
  const std::uint64_t held = sink_.snapshot_bytes(wanted->snapshot);
  if (held != wanted->bytes) {
    const std::uint64_t from = held < wanted->bytes ? held : 0;
    if (auto trouble = fetch_rest(transport, token, *wanted, from)) return std::move(*trouble);
  }
  if (auto status = sink_.snapshot_done(*wanted); !status)
    return status.error().code == ErrorCode::bad_format ? garbled(status.error()) : of_storage(status.error());
  return Fetched{true, wanted->bytes};
}

std::optional<Trouble> Downlink::fetch_rest(HqTransport& transport, const std::string& token,
                                            const wire::MembersCheckpoint& wanted, std::uint64_t from) {
  std::uint64_t at = from;
  std::optional<Error> disk;
  HqTransport::Request request;
  request.path = "/v1/snapshots/" + percent_encoded(wanted.snapshot);
  request.bearer = token;
  request.total_timeout_s = kSnapshotTimeoutS;
  if (from > 0) request.range_from = from;
  request.on_piece = [&](std::string_view bytes) -> Status {
    if (bytes.size() > wanted.bytes - at) return Error{ErrorCode::bad_format, "snapshot", "longer than promised"};
    auto status = sink_.snapshot_piece(wanted.snapshot, at, bytes);
    if (!status) disk = status.error();
    at += bytes.size();
    return status;
  };
  auto answer = transport.exchange(request);
  if (disk) return of_storage(*disk);
  if (!answer) return no_answer(answer.error());
  if (!is_success(*answer)) return of_answer(*answer);
  if (at != wanted.bytes) return garbled(Error{ErrorCode::bad_format, "snapshot", "shorter than promised"});
  return std::nullopt;
}

}  // namespace tillside::sync
