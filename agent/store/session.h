// What a job may do inside the writer's transaction: the tables of the till's database, each behind its own class.
//
// One thread: the writer's. Everything throws SqliteFailure, which the writer turns into a rollback. State that
// outlives a transaction (next sequence, chain, serial, quotas) is kept in memory, written before each commit and
// reloaded after a rollback.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/checkout.h"
#include "agent/domain/coupon.h"
#include "agent/store/redeeming.h"
#include "agent/store/sqlite.h"
#include "agent/store/told_coupons.h"
#include "sync/wire/batch.h"

namespace tillside::store {

class Meta {
 public:
  explicit Meta(Database& database);
  std::optional<std::string> get(std::string_view key);
  void put(std::string_view key, std::string_view value);
  std::int64_t number(std::string_view key, std::int64_t otherwise);
  void put_number(std::string_view key, std::int64_t value);

 private:
  Statement get_, put_;
};

struct FiledCheckout {
  std::int64_t id = 0;
  std::int64_t series = 0;
  Bytes16 digest{};
  CheckoutState state = CheckoutState::completed;
  Minor net = 0;
  std::uint32_t coupons = 0;
  std::uint8_t generation = 0;
  std::uint32_t first_serial = 0;
  std::string place, answer;
  std::string kept;  // pack()ed Kept: what taking it back needs; empty: nothing
};

class Checkouts {
 public:
  explicit Checkouts(Database& database);

  // Every series in which this place is filed, rising.
  std::vector<FiledCheckout> at_place(std::string_view place);
  std::optional<FiledCheckout> by_checkout_id(std::string_view checkout_id, std::string_view store_id);  // a sale
  std::optional<FiledCheckout> return_by_checkout_id(std::string_view checkout_id, std::string_view store_id);
  void file(const FiledCheckout& filed, std::string_view checkout_id, Instant at);
  std::int64_t next_id();
  std::optional<FiledCheckout> by_id(std::int64_t id);
  void put_kept(std::int64_t id, std::string_view kept);

  // Returns that came before their sale, under any name the sale may come by. Cheap while there are none.
  void await(std::string_view name, std::int64_t reversal);
  std::vector<std::int64_t> awaiting(const std::vector<std::string>& names);  // ids of the reversals, rising
  void no_longer_await(const std::vector<std::string>& names);

  struct LaneDay {
    std::int64_t series = 0;  // the newest series of this lane and date
    bool restart = false;     // its counter was reported to start again
  };
  LaneDay lane_day(const std::string& lane_day_place);
  void put_lane_day(const std::string& lane_day_place, const LaneDay& day);

  void forget();  // what is remembered of the tables: after a rollback

 private:
  static constexpr std::size_t kLaneDaysKept = 64;
  std::int64_t next_ = 0;                     // id, 0: ask
  std::map<std::string, LaneDay> lane_days_;  // as they stand in the table
  std::int64_t awaited_ = -1;                 // rows of that table, -1: ask
  Statement at_place_, by_checkout_id_, return_by_id_, by_id_, file_, next_id_, put_kept_, lane_day_, put_lane_day_;
  Statement await_, awaiting_, no_longer_await_, count_awaited_;
};

class EventLog {
 public:
  explicit EventLog(Database& database);
  void load();                                              // from what is durable
  std::uint64_t append(std::string_view body, Instant at);  // its sequence
  std::int64_t epoch_no() const { return epoch_no_; }
  std::uint64_t last_seq() const { return last_seq_; }
  bool appended() const { return appended_; }
  void clear_appended() { appended_ = false; }

  // Headquarters named this epoch: a provisional epoch takes the name, else a new epoch begins at sequence 1.
  void begin_epoch(const wire::Epoch& epoch, bool provisional);

