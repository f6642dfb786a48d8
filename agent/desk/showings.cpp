#include "agent/desk/showings.h"

#include <utility>

namespace tillside {
namespace {

bool same_checkout(const Showing& showing, const Checkout& checkout) {
  if (showing.sequence != 0 && checkout.sequence != 0 && showing.sequence != checkout.sequence) return false;
  const bool both_named = !showing.checkout_id.empty() && !checkout.checkout_id.empty();
  return !both_named || showing.checkout_id == checkout.checkout_id;
}

}  // namespace

OrdinalSource::OrdinalSource(std::uint32_t first, std::uint32_t reserved_to, std::function<void(std::uint32_t)> reserve)
    : next_(first), reserved_to_(reserved_to), reserve_(std::move(reserve)) {}

std::optional<std::uint32_t> OrdinalSource::next() {
  std::uint32_t ask_for = 0;
  std::optional<std::uint32_t> ordinal;
  {
    const std::lock_guard lock(mutex_);
    if (next_ < reserved_to_ && next_ <= kMaxOrdinal) ordinal = next_++;
    if (!asked_ && reserved_to_ - next_ < kBlock / 2 && reserved_to_ <= kMaxOrdinal) {
      asked_ = true;
      ask_for = reserved_to_ + kBlock;
    }
  }
  if (ask_for != 0) reserve_(ask_for);
  return ordinal;
}

void OrdinalSource::reserved(std::uint32_t upto) {
  const std::lock_guard lock(mutex_);
  if (upto > reserved_to_) reserved_to_ = upto;
  asked_ = false;
}

Showings::Lanes::const_iterator Showings::meant_by(const Checkout& checkout) const {
  const auto open = open_.find(checkout.lane_id);
  if (open == open_.end()) return open;
  const bool meant =
      checkout.showing_id.empty() ? same_checkout(open->second, checkout) : checkout.showing_id == open->second.id;
  return meant ? open : open_.end();
}

std::optional<Showing> Showings::find(const Checkout& checkout) const {
  const std::lock_guard lock(mutex_);
  const auto open = meant_by(checkout);
  return open == open_.end() ? std::nullopt : std::optional(open->second);
}

std::optional<Showing> Showings::put(Showing showing) {
  const std::lock_guard lock(mutex_);
  const auto open = open_.find(showing.lane_id);
  if (open == open_.end()) {
    std::string lane = showing.lane_id;
    open_.emplace(std::move(lane), std::move(showing));
    return std::nullopt;
  }
  Showing previous = std::exchange(open->second, std::move(showing));
  if (previous.id == open->second.id) return std::nullopt;
  return previous;
}

std::optional<Showing> Showings::take(const Checkout& checkout, std::uint32_t till, const ReferralKey& key) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto open = meant_by(checkout); open != open_.end()) {
      Showing showing = open->second;
      open_.erase(open);
      return showing;
    }
  }
  if (checkout.showing_id.empty()) return std::nullopt;
  const auto token = verify_referral(checkout.showing_id, key);
  if (!token || !token->checkout || token->till_or_store != till) return std::nullopt;
  Showing showing;
  showing.id = checkout.showing_id;
  showing.fact = {token->ordinal, token->minute, token->staff, true};
  return showing;
}

std::optional<Showing> Showings::give_back(Showing showing) {
  if (showing.lane_id.empty()) return std::nullopt;  // it was not open here
  const std::lock_guard lock(mutex_);
  std::string lane = showing.lane_id;
  const auto [open, taken] = open_.try_emplace(std::move(lane), std::move(showing));
  if (taken || open->second.id == showing.id) return std::nullopt;
  return showing;
}

std::optional<Showing> Showings::close_lane(std::string_view lane_id) {
  const std::lock_guard lock(mutex_);
  const auto open = open_.find(lane_id);
  if (open == open_.end()) return std::nullopt;
  Showing showing = std::move(open->second);
  open_.erase(open);
  return showing;
}

std::map<std::string, Showing> Showings::take_all() {
  const std::lock_guard lock(mutex_);
  std::map<std::string, Showing> all;
  for (auto& [lane, showing] : open_) all.emplace(lane, std::move(showing));
  open_.clear();
  return all;
}

}  // namespace tillside
