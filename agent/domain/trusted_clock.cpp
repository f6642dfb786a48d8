#include "agent/domain/trusted_clock.h"

#include <algorithm>

namespace tillside {
namespace {

constexpr std::uint32_t kLastCodeMinute = (1u << 24) - 1;

bool is_plausible(Instant time) { return time >= from_code_minutes(0) && time <= from_code_minutes(kLastCodeMinute); }

}  // namespace

bool TrustedClock::sign(Instant time, bool fresh, std::int64_t monotonic_ms) {
  if (!is_plausible(time)) return false;
  const auto before = mark(monotonic_ms);
  base_ = fresh || !before ? time : std::max(*before, time);
  base_monotonic_ = monotonic_ms;
  signed_in_this_run_ = signed_in_this_run_ || fresh;
  return true;
}

std::optional<Instant> TrustedClock::mark(std::int64_t monotonic_ms) const {
  if (!base_) return std::nullopt;
  return base_->plus_ms(std::max<std::int64_t>(0, monotonic_ms - base_monotonic_));
}

TrustedTime TrustedClock::judge(Instant wall, std::int64_t monotonic_ms) const {
  const auto now = mark(monotonic_ms);
  if (!now) return {wall, false, false, ClockState::never, 0};
  const std::int64_t skew = wall.ms - now->ms;
  if (skew >= -kMostBehind && skew <= kMostAhead) return {wall, true, true, ClockState::wall, skew};
  if (signed_in_this_run_) return {*now, true, true, ClockState::mark, skew};
  return {*now, false, true, skew < 0 ? ClockState::behind : ClockState::ahead, skew};
}

const char* name_of(ClockState state) {
  static constexpr const char* kNames[] = {"wall", "mark", "behind", "ahead", "never"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace tillside