 private:
  Database& database_;
  Statement append_;
  std::int64_t epoch_no_ = 0;
  std::uint64_t last_seq_ = 0;
  wire::ChainHash head_{};
  bool appended_ = false;
};

enum class CouponState : std::uint8_t { issued = 0, revoked = 1 };

struct StoredCoupon {
  CouponBytes body{};
  Signature signature{};
  CouponState state = CouponState::issued;
};

// Serials and lent units. A unit is taken in the transaction that issues the coupon.
class Issuing {
 public:
  Issuing(Database& database, Meta& meta);
  void load(std::int64_t epoch_no);
  void save();  // before a commit

  std::uint32_t next_serial(std::uint8_t generation);
  // What next_serial() is likely to give; 0: none was given yet. Any thread.
  std::uint32_t foreseen_serial(std::uint8_t generation) const;
  std::int64_t left(std::uint32_t campaign) const;
  // The campaigns with units left, rising; as of the last transaction, or the one that is about to commit. Any thread.
  std::shared_ptr<const std::vector<std::uint32_t>> with_units() const;
  bool take(std::uint32_t campaign);                            // false: nothing left
  void give_back(std::uint32_t campaign);                       // the unit of a coupon that was never handed out
  void lend(std::uint32_t campaign, std::int64_t lent_in_all);  // cumulative, never lowers
  // What is left goes back for good; the units returned in all, nullopt when nothing was left.
  std::optional<std::int64_t> return_unused(std::uint32_t campaign);
  struct Quota {
    std::uint32_t campaign = 0;
    std::int64_t lent = 0, used = 0, returned = 0;
  };
  std::vector<Quota> all() const;

  void store(const CouponBody& body, const CouponBytes& bytes, const Signature& signature);
  std::optional<StoredCoupon> find(std::uint8_t generation, std::uint32_t serial);
  void revoke(std::uint8_t generation, std::uint32_t serial);

 private:
  struct Kept {
    Quota quota;
    bool changed = false;
  };
  Database& database_;
  Meta& meta_;
  Statement store_, find_, revoke_, put_quota_;
  std::map<std::uint32_t, Kept> quotas_;
  std::int64_t epoch_no_ = 0;
  std::map<std::uint8_t, std::uint32_t> serials_;  // last used, by generation
  bool serials_changed_ = false;
  std::atomic<std::uint64_t> newest_{0};  // generation 8 bits, serial 32
  void tell_units();
  bool units_changed_ = false;      // a campaign has units now, or has none any more
  mutable std::mutex units_mutex_;  // guards the next
  std::shared_ptr<const std::vector<std::uint32_t>> with_units_;
};

class Session {
 public:
  explicit Session(Database& database);

  Database& database() { return database_; }
  Meta& meta() { return meta_; }
  Checkouts& checkouts() { return checkouts_; }
  EventLog& events() { return events_; }
  Issuing& issuing() { return issuing_; }
  Redeeming& redeeming() { return redeeming_; }
  ToldCoupons& told() { return told_; }

  void begin();
  void refresh() { stale_ = true, begin(); }  // of a reader: what another connection committed is seen
  void before_commit();
  void rolled_back() noexcept { stale_ = true; }  // what is kept in memory is read again at the next begin()
  void after_commit();

  // The epoch changed: sequences and quotas start anew.
  void begin_epoch(const wire::Epoch& epoch, bool provisional);

  // Called on the writer's thread after each commit that appended events. Set before the writer starts.
  void on_events(std::function<void()> listener) { listener_ = std::move(listener); }
  // Called inside each transaction, last before its commit. Set before the writer starts.
  void on_commit(std::function<void(Session&)> work) { on_commit_ = std::move(work); }

 private:
  Database& database_;
  Meta meta_;
  Checkouts checkouts_;
  EventLog events_;
  Issuing issuing_;
  Redeeming redeeming_;
  ToldCoupons told_;
  bool stale_ = false;
  std::function<void()> listener_;
  std::function<void(Session&)> on_commit_;
};

inline std::int64_t event_id(std::int64_t epoch_no, std::uint64_t seq) {
  return (epoch_no << 40) + static_cast<std::int64_t>(seq);
}

}  // namespace tillside::store
