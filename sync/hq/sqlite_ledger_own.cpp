#include "agent/domain/coupon_terms.h"
#include "sync/hq/event_filing.h"
#include "sync/hq/hq_keys.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr wire::Epoch kOwnEpoch{};  // of headquarters' rows in tables of tills

std::string bytes_of(const PersonKey& person) {
  return person == PersonKey{} ? std::string() : std::string(person.begin(), person.end());
}

OwnCoupon coupon_from(const Query& row) {
  OwnCoupon coupon;
  if (const auto body = decode_coupon(row.bytes<32>(0))) coupon.body = *body;
  coupon.person = row.bytes<16>(1);
  coupon.store_id = row.text(2);
  if (!row.is_null(3)) coupon.home = KeyId::from_packed(static_cast<std::uint32_t>(row.integer(3)));
  return coupon;
}

std::string change_key(KeyId key, std::uint32_t serial) {
  CouponBody body;
  body.key = key;
  body.serial = serial;
  return "c:" + coupon_id(body);
}

Bytes32 digest_of(const OwnOrder& order) {
  std::string text = std::to_string(order.campaign) + " " + std::to_string(order.count) + " " + order.store_id;
  for (const auto& person : order.persons) text += " " + to_hex(person);
  return keyed_hash({}, text);
}

Error over_budget() { return {ErrorCode::limit, "count", "the campaign's issuable budget does not hold so many"}; }

}  // namespace

struct SqliteLedger::OwnIssue {
  const Campaign& campaign;
  std::string store_id, order_id;
  StoreNumber store = 0;
  std::optional<KeyId> home;
  Instant now;
  bool bound = false;  // only she may redeem it
};

std::optional<KeyId> SqliteLedger::home_at(const std::string& store_id) {
  auto query = writer_.query(
      "SELECT t.till,e.generation FROM till t JOIN till_epoch e ON e.till=t.till WHERE t.store_id=? AND t.revoked=0 "
      "AND e.state=0 AND e.must_recover=0 ORDER BY t.till LIMIT 1");
  if (!query.bind(store_id).step()) return std::nullopt;
  return KeyId{static_cast<TillNumber>(query.integer(0)), static_cast<std::uint8_t>(query.integer(1))};
}

std::optional<KeyId> SqliteLedger::home_key_of(KeyId key, std::uint32_t serial) {
  if (key.till != 0) return key;
  auto query = writer_.query("SELECT home FROM own_coupon WHERE key_id=? AND serial=?");
  if (!query.bind(key.packed(), serial).step() || query.is_null(0)) return std::nullopt;
  return KeyId::from_packed(static_cast<std::uint32_t>(query.integer(0)));
}

std::int64_t SqliteLedger::told_at(const std::string& store_id) {
  auto query = writer_.query("SELECT count(*) FROM told_coupon WHERE store_id=? AND gone=0");
  return query.bind(store_id).step() ? query.integer(0) : 0;
}

