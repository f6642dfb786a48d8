#include "sync/hq/event_filing.h"

#include <algorithm>

namespace tillside::hq {
namespace {

std::uint32_t key_id(TillNumber till, std::uint8_t generation) { return KeyId{till, generation}.packed(); }

}  // namespace

EventFiling::EventFiling(Database& db, const IngestBatch& batch, const std::string& till_store)
    : db_(db), batch_(batch), till_store_(till_store) {
  auto query = db_.query("SELECT currency FROM store WHERE store_id=?");
  if (query.bind(till_store_).step()) store_currency_ = query.text(0);
}

std::optional<wire::EventVerdict> EventFiling::file(std::uint64_t seq, const PreparedEvent& event) {
  keep(seq, event);
  if (!event.view) {
    park(seq, event);
    return wire::EventVerdict{seq, "parked", event.reason};
  }
  tell(seq, *event.view);
  return std::nullopt;
}

void EventFiling::file_forked(std::uint64_t seq, const PreparedEvent& event) {
  forked_ = true;
  if (event.view) tell(seq, *event.view);
}

void EventFiling::tell(std::uint64_t seq, const EventView& view) {
  const Place place{seq, identity_of(view, till_store_), view.store_id.empty() ? till_store_ : view.store_id};
  switch (view.kind) {
    case EventKind::checkout:
      checkout(place, view);
      break;
    case EventKind::reversal:
      reversal(place, view);
      break;
    case EventKind::conflict:
      collision(place, view, "conflict");
      break;
    case EventKind::showing:
      showing(place, view);
      break;
    case EventKind::prompt:
      prompt(place, view);
      break;
    case EventKind::revoked:
      revoked(place, view, true);
      if (!forked_) returned(view);
      break;
    case EventKind::incident:
      incident(place, view);
      break;
    case EventKind::yield:
      yielded(view);
      break;
    case EventKind::hand_over:
      redeemed({seq, "", till_store_}, view, store_currency_);
      break;
    case EventKind::lane:
      break;
  }
}

void EventFiling::keep(std::uint64_t seq, const PreparedEvent& event) {
  std::optional<int> kind;
  std::optional<std::string_view> parked;
  if (event.view)
    kind = static_cast<int>(event.view->kind);
  else
    parked = event.reason;
  db_.query("INSERT INTO event(till,epoch,seq,digest,kind,parked,body,received_ms) VALUES(?,?,?,?,?,?,?,?)")
      .run(batch_.till, batch_.head.epoch, seq, event.digest, kind, parked, Bytes{event.body}, batch_.received.ms);
}

void EventFiling::park(std::uint64_t seq, const PreparedEvent& event) {
  db_.query("INSERT INTO parked_event(till,epoch,seq,store_id,reason,received_ms) VALUES(?,?,?,?,?,?)")
      .run(batch_.till, batch_.head.epoch, seq, till_store_, event.reason, batch_.received.ms);
}

std::string EventFiling::currency_of(const EventView& view) {
  if (!view.currency.empty()) return view.currency;
  if (view.store_id.empty() || view.store_id == till_store_) return store_currency_;
  auto query = db_.query("SELECT currency FROM store WHERE store_id=?");
  return query.bind(view.store_id).step() ? query.text(0) : store_currency_;
}

void EventFiling::checkout(const Place& place, const EventView& view) {
  std::optional<int> staff;
  std::optional<std::uint32_t> ordinal;
  if (view.showing) staff = view.showing->staff, ordinal = view.showing->ordinal;
  const auto currency = currency_of(view);
  db_.query(
         "INSERT OR IGNORE INTO checkout(identity,store_id,business_date,net,currency,guide_id,staff,verdict,here,"
         "identified,sale,lines,at_ms,till,epoch,seq,operator_id,cash,showing) "
         "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
      .run(place.identity, place.store_id, view.date.days, view.net, currency, view.guide_id, staff,
           static_cast<int>(view.verdict), view.here ? 1 : 0, view.ids.empty() ? 0 : 1,
           view.sale && !view.training ? 1 : 0, view.lines, view.at.ms, batch_.till, batch_.head.epoch, place.seq,
           view.operator_id, view.cash ? 1 : 0, ordinal);
  bool same = false;
  if (db_.changes() == 0) {
    auto held = db_.query("SELECT net,currency,lines,guide_id FROM checkout WHERE identity=?");
    same = held.bind(place.identity).step() && held.integer(0) == view.net && held.view(1) == currency &&
           held.integer(2) == view.lines && held.view(3) == view.guide_id;
    collision(place, view, same ? "duplicate" : "conflict");
  } else {
    discounts(place, view, currency);
    named(place, view);
  }
  if (view.showing) showing(place, view);
  coupons(place, view);
  revoked(place, view, false);
  taken_back(place, view);
  earned(view);
  if (same) return;  // one sale, told twice: it redeemed once
  redeemed(place, view, currency);
  unapproved(place, view, currency);
}

void EventFiling::named(const Place& place, const EventView& view) {
  for (const auto& id : view.ids)
    db_.query("INSERT OR IGNORE INTO named(identity,hash) VALUES(?,?)").run(place.identity, id.hash);
}

void EventFiling::redeemed(const Place& place, const EventView& view, const std::string& currency) {
  for (const auto& coupon : view.redeemed) {
    const auto key = coupon.key.packed();
    const auto rid = coupon.rid ? std::string(coupon.rid->begin(), coupon.rid->end()) : std::string();
    auto before = db_.query("SELECT 1 FROM redemption WHERE key_id=? AND serial=? LIMIT 1");
    const bool again = before.bind(key, coupon.serial).step();
    db_.query("INSERT OR IGNORE INTO redemption VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
        .run(key, coupon.serial, batch_.till, batch_.head.epoch, place.seq, coupon.campaign, coupon.value, currency,
             Bytes{rid}, place.identity, place.store_id, view.date.days, view.operator_id, view.at.ms,
             batch_.received.ms);
    if (coupon.rid) {
      db_.query("UPDATE reservation SET state=4 WHERE rid=? AND till=? AND key_id=? AND serial=?")
          .run(Bytes{rid}, batch_.till, key, coupon.serial);
      if (db_.changes() == 0)
        forgotten_.push_back({*coupon.rid, coupon.key, coupon.serial, coupon.campaign, coupon.value});
    }
    end(coupon.key, coupon.serial, true);
    if (again) db_.query("INSERT OR IGNORE INTO redeemed_twice VALUES(?,?)").run(key, coupon.serial);
  }
}

void EventFiling::unapproved(const Place& place, const EventView& view, const std::string& currency) {
  int index = 0;
  for (const auto& coupon : view.unapproved) {
    db_.query("INSERT OR IGNORE INTO unapproved VALUES(?,?,?,?,?,?,?,?,?,?,?,?)")
        .run(batch_.till, batch_.head.epoch, place.seq, index++, coupon.id, coupon.reason, coupon.applied, currency,
             place.identity, place.store_id, view.date.days, view.operator_id);
  }
}

void EventFiling::discounts(const Place& place, const EventView& view, const std::string& currency) {
  if (view.advised_off == 0 && view.applied_off == 0) return;
  const bool differs =
      std::find(view.flags.begin(), view.flags.end(), name_of(Flag::discounts_differ)) != view.flags.end();
  db_.query(
         "INSERT OR IGNORE INTO advised_discount(identity,store_id,business_date,operator_id,currency,advised,applied,"
         "differs) VALUES(?,?,?,?,?,?,?,?)")
      .run(place.identity, place.store_id, view.date.days, view.operator_id, currency, view.advised_off,
           view.applied_off, differs ? 1 : 0);
}

void EventFiling::reversal(const Place& place, const EventView& view) {
  db_.query(
         "INSERT OR IGNORE INTO reversal(identity,original,store_id,business_date,net,currency,guide_id,at_ms,till,"
         "epoch,seq) VALUES(?,?,?,?,?,?,?,?,?,?,?)")
      .run(place.identity, view.original_identity, place.store_id, view.date.days, view.net, currency_of(view),
           view.guide_id, view.at.ms, batch_.till, batch_.head.epoch, place.seq);
  if (db_.changes() == 0) {
    auto held = db_.query("SELECT net,original FROM reversal WHERE identity=?");
    const bool same =
        held.bind(place.identity).step() && held.integer(0) == view.net && held.view(1) == view.original_identity;
    collision(place, view, same ? "duplicate" : "conflict");
  }
  if (view.showing) showing(place, view);
  coupons(place, view);
  revoked(place, view, false);
  taken_back(place, view);
  earned(view);
}

void EventFiling::collision(const Place& place, const EventView& view, const char* kind) {
  db_.query(
         "INSERT OR IGNORE INTO collision(till,epoch,seq,identity,kind,store_id,business_date) "
         "VALUES(?,?,?,?,?,?,?)")
      .run(batch_.till, batch_.head.epoch, place.seq, place.identity, kind, place.store_id, view.date.days);
}

void EventFiling::showing(const Place& place, const EventView& view) {
  if (!view.showing) return;
  db_.query(
         "INSERT OR IGNORE INTO showing(till,ordinal,minute,store_id,business_date,staff,join_shown,verdict) "
         "VALUES(?,?,?,?,?,?,?,?)")
      .run(batch_.till, view.showing->ordinal, view.showing->minute, place.store_id, view.date.days,
           view.showing->staff, view.showing->join_shown ? 1 : 0, static_cast<int>(view.verdict));
}

void EventFiling::coupons(const Place& place, const EventView& view) {
  for (const auto& coupon : view.coupons) issued(place, view, coupon);
}

void EventFiling::issued(const Place& place, const EventView& view, const CouponFact& coupon) {
  const auto key = key_id(batch_.till, coupon.generation);
  db_.query(
         "INSERT OR IGNORE INTO coupon(key_id,serial,campaign,minute,staff,person,identity,epoch) "
         "VALUES(?,?,?,?,?,?,?,?)")
      .run(key, coupon.serial, coupon.campaign, coupon.minute, coupon.staff, coupon.person, place.identity,
           batch_.head.epoch);
  const bool known = db_.changes() == 0;
  if (!known || forked_) ++units_[coupon.campaign].first;
  if (!known && !forked_) fresh_.emplace_back(key, coupon.serial);
  if (known)
    collision({place.seq, "coupon:" + std::to_string(key) + ":" + std::to_string(coupon.serial), place.store_id}, view,
              "conflict");
}

// What a return did to coupons beside revoking them. A replacement is a coupon issued by a reversal.
void EventFiling::taken_back(const Place& place, const EventView& view) {
  for (const auto& one : view.clawed_back) {
    db_.query("INSERT OR IGNORE INTO coupon_clawed_back(key_id,serial,identity,campaign,value) VALUES(?,?,?,?,?)")
        .run(key_id(one.till, one.generation), one.serial, place.identity, one.campaign, one.value);
  }
  for (const auto& one : view.pending) {
    db_.query("INSERT OR IGNORE INTO coupon_pending(key_id,serial,identity,campaign,value,reason) VALUES(?,?,?,?,?,?)")
        .run(key_id(one.till, one.generation), one.serial, place.identity, one.campaign, one.value, one.reason);
  }
  for (const auto& one : view.replacements) {
    issued(place, view, one.coupon);
    db_.query(
           "INSERT OR IGNORE INTO coupon_replacement(key_id,serial,instead_key_id,instead_serial,identity) "
           "VALUES(?,?,?,?,?)")
        .run(key_id(batch_.till, one.coupon.generation), one.coupon.serial, key_id(one.till, one.generation),
             one.serial, place.identity);
  }
}

void EventFiling::revoked(const Place& place, const EventView& view, bool returns_units) {
  const std::string_view reason = returns_units ? std::string_view(view.detail) : name_of(view.state);
  for (const auto& coupon : view.revoked) {
    db_.query("INSERT OR IGNORE INTO coupon_revoked(key_id,serial,campaign,reason,identity,epoch) VALUES(?,?,?,?,?,?)")
        .run(key_id(batch_.till, coupon.generation), coupon.serial, coupon.campaign, reason, place.identity,
             batch_.head.epoch);
    if (returns_units && db_.changes() > 0) ++units_[coupon.campaign].second;
    end({batch_.till, coupon.generation}, coupon.serial, false);
  }
}

// All that she named is hers, or nobody is meant: two at most are looked for. A return names nobody itself.
std::vector<Bytes16> EventFiling::members_of(const EventView& view) {
  std::vector<Bytes16> found;
  const auto add = [&](const Bytes16& person) {
    if (std::find(found.begin(), found.end(), person) == found.end()) found.push_back(person);
  };
  for (const auto& id : view.ids) {
    auto member = db_.query("SELECT person FROM member_id WHERE hash=?");
    if (member.bind(id.hash).step()) add(member.bytes<16>(0));
  }
  if (!view.ids.empty() || view.original_identity.empty()) return found;
  auto members =
      db_.query("SELECT DISTINCT m.person FROM named n JOIN member_id m ON m.hash=n.hash WHERE n.identity=? LIMIT 2");
  members.bind(view.original_identity);
  while (members.step()) add(members.bytes<16>(0));
  return found;
}

// Which stores to tell, and of what, is found out later: tills wait for this transaction.
void EventFiling::earned(const EventView& view) {
  if (fresh_.empty()) return;
  const auto members = members_of(view);
  if (members.size() == 1) {
    for (const auto& [key, serial] : fresh_)
      db_.query("INSERT OR IGNORE INTO earned_due(key_id,serial,person,store_id) VALUES(?,?,?,?)")
          .run(key, serial, members.front(), till_store_);
    has_earned_ = true;
  }
  if (members.empty()) unclaimed(view);
  fresh_.clear();
}

void EventFiling::unclaimed(const EventView& view) {
  constexpr const char* kKeep =
      "INSERT OR IGNORE INTO unclaimed(hash,key_id,serial,store_id,until_minute) SELECT ?1,c.key_id,c.serial,?2,"
      "c.minute+1440*(2+coalesce(json_extract(p.document,'$.valid_days'),255)) FROM coupon c JOIN campaign p ON "
      "p.number=c.campaign WHERE c.key_id=?3 AND c.serial=?4";
  constexpr const char* kKeepOfSale =
      "INSERT OR IGNORE INTO unclaimed(hash,key_id,serial,store_id,until_minute) SELECT n.hash,c.key_id,c.serial,?2,"
      "c.minute+1440*(2+coalesce(json_extract(p.document,'$.valid_days'),255)) FROM coupon c JOIN campaign p ON "
      "p.number=c.campaign JOIN named n ON n.identity=?1 WHERE c.key_id=?3 AND c.serial=?4";
  for (const auto& [key, serial] : fresh_) {
    for (const auto& id : view.ids) db_.query(kKeep).run(id.hash, till_store_, key, serial);
    if (view.ids.empty() && !view.original_identity.empty())
      db_.query(kKeepOfSale).run(view.original_identity, till_store_, key, serial);
  }
}

// Of another till's coupon that nobody was told of there is nothing to say.
void EventFiling::end(KeyId key, std::uint32_t serial, bool spent) {
  auto told = db_.query("SELECT 1 FROM own_coupon WHERE key_id=? AND serial=?");
  if (told.bind(key.packed(), serial).step()) ended_.push_back({key, serial, spent});
}

// What a till that goes on under this epoch will not issue. Of an epoch that has ended nothing is believed: whatever it
// was lent stays counted.
void EventFiling::returned(const EventView& view) {
  for (const auto& one : view.returned_units)
    db_.query(
           "UPDATE quota SET given_back=max(given_back,min(lent,?1)) WHERE campaign=?2 AND till=?3 AND epoch=?4 AND "
           "EXISTS(SELECT 1 FROM till_epoch e WHERE e.till=?3 AND e.epoch=?4 AND e.state=0 AND e.must_recover=0)")
        .run(one.units, one.campaign, batch_.till, batch_.head.epoch);
}

void EventFiling::prompt(const Place& place, const EventView& view) {
  db_.query("INSERT OR IGNORE INTO prompt_key(till,epoch,seq,ordinal,answer,operator_id,at_ms) VALUES(?,?,?,?,?,?,?)")
      .run(batch_.till, batch_.head.epoch, place.seq, view.prompt_ordinal, view.what, view.operator_id, view.at.ms);
}

// Its issuer, or the till that was named for a coupon of headquarters.
KeyId EventFiling::home_of(KeyId key, std::uint32_t serial) {
  if (key.till != 0) return key;
  auto own = db_.query("SELECT home FROM own_coupon WHERE key_id=? AND serial=? AND home IS NOT NULL");
  if (!own.bind(key.packed(), serial).step()) return key;
  return KeyId::from_packed(static_cast<std::uint32_t>(own.integer(0)));
}

bool EventFiling::is_of_this_epoch(KeyId key) {
  auto epoch = db_.query("SELECT 1 FROM till_key WHERE till=? AND generation=? AND epoch=?");
  return key.till == batch_.till && epoch.bind(key.till, key.generation, batch_.head.epoch).step();
}

// Home's word on coupons it was asked for. A copy of its disk cannot give it.
void EventFiling::yielded(const EventView& view) {
  for (const auto& one : view.yielded) {
    const KeyId key{one.till, one.generation};
    if (forked_ || !is_of_this_epoch(home_of(key, one.serial))) continue;
    const auto state = one.what == Yielding::gone    ? YieldState::gone
                       : one.what == Yielding::spent ? YieldState::spent
                                                     : YieldState::held;
    db_.query(
           "INSERT INTO coupon_yield(key_id,serial,state,asked_ms,answered_ms) VALUES(?,?,?,?,?) "
           "ON CONFLICT(key_id,serial) DO UPDATE SET state=excluded.state, answered_ms=excluded.answered_ms "
           "WHERE state NOT IN (2,3)")
        .run(key.packed(), one.serial, static_cast<int>(state), batch_.received.ms, batch_.received.ms);
    if (state == YieldState::gone)
      db_.query("UPDATE reservation SET exposed=2 WHERE key_id=? AND serial=? AND exposed=1")
          .run(key.packed(), one.serial);
    if (state == YieldState::held) continue;
    CouponBody coupon;
    coupon.key = key;
    coupon.serial = one.serial;
    db_.query("DELETE FROM change_log WHERE scope=? AND key=?")
        .run("till:" + std::to_string(batch_.till), "yield:" + coupon_id(coupon));
  }
}

void EventFiling::incident(const Place& place, const EventView& view) {
  db_.query("INSERT OR IGNORE INTO incident(till,epoch,seq,what,detail,at_ms) VALUES(?,?,?,?,?,?)")
      .run(batch_.till, batch_.head.epoch, place.seq, view.what, view.detail, view.at.ms);
}

}  // namespace tillside::hq
