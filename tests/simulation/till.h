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
  struct Place {
    std::filesystem::path folder;
    std::string store, lane;
  };
  Till(Place place, const TrueTime& time, Disk& disk, std::unique_ptr<BadLine> line, std::uint64_t seed);
  ~Till();

  void open();
  void close();
  // The machine is gone in the middle of its day, and with it what was written and not synced.
  void crash();
  // It will lose its power at its so-manieth write from now. The call that meets it is made again after the restart.
  void lose_power_after(std::uint64_t writes) { machine_.writes_left = writes; }
  struct PowerLosses {
    std::uint64_t times = 0, writes = 0;  // and how many writes never reached the disk
  };
  const PowerLosses& power_losses() const { return power_losses_; }
  bool is_open() const { return parts_ != nullptr; }
  void enrol(const std::string& code);
  void sync(int most_turns = 60);
  bool all_sent();

  Reply advise(const Checkout& checkout);
  Reply complete(const Checkout& checkout);
  Reply reverse(const Checkout& checkout);
  Reply event(const Checkout& checkout);
  Reply check(CouponCall call);
  Reply hold(const CouponCall& call);
  Reply release(const std::string& hold_id);
  Reply hand_over(const CouponCall& call);
  std::int64_t units_left();  // of every campaign, of the present epoch

  void copy_to(const std::filesystem::path& folder) const;  // the whole disk, keys included; closed
  void replace_by(const std::filesystem::path& folder);     // closed

  std::shared_ptr<const Shop> shop() const;
  TillClock& clock() { return clock_; }
  BadLine& line() { return *line_; }
  const std::string& store() const { return place_.store; }
  const std::string& lane() const { return place_.lane; }
  const std::filesystem::path& folder() const { return place_.folder; }

  std::int64_t next_sequence = 1;  // the POS's own counter: it is not on our disk

 private:
  struct Parts;
  template <class Call>
  Reply made(Call call);
  bool come_back();
  bool restore_power();

  const Place place_;
  Disk& disk_;
  Disk::Machine& machine_;
  TillClock clock_;
  std::unique_ptr<BadLine> line_;
  SeededRandom random_;
  Dice luck_;  // of what was not synced
  PowerLosses power_losses_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tillside::simulation
