// Coupons that tills issued to members, told to her stores.
#include <map>

#include "agent/domain/coupon_terms.h"
#include "agent/domain/member.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr std::size_t kAtOnce = 200;  // tills wait while these are told

}  // namespace

struct SqliteLedger::Earned {
  KeyId key;
  std::uint32_t serial = 0;
  PersonKey person{};
  std::string store_id;
  std::uint32_t campaign = 0, minute = 0;
  StaffNumber staff = 0;
  std::uint32_t bound_to = 0;  // the person in its code
  bool ended = false;
};

// Read once for many coupons.
struct SqliteLedger::EarnedRun {
  Instant now;
  std::map<std::uint32_t, std::optional<Campaign>> terms = {};
  std::map<std::string, std::int64_t> told = {};  // live ones, by store
};

bool SqliteLedger::earned_are_due() { return earned_due_; }

Result<std::uint64_t> SqliteLedger::tell_earned(Instant now) {
  auto told = guarded([&]() -> Result<std::uint64_t> {
    Write write(*this);
    std::vector<Earned> due;
    {
      auto rows = writer_.query(
          "SELECT d.key_id,d.serial,d.person,d.store_id,c.campaign,c.minute,c.staff,c.person,"
          "EXISTS(SELECT 1 FROM redemption r WHERE r.key_id=d.key_id AND r.serial=d.serial) OR "
          "EXISTS(SELECT 1 FROM coupon_revoked v WHERE v.key_id=d.key_id AND v.serial=d.serial) "
          "FROM earned_due d JOIN coupon c ON c.key_id=d.key_id AND c.serial=d.serial LIMIT ?");
      rows.bind(kAtOnce);
      while (rows.step())
        due.push_back({KeyId::from_packed(static_cast<std::uint32_t>(rows.integer(0))),
                       static_cast<std::uint32_t>(rows.integer(1)), rows.bytes<16>(2), rows.text(3),
                       static_cast<std::uint32_t>(rows.integer(4)), static_cast<std::uint32_t>(rows.integer(5)),
                       static_cast<StaffNumber>(rows.integer(6)), static_cast<std::uint32_t>(rows.integer(7)),
                       rows.integer(8) != 0});
    }
    EarnedRun run{now};
    for (const auto& coupon : due) {
      if (!coupon.ended) tell_one_earned(coupon, run);
      writer_.query("DELETE FROM earned_due WHERE key_id=? AND serial=?").run(coupon.key.packed(), coupon.serial);
    }
    earned_due_ = due.size() == kAtOnce;
    write.commit();
    return static_cast<std::uint64_t>(due.size());
  });
  if (!told) earned_due_ = true;
  return told;
}

std::vector<std::string> SqliteLedger::stores_of(const PersonKey& person) {
  std::vector<std::string> stores;
  auto member = writer_.query("SELECT record FROM member WHERE person=?");
  if (!member.bind(person).step()) return stores;
  const auto record = decode_member(member.view(0));
  if (!record) return stores;
  for (const auto number : record->stores) {
    auto store = writer_.query("SELECT store_id FROM store WHERE number=?");
    if (store.bind(number).step()) stores.push_back(store.text(0));
  }
  return stores;
}

// Its code follows from what its till told and from its campaign, which never changes.
void SqliteLedger::tell_one_earned(const Earned& coupon, EarnedRun& run) {
  const auto store = find_store(coupon.store_id);
  const auto tag = tag_of(coupon.person);
  if (!store || (coupon.bound_to != 0 && coupon.bound_to != tag)) return;
  const auto [terms, unread] = run.terms.try_emplace(coupon.campaign);
  auto& campaign = terms->second;
  if (unread) {
    auto document = writer_.query("SELECT document FROM campaign WHERE number=?");
    if (document.bind(coupon.campaign).step())
      if (auto parsed = parse_campaign(document.text(0))) campaign = *std::move(parsed);
  }
  if (!campaign) return;
  OwnCoupon told;
  told.body = body_of(*campaign, from_code_minutes(coupon.minute));
  told.body.key = coupon.key;
  told.body.serial = coupon.serial;
  told.body.home_store = store->number;
  told.body.staff = coupon.staff;
  told.body.person = coupon.bound_to;
  told.person = coupon.person;
  told.store_id = coupon.store_id;
  told.home = coupon.key;
  const auto bytes = encode_coupon(told.body);
  if (!bytes || surely_over(told.body) < run.now) return;
  {
    auto live = writer_.query("SELECT count(*) FROM own_coupon WHERE ended=0 AND person=? AND person<>x''");
    if (live.bind(coupon.person).step() && live.integer(0) >= kMostToldPerson) return;
  }
  auto stores = stores_of(coupon.person);
  stores.push_back(coupon.store_id);
  std::sort(stores.begin(), stores.end());
  stores.erase(std::unique(stores.begin(), stores.end()), stores.end());
  writer_
      .query(
          "INSERT OR IGNORE INTO own_coupon(key_id,serial,campaign,body,person,tag,store_id,home,typed,until_ms,"
          "order_id) VALUES(?1,?2,?3,?4,?5,?6,?7,?1,0,?8,'')")
      .run(coupon.key.packed(), coupon.serial, coupon.campaign, *bytes, coupon.person, tag, coupon.store_id,
           surely_over(told.body).ms);
  if (writer_.changes() == 0) return;
  for (const auto& one : stores) {
    const auto [count, first] = run.told.try_emplace(one);
    if (first) count->second = told_at(one);
    if (count->second >= kMostEarnedStore) continue;
    tell_coupon(one, told, 0);
    ++count->second;
  }
}

// Somebody who named one of these identifiers at a till is a member by now.
void SqliteLedger::claim(std::span<const MemberIdRow> rows) {
  if (!writer_.query("SELECT 1 FROM unclaimed LIMIT 1").step()) return;
  for (const auto& row : rows) {
    if (row.remove) continue;
    std::vector<std::pair<std::int64_t, std::int64_t>> coupons;
    {
      auto found = writer_.query("SELECT key_id,serial FROM unclaimed WHERE hash=?");
      found.bind(row.hash);
      while (found.step()) coupons.emplace_back(found.integer(0), found.integer(1));
    }
    for (const auto& [key, serial] : coupons) {
      writer_
          .query(
              "INSERT OR IGNORE INTO earned_due(key_id,serial,person,store_id) SELECT u.key_id,u.serial,"
              "min(m.person),u.store_id FROM unclaimed u JOIN member_id m ON m.hash=u.hash WHERE u.key_id=? AND "
              "u.serial=? GROUP BY u.key_id,u.serial HAVING count(DISTINCT m.person)=1")
          .run(key, serial);
      writer_.query("DELETE FROM unclaimed WHERE key_id=? AND serial=?").run(key, serial);
      earned_due_ = true;
    }
  }
}

// Nothing names her any more. Her papers hold as they did.
void SqliteLedger::forget_earned_of(const PersonKey& person) {
  std::vector<std::pair<KeyId, std::uint32_t>> hers;
  {
    auto rows =
        writer_.query("SELECT key_id,serial FROM own_coupon WHERE ended=0 AND person=? AND person<>x'' AND key_id>=16");
    rows.bind(person);
    while (rows.step())
      hers.emplace_back(KeyId::from_packed(static_cast<std::uint32_t>(rows.integer(0))),
                        static_cast<std::uint32_t>(rows.integer(1)));
  }
  for (const auto& [key, serial] : hers) tell_gone(key, serial, kCouponRevoked);
  writer_.query("DELETE FROM earned_due WHERE person=?").run(person);
}

}  // namespace tillside::hq
