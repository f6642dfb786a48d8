#include "sync/hq/schema.h"

#include <array>

namespace tillside::hq {
namespace {

constexpr const char* kFirst = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE store(store_id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, name TEXT NOT NULL, zone TEXT NOT NULL,
  currency TEXT NOT NULL, calling_code TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE staff(store_id TEXT NOT NULL, staff_id TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
  role TEXT NOT NULL, active INTEGER NOT NULL, badge_token TEXT NOT NULL,
  PRIMARY KEY(store_id, staff_id)) WITHOUT ROWID;

CREATE TABLE till(till INTEGER PRIMARY KEY, store_id TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0,
  forked INTEGER NOT NULL DEFAULT 0, awaited INTEGER NOT NULL DEFAULT 0, version TEXT NOT NULL DEFAULT '', enrolled_ms INTEGER NOT NULL,
  contact_ms INTEGER NOT NULL DEFAULT 0, uplink_ms INTEGER NOT NULL DEFAULT 0);

-- One incarnation of a till's database, its key and the two newest contact values.
CREATE TABLE till_epoch(till INTEGER NOT NULL, epoch BLOB NOT NULL, generation INTEGER NOT NULL,
  public_key BLOB NOT NULL, counter INTEGER NOT NULL, random BLOB NOT NULL, previous_counter INTEGER NOT NULL,
  previous_random BLOB NOT NULL, nonce BLOB NOT NULL, answer TEXT NOT NULL, state INTEGER NOT NULL,
  must_recover INTEGER NOT NULL DEFAULT 0, report_until INTEGER NOT NULL DEFAULT 0, begun_ms INTEGER NOT NULL,
  PRIMARY KEY(till, epoch)) WITHOUT ROWID;

-- Answers that ended an epoch or moved a copy away, by the nonce that asked.
CREATE TABLE fence(till INTEGER NOT NULL, epoch BLOB NOT NULL, nonce BLOB NOT NULL, outcome TEXT NOT NULL,
  answer TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(till, epoch, nonce)) WITHOUT ROWID;

CREATE TABLE enrol_code(code_hash BLOB PRIMARY KEY, store_id TEXT NOT NULL, expires_ms INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0, till INTEGER, public_key BLOB, nonce BLOB, answer TEXT) WITHOUT ROWID;

CREATE TABLE cursor(till INTEGER NOT NULL, epoch BLOB NOT NULL, held_seq INTEGER NOT NULL, chain BLOB NOT NULL,
  fork_seq INTEGER, PRIMARY KEY(till, epoch)) WITHOUT ROWID;
CREATE TABLE hole(till INTEGER NOT NULL, epoch BLOB NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,
  PRIMARY KEY(till, epoch, from_seq)) WITHOUT ROWID;

CREATE TABLE event(till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, digest BLOB NOT NULL,
  kind INTEGER, parked TEXT, body BLOB NOT NULL, received_ms INTEGER NOT NULL,
  PRIMARY KEY(till, epoch, seq)) WITHOUT ROWID;
CREATE TABLE parked_event(till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, store_id TEXT NOT NULL,
  reason TEXT NOT NULL, received_ms INTEGER NOT NULL, PRIMARY KEY(till, epoch, seq)) WITHOUT ROWID;
CREATE TABLE fork_event(till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, digest BLOB NOT NULL,
  body BLOB NOT NULL, received_ms INTEGER NOT NULL, PRIMARY KEY(till, epoch, seq, digest)) WITHOUT ROWID;
CREATE TABLE quarantine_cursor(till INTEGER NOT NULL, epoch BLOB NOT NULL, held_seq INTEGER NOT NULL,
  chain BLOB NOT NULL, PRIMARY KEY(till, epoch)) WITHOUT ROWID;
CREATE TABLE quarantine_event(till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, digest BLOB NOT NULL,
  body BLOB NOT NULL, received_ms INTEGER NOT NULL, PRIMARY KEY(till, epoch, seq)) WITHOUT ROWID;

CREATE TABLE checkout(identity TEXT PRIMARY KEY, store_id TEXT NOT NULL, business_date INTEGER NOT NULL,
  net INTEGER NOT NULL, currency TEXT NOT NULL, guide_id TEXT NOT NULL, staff INTEGER, verdict INTEGER NOT NULL,
  here INTEGER NOT NULL, identified INTEGER NOT NULL, sale INTEGER NOT NULL, lines INTEGER NOT NULL,
  at_ms INTEGER NOT NULL, till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX checkout_by_date ON checkout(business_date);

CREATE TABLE reversal(identity TEXT PRIMARY KEY, original TEXT NOT NULL, store_id TEXT NOT NULL,
  business_date INTEGER NOT NULL, net INTEGER NOT NULL, currency TEXT NOT NULL, guide_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL, till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE coupon(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, campaign INTEGER NOT NULL,
  minute INTEGER NOT NULL, staff INTEGER NOT NULL, person INTEGER NOT NULL, identity TEXT NOT NULL,
  epoch BLOB NOT NULL, PRIMARY KEY(key_id, serial)) WITHOUT ROWID;
CREATE TABLE coupon_revoked(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, campaign INTEGER NOT NULL,
  reason TEXT NOT NULL, identity TEXT NOT NULL, epoch BLOB NOT NULL, PRIMARY KEY(key_id, serial)) WITHOUT ROWID;
-- A coupon of a sale that was taken back, by the reversal that did it. value: charged against the refund, below 0: given
-- back with a return. pending: what the till could not settle, and why.
CREATE TABLE coupon_clawed_back(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, identity TEXT NOT NULL,
  campaign INTEGER NOT NULL, value INTEGER NOT NULL, PRIMARY KEY(key_id, serial, identity)) WITHOUT ROWID;
CREATE TABLE coupon_pending(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, identity TEXT NOT NULL,
  campaign INTEGER NOT NULL, value INTEGER NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(key_id, serial, identity)) WITHOUT ROWID;
CREATE TABLE coupon_replacement(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, instead_key_id INTEGER NOT NULL,
  instead_serial INTEGER NOT NULL, identity TEXT NOT NULL, PRIMARY KEY(key_id, serial)) WITHOUT ROWID;

-- Each approved redemption, wherever it was approved, by its coupon; one sale sent twice is one of them.
CREATE TABLE redemption(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, till INTEGER NOT NULL, epoch BLOB NOT NULL,
  seq INTEGER NOT NULL, campaign INTEGER NOT NULL, value INTEGER NOT NULL, currency TEXT NOT NULL, rid BLOB NOT NULL,
  identity TEXT NOT NULL, store_id TEXT NOT NULL, business_date INTEGER NOT NULL, operator_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, PRIMARY KEY(key_id, serial, till, epoch, seq)) WITHOUT ROWID;
CREATE TABLE redeemed_twice(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, PRIMARY KEY(key_id, serial)) WITHOUT ROWID;
-- Redemptions away from home, by the id the asking till made. state: 1 granted, 2 refused, 3 released, 4 redeemed.
-- exposed: it costs a unit of the campaign's exposure while granted or redeemed. A tombstone has no coupon (key_id 0,
-- serial 0). None ever lapses by time.
CREATE TABLE reservation(rid BLOB PRIMARY KEY, till INTEGER NOT NULL, epoch BLOB NOT NULL, key_id INTEGER NOT NULL,
  serial INTEGER NOT NULL, campaign INTEGER NOT NULL, value INTEGER NOT NULL, exposed INTEGER NOT NULL,
  state INTEGER NOT NULL, reason TEXT NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX reservation_by_coupon ON reservation(key_id, serial);
CREATE INDEX reservation_exposed ON reservation(campaign) WHERE exposed=1 AND state IN (1,4);
-- Coupons a sale named without approval; applied: what was taken off all the same.
CREATE TABLE unapproved(till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, place INTEGER NOT NULL,
  coupon TEXT NOT NULL, reason TEXT NOT NULL, applied INTEGER NOT NULL, currency TEXT NOT NULL, identity TEXT NOT NULL,
  store_id TEXT NOT NULL, business_date INTEGER NOT NULL, operator_id TEXT NOT NULL,
  PRIMARY KEY(till, epoch, seq, place)) WITHOUT ROWID;

CREATE TABLE showing(till INTEGER NOT NULL, ordinal INTEGER NOT NULL, minute INTEGER NOT NULL, store_id TEXT NOT NULL,
  business_date INTEGER NOT NULL, staff INTEGER NOT NULL, join_shown INTEGER NOT NULL, verdict INTEGER NOT NULL,
  PRIMARY KEY(till, ordinal, minute)) WITHOUT ROWID;
CREATE TABLE prompt_key(till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  answer TEXT NOT NULL, operator_id TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY(till, epoch, seq)) WITHOUT ROWID;
CREATE TABLE incident(till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, what TEXT NOT NULL,
  detail TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(till, epoch, seq)) WITHOUT ROWID;
-- The same identity a second time. kind: conflict (other content) or duplicate (the same, from another till or epoch).
CREATE TABLE collision(till INTEGER NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, identity TEXT NOT NULL,
  kind TEXT NOT NULL, store_id TEXT NOT NULL, business_date INTEGER NOT NULL,
  PRIMARY KEY(till, epoch, seq, identity)) WITHOUT ROWID;

CREATE TABLE campaign(number INTEGER PRIMARY KEY, document TEXT NOT NULL, worth INTEGER NOT NULL,
  issue INTEGER NOT NULL, exposure INTEGER NOT NULL, quota_per_till INTEGER NOT NULL, active_until INTEGER NOT NULL,
  stopped INTEGER NOT NULL DEFAULT 0);
CREATE TABLE quota(campaign INTEGER NOT NULL, till INTEGER NOT NULL, epoch BLOB NOT NULL, lent INTEGER NOT NULL,
  issued INTEGER NOT NULL, returned INTEGER NOT NULL, PRIMARY KEY(campaign, till, epoch)) WITHOUT ROWID;

CREATE TABLE scope(scope TEXT PRIMARY KEY, head INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE change_log(scope TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY(scope, key)) WITHOUT ROWID;
CREATE INDEX change_by_seq ON change_log(scope, seq);

CREATE TABLE member(person BLOB PRIMARY KEY, record BLOB NOT NULL, types INTEGER NOT NULL, ids BLOB NOT NULL)
  WITHOUT ROWID;
CREATE TABLE member_id(hash BLOB PRIMARY KEY, person BLOB NOT NULL, record BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE member_dirty(hash BLOB PRIMARY KEY) WITHOUT ROWID;
)sql";

// fork_seq is where the first of the other histories parts, newest_fork where the last one does.
constexpr const char* kSecond = R"sql(
-- Units that another copy of the till spent: on top of what the epoch was lent.
ALTER TABLE quota ADD COLUMN forked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cursor ADD COLUMN newest_fork INTEGER;
UPDATE cursor SET newest_fork=(SELECT max(f.seq) FROM fork_event f WHERE f.till=cursor.till AND f.epoch=cursor.epoch);
)sql";

// What benefits were advised and what was taken off, told or inferred, of the checkouts where there was either.
constexpr const char* kAdvisedDiscounts = R"sql(
CREATE TABLE advised_discount(identity TEXT PRIMARY KEY, store_id TEXT NOT NULL, business_date INTEGER NOT NULL,
  operator_id TEXT NOT NULL, currency TEXT NOT NULL, advised INTEGER NOT NULL, applied INTEGER NOT NULL,
  differs INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX advised_discount_by_date ON advised_discount(business_date);
)sql";

// The key directory, a signed document for each part of 256 till numbers. digest: of what was signed, without its
// version and dates. key_part_due: something of that part may have changed.
constexpr const char* kKeyDirectory = R"sql(
CREATE TABLE key_part(part INTEGER PRIMARY KEY, version INTEGER NOT NULL, signed_ms INTEGER NOT NULL,
  digest BLOB NOT NULL);
CREATE TABLE key_part_due(part INTEGER PRIMARY KEY);
CREATE TABLE key_revoked(key_id INTEGER PRIMARY KEY, good_to INTEGER NOT NULL);
INSERT INTO key_part_due SELECT 0 UNION SELECT till/256 FROM till;
)sql";

// What is asked of operators. showing: its ordinal. named: which person (a keyed hash) was at the till.
constexpr const char* kOperators = R"sql(
ALTER TABLE checkout ADD COLUMN operator_id TEXT NOT NULL DEFAULT '';
ALTER TABLE checkout ADD COLUMN cash INTEGER NOT NULL DEFAULT 0;
ALTER TABLE checkout ADD COLUMN showing INTEGER;
CREATE TABLE named(identity TEXT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(identity, hash)) WITHOUT ROWID;
)sql";

// Coupons that their home was asked to let go: YieldState. reservation.exposed becomes 2 when home has acknowledged the
// grant: its unit has come back.
constexpr const char* kYields = R"sql(
CREATE TABLE coupon_yield(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, state INTEGER NOT NULL,
  asked_ms INTEGER NOT NULL, answered_ms INTEGER NOT NULL, PRIMARY KEY(key_id, serial)) WITHOUT ROWID;
CREATE INDEX reservation_exposed_by_coupon ON reservation(key_id, serial) WHERE exposed=1 AND state IN (1,4);
)sql";

// given_back: units a till returned unused, in all; it will not issue them. recalled: what is lent is asked back and
// nothing more is lent. stop: where in the chain's change log it stands. stop_awaited: who has not acknowledged it.
constexpr const char* kGivenBack = R"sql(
ALTER TABLE quota ADD COLUMN given_back INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quota ADD COLUMN recalled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE campaign ADD COLUMN recalled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE till ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;
CREATE TABLE stop(campaign INTEGER PRIMARY KEY, position INTEGER NOT NULL);
CREATE TABLE stop_awaited(till INTEGER NOT NULL, campaign INTEGER NOT NULL, PRIMARY KEY(till, campaign)) WITHOUT ROWID;
)sql";

// Keys that a till changed for another without a new epoch. rotate: it is asked to. till_key: every key there was.
constexpr const char* kOldKeys = R"sql(
ALTER TABLE till ADD COLUMN rotate INTEGER NOT NULL DEFAULT 0;
CREATE TABLE old_key(till INTEGER NOT NULL, generation INTEGER NOT NULL, epoch BLOB NOT NULL,
  public_key BLOB NOT NULL, retired_ms INTEGER NOT NULL, PRIMARY KEY(till, generation)) WITHOUT ROWID;
CREATE VIEW till_key AS SELECT till,generation,epoch,public_key FROM till_epoch
  UNION ALL SELECT till,generation,epoch,public_key FROM old_key;
)sql";

