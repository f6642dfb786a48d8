// A till's outbox for tests: events chained and cut into batches as a real till would.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "agent/domain/events.h"
#include "sync/hq/ledger_types.h"

namespace tillside::test {

struct Sale {
  std::int64_t sequence = 1;
  Minor net = 1000;
  std::string lane = "L1";
  LocalDate date = date_of(2026, 11, 22);
  std::string guide = {};
  StaffNumber staff = 0;
  VerdictStatus verdict = VerdictStatus::unidentified;
  bool identified = false;
  bool shown = true, join_shown = false;
  std::vector<std::uint32_t> coupon_serials = {};
  std::uint32_t campaign = 1;
  std::vector<RedeemedCoupon> redeemed = {};
  std::vector<UnapprovedCoupon> unapproved = {};
  TenderType tender = TenderType::wechat;
  Minor in_cash = 0;  // of net, beside that tender
  std::string operator_id = "E1007";
  std::uint8_t person = 1;      // of an identified one, makes the hash
  std::uint8_t and_person = 0;  // named as well
};

std::string sale_event(const Sale& sale);
// A void of the sale with that sequence; `revoked` are serials of its coupons.
std::string void_event(const Sale& original, std::int64_t sequence, std::vector<std::uint32_t> revoked = {});
// A return of that sale which claws back and issues others for coupons that were spent.
std::string return_event(const Sale& original, std::int64_t sequence, const std::vector<ClawedBack>& clawed_back,
                         const std::vector<ReplacementFact>& replacements = {});
std::string prompt_event(std::uint32_t ordinal, const char* answer, const std::string& operator_id = "E1007");
std::string conflict_event(const Sale& second_copy);
std::string returned_event(std::uint32_t campaign, std::int64_t units_in_all);
std::string unprinted_event(std::uint32_t serial, std::uint32_t campaign);
std::string yield_event(const YieldFact& coupon);

class TillEvents {
 public:
  explicit TillEvents(TillNumber till, std::uint8_t epoch_mark = 1);

  void add(std::string event) { events_.push_back(std::move(event)); }
  std::size_t size() const { return events_.size(); }
  // Events first..first+count-1 (sequences from 1) with the token's counter.
  hq::IngestBatch batch(std::uint64_t first, std::size_t count, std::uint64_t token_counter = 1) const;
  hq::IngestBatch all() const { return batch(1, events_.size()); }
  wire::ChainHash hash_at(std::uint64_t seq) const;
  const wire::Epoch& epoch() const { return epoch_; }
  TillNumber till() const { return till_; }
  const std::string& event(std::uint64_t seq) const { return events_[seq - 1]; }
  // The same history, to be gone on with differently.
  TillEvents copy_of_first(std::size_t count) const;
  void set_token_epoch(const wire::Epoch& epoch) { token_epoch_ = epoch; }

 private:
  TillNumber till_;
  wire::Epoch epoch_{}, token_epoch_{};
  std::deque<std::string> events_;
};

}  // namespace tillside::test
