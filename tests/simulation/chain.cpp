#include "tests/simulation/chain.h"

#include <fmt/format.h>

#include <algorithm>

namespace tillside::simulation {
namespace {

namespace fs = std::filesystem;

constexpr Instant kOpening{1'795'310'000'000};  // 2026-11-22T09:13:20+08:00
constexpr std::int64_t kQuarterMs = 10 * kMinute;
constexpr std::int64_t kQuota = 40;

Campaign campaign(std::uint32_t number, const Terms& terms) {
  auto parsed = parse_campaign(fmt::format(
      R"({{"number":{},"kind":"next_visit","name":{{"zh":"满减","en":"off"}},"conditions":{{"min_total":{}}},
         "reward":{{"type":"amount_off","amount":{},"min_spend":10000}},"valid_days":30,"policy":"{}",
         "budget":{{"issue":{},"exposure":{}}},"quota_per_till":{},
         "active_from":"2020-01-01T00:00:00+08:00","active_until":"2040-01-01T00:00:00+08:00"}})",
      number, terms.strict ? 20'000 : 10'000, terms.strict ? 1500 : 2000, terms.strict ? "strict" : "home", terms.issue,
      terms.exposure, kQuota));
  return *parsed;
}

Campaign of_headquarters(std::uint32_t number, const char* kind, const char* reward, const Terms& terms) {
  auto parsed = parse_campaign(fmt::format(
      R"({{"number":{},"kind":"{}","name":{{"zh":"礼","en":"gift"}},"reward":{},"valid_days":30,"policy":"{}",
         "budget":{{"issue":{},"exposure":{}}},"quota_per_till":5,
         "active_from":"2020-01-01T00:00:00+08:00","active_until":"2040-01-01T00:00:00+08:00"}})",
      number, kind, reward, terms.strict ? "strict" : "home", terms.issue, terms.exposure));
  return *parsed;
}

}  // namespace

Chain::Chain(Plan plan, fs::path folder)
    : plan_(plan),
      folder_(std::move(folder)),
      dice_(plan.seed),
      time_(kOpening),
      shoppers_(dice_, plan.photographed),
      defect_(plan.defect) {}

