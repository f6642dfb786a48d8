#include "sync/client/downlink_turns.h"

#include <algorithm>

namespace tillside::sync {
namespace {
constexpr std::int64_t kRestMs = 60'000;
constexpr std::int64_t kShortestEmptyPollMs = 1000;  // a headquarters that does not hold polls open is asked gently
}  // namespace

DownlinkTurns::DownlinkTurns(DownlinkSink& sink, AccessToken& token, const Clock& clock, Random& random,
                             SyncBoard& board, DownlinkOptions options, std::function<void()> on_rejected)
    : token_(token),
      clock_(clock),
      random_(random),
      board_(board),
      downlink_(sink),
      wait_s_(options.wait_s),
      on_rejected_(std::move(on_rejected)),
      poll_patience_(options.patience, random),
      snapshot_patience_(options.patience, random) {}

std::int64_t DownlinkTurns::turn(HqTransport& transport) {
  const std::int64_t now = clock_.monotonic_ms();
  const auto token = token_.live(now);
  if (!token) return kRestMs;
  if (!more_ && now >= snapshot_gate_) {
    bool wanted = false;
    const auto wait = snapshot_turn(transport, *token, wanted);
    if (wanted) return wait;
  }
  if (now < poll_gate_) return poll_gate_ - now;
  return poll_turn(transport, *token, now);
}

std::int64_t DownlinkTurns::snapshot_turn(HqTransport& transport, const std::string& token, bool& wanted) {
  auto result = downlink_.fetch_snapshot(transport, token);
  if (const auto* trouble = std::get_if<Trouble>(&result)) {
    wanted = true;
    snapshot_gate_ = clock_.monotonic_ms() + failed(*trouble, token, snapshot_patience_);
    return 0;
  }
  const auto& fetched = std::get<Downlink::Fetched>(result);
  wanted = fetched.wanted;
  if (!wanted) return 0;
  token_.worked();
  snapshot_patience_.reset();
  board_.fetched(fetched);
  return 0;
}

std::int64_t DownlinkTurns::poll_turn(HqTransport& transport, const std::string& token, std::int64_t now) {
  const bool may_hold = !more_ && now >= snapshot_gate_;
  auto result = downlink_.poll(transport, token, may_hold ? wait_s_ : 0);
  const std::int64_t after = clock_.monotonic_ms();
  if (const auto* trouble = std::get_if<Trouble>(&result)) {
    const auto wait = failed(*trouble, token, poll_patience_);
    poll_gate_ = after + wait;
    return wait;
  }
  const auto& poll = std::get<Downlink::Poll>(result);
  token_.worked();
  poll_patience_.reset();
  board_.polled(poll);
  const bool first = std::exchange(more_, poll.more);
  if (poll.more || poll.changes > 0 || first) return 0;
  const bool held = after - now >= kShortestEmptyPollMs;
  poll_gate_ = held ? after : after + kShortestEmptyPollMs + random_.up_to(kShortestEmptyPollMs);
  return poll_gate_ - after;
}

std::int64_t DownlinkTurns::failed(const Trouble& trouble, const std::string& token, Patience& patience) {
  board_.failed(trouble);
  if (trouble.kind != TroubleKind::unauthorised) return patience.after(trouble);
  token_.rejected(token);
  on_rejected_();
  return 0;
}

}  // namespace tillside::sync
