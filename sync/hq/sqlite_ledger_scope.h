// How the ledger's methods hold a connection. Private to the SqliteLedger's own files.
#pragma once

#include <algorithm>

#include "agent/domain/coupon.h"
#include "sync/hq/sqlite_ledger.h"

namespace tillside::hq {

// Days since 1970 that no business date lies beyond: a range without an end.
inline constexpr std::int32_t kFirstDay = -1'000'000, kLastDay = 10'000'000;

// Lock and transaction; commit() tells the listener after both have ended.
class SqliteLedger::Write {
 public:
  explicit Write(SqliteLedger& ledger)
      : ledger_(ledger), lock_(ledger.write_mutex_), state_before_(ledger.state_), transaction_(ledger.writer_) {
    ledger_.touched_.clear();
  }
  ~Write() {
    if (!committed_) ledger_.state_ = state_before_;
  }
  Write(const Write&) = delete;
  Write& operator=(const Write&) = delete;

  void commit() {
    transaction_.commit();
    committed_ = true;
    {
      const std::lock_guard publish(ledger_.state_mutex_);
      ledger_.published_ = ledger_.state_;
    }
    auto touched = std::move(ledger_.touched_);
    ledger_.touched_.clear();
    lock_.unlock();
    if (touched.empty() || !ledger_.listener_) return;
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    ledger_.listener_(touched);
  }

 private:
  SqliteLedger& ledger_;
  std::unique_lock<std::mutex> lock_;
  HqState state_before_;
  Transaction transaction_;
  bool committed_ = false;
};

class SqliteLedger::Read {
 public:
  Read(std::mutex& mutex, Database& db, std::chrono::milliseconds deadline) : lock_(mutex), db_(db) {
    db_.set_deadline(deadline);
    db_.query("BEGIN").run();
  }
  ~Read() {
    db_.set_deadline(std::chrono::milliseconds(0));
    try {
      db_.query("ROLLBACK").run();
    } catch (const DatabaseFailure&) {  // an interrupted read has ended its transaction itself
    }
  }
  Read(const Read&) = delete;
  Read& operator=(const Read&) = delete;
  Database& db() { return db_; }

 private:
  std::lock_guard<std::mutex> lock_;
  Database& db_;
};

inline constexpr std::chrono::milliseconds kShortRead{5000}, kLongRead{120000};

template <class F>
auto SqliteLedger::guarded(F body) -> decltype(body()) {
  try {
    return body();
  } catch (const DatabaseFailure& failure) {
    return error_of(failure);
  }
}

inline std::string till_scope(TillNumber till) { return "till:" + std::to_string(till); }
inline std::string store_scope(const std::string& store_id) { return "store:" + store_id; }
inline std::string quota_key(std::uint32_t campaign, const wire::Epoch& epoch) {
  return "quota:" + std::to_string(campaign) + ":" + to_hex(epoch);
}
// own_coupon.ended
inline constexpr int kCouponSpent = 1, kCouponRevoked = 2, kCouponOver = 3;

// Two days more than its validity, for every zone.
inline Instant surely_over(const CouponBody& body) {
  return from_code_minutes(body.issued_minute).plus_ms((body.valid_days + 2) * kDay);
}
inline std::uint32_t tag_of(const PersonKey& person) {
  if (person == PersonKey{}) return 0;
  std::uint32_t tag = 0;
  for (std::size_t i = 0; i < 4; ++i) tag = (tag << 8) | person[i];
  return tag == 0 ? 1 : tag;
}

inline constexpr const char* kChainScope = "chain";

}  // namespace tillside::hq
