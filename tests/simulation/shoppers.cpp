#include "tests/simulation/shoppers.h"

#include <utility>

namespace tillside::simulation {

std::vector<Carried>& Shoppers::pocket(std::size_t till) {
  if (pockets_.size() <= till) pockets_.resize(till + 1);
  return pockets_[till];
}

std::optional<Carried> Shoppers::out_of(std::vector<Carried>& some) {
  if (some.empty()) return std::nullopt;
  std::swap(some[dice_.below(some.size())], some.back());
  Carried coupon = std::move(some.back());
  some.pop_back();
  return coupon;
}

void Shoppers::take(Carried coupon) {
  if (coupon.told) return;
  if (coupon.photo) return pictures_.push_back(std::move(coupon));
  if (dice_.chance(photographed_)) photograph(coupon);
  pocket(coupon.home).push_back(std::move(coupon));
}

void Shoppers::photograph(const Carried& coupon) {
  if (coupon.told) return;
  pictures_.push_back(coupon);
  pictures_.back().photo = true;
}

std::optional<Carried> Shoppers::picture() {
  if (pictures_.empty() || dice_.chance(500)) return out_of(pictures_);
  Carried newest = std::move(pictures_.back());
  pictures_.pop_back();
  return newest;
}

std::optional<Carried> Shoppers::elsewhere(std::size_t till) {
  const std::size_t other = pockets_.empty() ? till : dice_.below(pockets_.size());
  return other == till ? std::nullopt : out_of(pocket(other));
}

}  // namespace tillside::simulation
