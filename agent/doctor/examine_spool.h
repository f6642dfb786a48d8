// The C interface's door: what a POS could not hand over yet and keeps in its spool (docs/c-abi.md). Reads; changes
// nothing.
#pragma once

#include <filesystem>
#include <vector>

#include "agent/doctor/finding.h"

namespace tillside::doctor {

// How many documents wait in each folder and since when, and how many were refused and set aside. `now` as the file
// system's clock tells it. Empty where no folder is configured.
Findings examine_spools(const std::vector<std::filesystem::path>& spools, std::filesystem::file_time_type now);

}  // namespace tillside::doctor
