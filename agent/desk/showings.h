// The open showing of each lane: one checkout has one showing and one referral token, however often it is advised.
//
// A showing id IS its referral token (30 characters): it tells its ordinal, minute and staff even after a restart.
// Ordinals come from blocks reserved durably ahead, so a crash repeats none. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "agent/domain/checkout.h"
#include "agent/domain/events.h"
#include "agent/domain/reconcile.h"
#include "agent/domain/referral.h"

namespace tillside {

class OrdinalSource {
 public:
  static constexpr std::uint32_t kBlock = 256;

  // `first` to `reserved_to` (exclusive) are reserved already. `reserve(upto)` asks for a durable reservation and later
  // leads to reserved(upto); it must not block.
  OrdinalSource(std::uint32_t first, std::uint32_t reserved_to, std::function<void(std::uint32_t upto)> reserve);
  std::optional<std::uint32_t> next();  // nullopt: nothing reserved right now
  void reserved(std::uint32_t upto);

 private:
  std::mutex mutex_;
  std::uint32_t next_, reserved_to_;
  bool asked_ = false;
  std::function<void(std::uint32_t)> reserve_;
};

struct Showing {
  std::string id;
  ShowingFact fact;
  VerdictStatus verdict = VerdictStatus::unidentified;
  std::string lane_id;
  LocalDate date;
  std::int64_t sequence = 0;
  std::string checkout_id;
  std::optional<AdvisedOff> advised;  // by the last advice; nullopt: another run of the agent showed it
};

class Showings {
 public:
  // The open showing this checkout means: by showing_id, else the lane's open one unless number or id tell them apart.
  std::optional<Showing> find(const Checkout& checkout) const;
  // Opens or updates the lane's showing. Returns the one that it pushed out unfinished, if any.
  std::optional<Showing> put(Showing showing);
  // About to complete: takes the showing out and returns it. With a showing_id that is not open here, it is read from
  // the id itself, which must be one of this till's.
  std::optional<Showing> take(const Checkout& checkout, std::uint32_t till, const ReferralKey& key);
  // The call came to nothing (a repeat, a failed write): open again, unless the lane shows another by now. Returns it
  // when there is no room for it.
  std::optional<Showing> give_back(Showing showing);
  // The lane is done for the day.
  std::optional<Showing> close_lane(std::string_view lane_id);
  std::map<std::string, Showing> take_all();  // at shutdown

 private:
  using Lanes = std::map<std::string, Showing, std::less<>>;
  Lanes::const_iterator meant_by(const Checkout& checkout) const;  // with mutex_ held

  mutable std::mutex mutex_;
  Lanes open_;  // by lane
};

}  // namespace tillside
