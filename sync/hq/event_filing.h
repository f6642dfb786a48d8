// Files the events of one batch: each kept verbatim, and what it says put where reports find it. Inside the ledger's
// transaction.
//
// Of a fork the other copy's events were sold to real shoppers too: what they say is filed by its own natural key,
// apart from their place in the till's sequence, which belongs to the first copy.
#pragma once

#include <map>
#include <optional>

#include "sync/hq/ledger_types.h"
#include "sync/hq/sqlite_db.h"

namespace tillside::hq {

class EventFiling {
 public:
  EventFiling(Database& db, const IngestBatch& batch, const std::string& till_store);

  // A verdict when the event was not simply taken.
  std::optional<wire::EventVerdict> file(std::uint64_t seq, const PreparedEvent& event);
  // Of the other copy's event, which is kept elsewhere, only what it says. One that cannot be used says nothing.
  void file_forked(std::uint64_t seq, const PreparedEvent& event);

  // Coupons issued and units returned by campaign, of what was filed.
  const std::map<std::uint32_t, std::pair<std::int64_t, std::int64_t>>& units() const { return units_; }

  // Coupons that stores were told of and that are redeemed or revoked.
  struct Ended {
    KeyId key;
    std::uint32_t serial;
    bool spent;
  };
  const std::vector<Ended>& ended() const { return ended_; }
  // Redemptions that name a reservation nobody here knows: a restored headquarters forgot what it granted.
  struct Forgotten {
    Bytes16 rid{};
    KeyId key;
    std::uint32_t serial = 0, campaign = 0;
    Minor value = 0;
  };
  const std::vector<Forgotten>& forgotten() const { return forgotten_; }
  // A coupon was issued to a member: a row of earned_due. Or to somebody who may be one: of unclaimed.
  bool has_earned() const { return has_earned_; }

 private:
  struct Place {
    std::uint64_t seq;
    std::string identity;
    const std::string& store_id;
  };
  void tell(std::uint64_t seq, const EventView& view);
  void keep(std::uint64_t seq, const PreparedEvent& event);
  void park(std::uint64_t seq, const PreparedEvent& event);
  void checkout(const Place& place, const EventView& view);
  void discounts(const Place& place, const EventView& view, const std::string& currency);
  void named(const Place& place, const EventView& view);
  void reversal(const Place& place, const EventView& view);
  void collision(const Place& place, const EventView& view, const char* kind);
  void showing(const Place& place, const EventView& view);
  void coupons(const Place& place, const EventView& view);
  void taken_back(const Place& place, const EventView& view);
  void issued(const Place& place, const EventView& view, const CouponFact& coupon);
  void revoked(const Place& place, const EventView& view, bool returns_units);
  void earned(const EventView& view);
  std::vector<Bytes16> members_of(const EventView& view);
  void unclaimed(const EventView& view);
  void end(KeyId key, std::uint32_t serial, bool spent);
  void redeemed(const Place& place, const EventView& view, const std::string& currency);
  void unapproved(const Place& place, const EventView& view, const std::string& currency);
  void returned(const EventView& view);
  void prompt(const Place& place, const EventView& view);
  void incident(const Place& place, const EventView& view);
  void yielded(const EventView& view);
  bool is_of_this_epoch(KeyId key);
  KeyId home_of(KeyId key, std::uint32_t serial);
  std::string currency_of(const EventView& view);

  Database& db_;
  const IngestBatch& batch_;
  const std::string& till_store_;
  std::string store_currency_;
  bool forked_ = false;
  std::vector<Ended> ended_;
  std::vector<Forgotten> forgotten_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> fresh_;  // packed key, serial: issued by this event
  bool has_earned_ = false;
  std::map<std::uint32_t, std::pair<std::int64_t, std::int64_t>> units_;
};

}  // namespace tillside::hq
