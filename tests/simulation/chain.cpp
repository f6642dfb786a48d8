#include "tests/simulation/chain.h"

#include <fmt/format.h>

#include <algorithm>

namespace tillside::simulation {
namespace {

namespace fs = std::filesystem;

constexpr Instant kOpening{1'795'310'000'000};  // 2026-11-22T09:13:20+08:00
constexpr std::int64_t kQuarterMs = 10 * kMinute;
constexpr std::size_t kMembers = 40;
constexpr std::int64_t kQuota = 40;

std::string member_phone(std::uint64_t number) { return fmt::format("+86139000{:05}", number); }
std::string stranger_phone(std::uint64_t number) { return fmt::format("+86138000{:05}", number); }

Campaign campaign(std::int64_t budget) {
  auto parsed = parse_campaign(fmt::format(
      R"({{"number":1,"kind":"next_visit","name":{{"zh":"满100减20","en":"20 off"}},"conditions":{{"min_total":10000}},
         "reward":{{"type":"amount_off","amount":2000,"min_spend":10000}},"valid_days":30,
         "budget":{{"issue":{},"exposure":1000}},"quota_per_till":{},
         "active_from":"2020-01-01T00:00:00+08:00","active_until":"2040-01-01T00:00:00+08:00"}})",
      budget, kQuota));
  return *parsed;
}

}  // namespace

Chain::Chain(Plan plan, fs::path folder)
    : plan_(plan), folder_(std::move(folder)), dice_(plan.seed), time_(kOpening), defect_(plan.defect) {}

Outcome Chain::run() {
  found();
  for (int i = 0; i < plan_.days; ++i) day();
  heal();
  judge();
  return std::move(outcome_);
}

bool Chain::happens(const char* what, std::uint64_t in_thousand) {
  if (!dice_.chance(in_thousand)) return false;
  outcome_.tally.count(what);
  return true;
}

void Chain::violated(std::string what) {
  if (outcome_.violations.size() < 20) outcome_.violations.push_back(std::move(what));
}

Till& Chain::add_till(const std::string& lane) {
  const auto number = tills_.size();
  auto line = std::make_unique<BadLine>(*headquarters_, dice_, plan_.faults, outcome_.tally, defect_);
  tills_.push_back(std::make_unique<Till>(folder_ / fmt::format("till-{}", number), lane, time_, std::move(line),
                                          plan_.seed * 1'000'003 + number));
  last_sold_.emplace_back();
  remembered_.emplace_back();
  return *tills_.back();
}

void Chain::found() {
  headquarters_ = std::make_unique<Headquarters>(folder_ / "hq", time_);
  hq::Ledger& ledger = headquarters_->ledger();
  (void)ledger.set_public_host("t.example.cn");
  (void)ledger.add_store({.store_id = "0123", .name = "鲜果巷"});
  // Less than the shoppers could earn: the budget must be what stops it.
  budget_ = static_cast<std::int64_t>(plan_.tills) * plan_.days * plan_.checkouts_a_day / 4;
  (void)ledger.add_campaign(campaign(budget_));
  const MemberKey key = headquarters_->keys().member_key(1);
  std::vector<hq::MemberRow> rows;
  for (std::uint64_t i = 0; i < kMembers; ++i) {
    hq::MemberRow row;
    row.person = Bytes16{static_cast<std::uint8_t>(i), 1};
    MemberRecord record;
    record.stores = {1};
    row.record = encode_member(record);
    row.ids = {{IdType::phone, hash_identifier(key, IdType::phone, member_phone(i))}};
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.person < b.person; });
  (void)ledger.merge_members(rows);
  std::vector<hq::MemberIdRow> ids;
  for (const auto& row : rows) ids.push_back({row.ids.front().second, row.person, row.record, false});
  std::sort(ids.begin(), ids.end(), [](const auto& a, const auto& b) { return a.hash < b.hash; });
  (void)ledger.merge_member_ids(ids);
  (void)ledger.set_authoritative(1u << static_cast<int>(IdType::phone));
  (void)ledger.publish_deltas();

  for (std::size_t i = 0; i < plan_.tills; ++i) {
    Till& till = add_till(fmt::format("L{}", i));
    till.line().perfect = true;
    till.open();
    till.enrol(headquarters_->make_code("0123"));
    till.sync();
    till.close();
    till.line().perfect = false;
  }
}

void Chain::day() {
  day_of_headquarters();
  const std::size_t count = tills_.size();
  for (std::size_t first = 0; first < count; first += plan_.open_at_once) {
    const std::size_t end = std::min(count, first + plan_.open_at_once);
    for (std::size_t i = first; i < end; ++i) begin_day(i);
    for (int part = 0; part < 4; ++part) {
      for (std::size_t i = first; i < end; ++i) quarter(i);
      time_.advance(kQuarterMs);
    }
    for (std::size_t i = first; i < end; ++i) end_day(i);
    outcome_.store_days += end - first;
  }
}

