// What the store's tests share: a folder that goes away, a clock that is set, and short ways to open and write.
#pragma once

#include <gtest/gtest.h>
#include <sodium.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "agent/domain/clock.h"
#include "agent/store/store.h"

namespace tillside::store::test {

namespace fs = std::filesystem;

class TempFolder {
 public:
  TempFolder() {
    static std::atomic<int> count{0};
    path_ =
        fs::temp_directory_path() / ("tillside-store-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    fs::create_directories(path_);
  }
  ~TempFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const fs::path& path() const { return path_; }
  fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

class SetClock final : public Clock {
 public:
  Instant now() const override { return {now_ms}; }
  std::int64_t monotonic_ms() const override { return now_ms; }
  std::atomic<std::int64_t> now_ms{1'795'000'000'000};
};

inline SetClock& shared_clock() {
  static SetClock clock;
  return clock;
}

inline Result<std::unique_ptr<Store>> try_open(const fs::path& folder,
                                               std::function<void(const std::string&)> on_damage = {}) {
  Store::Options options;
  options.folder = folder;
  options.clock = &shared_clock();
  options.reserve_bytes = 1 << 16;
  options.on_damage = std::move(on_damage);
  return Store::open(std::move(options));
}

inline std::unique_ptr<Store> must_open(const fs::path& folder,
                                        std::function<void(const std::string&)> on_damage = {}) {
  auto store = try_open(folder, std::move(on_damage));
  EXPECT_TRUE(store) << (store ? "" : store.error().detail);
  return store ? std::move(*store) : nullptr;
}

inline std::string message(const Status& status) { return status ? "" : status.error().detail; }

// Appends events "<prefix>1" to "<prefix>count", each in a transaction of its own.
inline void append_events(Store& store, int count, const std::string& prefix = "e") {
  for (int i = 1; i <= count; ++i) {
    const Status done = store.writer().run(
        [&](Session& session) { session.events().append(prefix + std::to_string(i), shared_clock().now()); });
    ASSERT_TRUE(done) << message(done);
  }
}

inline wire::Epoch epoch_of(std::uint8_t byte) {
  wire::Epoch epoch{};
  epoch.fill(byte);
  return epoch;
}

inline void name_epoch(Store& store, std::uint8_t byte) {
  ASSERT_TRUE(store.writer().run([&](Session& session) { session.begin_epoch(epoch_of(byte), false); }));
}

inline std::int64_t count(Store& store, const std::string& sql) {
  std::int64_t number = -1;
  const Status read = store.read([&](Session& session) { number = session.database().integer(sql); });
  EXPECT_TRUE(read) << message(read);
  return number;
}

inline void write_file(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

inline std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  return names;
}

// Overwrites part of a file with rubbish.
inline void scribble(const fs::path& file, std::uint64_t from, std::size_t bytes) {
  std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
  out.seekp(static_cast<std::streamoff>(from));
  out << std::string(bytes, '\xEE');
}

}  // namespace tillside::store::test
