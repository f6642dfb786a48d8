#include "agent/store/redeeming.h"

#include <algorithm>
#include <charconv>

#include "agent/store/session.h"

namespace tillside::store {
namespace {

constexpr const char* kCaps = "redeemed";  // "<count> <value>"

constexpr const char* kHoldColumns = "SELECT hold_id,body,state,lane,operator,bill,discount,rid,reason FROM hold ";

Hold hold_of(const Statement& row) {
  Hold hold;
  hold.hold_id = row.text(0);
  const std::string_view body = row.blob(1), rid = row.blob(7);
  std::copy_n(body.begin(), std::min(body.size(), hold.coupon.size()), hold.coupon.begin());
  hold.state = static_cast<HoldState>(row.integer(2));
  hold.lane = row.text(3);
  hold.operator_id = row.text(4);
  hold.bill = row.text(5);
  hold.discount = row.integer(6);
  if (rid.size() == sizeof(Bytes16)) std::copy_n(rid.begin(), rid.size(), hold.rid.emplace().begin());
  hold.reason = static_cast<RedeemReason>(row.integer(8));
  return hold;
}

std::optional<Hold> first(Statement& statement) {
  std::optional<Hold> found;
  if (statement.step()) found = hold_of(statement);
  statement.rewind();
  return found;
}

std::int64_t number_of(const CouponBytes& bytes) {
  const auto body = decode_coupon(bytes);
  return body ? coupon_number(body->key, body->serial) : 0;
}

}  // namespace

Redeeming::Redeeming(Database& database, Meta& meta)
    : database_(database),
      meta_(meta),
      hold_(database.prepare(std::string(kHoldColumns) + "WHERE hold_id=?")),
      live_(database.prepare(std::string(kHoldColumns) + "WHERE coupon=? AND state IN (1,2)")),
      put_(database.prepare("INSERT INTO hold(hold_id,coupon,body,state,lane,operator,bill,discount,rid,reason) "
                            "VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(hold_id) DO UPDATE SET state=excluded.state, "
                            "discount=excluded.discount, reason=excluded.reason")),
      of_lane_(database.prepare(std::string(kHoldColumns) + "WHERE lane=? AND state IN (1,2) ORDER BY id")),
      for_bill_(
          database.prepare(std::string(kHoldColumns) + "WHERE bill=? AND bill<>'' AND state IN (1,2) ORDER BY id")),
      open_(database.prepare(std::string(kHoldColumns) + "WHERE ?='' AND state IN (2,6) ORDER BY id")),
      spent_(database.prepare("SELECT checkout,value FROM spent WHERE coupon=?")),
      spend_(database.prepare("INSERT INTO spent VALUES(?,?,?)")),
      yielded_(database.prepare("SELECT 1 FROM yielded WHERE coupon=?")),
      yield_(database.prepare("INSERT OR IGNORE INTO yielded VALUES(?)")),
      wanted_(database.prepare("SELECT 1 FROM wanted WHERE coupon=?")),
      want_(database.prepare("INSERT OR IGNORE INTO wanted VALUES(?)")),
      forget_(database.prepare("DELETE FROM hold WHERE hold_id=? AND state=5")),
      any_live_(database.prepare("SELECT EXISTS(SELECT 1 FROM hold WHERE state IN (1,2))")) {
  static_assert(static_cast<int>(HoldState::held) == 1 && static_cast<int>(HoldState::asking) == 2);
}

std::optional<Hold> Redeeming::hold(std::string_view hold_id) { return first(hold_.with(hold_id)); }

std::optional<Hold> Redeeming::live_hold(std::int64_t coupon) { return first(live_.with(coupon)); }

void Redeeming::put_hold(const Hold& hold) {
  live_known_ = -1;
  const std::string_view rid = hold.rid
                                   ? std::string_view(reinterpret_cast<const char*>(hold.rid->data()), hold.rid->size())
                                   : std::string_view();
  put_.with(hold.hold_id, number_of(hold.coupon), hold.coupon, static_cast<int>(hold.state), hold.lane,
            hold.operator_id, hold.bill, hold.discount, rid, static_cast<int>(hold.reason))
      .run();
}

std::vector<Hold> Redeeming::holds(Statement& statement, std::string_view by) {
  std::vector<Hold> found;
  statement.with(by);
  while (statement.step()) found.push_back(hold_of(statement));
  statement.rewind();
  return found;
}

std::vector<Hold> Redeeming::with_headquarters() { return holds(open_, {}); }
std::vector<Hold> Redeeming::holds_of_lane(std::string_view lane) {
  return any_live() ? holds(of_lane_, lane) : std::vector<Hold>();
}
std::vector<Hold> Redeeming::holds_for_bill(std::string_view bill) {
  return any_live() ? holds(for_bill_, bill) : std::vector<Hold>();
}

bool Redeeming::any_live() {
  if (live_known_ < 0) {
    any_live_.step();
    live_known_ = static_cast<int>(any_live_.integer(0));
    any_live_.rewind();
  }
  return live_known_ != 0;
}

void Redeeming::end_all_holds() {
  live_known_ = -1;
  database_.run("UPDATE hold SET state=3 WHERE state IN (1,2,6)");
}

std::optional<Spent> Redeeming::spent(std::int64_t coupon) {
  std::optional<Spent> found;
  if (spent_.with(coupon).step()) found = Spent{spent_.integer(0), spent_.integer(1)};
  spent_.rewind();
  return found;
}

void Redeeming::spend(std::int64_t coupon, const Spent& spent) {
  spend_.with(coupon, spent.checkout, spent.value).run();
}

bool Redeeming::yielded(std::int64_t coupon) {
  const bool found = yielded_.with(coupon).step();
  yielded_.rewind();
  return found;
}

void Redeeming::yield(std::int64_t coupon) {
  yield_.with(coupon).run();
  database_.prepare("DELETE FROM wanted WHERE coupon=?").with(coupon).run();
}

bool Redeeming::wanted(std::int64_t coupon) {
  const bool found = wanted_.with(coupon).step();
  wanted_.rewind();
  return found;
}

void Redeeming::want(std::int64_t coupon) { want_.with(coupon).run(); }

void Redeeming::forget_hold(std::string_view hold_id) { forget_.with(hold_id).run(); }

RedeemCaps Redeeming::caps() {
  RedeemCaps caps;
  const std::string text = meta_.get(kCaps).value_or("");
  const char* const end = text.data() + text.size();
  const auto count = std::from_chars(text.data(), end, caps.count);
  if (count.ec == std::errc() && count.ptr != end) std::from_chars(count.ptr + 1, end, caps.value);
  return caps;
}

void Redeeming::count(Minor value) {
  const RedeemCaps before = caps();
  meta_.put(kCaps, std::to_string(before.count + 1) + " " + std::to_string(before.value + value));
}

void Redeeming::uncount(Minor value) {
  const RedeemCaps before = caps();
  meta_.put(kCaps, std::to_string(std::max<std::int64_t>(before.count - 1, 0)) + " " +
                       std::to_string(std::max<Minor>(before.value - value, 0)));
}

void Redeeming::reset_caps() { meta_.put(kCaps, "0 0"); }

}  // namespace tillside::store
