#include <algorithm>

#include "agent/store/session.h"

namespace tillside::store {
namespace {

constexpr const char* kColumns =
    "SELECT id,series,digest,state,net,coupons,generation,first_serial,kept,place,answer FROM checkout ";

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
  filed.kept = row.blob(8);
  filed.place = row.text(9);
  filed.answer = row.text(10);
  return filed;
}

std::span<const std::uint8_t> bytes_of(std::string_view blob) {
  return {reinterpret_cast<const std::uint8_t*>(blob.data()), blob.size()};
}

}  // namespace

Checkouts::Checkouts(Database& database)
    : at_place_(database.prepare(std::string(kColumns) + "WHERE place=? ORDER BY series")),
      by_checkout_id_(database.prepare(std::string(kColumns) +
                                       "WHERE checkout_id=? AND checkout_id<>'' AND state IN (1,6) "
                                       "AND (?2='' OR substr(place,1,length(?2)+1)=?2||':') ORDER BY id DESC LIMIT 1")),
      return_by_id_(database.prepare(std::string(kColumns) +
                                     "WHERE checkout_id=? AND checkout_id<>'' AND state=5 "
                                     "AND (?2='' OR substr(place,1,length(?2)+1)=?2||':') ORDER BY id DESC LIMIT 1")),
      by_id_(database.prepare(std::string(kColumns) + "WHERE id=?")),
      file_(database.prepare("INSERT INTO checkout VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)")),
      next_id_(database.prepare("SELECT max(id)+1 FROM checkout")),
      put_kept_(database.prepare("UPDATE checkout SET kept=?2 WHERE id=?1")),
      lane_day_(database.prepare("SELECT series,restart FROM lane_day WHERE place=?")),
      put_lane_day_(database.prepare("INSERT INTO lane_day VALUES(?,?,?) ON CONFLICT(place) DO UPDATE SET "
                                     "series=excluded.series, restart=excluded.restart")),
      await_(database.prepare("INSERT OR IGNORE INTO awaited VALUES(?,?)")),
      awaiting_(database.prepare("SELECT reversal FROM awaited WHERE name=?")),
      no_longer_await_(database.prepare("DELETE FROM awaited WHERE name=?")),
      count_awaited_(database.prepare("SELECT count(*) FROM awaited")) {
  static_assert(static_cast<int>(CheckoutState::completed) == 1 && static_cast<int>(CheckoutState::exchanged) == 6 &&
                static_cast<int>(CheckoutState::returned) == 5);
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

std::optional<FiledCheckout> Checkouts::return_by_checkout_id(std::string_view checkout_id, std::string_view store_id) {
  std::optional<FiledCheckout> found;
  if (return_by_id_.with(checkout_id, store_id).step()) found = read(return_by_id_);
  return_by_id_.rewind();
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
            filed.net, filed.coupons, filed.generation, filed.first_serial, bytes_of(filed.kept), filed.answer)
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
  awaited_ = -1;
  lane_days_.clear();
}

void Checkouts::put_kept(std::int64_t id, std::string_view kept) { put_kept_.with(id, bytes_of(kept)).run(); }

void Checkouts::await(std::string_view name, std::int64_t reversal) {
  await_.with(name, reversal).run();
  awaited_ = -1;
}

std::vector<std::int64_t> Checkouts::awaiting(const std::vector<std::string>& names) {
  if (awaited_ < 0) {
    awaited_ = count_awaited_.step() ? count_awaited_.integer(0) : 0;
    count_awaited_.rewind();
  }
  std::vector<std::int64_t> reversals;
  if (awaited_ == 0) return reversals;
  for (const std::string& name : names) {
    awaiting_.with(name);
    while (awaiting_.step()) reversals.push_back(awaiting_.integer(0));
    awaiting_.rewind();
  }
  std::sort(reversals.begin(), reversals.end());
  reversals.erase(std::unique(reversals.begin(), reversals.end()), reversals.end());
  return reversals;
}

void Checkouts::no_longer_await(const std::vector<std::string>& names) {
  for (const std::string& name : names) no_longer_await_.with(name).run();
  awaited_ = -1;
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
