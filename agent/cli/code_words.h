// A code that was read, in words and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "agent/cli/code_reading.h"
#include "agent/domain/money.h"
#include "agent/domain/time.h"

namespace tillside::cli {

// Where the code is looked at: the store's calendar and money.
struct Surroundings {
  StoreZone zone;  // Asia/Shanghai unless an agent says otherwise
  Currency currency;
  bool known = false;  // by the agent, not assumed
};

struct Row {
  const char* zh;
  const char* en;
  std::string value_zh, value_en;
};

std::vector<Row> rows_of(const CodeReading& reading, const Surroundings& where);
nlohmann::ordered_json json_of(const CodeReading& reading, const Surroundings& where);

}  // namespace tillside::cli
