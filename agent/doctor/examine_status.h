// What the running agent's own account (GET /v1/status) tells a doctor. Pure: the account and the time are arguments.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "agent/doctor/finding.h"
#include "agent/domain/time.h"

namespace tillside::doctor {

// Headquarters: enrolled, in contact, and all that was recorded on its way.
Findings examine_headquarters(const nlohmann::json& status, Instant now);
Findings examine_clock(const nlohmann::json& status);
// Members as of when: over a day old is worth a look, because a verdict can be no fresher.
Findings examine_members(const nlohmann::json& status, Instant now);
// Whether coupons can be issued, and which campaign's lent budget is used up.
Findings examine_coupons(const nlohmann::json& status);
// Disk full, damaged files set aside, a write-ahead log that grows.
Findings examine_storage(const nlohmann::json& status);

}  // namespace tillside::doctor