// What headquarters issues itself. person: whose, as her key in `member`; empty: nobody's. home: the key of the till
// that decides it alone while that key is live; null: headquarters. typed: the short form's MAC. ended: 0 live, 1
// spent, 2 revoked, 3 over. told_coupon: which stores know of it. welcomed: persons and identifiers that had their
// welcome, for ever. setting: of the chain where store_id is empty.
constexpr const char* kOwnCoupons = R"sql(
CREATE TABLE own_coupon(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, campaign INTEGER NOT NULL, body BLOB NOT NULL,
  person BLOB NOT NULL, tag INTEGER NOT NULL, store_id TEXT NOT NULL, home INTEGER, typed INTEGER NOT NULL,
  until_ms INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0, order_id TEXT NOT NULL,
  PRIMARY KEY(key_id, serial)) WITHOUT ROWID;
CREATE INDEX own_coupon_of_order ON own_coupon(order_id) WHERE order_id<>'';
CREATE INDEX own_coupon_of_person ON own_coupon(person) WHERE ended=0 AND person<>x'';
CREATE INDEX own_coupon_until ON own_coupon(until_ms) WHERE ended<3;
CREATE INDEX own_coupon_of_campaign ON own_coupon(campaign, store_id);
CREATE TABLE told_coupon(store_id TEXT NOT NULL, key_id INTEGER NOT NULL, serial INTEGER NOT NULL,
  gone INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(key_id, serial, store_id)) WITHOUT ROWID;
