#include "sync/client/uplink_turns.h"

#include <algorithm>

namespace tillside::sync {
namespace {
constexpr std::int64_t kRestMs = 60'000;
constexpr std::int64_t kOldAnswerMs = 75'000;             // the life of a token that may be of an old answer
constexpr std::int64_t kOlderHeadquartersMs = 3'600'000;  // until it is asked again whether it keeps forks
}  // namespace

UplinkTurns::UplinkTurns(ContactState& state, KeyRing& keys, Outbox& outbox, AccessToken& token, const Clock& clock,
                         Random& random, SyncBoard& board, UplinkOptions options)
    : state_(state),
      token_(token),
      clock_(clock),
      board_(board),
      contact_(state, keys, outbox, random, std::move(options.version)),
      uplink_(outbox, options.batch),
      contact_patience_(options.patience, random),
      send_patience_(options.patience, random),
      linger_ms_(options.linger_ms) {}

std::int64_t UplinkTurns::turn(HqTransport& transport) {
  if (!state_.identity()) return kRestMs;
  const std::int64_t now = clock_.monotonic_ms();
  const auto token = token_.live(now);
  if (token_.wants_renewal(now) && now >= contact_gate_) {
    if (const auto wait = contact_turn(transport, now); wait > 0 || !token) return wait;
    return 0;
  }
  if (!token) return std::max<std::int64_t>(0, contact_gate_ - now);
  if (now < send_gate_) return std::min(send_gate_ - now, rest(now));
  if (const auto wait = lingering(now); wait > 0) return wait;
  return send_turn(transport, *token);
}

std::int64_t UplinkTurns::contact_turn(HqTransport& transport, std::int64_t now) {
  const int rejections = token_.rejected_in_a_row();
  if (rejections > 1 && rejections != rejections_seen_) {
    rejections_seen_ = rejections;
    contact_gate_ = now + contact_patience_.after(Trouble{TroubleKind::unauthorised, 401, {}, {}, {}});
    return std::max<std::int64_t>(0, contact_gate_ - now);
  }
  rejections_seen_ = rejections;
  auto made = contact_.make(transport);
  const std::int64_t after = clock_.monotonic_ms();
  if (const auto* trouble = std::get_if<Trouble>(&made)) {
    board_.failed(*trouble);
    contact_gate_ = after + contact_patience_.after(*trouble);
    return token_.live(after) ? 0 : contact_gate_ - after;
  }
  const auto& answer = std::get<wire::ContactAnswer>(made);
  const auto life = answer.token_expires.ms - answer.time.ms;
  token_.put(answer.token, contact_.was_fresh() ? life : std::min(life, kOldAnswerMs), after);
  if (rejections == 0) contact_patience_.reset();
  contact_gate_ = after + 1000;
  board_.contacted(answer);
  return 0;
}

std::int64_t UplinkTurns::lingering(std::int64_t now) {
  if (fresh_.exchange(false) && !lingers_) {
    lingers_ = true;
    linger_until_ = now + linger_ms_;
  }
  if (lingers_ && now < linger_until_) return linger_until_ - now;
  lingers_ = false;
  return 0;
}

std::int64_t UplinkTurns::send_turn(HqTransport& transport, const std::string& token) {
  auto result = uplink_.send(transport, token, clock_.monotonic_ms() >= forks_gate_);
  if (const auto* trouble = std::get_if<Trouble>(&result)) {
    send_failed(*trouble, token);
    return 0;
  }
  const auto& done = std::get<Uplink::Done>(result);
  if (done.step == Uplink::Step::nothing) return rest(clock_.monotonic_ms());
  token_.worked();
  send_patience_.reset();
  send_gate_ = 0;
  board_.sent(done);
  if (!done.says_kept) forks_gate_ = clock_.monotonic_ms() + kOlderHeadquartersMs;
  if (forked_where_it_sells(done)) token_.drop(token);
  return 0;
}

bool UplinkTurns::forked_where_it_sells(const Uplink::Done& done) {
  if (done.step != Uplink::Step::forked) return false;
  const auto identity = state_.identity();
  return identity && identity->epoch == done.epoch;
}

void UplinkTurns::send_failed(const Trouble& trouble, const std::string& token) {
  board_.failed(trouble);
  if (trouble.kind == TroubleKind::unauthorised)
    token_.rejected(token);
  else
    send_gate_ = clock_.monotonic_ms() + send_patience_.after(trouble);
}

std::int64_t UplinkTurns::rest(std::int64_t now) const {
  return std::clamp<std::int64_t>(std::max(token_.renewal_in(now), contact_gate_ - now), 0, kRestMs);
}

}  // namespace tillside::sync
