#include <fmt/format.h>

#include "tests/simulation/chain.h"
#include "tests/simulation/reading.h"

namespace tillside::simulation {
namespace {

constexpr std::size_t kSoldRemembered = 8;

std::string stranger_phone(std::uint64_t number) { return fmt::format("+86138000{:05}", number); }

void put_goods(Checkout& checkout, Minor net) {
  Line line;
  line.line_no = 1;
  line.sku = "6901234567892";
  line.name = "榴莲";
  line.unit_price = line.amount = net;
  checkout.lines = {line};
  checkout.totals = {net, 0, 0, net};
}

}  // namespace

std::string member_phone(std::uint64_t number) { return fmt::format("+86139000{:05}", number); }

Chain::Shopper Chain::shopper(std::size_t number) {
  const auto& newcomers = newcomers_[counters_[number].store];
  if (!newcomers.empty() && dice_.chance(20)) return {newcomers[dice_.below(newcomers.size())], false, true};
  if (dice_.chance(400)) return {};
  if (dice_.chance(500)) return {member_phone(dice_.below(kMembers)), true};
  return {stranger_phone(dice_.below(100'000)), false};
}

Checkout Chain::checkout_of(Till& till, CheckoutState state) {
  Checkout checkout;
  checkout.state = state;
  checkout.store_id = till.store();
  checkout.lane_id = till.lane();
  checkout.sequence = till.next_sequence++;
  checkout.occurred_at = till.clock().now();
  checkout.business_date = StoreZone().date(time_.now());
  checkout.operator_id = "E1007";
  checkout.currency = *currency_of("CNY");
  return checkout;
}

void Chain::sell(std::size_t number) {
  Till& till = *tills_[number];
  Checkout checkout = checkout_of(till, CheckoutState::total);
  const Shopper who = shopper(number);
  if (!who.phone.empty()) checkout.customer_ids = {{IdType::phone, who.phone, Proof::scanned}};
  auto coupon = who.newcomer ? std::nullopt : brought(number);
  put_goods(checkout, dice_.between(coupon || who.newcomer ? 10'000 : 1000, 30'000));
  if (who.newcomer || dice_.chance(600)) {
    const Reply advised = till.advise(checkout);
    check_verdict(advised, who);
    if (who.newcomer) coupon = welcome_of(advised);
  }
  const auto held = coupon ? present(number, checkout, *coupon) : std::nullopt;
  checkout.state = CheckoutState::completed;
  checkout.tenders = {{TenderType::wechat, checkout.totals.net}};
  const Reply reply = till.complete(checkout);
  if (coupon && !checkout.coupons.empty()) settle(number, reply, *coupon, held ? &*held : nullptr);
  took(number, reply, "checkouts");
  carry_away(number, reply);
  if (reply.coupons + reply.redeemed > 0) {
    auto& sold = counters_[number].sold;
    sold.push_back({reply.identity, checkout.sequence, checkout.business_date, checkout.totals.net});
    if (sold.size() > kSoldRemembered) sold.pop_front();
  }
  if (dice_.chance(40)) took(number, till.complete(checkout), "repeated at once");
  if (dice_.chance(20)) counters_[number].repeat_identity = reply.identity, counters_[number].repeat = checkout;
  if (dice_.chance(30)) take_back(number);
}

void Chain::took(std::size_t number, const Reply& reply, const char* what) {
  outcome_.tally.count(what);
  if (reply.error)
    return violated(fmt::format("the sale was refused: {} {}", name_of(reply.error->code), reply.error->detail));
  if (!oracle_.acknowledged(number, reply)) violated("the same call got another answer: " + reply.identity);
}

void Chain::carry_away(std::size_t number, const Reply& reply) {
  if (reply.coupons == 0) return;
  outcome_.tally.count("coupons issued", reply.coupons);
  const bool restored = reply.body.find("\"restored\":[") != std::string::npos;
  std::size_t at = reply.body.find(restored ? "\"restored\":[" : "\"coupons\":[");
  for (std::uint32_t i = 0; i < reply.coupons; ++i) {
    Carried coupon;
    coupon.id = next_value(reply.body, "{\"id\":\"", at);
    coupon.code = next_value(reply.body, "\"url\":\"", at);
    coupon.home = number;
    shoppers_.take(std::move(coupon));
  }
}

void Chain::check_verdict(const Reply& reply, const Shopper& who) {
  if (reply.error) return violated("advise failed");
  outcome_.tally.count("advised");
  if (who.newcomer) return;  // whether the till has heard of her is open
  const bool not_member = reply.body.find(R"("verdict":{"status":"not_member")") != std::string::npos;
  const bool member = reply.body.find(R"("verdict":{"status":"member")") != std::string::npos;
  if (who.member && not_member) violated("a member was called not a member");
  if (!who.member && member) violated("a stranger was called a member");
  if (who.phone.empty() && (member || not_member)) violated("nobody was named, and a verdict given");
  if (member) outcome_.tally.count("verdict: member");
  if (not_member) outcome_.tally.count("verdict: not a member");
}

// A sale that issued or redeemed is voided, or some or all of its goods come back.
void Chain::take_back(std::size_t number) {
  auto& sold = counters_[number].sold;
  if (sold.empty()) return;
  Till& till = *tills_[number];
  const std::size_t which = dice_.below(sold.size());
  const Sold sale = sold[which];
  const bool whole = dice_.chance(600), as_void = whole && dice_.chance(500);
  Checkout reversal = checkout_of(till, as_void ? CheckoutState::voided : CheckoutState::returned);
  reversal.original.emplace();
  reversal.original->store_id = till.store();
  reversal.original->lane_id = till.lane();
  reversal.original->business_date = sale.date;
  reversal.original->sequence = sale.sequence;
  const Minor back = whole ? sale.net : sale.net / 2;
  Line line;
  line.line_no = 1;
  line.kind = LineKind::returned;
  line.sku = "6901234567892";
  line.quantity = whole ? -1000 : -500;
  line.unit_price = back;
  line.amount = -back;
  line.original = LineOriginal{{}, 1};
  reversal.lines = {line};
  reversal.totals = {-back, 0, 0, -back};
  reversal.tenders = {{TenderType::wechat, -back}};
  if (whole) sold.erase(sold.begin() + static_cast<std::ptrdiff_t>(which));
  const Reply reply = till.reverse(reversal);
  took(number, reply, as_void ? "sales voided" : "returns");
  if (reply.body.find("\"revoked\":[{") != std::string::npos) outcome_.tally.count("coupons revoked by a return");
  const auto clawed_back = list_in(reply.body, "claw_backs");
  std::size_t at = 0;
  for (auto id = next_value(clawed_back, "\"id\":\"", at); !id.empty(); id = next_value(clawed_back, "\"id\":\"", at)) {
    outcome_.tally.count("spent coupons clawed back");
    const auto* coupon = oracle_.coupon(std::string(id));
    if (coupon == nullptr || coupon->redeemed_at.empty())
      violated("clawed back though nobody spent it: " + std::string(id));
  }
  carry_away(number, reply);
}

// An offline queue of the POS that is played again days later.
void Chain::repeat_later(std::size_t number) {
  if (counters_[number].repeat_identity.empty() || !dice_.chance(plan_.faults.call_repeated_later)) return;
  const std::string identity = std::exchange(counters_[number].repeat_identity, {});
  const Reply reply = tills_[number]->complete(std::exchange(counters_[number].repeat, {}));
  outcome_.tally.count("repeated another day");
  if (reply.error || !oracle_.was_answered(identity, reply.body)) violated("a repeat got another answer: " + identity);
}

}  // namespace tillside::simulation
