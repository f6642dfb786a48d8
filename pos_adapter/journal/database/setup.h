// The [database] table of the agent's settings into a door: what it names is read and checked here, once for the agent,
// the trial and the doctor.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "agent/domain/result.h"
#include "pos_adapter/journal/database/database_door.h"
#include "pos_adapter/journal/database/helper_rows.h"

namespace tillside::journal {

// As [database] has them; docs/journal.md says what each means.
struct DatabaseSettings {
  std::filesystem::path connection_file, mapping;
  std::string query, high_water;
  std::string high_water_is = "number";  // or "time"
  std::string start;                     // a number or a time; empty: from the beginning
  std::string lane;
  std::int64_t look_back = -1;  // numbers, or seconds; -1: 500 numbers, 600 seconds
  std::int64_t poll_s = 5, settled_after_s = 10, timeout_s = 30, rows = 2000;
  bool read_uncommitted = false;

  bool configured() const { return !connection_file.empty() || !query.empty(); }
};

struct DatabaseSetup {
  DatabaseDoorConfig door;  // defaults' store, currency and zone are the caller's to fill in
  HelperConfig helper;
};

// missing_field, bad_format, not_found or refused (others than its owner can read the connection file), naming the key.
Result<DatabaseSetup> set_up_database(const DatabaseSettings& settings);

}  // namespace tillside::journal