void Chain::day_of_headquarters() {
  if (happens("headquarters restored", plan_.faults.headquarters_restored) && !headquarters_->restore_backup())
    outcome_.tally.count("(there was no backup)");
  if (happens("headquarters crashed", plan_.faults.headquarters_crash)) headquarters_->crash();
  if (dice_.chance(400)) headquarters_->back_up();
}

void Chain::begin_day(std::size_t number) {
  if (dice_.chance(plan_.faults.disk_rolled_back)) roll_back_disk(number);
  if (dice_.chance(plan_.faults.disk_copied)) copy_disk(number);
  Till& till = *tills_[number];
  till.open();
  till.line().cut = false;
  till.sync();
  repeat_later(number);
}

// Both go on; the copy stands at a lane of its own from the next day on.
void Chain::copy_disk(std::size_t number) {
  Till& till = *tills_[number];
  if (!fs::exists(till.folder()) || till.is_open()) return;
  outcome_.tally.count("disk copied");
  till.open();
  const auto units = till.units_left();
  till.close();
  oracle_.rolled_back(number, units);
  oracle_.rolled_back(tills_.size(), 0);
  const auto from = till.folder();
  Till& twin = add_till(fmt::format("C{}", tills_.size()));
  tills_[number]->copy_to(twin.folder());
}

void Chain::roll_back_disk(std::size_t number) {
  Till& till = *tills_[number];
  const fs::path snapshot = till.folder().string() + ".snapshot";
  if (!fs::exists(snapshot)) return;
  outcome_.tally.count("disk rolled back");
  outcome_.tally.count("(answers lost with a disk)", oracle_.disk_lost(number, held_at_headquarters()));
  till.replace_by(snapshot);
  till.open();
  oracle_.rolled_back(number, till.units_left());
  till.close();
  last_sold_[number].clear();
  remembered_[number].first.clear();
}

void Chain::disturb_clock(Till& till) {
  const std::int64_t off = dice_.between(kHour, 400 * 24 * kHour);
  if (happens("clock set back", plan_.faults.clock_back)) till.clock().error_ms = -off;
  if (happens("clock set ahead", plan_.faults.clock_ahead)) till.clock().error_ms = off;
  if (till.clock().error_ms != 0 && dice_.chance(300)) till.clock().error_ms = 0;
}

void Chain::quarter(std::size_t number) {
  Till& till = *tills_[number];
  if (till.line().cut) {
    till.line().cut = !dice_.chance(500);
  } else {
    till.line().cut = happens("line cut", plan_.faults.partition);
  }
  if (till.line().cut && defect_ == Defect::reclaims_by_timeout) reclaim_from(till);
  disturb_clock(till);
  for (int i = 0; i < plan_.checkouts_a_day / 4; ++i) sell(number);
  if (happens("till crashed", plan_.faults.till_crash)) {
    till.close();
    till.open();
  }
  till.sync();
}

void Chain::reclaim_from(const Till& till) {
  outcome_.tally.count("defect: reclaimed by time-out");
  headquarters_->change(fmt::format("UPDATE quota SET lent=issued WHERE till={}", till.shop()->key.till));
}

