// The real till without its doors: store, desk, sync turns, on a folder of its own that can be copied and put back.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "agent/config.h"
#include "agent/desk/coupon_counter.h"
#include "agent/desk/desk.h"
#include "agent/store/contact_store.h"
#include "agent/store/downlink_store.h"
#include "agent/store/key_file.h"
#include "agent/store/members.h"
#include "agent/store/outbox.h"
#include "sync/client/downlink_turns.h"
#include "sync/client/uplink_turns.h"
#include "tests/simulation/bad_line.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/time.h"

namespace tillside::simulation {

// One thread.
class Till {
 public:
  Till(std::filesystem::path folder, std::string lane, const TrueTime& time, Disk& disk, std::unique_ptr<BadLine> line,
       std::uint64_t seed);
  ~Till();

  void open();
  void close();
  void crash();  // the process is gone in the middle of the day; its files are as they were at that moment
  bool is_open() const { return parts_ != nullptr; }
  void enrol(const std::string& code);
  void sync(int most_turns = 60);
  bool all_sent();

  Reply advise(const Checkout& checkout);
  Reply complete(Checkout checkout);
  Reply reverse(Checkout checkout);
  Reply event(Checkout checkout);
  Reply check(CouponCall call);
  Reply hold(CouponCall call);
  Reply release(const std::string& hold_id);
  std::int64_t units_left();  // of every campaign, of the present epoch

  void copy_to(const std::filesystem::path& folder) const;  // the whole disk, keys included; closed
  void replace_by(const std::filesystem::path& folder);     // closed

  std::shared_ptr<const Shop> shop() const;
  TillClock& clock() { return clock_; }
  BadLine& line() { return *line_; }
  const std::string& lane() const { return lane_; }
  const std::filesystem::path& folder() const { return folder_; }

  std::int64_t next_sequence = 1;  // the POS's own counter: it is not on our disk

 private:
  struct Parts;
  const std::filesystem::path folder_;
  const std::string lane_;
  Disk& disk_;
  TillClock clock_;
  std::unique_ptr<BadLine> line_;
  SeededRandom random_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tillside::simulation
