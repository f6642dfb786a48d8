// Where a checkout is filed, and whether it was filed before. The rules stand in docs/checkout.md ("Identity").
#pragma once

#include <string>
#include <string_view>

#include "agent/domain/checkout.h"
#include "agent/store/session.h"

namespace tillside {

// What every numbered checkout of the same number shares, whatever its series:
// "<store>:<lane>:<yyyymmdd>:<sequence>:<kind>"; the identity itself where there is no number.
std::string place_of(const Checkout& checkout);
std::string lane_day_of(const Checkout& checkout);  // "<store>:<lane>:<yyyymmdd>"

struct Filing {
  enum class Kind : std::uint8_t { fresh, duplicate, conflict };
  Kind kind = Kind::fresh;
  std::string place;
  std::int64_t series = 0;
  bool opened_series = false;    // the lane's counter started again
  store::FiledCheckout earlier;  // duplicate, conflict
};

// `restarts`: this lane's counter is configured to start again. Inside a transaction.
Filing find_filing(store::Session& session, const Checkout& checkout, const Bytes16& digest, bool restarts);

// True the first time this other content is seen under its place; remembers it.
bool note_conflict(store::Session& session, const Filing& filing, const Checkout& checkout, const Bytes16& digest);

}  // namespace tillside