Chain::Shopper Chain::shopper() {
  if (dice_.chance(400)) return {};
  if (dice_.chance(500)) return {member_phone(dice_.below(kMembers)), true};
  return {stranger_phone(dice_.below(100'000)), false};
}

Checkout Chain::checkout_of(Till& till, CheckoutState state) {
  Checkout checkout;
  checkout.state = state;
  checkout.store_id = "0123";
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
  Checkout checkout = checkout_of(till, CheckoutState::completed);
  const Shopper who = shopper();
  if (!who.phone.empty()) checkout.customer_ids = {{IdType::phone, who.phone, Proof::scanned}};
  const Minor net = dice_.between(1000, 30'000);
  Line line;
  line.line_no = 1;
  line.sku = "6901234567892";
  line.name = "榴莲";
  line.unit_price = line.amount = net;
  checkout.lines = {line};
  checkout.totals = {net, 0, 0, net};
  checkout.tenders = {{TenderType::wechat, net}};
  if (dice_.chance(600)) {
    Checkout at_total = checkout;
    at_total.state = CheckoutState::total;
    at_total.tenders.clear();
    check_verdict(till.advise(at_total), who);
  }
  const Reply reply = till.complete(checkout);
  took(number, reply, "checkouts");
  outcome_.tally.count("coupons issued", reply.coupons);
  if (reply.coupons > 0) last_sold_[number] = reply.identity;
  if (dice_.chance(40)) took(number, till.complete(checkout), "repeated at once");
  if (dice_.chance(20)) remembered_[number] = {reply.identity, checkout};
  if (dice_.chance(40) && !last_sold_[number].empty()) take_back(number);
}

void Chain::took(std::size_t number, const Reply& reply, const char* what) {
  outcome_.tally.count(what);
  if (reply.error)
    return violated(fmt::format("the sale was refused: {} {}", name_of(reply.error->code), reply.error->detail));
  if (!oracle_.acknowledged(number, reply)) violated("the same call got another answer: " + reply.identity);
}

void Chain::check_verdict(const Reply& reply, const Shopper& who) {
  if (reply.error) return violated("advise failed");
  outcome_.tally.count("advised");
  const bool not_member = reply.body.find(R"("verdict":{"status":"not_member")") != std::string::npos;
  const bool member = reply.body.find(R"("verdict":{"status":"member")") != std::string::npos;
  if (who.member && not_member) violated("a member was called not a member");
  if (!who.member && member) violated("a stranger was called a member");
  if (who.phone.empty() && (member || not_member)) violated("nobody was named, and a verdict given");
  if (member) outcome_.tally.count("verdict: member");
  if (not_member) outcome_.tally.count("verdict: not a member");
}

void Chain::take_back(std::size_t number) {
  Till& till = *tills_[number];
  Checkout reversal = checkout_of(till, CheckoutState::voided);
  const std::string identity = std::exchange(last_sold_[number], {});
  reversal.original.emplace();
  reversal.original->lane_id = till.lane();
  reversal.original->business_date = reversal.business_date;
  reversal.original->sequence = till.next_sequence - 2;
  Line line;
  line.line_no = 1;
  line.kind = LineKind::returned;
  line.sku = "6901234567892";
  line.quantity = -1000;
  line.unit_price = 1000;
  line.amount = -1000;
  reversal.lines = {line};
  reversal.totals = {-1000, 0, 0, -1000};
  reversal.tenders = {{TenderType::wechat, -1000}};
  took(number, till.reverse(reversal), "reversals");
}

// An offline queue of the POS that is played again days later.
void Chain::repeat_later(std::size_t number) {
  if (remembered_[number].first.empty() || !dice_.chance(plan_.faults.call_repeated_later)) return;
  const auto [identity, checkout] = std::exchange(remembered_[number], {});
  const Reply reply = tills_[number]->complete(checkout);
  outcome_.tally.count("repeated another day");
  const std::string* first = oracle_.answer_of(identity);
  if (reply.error || first == nullptr || reply.body != *first) violated("a repeat got another answer: " + identity);
}

void Chain::end_day(std::size_t number) {
  Till& till = *tills_[number];
  till.close();
  const fs::path snapshot = till.folder().string() + ".snapshot";
  if (plan_.faults.disk_rolled_back > 0 && dice_.chance(50)) till.copy_to(snapshot);
}

// The lines are mended, clocks set, and everybody gets to speak. Twice, because a restored headquarters lends and
// settles only when all have been heard.
void Chain::heal() {
  defect_ = Defect::none;
  for (int round = 0; round < 3; ++round) {
    for (const auto& till : tills_) {
      till->clock().error_ms = 0;
      till->line().cut = false;
      till->line().perfect = true;
      till->open();
      for (int i = 0; i < 20 && (i == 0 || !till->all_sent()); ++i) {
        till->sync();
        time_.advance(kMinute);
      }
      if (round == 2 && !till->all_sent()) violated("events never left " + till->lane());
      till->close();
    }
  }
}

std::set<std::string> Chain::held_at_headquarters() const {
  return headquarters_->column("SELECT identity FROM checkout UNION SELECT identity FROM reversal");
}

void Chain::judge() {
  const auto found = oracle_.judge(held_at_headquarters());
  for (const auto& identity : found.missing) violated("lost: " + identity);
  for (const auto& identity : found.invented) violated("invented: " + identity);
  for (const auto& id : found.twice) violated("one coupon id, two coupons: " + id);
  if (found.coupons > budget_ + found.allowance)
    violated(fmt::format("the budget of {} (and {} for disks that went back) was passed: {} coupons", budget_,
                         found.allowance, found.coupons));
  outcome_.tally.count("answers acknowledged", oracle_.answers());
  outcome_.tally.count("(budget)", static_cast<std::uint64_t>(budget_));
  outcome_.tally.count("(allowance for disks that went back)", static_cast<std::uint64_t>(found.allowance));
}

}  // namespace tillside::simulation
