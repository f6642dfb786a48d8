// Files with the durability and privacy a till needs. The seam to the operating system: files_posix.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside {

// From here on this process makes files for its owner only.
void keep_files_private();

// Creates the folder (and its parents) for its owner only, mode 0700.
Status make_private_folder(const std::filesystem::path& folder);

// Replaces the file whole: written beside it, synced, renamed, the folder synced. Mode 0600. Durable on return.
Status write_private_file(const std::filesystem::path& file, std::string_view content);

// Gives a finished file its name: content synced, renamed (replacing what has that name), the folder synced.
Status move_durably(const std::filesystem::path& from, const std::filesystem::path& to);

std::optional<std::string> read_file(const std::filesystem::path& file);

// Moves a file aside as "<name>.<what>-<n>", n the first free number, and returns the new path.
Result<std::filesystem::path> set_aside(const std::filesystem::path& file, std::string_view what);

// An exclusive lock on a folder, held while the object lives: two agents never run on one folder.
class FolderLock {
 public:
  static Result<FolderLock> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock();

 private:
  explicit FolderLock(int handle) : handle_(handle) {}
  int handle_ = -1;
};

}  // namespace tillside
