// A folder into which whole files are put.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pos_adapter/journal/workplace.h"

namespace tillside::journal {

class DropFolder {
 public:
  DropFolder(std::filesystem::path folder, Workplace& work);

  // Reads and delivers the files that have not changed since the last look. True when there was one.
  bool poll();

 private:
  struct Look {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type written;
    bool operator==(const Look&) const = default;
  };
  struct Progress {  // of the file being read
    std::string name;
    Place answered;
    std::uint64_t good = 0, bad = 0, ignored = 0;
    std::string errors;  // of the sidecar
    std::optional<Error> unreadable;
  };

  std::vector<std::filesystem::path> settled_files();
  bool process(const std::filesystem::path& path);
  bool read(std::ifstream& file, Progress& progress);
  bool give(Parsed parsed, Progress& progress);
  Place kept_place(std::ifstream& file, const std::string& name) const;
  Deliveries::OnAnswer on_answer(Progress& progress);
  void keep(std::ifstream& file, Progress& progress);
  void put_away(const std::filesystem::path& path, Progress& progress);

  std::filesystem::path folder_;
  std::string source_;
  Workplace& work_;
  bool missing_ = false;
  std::map<std::filesystem::path, Look> looks_;  // at the last poll
  std::map<std::filesystem::path, Look> stuck_;  // handled, but could not be moved
};

}  // namespace tillside::journal
