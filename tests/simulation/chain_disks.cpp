#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tests/simulation/chain.h"

namespace tillside::simulation {
namespace {

namespace fs = std::filesystem;

std::string name_of_key(std::uint32_t packed) { return fmt::format("{:06x}", packed); }

}  // namespace

// Both go on; the copy stands at a lane of its own from the next day on.
void Chain::copy_disk(std::size_t number) {
  if (!fs::exists(tills_[number]->folder())) return;
  outcome_.tally.count("disk copied");
  if (!tills_[number]->is_open()) tills_[number]->open();
  oracle_.rolled_back(number, tills_[number]->units_left());
  tills_[number]->close();
  oracle_.rolled_back(tills_.size(), 0);
  Till& twin = add_till(counters_[number].store, fmt::format("C{}", tills_.size()));
  counters_.back().till = counters_[number].till;
  tills_[number]->copy_to(twin.folder());
}

void Chain::roll_back_disk(std::size_t number) {
  Till& till = *tills_[number];
  const fs::path snapshot = till.folder().string() + ".snapshot";
  if (!fs::exists(snapshot)) return;
  const bool gone = dice_.chance(plan_.faults.disk_gone);
  const fs::path newer_life = folder_ / fmt::format("gone-{}", ever_gone_++);
  if (!till.is_open()) till.open();
  const std::uint32_t key = till.shop()->key.packed();
  if (gone) oracle_.rolled_back(number, till.units_left());
  till.close();
  if (gone) till.copy_to(newer_life);
  outcome_.tally.count("disk rolled back");
  outcome_.tally.count("(answers lost with a disk)", oracle_.disk_lost(number, held_of(number)));
  till.replace_by(snapshot);
  till.open();
  oracle_.rolled_back(number, till.units_left());
  const auto before = std::exchange(counters_[number], {});
  counters_[number].store = before.store;
  counters_[number].till = before.till;
  if (gone) call_gone(number, key, newer_life);
}

// The till is in contact from its backup, so its newer life is known to be another disk's; its owner says that disk is
// no more, and what it had out is free again.
void Chain::call_gone(std::size_t number, std::uint32_t key, const fs::path& newer_life) {
  Till& till = *tills_[number];
  till.line().cut = false;
  till.line().perfect = true;
  till.sync();
  till.line().perfect = false;
  const auto epoch = headquarters_->column(
      fmt::format("SELECT lower(hex(e.epoch)) FROM till_key k JOIN till_epoch e ON e.till=k.till AND e.epoch=k.epoch "
                  "WHERE k.till={} AND k.generation={} AND e.state=1",
                  key >> 4, key & 15));
  if (epoch.size() != 1) return;  // nobody noticed that the disk is another one
  const std::string units =
      fmt::format("SELECT hex(rid) FROM reservation WHERE exposed=1 AND state IN (1,4) AND key_id={}", key);
  const auto out = headquarters_->column(units);
  const std::string said = headquarters_->admin(fmt::format("tills/{}/disk-gone", key >> 4),
                                                fmt::format(R"({{"epoch":"{}"}})", *epoch.begin()));
  if (said.empty()) return violated("a disk could not be called gone: " + till.lane());
  outcome_.tally.count("disks called gone");
  if (defect_ == Defect::keeps_gone_exposure) headquarters_->change("UPDATE reservation SET exposed=1 WHERE exposed=2");
  outcome_.tally.count("units of gone disks that came back",
                       out.size() - std::min(out.size(), headquarters_->column(units).size()));
  const auto held_on =
      headquarters_->column(units +
                            " AND NOT EXISTS(SELECT 1 FROM redemption x WHERE x.key_id=reservation.key_id AND "
                            "x.serial=reservation.serial AND length(x.rid)=0)");
  if (!held_on.empty()) violated("exposure of a disk that is gone did not come back: " + till.lane());
  gone_.push_back({newer_life, number, key, {}});
}

// It was in a drawer, and somebody starts it: it knows nothing of all this, and has no line for a while.
void Chain::find_gone_disk() {
  if (gone_.empty() || !dice_.chance(plan_.faults.gone_disk_returns)) return;
  GoneDisk disk = std::move(gone_.front());
  gone_.erase(gone_.begin());
  outcome_.tally.count("gone disks found again");
  const std::size_t number = tills_.size();
  Till& till = add_till(counters_[disk.number].store, fmt::format("G{}", number));
  disk_.copy_folder(disk.folder, till.folder());
  oracle_.rolled_back(number, 0);
  Counter& counter = counters_.back();
  counter.till = counters_[disk.number].till;
  counter.stands_for = disk.number;
  counter.gone_key = disk.key;
  counter.pictures = std::move(disk.spent);
}

// Open or not: under another key than the one it had when it was called gone, if it ever was.
bool Chain::is_fenced(std::size_t number) {
  if (!counters_[number].gone_key) return true;
  Till& till = *tills_[number];
  const bool was_open = till.is_open();
  if (!was_open) till.open();
  const bool fenced = till.shop()->key.packed() != *counters_[number].gone_key;
  if (!was_open) till.close();
  if (fenced) {
    outcome_.tally.count("gone disks fenced");
    counters_[number].gone_key.reset();
  }
  return fenced;
}

// Somebody has a picture of each coupon of a disk that is gone, once it was redeemed.
void Chain::remember_for_gone_disk(const Carried& coupon) {
  for (GoneDisk& disk : gone_)
    if (coupon.id.substr(0, 6) == name_of_key(disk.key)) {
      disk.spent.push_back(coupon);
      disk.spent.back().photo = true;
    }
}

}  // namespace tillside::simulation
