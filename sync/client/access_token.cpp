#include "sync/client/access_token.h"

#include <algorithm>

namespace tillside::sync {

void AccessToken::put(std::string text, std::int64_t lifetime_ms, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  text_ = std::move(text);
  lifetime_ms = std::clamp<std::int64_t>(lifetime_ms, 0, std::int64_t{30} * 24 * 3600 * 1000);
  ends_at_ = now_ms + lifetime_ms;
  renew_at_ = now_ms + lifetime_ms / 5 * 4;
}

std::optional<std::string> AccessToken::live(std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  if (text_.empty() || now_ms >= ends_at_) return std::nullopt;
  return text_;
}

bool AccessToken::wants_renewal(std::int64_t now_ms) const { return renewal_in(now_ms) == 0; }

std::int64_t AccessToken::renewal_in(std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  return text_.empty() ? 0 : std::max<std::int64_t>(0, renew_at_ - now_ms);
}

void AccessToken::rejected(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (text_ != text) return;
  text_.clear();
  ++rejected_in_a_row_;
}

void AccessToken::drop(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (text_ == text) text_.clear();
}

void AccessToken::worked() {
  const std::lock_guard lock(mutex_);
  rejected_in_a_row_ = 0;
}

int AccessToken::rejected_in_a_row() const {
  const std::lock_guard lock(mutex_);
  return rejected_in_a_row_;
}

}  // namespace tillside::sync
