#include "sync/client/backoff.h"

#include <algorithm>

namespace tillside::sync {
namespace {
constexpr std::int64_t kLongestRetryAfterMs = 3600 * 1000;
constexpr int kMostDoublings = 40;
}  // namespace

std::int64_t Backoff::ceiling() const {
  std::int64_t ceiling = limits_.base_ms;
  for (int i = 0; i < tries_ && ceiling < limits_.cap_ms; ++i) ceiling *= 2;
  return std::max(limits_.floor_ms, std::min(ceiling, limits_.cap_ms));
}

std::int64_t Backoff::next_ms(std::optional<int> retry_after_s) {
  const std::int64_t own = limits_.floor_ms + random_.up_to(ceiling() - limits_.floor_ms);
  tries_ = std::min(tries_ + 1, kMostDoublings);
  if (!retry_after_s) return own;
  const auto asked = std::clamp<std::int64_t>(std::int64_t{*retry_after_s} * 1000, 0, kLongestRetryAfterMs);
  return asked + random_.up_to(asked / 2 + limits_.base_ms);
}

}  // namespace tillside::sync
