// What stands in the settings and on this machine: folder, tokens, and each configured door. Reads; changes nothing.
#pragma once

#include <filesystem>

#include "agent/config.h"
#include "agent/doctor/finding.h"
#include "agent/domain/time.h"

namespace tillside::doctor {

// The agent's folder: there, for its owner only, with room on the disk.
Findings examine_folder(const Config& config);

// The file door: the drop folder takes files and none waits in it, what could not be read, followed files, the mapping.
// Empty where no file door is configured. `now` as the file system's clock tells it.
Findings examine_files(const Config& config, std::filesystem::file_time_type now);

// The database door: its settings hold, and a first row can be had. May take as long as its time-outs say. Empty where
// it is not configured.
Findings examine_database(const Config& config);

}  // namespace tillside::doctor