CREATE INDEX told_coupon_of_store ON told_coupon(store_id) WHERE gone=0;
CREATE TABLE store_token(hash BLOB PRIMARY KEY, store_id TEXT NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE coupon_order(order_id TEXT PRIMARY KEY, digest BLOB NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE first_join(person BLOB PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE welcomed(id BLOB PRIMARY KEY, key_id INTEGER NOT NULL, serial INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE setting(store_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(store_id, name)) WITHOUT ROWID;
)sql";

// Epochs whose disk the owner has said to be gone. was: their EpochState until then.
constexpr const char* kDisksGone = R"sql(
CREATE TABLE disk_gone(till INTEGER NOT NULL, epoch BLOB NOT NULL, was INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY(till, epoch)) WITHOUT ROWID;
)sql";

// Coupons of members that tills issued stand in own_coupon from when they are told until they are over; key_id / 16 is
// their till. earned_due: heard of and not told yet; store_id: of the till that issued it.
constexpr const char* kEarned = R"sql(
CREATE TABLE earned_due(key_id INTEGER NOT NULL, serial INTEGER NOT NULL, person BLOB NOT NULL, store_id TEXT NOT NULL,
  PRIMARY KEY(key_id, serial)) WITHOUT ROWID;
)sql";

// Headquarters' own verifying keys by generation; coupons of till number 0 are verified by them.
constexpr const char* kOwnKeys = R"sql(
CREATE TABLE own_key(generation INTEGER PRIMARY KEY, public_key BLOB NOT NULL);
INSERT OR IGNORE INTO key_part_due(part) VALUES(0);
)sql";

