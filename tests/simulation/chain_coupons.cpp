#include <fmt/format.h>

#include <algorithm>

#include "tests/simulation/chain.h"
#include "tests/simulation/reading.h"

namespace tillside::simulation {
namespace {

bool is_for_good(std::string_view reason) {
  return reason == "spent" || reason == "revoked" || reason == "expired" || reason == "forged" ||
         reason == "beyond_ceiling";
}

// The till takes it off, and says so by the coupon's id.
void take_off(Checkout& checkout, const std::string& coupon, Minor discount) {
  const Minor off = std::min(discount, checkout.totals.net);
  checkout.applied_discounts = {{coupon, 0, off}};
  checkout.totals.discount += off;
  checkout.totals.net -= off;
}

}  // namespace

std::optional<Carried> Chain::brought(std::size_t number) {
  if (!dice_.chance(static_cast<std::uint64_t>(plan_.coupons_brought))) return std::nullopt;
  const auto& waiting = counters_[number].waiting;
  if (waiting && dice_.chance(300)) return waiting->coupon;
  auto& patient = counters_[number].patient;
  if (!patient.empty() && dice_.chance(50)) {
    Carried coupon = std::move(patient.back());
    patient.pop_back();
    return coupon;
  }
  auto& pictures = counters_[number].pictures;
  if (!pictures.empty() && dice_.chance(400)) {
    Carried coupon = std::move(pictures.back());
    pictures.pop_back();
    return coupon;
  }
  const std::uint64_t who = dice_.below(1000);
  if (who < plan_.pictures_brought) return shoppers_.picture();
  if (who < plan_.pictures_brought + plan_.brought_elsewhere) return shoppers_.elsewhere(number);
  return shoppers_.at_home(counters_[number].stands_for.value_or(number));
}

bool Chain::is_home(std::size_t number, const std::string& coupon) const {
  const auto* known = coupon.starts_with("00000") ? oracle_.coupon(coupon) : nullptr;
  if (known != nullptr) return known->home == number;
  return coupon.substr(0, 6) == fmt::format("{:06x}", tills_[number]->shop()->key.packed());
}

// Puts it on the bill, one way or another, or the shopper thinks better of it. What was promised for it, if it was.
std::optional<Chain::Held> Chain::present(std::size_t number, Checkout& checkout, const Carried& coupon) {
  auto& waiting = counters_[number].waiting;
  if (waiting && waiting->coupon.id == coupon.id && !coupon.photo) {
    checkout.coupons = {coupon.code};
    outcome_.tally.count("held coupons brought later");
    const Held held = *std::exchange(waiting, std::nullopt);
    take_off(checkout, held.coupon.id, held.discount);
    return held;
  }
  if (dice_.chance(coupon.home == number ? 400 : 50)) {
    checkout.coupons = {coupon.code};
    return std::nullopt;
  }
  auto held = hold(number, checkout, coupon);
  if (!held) return std::nullopt;
  if (happens("holds released", 60)) {
    let_go(number, *held);
    return std::nullopt;
  }
  if (happens("crashed with a hold", plan_.faults.crash_with_hold)) {
    tills_[number]->crash();
    tills_[number]->open();
  }
  checkout.coupons = {coupon.code};
  take_off(checkout, held->coupon.id, held->discount);
  return held;
}

std::optional<Chain::Held> Chain::hold(std::size_t number, const Checkout& checkout, const Carried& coupon) {
  Till& till = *tills_[number];
  const bool for_later =
      !counters_[number].waiting && !coupon.photo && !coupon.told && dice_.chance(plan_.held_for_later);
  CouponCall call;
  call.code = coupon.code;
  call.hold_id = fmt::format("{}-{}", till.lane(), ++holds_);
  call.lane_id = till.lane();
  if (!for_later) call.checkout = checkout;
  if (dice_.chance(100)) (void)till.check(call);
  Reply reply = till.hold(call);
  if (value_in(reply.body, "\"state\":\"") == "asking") {
    outcome_.tally.count("headquarters did not answer");
    reply = till.hold(call);
  }
  const std::string state(value_in(reply.body, "\"state\":\""));
  const Held held{coupon, call.hold_id, number_in(reply.body, "\"discount\":"), till.shop()->key};
  if (state == "asking") {
    let_go(number, held);
  } else if (state == "refused") {
    refused(number, coupon, value_in(reply.body, "\"reason\":\""));
  } else if (state != "approved") {
    violated("a hold is neither approved nor refused: " + state + " " + coupon.id);
  } else {
    outcome_.tally.count(is_home(number, coupon.id) ? "holds at home" : "holds elsewhere");
    if (!for_later) return held;
    counters_[number].waiting = held;
    if (dice_.chance(plan_.photographed)) shoppers_.photograph(coupon);
  }
  return std::nullopt;
}

void Chain::let_go(std::size_t number, const Held& held) {
  const Reply reply = tills_[number]->release(held.hold_id);
  if (value_in(reply.body, "\"state\":\"") != "released") violated("a hold was not released: " + held.coupon.id);
  shoppers_.take(held.coupon);
}

void Chain::refused(std::size_t number, const Carried& coupon, std::string_view reason) {
  outcome_.tally.count("refused: " + std::string(reason));
  if (reason == "home_only" && !coupon.told && dice_.chance(700)) {
    counters_[number].patient.push_back(coupon);
  } else if (!is_for_good(reason)) {
    shoppers_.take(coupon);
  }
}

void Chain::settle(std::size_t number, const Reply& reply, const Carried& coupon, const Held* held) {
  if (reply.redeemed == 0) {
    const bool promised = held != nullptr && held->key == tills_[number]->shop()->key;
    const auto* known = oracle_.coupon(coupon.id);
    const auto gone = [&] { return std::count(known->redeemed_at.begin(), known->redeemed_at.end(), number) > 0; };
    if (promised && known != nullptr && known->revoked) {
      outcome_.tally.count("revoked while it was held");
    } else if (promised && known != nullptr && gone()) {
      outcome_.tally.count("a picture used the hold up");  // of the same lane: it was for whatever that sells next
    } else if (promised) {
      violated("what was promised did not stand: " + held->hold_id + " " + coupon.id + " " +
               std::string(list_in(reply.body, "unapproved")));
    }
    return refused(number, coupon, value_in(list_in(reply.body, "unapproved"), "\"reason\":\""));
  }
  const bool at_home = is_home(number, coupon.id);
  outcome_.tally.count(at_home ? "redeemed at home" : "redeemed elsewhere");
  if (tills_[number]->line().cut) outcome_.tally.count("redeemed with the line cut");
  const auto* known = oracle_.coupon(coupon.id);
  if (known == nullptr) return violated("redeemed though nobody was given it: " + coupon.id);
  if (known->campaign == kWelcome) outcome_.tally.count("welcomes redeemed");
  if (!at_home) remember_for_gone_disk(coupon);
  if (!at_home && terms_[known->campaign].strict) outcome_.tally.count("strict coupons redeemed elsewhere");
  if (at_home && known->revoked && !oracle_.is_unsteady(number)) violated("redeemed though revoked: " + coupon.id);
  if (!coupon.photo && dice_.chance(80)) {
    shoppers_.photograph(coupon);
  }
}

}  // namespace tillside::simulation
