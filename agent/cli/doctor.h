// tillside doctor.
#pragma once

#include <filesystem>
#include <string>

namespace tillside::cli {

struct DoctorWords {
  std::filesystem::path config_file, folder, socket;  // empty: as the agent would take them
  int port = -1;
  bool json = false;
};

// kDone: all works, or works and wants a look. kPartly: something is broken, and is listed with its mend. kUsage,
// kFailed: the settings themselves cannot be read.
int doctor(const DoctorWords& words);

}  // namespace tillside::cli