// Coupons that tills issued to somebody who named an identifier that no member had: should she be known by it later,
// they are hers. until_minute: over by then.
constexpr const char* kUnclaimed = R"sql(
CREATE TABLE unclaimed(hash BLOB NOT NULL, key_id INTEGER NOT NULL, serial INTEGER NOT NULL, store_id TEXT NOT NULL,
  until_minute INTEGER NOT NULL, PRIMARY KEY(hash, key_id, serial)) WITHOUT ROWID;
CREATE INDEX unclaimed_coupon ON unclaimed(key_id, serial);
CREATE INDEX unclaimed_until ON unclaimed(until_minute);
)sql";

constexpr std::array kSteps = {kFirst,  kSecond,    kAdvisedDiscounts, kKeyDirectory, kOperators,
                               kYields, kGivenBack, kOldKeys,          kOwnCoupons,   kDisksGone,
                               kEarned, kOwnKeys,   kUnclaimed};

}  // namespace

int schema_version() { return static_cast<int>(kSteps.size()); }

Status migrate(Database& db) {
  const auto found = db.scalar("PRAGMA user_version");
  if (found > schema_version())
    return Error{ErrorCode::too_new, "user_version",
                 "the ledger is of version " + std::to_string(found) + ", this program knows up to " +
                     std::to_string(schema_version())};
  for (auto version = static_cast<std::size_t>(found); version < kSteps.size(); ++version) {
    Transaction transaction(db);
    db.execute(kSteps[version]);
    db.execute("PRAGMA user_version=" + std::to_string(version + 1));
    transaction.commit();
  }
  return {};
}

}  // namespace tillside::hq
