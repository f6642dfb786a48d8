// The disks of a simulated chain: SQLite's files in memory, with what a power cut does to them.
//
// A database stands in its folder as a small file that names its contents here; so the rest of the program may ask for
// it, list it, move it and delete it as ever. What was written since a file's last sync is lost with the power, in part
// or in whole; what was synced stays. Copies share what they have in common until one of them writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace tillside::simulation {

// One at a time in a process, and one thread: it is SQLite's default file system for as long as it lives.
class Disk {
 public:
  using Chance = std::function<bool()>;
  // Whose disk a folder is; it lives as long as this.
  struct Machine {
    std::uint64_t writes_left = 0;  // 0: as many as it likes
    bool power = true;
  };
  Machine& machine_of(const std::filesystem::path& folder);

  Disk();
  ~Disk();  // all databases are closed
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  void copy_file(const std::filesystem::path& from, const std::filesystem::path& to);  // databases closed or open
  void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to);
  void remove_file(const std::filesystem::path& file);
  void remove_folder(const std::filesystem::path& folder);

  // A machine loses its power at its so-manieth write or sync from now when writes_left says so: that one is torn, and
  // every later one fails until the power is back.
  // All its databases are closed: `stays` is asked for each write that was not synced. How many of them were lost.
  std::uint64_t power_is_back(const std::filesystem::path& folder, const Chance& stays);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace tillside::simulation
