#include <fmt/format.h>

#include <algorithm>

#include "tests/simulation/chain.h"
#include "tests/simulation/reading.h"

namespace tillside::simulation {
namespace {

std::string newcomer_phone(std::uint64_t number) { return fmt::format("+86137{:08}", number); }

}  // namespace

std::set<std::string> Chain::own_coupons() const {
  return headquarters_->column("SELECT printf('%06x%08x',key_id,serial) FROM own_coupon WHERE key_id<16");
}

// `home`: the key of the till that decides it, as the ledger writes it.
void Chain::told(const std::string& id, std::uint32_t campaign, const std::string& home, const std::string& whom) {
  const auto till = static_cast<std::uint32_t>(std::strtoul(home.c_str(), nullptr, 10)) >> 4;
  const auto disk = disk_of_till_.find(till);
  const std::size_t at = disk == disk_of_till_.end() ? tills_.size() : disk->second;
  if (!oracle_.told(id, campaign, at, whom)) violated("somebody was welcomed twice: " + id);
}

// A newcomer, or somebody who left and comes again, here or elsewhere; now and then it is told twice.
void Chain::somebody_joins(std::size_t number) {
  const std::size_t store = counters_[number].store, other = dice_.below(newcomers_.size());
  const bool again = !newcomers_[other].empty() && dice_.chance(400);
  const std::string phone =
      again ? newcomers_[other][dice_.below(newcomers_[other].size())] : newcomer_phone(newcomers_ever_++);
  const std::string body = fmt::format(R"({{"store_id":"{}","phone":"{}"}})", store_name(store), phone);
  for (int times = dice_.chance(200) ? 2 : 1; times > 0; --times) {
    const std::string said = headquarters_->admin("joined", body);
    outcome_.tally.count(again ? "joined again" : "joined for the first time");
    const bool unheard = said.empty();  // headquarters may have welcomed her before its power went
    if (!unheard && said.find("\"welcomed\":true") == std::string::npos) continue;
    const auto made = headquarters_->rows(fmt::format(
        "SELECT printf('%06x%08x',key_id,serial),coalesce(home,0) FROM own_coupon WHERE key_id<16 AND campaign={} "
        "ORDER BY key_id DESC,serial DESC LIMIT 1",
        kWelcome));
    if (unheard && (made.empty() || oracle_.coupon(made[0][0]) != nullptr)) continue;
    outcome_.tally.count("welcomed");
    told(made.at(0).at(0), kWelcome, made.at(0).at(1), phone);
  }
  if (!again || other != store) newcomers_[store].push_back(phone);
}

// What she was welcomed with, as her scan found it.
std::optional<Carried> Chain::welcome_of(const Reply& advised) const {
  for (std::size_t at = advised.body.find("\"usable_coupons\":["); at != std::string::npos;) {
    if (next_value(advised.body, "{\"state\":\"", at) != "free") return std::nullopt;
    Carried coupon;
    coupon.id = coupon.code = next_value(advised.body, "\"id\":\"", at);
    coupon.told = true;
    const auto* known = oracle_.coupon(coupon.id);
    if (known != nullptr && known->campaign == kWelcome) return coupon;
  }
  return std::nullopt;
}

// The manager's flash sale: so many at once, the same when she asks again.
void Chain::order_vouchers(std::size_t number) {
  const std::size_t store = counters_[number].store;
  const std::string order = fmt::format("flash-{}", ++orders_);
  const std::string body = fmt::format(R"({{"campaign":{},"store_id":"{}","count":{},"order":"{}"}})", kVoucher,
                                       store_name(store), dice_.between(5, 15), order);
  std::string made = headquarters_->admin("coupons", body);
  if (made.empty()) made = headquarters_->admin("coupons", body);  // it may have lost its power with the order made
  if (made.empty()) return outcome_.tally.count("orders of vouchers refused");
  outcome_.tally.count("orders of vouchers");
  if (dice_.chance(200) && headquarters_->admin("coupons", body) != made) violated("the same order was made twice");
  const auto homes = headquarters_->rows(fmt::format(
      "SELECT printf('%06x%08x',key_id,serial),coalesce(home,0) FROM own_coupon WHERE order_id='{}'", order));
  for (const auto& row : homes) told(row[0], kVoucher, row[1], "");
  std::size_t at = made.find("\"coupons\":[");
  for (std::size_t i = 0; i < homes.size(); ++i) {
    Carried voucher;
    voucher.id = next_value(made, "\"id\":\"", at);
    voucher.code = next_value(made, "\"url\":\"", at);
    vouchers_[store].push_back(std::move(voucher));
    outcome_.tally.count("vouchers made");
  }
}

// Goods for a voucher, or for a picture of one, without a sale.
void Chain::hand_over(std::size_t number) {
  auto& pocket = vouchers_[counters_[number].store];
  if (pocket.empty()) return;
  std::swap(pocket[dice_.below(pocket.size())], pocket.back());
  const Carried voucher = std::move(pocket.back());
  pocket.pop_back();
  Till& till = *tills_[number];
  CouponCall call;
  call.code = voucher.code;
  call.hold_id = fmt::format("{}-{}", till.lane(), ++holds_);
  call.lane_id = till.lane();
  call.operator_id = "E1007";
  Reply reply = till.hand_over(call);
  if (value_in(reply.body, "\"state\":\"") == "asking") reply = till.hand_over(call);
  const std::string state(value_in(reply.body, "\"state\":\""));
  if (state == "spent") return handed_over(number, voucher, call, reply);
  if (state == "asking") {
    outcome_.tally.count("headquarters did not answer");
    (void)till.release(call.hold_id);
  } else if (state != "refused") {
    violated("a voucher is neither handed over nor refused: " + state + " " + voucher.id);
  }
  const std::string reason(value_in(reply.body, "\"reason\":\""));
  outcome_.tally.count("voucher refused: " + (state == "asking" ? state : reason));
  if (!voucher.photo && reason != "spent" && reason != "expired") pocket.push_back(voucher);
}

void Chain::handed_over(std::size_t number, const Carried& voucher, const CouponCall& call, const Reply& reply) {
  outcome_.tally.count("vouchers handed over");
  const auto* known = oracle_.coupon(voucher.id);
  if (known == nullptr) return violated("handed over though nobody made it: " + voucher.id);
  if (known->home != number) outcome_.tally.count("vouchers handed over by another till than their home");
  oracle_.handed_over(number, counters_[number].till, voucher.id, number_in(reply.body, "\"discount\":"));
  if (dice_.chance(400)) {
    const Reply again = tills_[number]->hand_over(call);
    outcome_.tally.count("vouchers handed over, asked again");
    if (again.redeemed != 0 || value_in(again.body, "\"state\":\"") != "spent")
      violated("the same call handed a voucher over again: " + voucher.id);
  }
  if (dice_.chance(std::max<std::uint64_t>(plan_.photographed, 200))) {
    vouchers_[counters_[number].store].push_back(voucher);
    vouchers_[counters_[number].store].back().photo = true;
  }
}

}  // namespace tillside::simulation