Outcome Chain::run() {
  found();
  for (int day = 0; day < plan_.days; day += plan_.stretch) stretch(std::min(plan_.stretch, plan_.days - day));
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

std::string Chain::store_name(std::size_t store) { return fmt::format("{:04}", 100 + store); }

Till& Chain::add_till(std::size_t store, const std::string& lane) {
  const auto number = tills_.size();
  auto line = std::make_unique<BadLine>(*headquarters_, dice_, plan_.faults, outcome_.tally, defect_);
  Till::Place place{folder_ / fmt::format("till-{}", number), store_name(store), lane};
  tills_.push_back(
      std::make_unique<Till>(std::move(place), time_, disk_, std::move(line), plan_.seed * 1'000'003 + number));
  counters_.emplace_back().store = store;
  return *tills_.back();
}

// Budgets are less than the shoppers could earn, exposure less than they carry about: both must be what stops it.
void Chain::found() {
  headquarters_ = std::make_unique<Headquarters>(folder_ / "hq", time_, disk_);
  hq::Ledger& ledger = headquarters_->ledger();
  (void)ledger.set_public_host("t.example.cn");
  const std::size_t stores = (plan_.tills + plan_.tills_a_store - 1) / plan_.tills_a_store;
  for (std::size_t i = 0; i < stores; ++i) (void)ledger.add_store({.store_id = store_name(i), .name = "鲜果巷"});
  newcomers_.resize(stores);
  vouchers_.resize(stores);
  const auto store_days = static_cast<std::int64_t>(plan_.tills) * plan_.days;
  terms_[kHome] = {false, store_days * plan_.checkouts_a_day * 27 / 100, store_days * plan_.exposure_a_day};
  terms_[kStrict] = {true, store_days * plan_.checkouts_a_day * 8 / 100, store_days * plan_.exposure_a_day};
  for (const auto& [number, terms] : terms_) (void)ledger.add_campaign(campaign(number, terms));
  const auto a_store_days = static_cast<std::int64_t>(stores) * plan_.days;
  terms_[kWelcome] = {false, a_store_days * 4 + 20, a_store_days};
  terms_[kVoucher] = {true, a_store_days * 8 + 20, 0};
  (void)ledger.add_campaign(of_headquarters(
      kWelcome, "welcome", R"({"type":"amount_off","amount":1000,"min_spend":5000})", terms_[kWelcome]));
  (void)ledger.add_campaign(
      of_headquarters(kVoucher, "pickup", R"({"type":"item","item":4711,"worth":1500})", terms_[kVoucher]));
  found_members(ledger);
  for (std::size_t i = 0; i < plan_.tills; ++i) {
    Till& till = add_till(i / plan_.tills_a_store, fmt::format("L{}", i));
    till.line().perfect = true;
    till.open();
    till.enrol(headquarters_->make_code(till.store()));
    till.sync();
    counters_[i].till = till.shop()->key.till;
    disk_of_till_[counters_[i].till] = i;
    till.close();
    till.line().perfect = false;
  }
  headquarters_->now_and_then();
}

void Chain::found_members(hq::Ledger& ledger) {
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
}

void Chain::stretch(int days) {
  const std::size_t count = tills_.size();
  const std::size_t groups = (count + plan_.open_at_once - 1) / plan_.open_at_once;
  for (std::size_t first = 0; first < count; first += plan_.open_at_once) {
    const std::size_t end = std::min(count, first + plan_.open_at_once);
    for (int day = 0; day < days; ++day) {
      if (dice_.below(groups) == 0) day_of_headquarters();
      if (happens("headquarters crashed", plan_.faults.headquarters_crash)) headquarters_->crash();
      if (defect_ == Defect::none && dice_.chance(plan_.faults.headquarters_power_cut))
        headquarters_->lose_power_after(1 + dice_.below(5000));
      group_day(first, end);
    }
    for (std::size_t i = first; i < end; ++i) tills_[i]->close();
  }
}

void Chain::group_day(std::size_t first, std::size_t end) {
  if (dice_.chance(500)) find_gone_disk();
  for (std::size_t i = first; i < end; ++i) begin_day(i);
  for (int part = 0; part < 4; ++part) {
    for (std::size_t i = first; i < end; ++i) quarter(i);
    time_.advance(kQuarterMs);
    headquarters_->now_and_then();
  }
  for (std::size_t i = first; i < end; ++i) end_day(i);
  outcome_.store_days += end - first;
}

void Chain::day_of_headquarters() {
  if (dice_.chance(plan_.faults.headquarters_restored)) restore_headquarters();
  if (dice_.chance(400)) headquarters_->back_up();
}

// What it had granted or filed of a coupon since the backup it does not know until the tills have told it again.
void Chain::restore_headquarters() {
  constexpr const char* kKnown =
      "SELECT printf('%06x%08x',key_id,serial) FROM reservation WHERE state IN (1,4) "
      "UNION SELECT printf('%06x%08x',key_id,serial) FROM redemption";
  const auto before = headquarters_->column(kKnown), own_before = own_coupons();
  if (!headquarters_->restore_backup()) return;
  outcome_.tally.count("headquarters restored");
  const auto after = headquarters_->column(kKnown);
  for (const std::string& coupon : before)
    if (!after.contains(coupon)) oracle_.headquarters_forgot(coupon);
  const auto own = own_coupons();
  for (const std::string& coupon : own_before)
    if (!own.contains(coupon)) oracle_.headquarters_forgot_its_own(coupon);
  hear_everybody();
}

// Until it has heard every till a restored headquarters lends and grants nothing: the owner has them all switched on.
void Chain::hear_everybody() {
  for (int round = 0; round < 2; ++round) {
    for (const auto& till : tills_) {
      const bool was_open = till->is_open();
      if (!was_open) till->open();
      till->sync();
      if (!was_open) till->close();
    }
    time_.advance(kMinute);
  }
}

void Chain::begin_day(std::size_t number) {
  if (dice_.chance(plan_.faults.disk_rolled_back)) roll_back_disk(number);
  if (dice_.chance(plan_.faults.disk_copied)) copy_disk(number);
  Till& till = *tills_[number];
  if (!till.is_open()) till.open();
  if (happens("power about to fail", plan_.faults.power_cut)) till.lose_power_after(1 + dice_.below(1500));
  if (dice_.chance(plan_.joins)) somebody_joins(number);
  if (dice_.chance(plan_.voucher_orders)) order_vouchers(number);
  const bool found_again = counters_[number].gone_key && !is_fenced(number);
  till.line().cut = found_again;
  if (!found_again) till.sync();
  repeat_later(number);
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
  break_by_defect(till);
  disturb_clock(till);
  for (int i = 0; i < plan_.checkouts_a_day / 4; ++i) sell(number);
  if (dice_.chance(plan_.vouchers_brought)) hand_over(number);
  if (happens("till crashed", plan_.faults.till_crash)) {
    till.crash();
    till.open();
  }
  till.sync();
}

void Chain::break_by_defect(Till& till) {
  if (defect_ == Defect::reclaims_by_timeout && till.line().cut) {
    outcome_.tally.count("defect: reclaimed by time-out");
    headquarters_->change(fmt::format("UPDATE quota SET lent=issued WHERE till={}", till.shop()->key.till));
  }
  if (defect_ == Defect::hold_lapses_at_grantor) {
    outcome_.tally.count("defect: let holds lapse");
    headquarters_->change("UPDATE reservation SET state=3 WHERE state=1");
  }
  if (defect_ == Defect::welcomes_again) {
    outcome_.tally.count("defect: forgot whom it welcomed");
    headquarters_->change("DELETE FROM welcomed");
  }
  if (defect_ == Defect::grants_what_home_keeps) {
    outcome_.tally.count("defect: took it that home let go");
    headquarters_->change("UPDATE coupon_yield SET state=2 WHERE state=1");
  }
}

// Most tills stay on over night.
void Chain::end_day(std::size_t number) {
  Till& till = *tills_[number];
  const bool keeps_a_backup = plan_.faults.disk_rolled_back > 0 && dice_.chance(plan_.faults.disk_backed_up);
  if (!keeps_a_backup && !happens("switched off over night", plan_.faults.switched_off)) return;
  till.close();
  if (keeps_a_backup) till.copy_to(till.folder().string() + ".snapshot");
}

}  // namespace tillside::simulation