void SqliteLedger::tell_coupon(const std::string& store_id, const OwnCoupon& coupon, std::uint64_t typed_mac) {
  const auto& body = coupon.body;
  writer_.query("INSERT OR IGNORE INTO told_coupon(store_id,key_id,serial) VALUES(?,?,?)")
      .run(store_id, body.key.packed(), body.serial);
  wire::Change change;
  change.kind = wire::ChangeKind::coupon;
  change.coupon.key = body.key;
  change.coupon.serial = body.serial;
  if (auto bytes = encode_coupon(body)) change.coupon.body = *bytes;
  change.coupon.person = tag_of(coupon.person);
  change.coupon.home = coupon.home;
  if (body.key.till == 0) change.coupon.typed = TypedCode{0, body.serial & 0xFF'FFFF, typed_mac};
  append_change(store_scope(store_id), change_key(body.key, body.serial), wire::write(change));
}

// Each store that was told of it hears that it is gone; a coupon that is over needs no word: tills count the days too.
void SqliteLedger::tell_gone(KeyId key, std::uint32_t serial, int ended) {
  writer_.query("UPDATE own_coupon SET ended=max(ended,?) WHERE key_id=? AND serial=?")
      .run(ended, key.packed(), serial);
  std::vector<std::string> stores;
  {
    auto query = writer_.query("SELECT store_id FROM told_coupon WHERE key_id=? AND serial=?");
    query.bind(key.packed(), serial);
    while (query.step()) stores.push_back(query.text(0));
  }
  wire::Change change;
  change.kind = wire::ChangeKind::coupon;
  change.coupon.key = key;
  change.coupon.serial = serial;
  change.coupon.gone = true;
  for (const auto& store : stores) {
    if (ended != kCouponOver) {
      append_change(store_scope(store), change_key(key, serial), wire::write(change));
    } else {
      writer_.query("DELETE FROM change_log WHERE scope=? AND key=?").run(store_scope(store), change_key(key, serial));
    }
  }
  if (ended == kCouponOver)
    writer_.query("DELETE FROM told_coupon WHERE key_id=? AND serial=?").run(key.packed(), serial);
  else
    writer_.query("UPDATE told_coupon SET gone=1 WHERE key_id=? AND serial=?").run(key.packed(), serial);
  if (ended == kCouponOver && key.till != 0)
    writer_.query("DELETE FROM own_coupon WHERE key_id=? AND serial=?").run(key.packed(), serial);
}

void SqliteLedger::tell_ended(const EventFiling& filing) {
  if (filing.has_earned()) earned_due_ = true;
  for (const auto& one : filing.ended()) tell_gone(one.key, one.serial, one.spent ? kCouponSpent : kCouponRevoked);
}

OwnCoupon SqliteLedger::issue_one(const OwnIssue& what, const PersonKey& person, const TypedOf& typed) {
  OwnCoupon coupon;
  coupon.body = body_of(what.campaign, what.now);
  coupon.body.key = {0, state_.key_generation};
  coupon.body.serial = next_own_serial();
  coupon.body.home_store = what.store;
  if (what.bound) coupon.body.person = tag_of(person);
  coupon.person = person;
  coupon.store_id = what.store_id;
  coupon.home = what.home;
  const auto bytes = encode_coupon(coupon.body);
  const auto whose = bytes_of(person);
  std::optional<std::int64_t> home;
  if (what.home) home = what.home->packed();
  const auto mac = typed(coupon.body).mac;
  writer_
      .query(
          "INSERT INTO own_coupon(key_id,serial,campaign,body,person,tag,store_id,home,typed,until_ms,order_id) "
          "VALUES(?,?,?,?,?,?,?,?,?,?,?)")
      .run(coupon.body.key.packed(), coupon.body.serial, what.campaign.number, *bytes, Bytes{whose}, tag_of(person),
           what.store_id, home, mac, surely_over(coupon.body).ms, what.order_id);
  writer_
      .query("INSERT INTO coupon(key_id,serial,campaign,minute,staff,person,identity,epoch) VALUES(?,?,?,?,0,?,'',?)")
      .run(coupon.body.key.packed(), coupon.body.serial, what.campaign.number, coupon.body.issued_minute,
           coupon.body.person, kOwnEpoch);
  writer_
      .query(
          "INSERT INTO quota(campaign,till,epoch,lent,issued,returned) VALUES(?,0,?,1,1,0) "
          "ON CONFLICT(campaign,till,epoch) DO UPDATE SET lent=lent+1, issued=issued+1")
      .run(what.campaign.number, kOwnEpoch);
  tell_coupon(what.store_id, coupon, mac);
  return coupon;
}

Result<std::vector<OwnCoupon>> SqliteLedger::issue_own(const OwnOrder& order, const TypedOf& typed) {
  return guarded([&]() -> Result<std::vector<OwnCoupon>> {
    Write write(*this);
    const auto digest = digest_of(order);
    if (auto known = writer_.query("SELECT digest FROM coupon_order WHERE order_id=?");
        known.bind(order.order_id).step()) {
      if (known.bytes<32>(0) != digest) return Error{ErrorCode::conflict, "order", "this order was another one"};
      std::vector<OwnCoupon> made;
      auto rows =
          writer_.query("SELECT body,person,store_id,home FROM own_coupon WHERE order_id=? ORDER BY key_id,serial");
      rows.bind(order.order_id);
      while (rows.step()) made.push_back(coupon_from(rows));
      return made;
    }
    if (state_.recovering) return Error{ErrorCode::unavailable, "", "recovering: nothing is issued"};
    std::string document;
    bool stopped = false;
    {
      auto query = writer_.query("SELECT document,stopped FROM campaign WHERE number=?");
      if (!query.bind(order.campaign).step()) return Error{ErrorCode::not_found, "campaign", "no such campaign"};
      document = query.text(0);
      stopped = query.integer(1) != 0;
    }
    const auto campaign = parse_campaign(document);
    if (!campaign) return campaign.error();
    if (campaign->kind != CampaignKind::pickup) return Error{ErrorCode::refused, "campaign", "not of kind pickup"};
    if (stopped || order.now > campaign->active_until || order.now < campaign->active_from)
      return Error{ErrorCode::refused, "campaign", stopped ? "stopped" : "not active now"};
    const auto store = find_store(order.store_id);
    if (!store) return Error{ErrorCode::not_found, "store_id", "no such store"};
    const auto& stores = campaign->conditions.stores;
    if (!stores.empty() && std::find(stores.begin(), stores.end(), order.store_id) == stores.end())
      return Error{ErrorCode::refused, "store_id", "the campaign is not for this store"};
    const auto wanted = order.persons.empty() ? order.count : static_cast<std::uint32_t>(order.persons.size());
    if (wanted == 0 || wanted > kMostInOrder) return Error{ErrorCode::out_of_range, "count", "1 to 5000"};
    if (wanted > available(order.campaign)) return over_budget();
    if (told_at(order.store_id) + wanted > kMostToldStore)
      return Error{ErrorCode::limit, "count", "this store has as many live ones as its tills may keep"};
    if (order.limit) {
      auto query = writer_.query(
          "SELECT count(*) FROM own_coupon o JOIN campaign c ON c.number=o.campaign WHERE o.store_id=?1 AND "
          "json_extract(c.document,'$.kind')='pickup' AND json_extract(c.document,'$.reward.item')=?2");
      query.bind(order.store_id, campaign->reward.item).step();
      if (query.integer(0) + wanted > *order.limit)
        return Error{ErrorCode::limit, "limit", "more of this item than may be made for this store"};
    }
    const OwnIssue what{*campaign, order.store_id, order.order_id, store->number, home_at(order.store_id), order.now,
                        true};
    std::vector<OwnCoupon> made;
    made.reserve(wanted);
    for (const auto& person : order.persons) made.push_back(issue_one(what, person, typed));
    while (made.size() < wanted) made.push_back(issue_one(what, {}, typed));
    writer_.query("INSERT INTO coupon_order(order_id,digest,at_ms) VALUES(?,?,?)")
        .run(order.order_id, digest, order.now.ms);
    write.commit();
    return made;
  });
}

std::optional<Instant> SqliteLedger::first_join_of(const JoinFact& fact) {
  std::optional<Instant> first = fact.at;
  const auto earlier = [&](Instant at) {
    if (!first || at < *first) first = at;
  };
  if (auto kept = writer_.query("SELECT at_ms FROM first_join WHERE person=?"); kept.bind(fact.person).step())
    earlier({kept.integer(0)});
  auto held = writer_.query("SELECT record FROM member WHERE person=?");
  if (!held.bind(fact.person).step()) return first;
  const auto record = decode_member(held.view(0));
  if (!record) return first;
  if (record->first_joined) earlier(*record->first_joined);
  const bool was_in_a_group = !record->stores.empty() && !record->first_joined;
  if (was_in_a_group && !fact.first_ever) earlier({0});
  return first;
}

bool SqliteLedger::was_welcomed(const JoinFact& fact) {
  const auto there = [&](const Bytes16& id) {
    return writer_.query("SELECT 1 FROM welcomed WHERE id=?").bind(id).step();
  };
  return there(fact.person) || std::any_of(fact.ids.begin(), fact.ids.end(), there);
}

Result<std::vector<OwnCoupon>> SqliteLedger::welcome(std::span<const JoinFact> facts,
                                                     std::span<const Campaign> campaigns, Instant now,
                                                     const TypedOf& typed) {
  return guarded([&]() -> Result<std::vector<OwnCoupon>> {
    Write write(*this);
    std::vector<OwnCoupon> made;
    if (state_.recovering) return made;
    for (const auto& fact : facts) {
      if (fact.stores.empty()) continue;
      const auto first = first_join_of(fact);
      if (!first || *first > now.plus_ms(kHour) || was_welcomed(fact)) continue;
      const auto& store_id = fact.stores.front();
      const auto store = find_store(store_id);
      if (!store) continue;
      const auto fits = [&](const Campaign& campaign) {
        const auto& stores = campaign.conditions.stores;
        const bool here = stores.empty() || std::find(stores.begin(), stores.end(), store_id) != stores.end();
        return here && !campaign.stopped && *first >= campaign.active_from && *first <= campaign.active_until &&
               available(campaign.number) > 0;
      };
      const auto campaign = std::find_if(campaigns.begin(), campaigns.end(), fits);
      if (campaign == campaigns.end() || told_at(store_id) >= kMostToldStore) continue;
      const OwnIssue what{*campaign, store_id, "", store->number, home_at(store_id), now, campaign->person_bound};
      const auto coupon = issue_one(what, fact.person, typed);
      for (std::size_t i = 1; i < fact.stores.size(); ++i) tell_coupon(fact.stores[i], coupon, typed(coupon.body).mac);
      const auto keep = [&](const Bytes16& id) {
        writer_.query("INSERT OR IGNORE INTO welcomed(id,key_id,serial) VALUES(?,?,?)")
            .run(id, coupon.body.key.packed(), coupon.body.serial);
      };
      keep(fact.person);
      for (const auto& id : fact.ids) keep(id);
      made.push_back(coupon);
    }
    if (!made.empty()) write.commit();
    return made;
  });
}

// What her new record tells no more of her first join must not be forgotten.
void SqliteLedger::keep_first_join(const PersonKey& person, std::string_view before, std::string_view now) {
  if (before == now) return;
  const auto old = decode_member(before), fresh = decode_member(now);
  if (!old || !fresh) return;
  const bool later = old->first_joined && (!fresh->first_joined || *fresh->first_joined > *old->first_joined);
  if (later)
    writer_
        .query(
            "INSERT INTO first_join(person,at_ms) VALUES(?,?) ON CONFLICT(person) DO UPDATE SET "
            "at_ms=min(at_ms,excluded.at_ms)")
        .run(person, old->first_joined->ms);
  if (old->stores != fresh->stores) tell_stores_of(person, *fresh);
}

// Stores whose group she is in now hear of her coupons.
void SqliteLedger::tell_stores_of(const PersonKey& person, const MemberRecord& record) {
  std::vector<std::pair<OwnCoupon, std::uint64_t>> hers;
  {
    auto rows = writer_.query(
        "SELECT body,person,store_id,home,typed FROM own_coupon WHERE ended=0 AND person=? AND person<>x'' "
        "ORDER BY until_ms LIMIT 20");
    rows.bind(person);
    while (rows.step()) hers.emplace_back(coupon_from(rows), rows.natural(4));
  }
  static_assert(kMostToldPerson == 20);
  if (hers.empty()) return;
  for (const auto number : record.stores) {
    std::string store_id;
    {
      auto store = writer_.query("SELECT store_id FROM store WHERE number=?");
      if (!store.bind(number).step()) continue;
      store_id = store.text(0);
    }
    const auto told = told_at(store_id);
    for (const auto& [coupon, mac] : hers) {
      if (told >= (coupon.body.key.till == 0 ? kMostToldStore : kMostEarnedStore)) continue;
      const bool known = writer_.query("SELECT 1 FROM told_coupon WHERE key_id=? AND serial=? AND store_id=?")
                             .bind(coupon.body.key.packed(), coupon.body.serial, store_id)
                             .step();
      if (!known) tell_coupon(store_id, coupon, mac);
    }
  }
}

std::vector<OwnCoupon> SqliteLedger::own_coupons(const std::string& order_id) {
  Read read(read_mutex_, *reader_, kShortRead);
  auto rows = read.db().query(
      "SELECT body,person,store_id,home FROM own_coupon WHERE order_id=? AND order_id<>'' ORDER BY key_id,serial");
  rows.bind(order_id);
  std::vector<OwnCoupon> made;
  while (rows.step()) made.push_back(coupon_from(rows));
  return made;
}

bool SqliteLedger::was_told(const CouponBytes& bytes, TillNumber till) {
  const auto body = decode_coupon(bytes);
  if (!body) return false;
  Read read(read_mutex_, *reader_, kShortRead);
  auto query = read.db().query(
      "SELECT 1 FROM own_coupon o JOIN told_coupon s ON s.key_id=o.key_id AND s.serial=o.serial JOIN till t ON "
      "t.store_id=s.store_id WHERE o.key_id=? AND o.serial=? AND o.body=? AND t.till=?");
  return query.bind(body->key.packed(), body->serial, bytes, till).step();
}

Status SqliteLedger::revoke_own(KeyId key, std::uint32_t serial) {
  return guarded([&]() -> Status {
    Write write(*this);
    std::uint32_t campaign = 0;
    {
      auto query = writer_.query("SELECT campaign FROM own_coupon WHERE key_id=? AND serial=? AND key_id<16");
      if (!query.bind(key.packed(), serial).step()) return Error{ErrorCode::not_found, "id", "no such coupon"};
      campaign = static_cast<std::uint32_t>(query.integer(0));
    }
    writer_
        .query(
            "INSERT OR IGNORE INTO coupon_revoked(key_id,serial,campaign,reason,identity,epoch) "
            "VALUES(?,?,?,'revoked','',?)")
        .run(key.packed(), serial, campaign, kOwnEpoch);
    tell_gone(key, serial, kCouponRevoked);
    write.commit();
    return {};
  });
}

Result<std::uint64_t> SqliteLedger::end_own_coupons(Instant now) {
  return guarded([&]() -> Result<std::uint64_t> {
    Write write(*this);
    std::vector<std::pair<KeyId, std::uint32_t>> over;
    {
      auto rows = writer_.query("SELECT key_id,serial FROM own_coupon WHERE ended<3 AND until_ms<? LIMIT 10000");
      rows.bind(now.ms);
      while (rows.step())
        over.emplace_back(KeyId::from_packed(static_cast<std::uint32_t>(rows.integer(0))),
                          static_cast<std::uint32_t>(rows.integer(1)));
    }
    for (const auto& [key, serial] : over) tell_gone(key, serial, kCouponOver);
    writer_.query("DELETE FROM unclaimed WHERE until_minute<?").run(code_minutes(now));
    if (!over.empty() || writer_.changes() > 0) write.commit();
    return static_cast<std::uint64_t>(over.size());
  });
}

Result<std::vector<HandedOver>> SqliteLedger::handed_over() {
  return guarded([&]() -> Result<std::vector<HandedOver>> {
    Read read(report_mutex_, *report_reader_, kLongRead);
    auto rows = read.db().query(
        "WITH made AS (SELECT campaign,store_id,count(*) AS made FROM own_coupon GROUP BY 1,2), "
        "over AS (SELECT r.campaign,r.store_id,r.currency,count(*) AS handed,sum(r.value) AS value FROM redemption r "
        "JOIN campaign c ON c.number=r.campaign WHERE json_extract(c.document,'$.kind')='pickup' GROUP BY 1,2,3), "
        "places AS (SELECT campaign,store_id FROM made UNION SELECT campaign,store_id FROM over) "
        "SELECT p.campaign,p.store_id,c.document,coalesce(m.made,0),coalesce(o.handed,0),coalesce(o.value,0),"
        "coalesce(o.currency,s.currency,'') FROM places p JOIN campaign c ON c.number=p.campaign "
        "LEFT JOIN made m ON m.campaign=p.campaign AND m.store_id=p.store_id "
        "LEFT JOIN over o ON o.campaign=p.campaign AND o.store_id=p.store_id "
        "LEFT JOIN store s ON s.store_id=p.store_id "
        "WHERE json_extract(c.document,'$.kind')='pickup' ORDER BY 1,2");
    std::vector<HandedOver> report;
    while (rows.step()) {
      const auto terms = parse_campaign(rows.view(2));
      if (!terms) continue;
      report.push_back({terms->number, terms->reward.item, rows.text(1), terms->name_zh, terms->name_en, rows.text(6),
                        rows.integer(3), rows.integer(4), rows.integer(5)});
    }
    return report;
  });
}

}  // namespace tillside::hq
