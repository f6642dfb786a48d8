#include "agent/desk/signature_ahead.h"

#include <chrono>

namespace tillside {
namespace {

constexpr std::chrono::microseconds kPatience{100};  // the other thread may have lost its core

}  // namespace

void SignatureAhead::sign(const ChainId& chain, const SigningKey& key) {
  auto expected = State::waiting;
  if (!state_.compare_exchange_strong(expected, State::signing)) return;
  signature_ = sign_coupon(foreseen_, chain, key);
  state_.store(State::ready, std::memory_order_release);
}

std::optional<Signature> SignatureAhead::take(const CouponBytes& body) {
  if (body != foreseen_) return std::nullopt;
  auto expected = State::waiting;
  if (state_.compare_exchange_strong(expected, State::given_up)) return std::nullopt;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (state_.load(std::memory_order_acquire) == State::signing) {
    if (std::chrono::steady_clock::now() > until) return std::nullopt;
  }
  return state_.load(std::memory_order_acquire) == State::ready ? std::optional(signature_) : std::nullopt;
}

}  // namespace tillside
