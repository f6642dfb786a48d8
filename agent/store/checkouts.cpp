#include <algorithm>

#include "agent/store/session.h"

namespace tillside::store {
namespace {

constexpr const char* kColumns =
    "SELECT id,series,digest,state,net,coupons,generation,first_serial,refunded,reversed_by,place,answer FROM "
    "checkout ";

FiledCheckout read(const Statement& row) {
  FiledCheckout filed;
  filed.id = row.integer(0);
  filed.series = row.integer(1);
  const std::string_view digest = row.blob(2);
  std::copy_n(digest.begin(), std::min(digest.size(), filed.digest.size()), filed.digest.begin());
  filed.state = static_cast<CheckoutState>(row.integer(3));
  filed.net = row.integer(4);
  filed.coupons = static_cast<std::uint32_t>(row.integer(5));
  filed.generation = static_cast<std::uint8_t>(row.integer(6));
  filed.first_serial = static_cast<std::uint32_t>(row.integer(7));
  filed.refunded = row.integer(8);
  filed.reversed_by = row.integer(9);
  filed.place = row.text(10);
  filed.answer = row.text(11);
  return filed;
}

}  // namespace

Checkouts::Checkouts(Database& database)
    : at_place_(database.prepare(std::string(kColumns) + "WHERE place=? ORDER BY series")),
      by_checkout_id_(database.prepare(std::string(kColumns) +
                                       "WHERE checkout_id=? AND checkout_id<>'' AND state IN (1,6) "
                                       "AND (?2='' OR substr(place,1,length(?2)+1)=?2||':') ORDER BY id DESC LIMIT 1")),
      by_id_(database.prepare(std::string(kColumns) + "WHERE id=?")),
      file_(database.prepare("INSERT INTO checkout VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)")),
      next_id_(database.prepare("SELECT max(id)+1 FROM checkout")),
      reverse_(database.prepare("UPDATE checkout SET refunded=?2, reversed_by=?3 WHERE id=?1")),
      lane_day_(database.prepare("SELECT series,restart FROM lane_day WHERE place=?")),
      put_lane_day_(database.prepare("INSERT INTO lane_day VALUES(?,?,?) ON CONFLICT(place) DO UPDATE SET "
                                     "series=excluded.series, restart=excluded.restart")) {
  static_assert(static_cast<int>(CheckoutState::completed) == 1 && static_cast<int>(CheckoutState::exchanged) == 6);
}

std::vector<FiledCheckout> Checkouts::at_place(std::string_view place) {
  std::vector<FiledCheckout> found;
  at_place_.with(place);
  while (at_place_.step()) found.push_back(read(at_place_));
  at_place_.rewind();
  return found;
}

std::optional<FiledCheckout> Checkouts::by_checkout_id(std::string_view checkout_id, std::string_view store_id) {
  std::optional<FiledCheckout> found;
  if (by_checkout_id_.with(checkout_id, store_id).step()) found = read(by_checkout_id_);
  by_checkout_id_.rewind();
  return found;
}

std::optional<FiledCheckout> Checkouts::by_id(std::int64_t id) {
  std::optional<FiledCheckout> found;
  if (by_id_.with(id).step()) found = read(by_id_);
  by_id_.rewind();
  return found;
}

void Checkouts::file(const FiledCheckout& filed, std::string_view checkout_id, Instant at) {
  file_
      .with(filed.id, filed.place, filed.series, checkout_id, filed.digest, static_cast<int>(filed.state), at.ms,
            filed.net, filed.coupons, filed.generation, filed.first_serial, filed.refunded, filed.reversed_by,
            filed.answer)
      .run();
}

std::int64_t Checkouts::next_id() {
  if (next_ == 0) {
    next_ = next_id_.step() ? std::max<std::int64_t>(next_id_.integer(0), 1) : 1;
    next_id_.rewind();
  }
  return next_++;
}

void Checkouts::forget() {
  next_ = 0;
  lane_days_.clear();
}

void Checkouts::put_refund(std::int64_t id, Minor refunded, std::int64_t reversed_by) {
  reverse_.with(id, refunded, reversed_by).run();
}

Checkouts::LaneDay Checkouts::lane_day(const std::string& lane_day_place) {
  if (const auto known = lane_days_.find(lane_day_place); known != lane_days_.end()) return known->second;
  LaneDay day;
  if (lane_day_.with(lane_day_place).step()) day = {lane_day_.integer(0), lane_day_.integer(1) != 0};
  lane_day_.rewind();
  if (lane_days_.size() >= kLaneDaysKept) lane_days_.clear();
  lane_days_.emplace(lane_day_place, day);
  return day;
}

void Checkouts::put_lane_day(const std::string& lane_day_place, const LaneDay& day) {
  put_lane_day_.with(lane_day_place, day.series, day.restart).run();
  lane_days_.insert_or_assign(lane_day_place, day);
}

}  // namespace tillside::store
