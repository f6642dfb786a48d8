#include "agent/store/schema.h"

namespace tillside::store {
namespace {

constexpr const char* kTill1 = R"sql(
CREATE TABLE meta(k TEXT PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID;

-- place: "<store>:<lane>:<yyyymmdd>:<sequence>:<kind>", or the whole identity when there is no number.
-- The coupons a checkout earned are consecutive serials of one key generation. kept: agent/domain/kept_sale.h
CREATE TABLE checkout(
  id INTEGER PRIMARY KEY, place TEXT NOT NULL, series INTEGER NOT NULL, checkout_id TEXT NOT NULL, digest BLOB NOT NULL,
  state INTEGER NOT NULL, at INTEGER NOT NULL, net INTEGER NOT NULL, coupons INTEGER NOT NULL,
  generation INTEGER NOT NULL, first_serial INTEGER NOT NULL, kept BLOB NOT NULL, answer TEXT NOT NULL);
CREATE UNIQUE INDEX checkout_place ON checkout(place, series);
CREATE INDEX checkout_by_id ON checkout(checkout_id) WHERE checkout_id <> '';

-- Sales that are not here yet and were taken back already, by each name they may come under; reversal: a checkout's id.
CREATE TABLE awaited(name TEXT NOT NULL, reversal INTEGER NOT NULL, PRIMARY KEY(name, reversal)) WITHOUT ROWID;

CREATE TABLE lane_day(place TEXT PRIMARY KEY, series INTEGER NOT NULL, restart INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE coupon(
  generation INTEGER NOT NULL, serial INTEGER NOT NULL, campaign INTEGER NOT NULL, state INTEGER NOT NULL,
  body BLOB NOT NULL, signature BLOB NOT NULL, PRIMARY KEY(generation, serial)) WITHOUT ROWID;
-- coupon, here and below: till 20 bits, key generation 4, serial 32. Whoever spent it: checkout.id, and what it took off.
CREATE TABLE spent(coupon INTEGER PRIMARY KEY, checkout INTEGER NOT NULL, value INTEGER NOT NULL);
-- Headquarters decides it now.
CREATE TABLE yielded(coupon INTEGER PRIMARY KEY);
-- Headquarters asked for it while a bill here had it.
CREATE TABLE wanted(coupon INTEGER PRIMARY KEY);
-- What headquarters told of: members' coupons, and those it issued for this store. person: whose, 0: nobody's. home: key
-- (till 20 bits, generation 4) of the till that decides it alone, null: none. typed: the short form's 35 bits of MAC.
-- until: minutes since 2024 after which it is surely over. stream: which one told it, counted each time it begins anew.
CREATE TABLE told(coupon INTEGER PRIMARY KEY, person INTEGER NOT NULL, body BLOB NOT NULL, home INTEGER, typed INTEGER,
  until INTEGER NOT NULL, stream INTEGER NOT NULL);
CREATE INDEX told_of_person ON told(person) WHERE person<>0;
CREATE INDEX told_until ON told(until);
CREATE INDEX told_typed ON told(typed) WHERE typed IS NOT NULL;
-- state: 1 held, 2 asking, 3 released, 4 spent, 5 refused, 6 releasing.
CREATE TABLE hold(
  id INTEGER PRIMARY KEY, hold_id TEXT NOT NULL UNIQUE, coupon INTEGER NOT NULL, body BLOB NOT NULL,
  state INTEGER NOT NULL, lane TEXT NOT NULL, operator TEXT NOT NULL, bill TEXT NOT NULL, discount INTEGER NOT NULL,
  rid BLOB NOT NULL, reason INTEGER NOT NULL);
CREATE UNIQUE INDEX hold_live ON hold(coupon) WHERE state IN (1,2);
CREATE INDEX hold_open ON hold(state) WHERE state IN (2,6);
CREATE INDEX hold_of_lane ON hold(lane) WHERE state IN (1,2);
CREATE INDEX hold_for_bill ON hold(bill) WHERE state IN (1,2) AND bill<>'';
CREATE TABLE quota(
  campaign INTEGER NOT NULL, epoch_no INTEGER NOT NULL, lent INTEGER NOT NULL, used INTEGER NOT NULL,
  returned INTEGER NOT NULL, PRIMARY KEY(campaign, epoch_no)) WITHOUT ROWID;

-- id: epoch_no * 2^40 + sequence. chain: the chained hash up to and with this event.
CREATE TABLE event(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL, chain BLOB NOT NULL);
-- provisional: made here, not yet given by headquarters; nothing of it was ever sent.
CREATE TABLE epoch(
  no INTEGER PRIMARY KEY, epoch BLOB NOT NULL, acked INTEGER NOT NULL, forked_at INTEGER NOT NULL,
  provisional INTEGER NOT NULL);
CREATE TABLE parked(id INTEGER PRIMARY KEY, reason TEXT NOT NULL);

CREATE TABLE campaign(number INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE checkpoint(source TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)sql";

// fork_kept: of a fork, headquarters keeps this copy's events up to here. 0: none.
constexpr const char* kTill2 = R"sql(
ALTER TABLE epoch ADD COLUMN fork_kept INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr const char* kMembers1 = R"sql(
CREATE TABLE meta(k TEXT PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE member(h BLOB PRIMARY KEY, r BLOB NOT NULL) WITHOUT ROWID;
-- Changes that go on top of the next snapshot. v: headquarters' number of the change, 0 not told.
CREATE TABLE later(h BLOB PRIMARY KEY, r BLOB NOT NULL, v INTEGER NOT NULL) WITHOUT ROWID;
)sql";

constexpr const char* kTillSteps[] = {kTill1, kTill2};
constexpr const char* kMemberSteps[] = {kMembers1};

}  // namespace

std::span<const char* const> till_migrations() { return kTillSteps; }
std::span<const char* const> member_migrations() { return kMemberSteps; }

}  // namespace tillside::store
