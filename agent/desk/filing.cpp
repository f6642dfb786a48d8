#include "agent/desk/filing.h"

#include <algorithm>

namespace tillside {
namespace {

std::string compact_date(LocalDate date) {
  std::string text = format_date(date);
  std::erase(text, '-');
  return text;
}

const store::FiledCheckout* with_digest(const std::vector<store::FiledCheckout>& filed, const Bytes16& digest) {
  const auto found = std::find_if(filed.begin(), filed.end(), [&](const auto& one) { return one.digest == digest; });
  return found == filed.end() ? nullptr : &*found;
}

const store::FiledCheckout* in_series(const std::vector<store::FiledCheckout>& filed, std::int64_t series) {
  const auto found = std::find_if(filed.begin(), filed.end(), [&](const auto& one) { return one.series == series; });
  return found == filed.end() ? nullptr : &*found;
}

}  // namespace

std::string lane_day_of(const Checkout& checkout) {
  return checkout.store_id + ":" + checkout.lane_id + ":" + compact_date(checkout.business_date);
}

std::string place_of(const Checkout& checkout) {
  if (checkout.sequence == 0) return identity_of(checkout);
  return lane_day_of(checkout) + ":" + std::to_string(checkout.sequence) + ":" + name_of(checkout.state);
}

Filing find_filing(store::Session& session, const Checkout& checkout, const Bytes16& digest, bool restarts) {
  Filing filing;
  filing.place = place_of(checkout);
  filing.series = checkout.series;
  const auto filed = session.checkouts().at_place(filing.place);

  const bool doors_word = checkout.series != 0 || checkout.sequence == 0;
  if (const auto* same = doors_word ? nullptr : with_digest(filed, digest)) {
    filing.kind = Filing::Kind::duplicate;
    filing.series = same->series;
    filing.earlier = *same;
    return filing;
  }
  store::Checkouts::LaneDay day;
  if (!doors_word) {
    day = session.checkouts().lane_day(lane_day_of(checkout));
    filing.series = day.series;
  }
  const auto* taken = in_series(filed, filing.series);
  if (taken == nullptr) return filing;
  filing.earlier = *taken;
  if (taken->digest == digest) {
    filing.kind = Filing::Kind::duplicate;
  } else if (!doors_word && (restarts || day.restart)) {
    filing.series = std::max(day.series, filed.back().series) + 1;
    filing.opened_series = true;
    session.checkouts().put_lane_day(lane_day_of(checkout), {filing.series, false});
  } else {
    filing.kind = Filing::Kind::conflict;
  }
  return filing;
}

bool note_conflict(store::Session& session, const Filing& filing, const Checkout& checkout, const Bytes16& digest) {
  store::FiledCheckout second;
  second.place = filing.place + "!" + to_hex(digest);
  if (!session.checkouts().at_place(second.place).empty()) return false;
  second.id = session.checkouts().next_id();
  second.series = filing.series;
  second.digest = digest;
  second.state = checkout.state;
  second.net = checkout.totals.net;
  session.checkouts().file(second, {}, checkout.occurred_at);
  return true;
}

}  // namespace tillside
