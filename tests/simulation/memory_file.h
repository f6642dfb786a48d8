// What one database file holds, in memory, and which of it a loss of power may take away again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tillside::simulation {

class MemoryFile {
 public:
  using Chance = std::function<bool()>;

  std::size_t size() const { return size_; }
  std::size_t read(char* into, std::size_t count, std::size_t from) const;  // how many were there
  void write(const char* data, std::size_t count, std::size_t at);
  void truncate(std::size_t size);
  void synced();

  // Power is lost and back: of each write since the last sync `stays` says whether it reached the disk. How many did
  // not.
  std::uint64_t lose_unsynced(const Chance& stays);
  // Shares all chunks until one of both writes.
  std::unique_ptr<MemoryFile> copy() const;

 private:
  static constexpr std::size_t kChunk = 16 << 10;
  using Chunk = std::array<char, kChunk>;
  struct Unsynced {
    std::size_t at = 0, count = 0;
    std::string before;  // what stood there, as far as anything did
  };
  Chunk& to_write(std::size_t index);
  void fill_gap(std::size_t until);
  void put(const char* data, std::size_t count, std::size_t at);

  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::size_t size_ = 0, synced_size_ = 0;
  std::vector<Unsynced> unsynced_;
};

}  // namespace tillside::simulation
