// The real headquarters without its sockets: ledger, contacts, ingest, downlink behind the calls tills make.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sync/client/ports.h"
#include "sync/hq/sqlite_ledger.h"
#include "sync/hq/till_api.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/time.h"

namespace tillside::simulation {

// One thread.
class Headquarters {
 public:
  Headquarters(std::filesystem::path folder, const TrueTime& time, Disk& disk);
  ~Headquarters();

  sync::HqTransport::Answer exchange(const sync::HqTransport::Request& request);
  // The owner's call: its document, empty when it was refused.
  std::string admin(const std::string& path, const std::string& body);

  void crash();  // what is durable is there again at once
  // It will lose its power at its so-manieth write from now; the call that meets it has no answer.
  void lose_power_after(std::uint64_t writes) { machine_.writes_left = writes; }
  std::uint64_t power_losses() const { return power_losses_; }
  void back_up();         // a copy of the ledger's file
  bool restore_backup();  // false: there is none
  void now_and_then();    // what it does by itself as time goes by
  std::string make_code(const std::string& store_id);

  hq::Ledger& ledger() { return *ledger_; }
  const hq::HqKeys& keys() const { return *keys_; }
  // Runs SQL against the ledger's file: the tests' own look, and the defects they put in.
  std::set<std::string> column(const std::string& sql) const;
  std::vector<std::vector<std::string>> rows(const std::string& sql) const;
  using Row = std::function<void(const std::vector<std::string_view>&)>;  // the views hold until it returns
  void each(const std::string& sql, const Row& row) const;
  void change(const std::string& sql) const;

 private:
  struct Rooms;
  void open();
  bool come_back();

  const std::filesystem::path folder_;
  const TrueTime& time_;
  Disk& disk_;
  Disk::Machine& machine_;
  Dice luck_;  // of what was not synced
  std::uint64_t power_losses_ = 0;
  std::unique_ptr<hq::HqKeys> keys_;
  std::unique_ptr<hq::SqliteLedger> ledger_;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace tillside::simulation
