// How long it takes to find a member, at a thousand rows and at many: both replicas are made by snapshot import into a
// temporary folder and read once beforehand. Prints one JSON object.
//   lookup_bench [rows, default 10000000] [lookups, default 300000]
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "agent/store/members.h"
#include "sync/wire/snapshot.h"

namespace {

using namespace tillside;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point from) { return std::chrono::duration<double>(Clock::now() - from).count(); }

std::uint64_t mixed(std::uint64_t x) {  // splitmix64
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// Rising with i, random within its slot; the low half tells nothing.
IdHash hash_of(std::uint64_t i, std::uint64_t rows) {
  const std::uint64_t slot = ~std::uint64_t{0} / rows;
  const std::uint64_t low = mixed(i), high = i * slot + mixed(low) % slot;
  IdHash hash{};
  for (std::size_t b = 0; b < 8; ++b) {
    hash[b] = static_cast<std::uint8_t>(high >> (56 - 8 * b));
    hash[8 + b] = static_cast<std::uint8_t>(low >> (56 - 8 * b));
  }
  return hash;
}

std::string record_of(std::uint64_t i) {
  MemberRecord record;
  record.stores = {static_cast<StoreNumber>(i % 5000)};
  record.friend_of = StaffRef{static_cast<StoreNumber>(i % 5000), static_cast<StaffNumber>(i % 40)};
  record.first_joined = Instant{1'700'000'000'000 + static_cast<std::int64_t>(i % 1'000'000) * kMinute};
  record.person = static_cast<std::uint32_t>(i + 1);
  return encode_member(record);
}

wire::MembersCheckpoint write_snapshot(const fs::path& file, std::uint64_t rows) {
  wire::MembersCheckpoint checkpoint;
  checkpoint.snapshot = "bench";
  checkpoint.rows = rows;
  checkpoint.covered_types = 2;
  crypto_generichash_state digest;
  crypto_generichash_init(&digest, nullptr, 0, checkpoint.digest.size());
  std::ofstream out(file, std::ios::binary);
  std::string piece;
  wire::append_snapshot_head(piece, rows);
  for (std::uint64_t i = 0; i <= rows; ++i) {
    if (i == rows || piece.size() > 1 << 18) {
      crypto_generichash_update(&digest, reinterpret_cast<const unsigned char*>(piece.data()), piece.size());
      out << piece;
      checkpoint.bytes += piece.size();
      piece.clear();
    }
    if (i < rows) wire::append_snapshot_row(piece, hash_of(i, rows), record_of(i));
  }
  crypto_generichash_final(&digest, checkpoint.digest.data(), checkpoint.digest.size());
  return checkpoint;
}

void must(const Status& status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", status.error().detail.c_str());
  std::exit(1);
}

std::unique_ptr<store::Members> open(const fs::path& folder) {
  auto members = store::Members::open({folder});
  if (!members) must(members.error());
  return std::move(*members);
}

void read_once(const fs::path& folder) {
  std::vector<char> piece(1 << 20);
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    }
  }
}

std::int64_t resident_kib() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmRSS:")) return std::atoll(line.c_str() + 6);
  return 0;
}

struct Measured {
  double p50_us = 0, p99_us = 0, import_s = 0, open_ms = 0;
  std::int64_t rss_open_kib = 0, rss_after_kib = 0;
  std::uint64_t bytes = 0;
};

Measured measure(const fs::path& folder, std::uint64_t rows, std::size_t lookups) {
  Measured measured;
  fs::create_directories(folder);
  const fs::path snapshot = folder.string() + ".snapshot";
  {
    auto members = open(folder);
    wire::Change change;
    change.kind = wire::ChangeKind::members_checkpoint;
    change.checkpoint = write_snapshot(snapshot, rows);
    must(members->apply(std::span(&change, 1), {true, false, Instant{1}}));
    const auto from = Clock::now();
    must(members->import_snapshot(snapshot, change.checkpoint));
    measured.import_s = seconds_since(from);
    measured.bytes = members->bytes();
  }
  fs::remove(snapshot);
  read_once(folder);

  const auto from = Clock::now();
  auto members = open(folder);
  measured.open_ms = seconds_since(from) * 1e3;
  measured.rss_open_kib = resident_kib();
  std::mt19937_64 random(7);
  std::vector<double> taken;
  taken.reserve(lookups);
  std::size_t found = 0;
  for (std::size_t i = 0; i < lookups; ++i) {
    IdHash hash = hash_of(random() % rows, rows);
    if (i % 4 == 0) hash[15] = static_cast<std::uint8_t>(hash[15] ^ 1);  // a quarter is not there
    const auto start = Clock::now();
    found += members->find(hash).has_value();
    taken.push_back(seconds_since(start) * 1e6);
  }
  if (found != lookups - (lookups + 3) / 4) must(Error{ErrorCode::internal, {}, "wrong rows were found"});
  measured.rss_after_kib = resident_kib();
  std::sort(taken.begin(), taken.end());
  measured.p50_us = taken[taken.size() / 2];
  measured.p99_us = taken[taken.size() * 99 / 100];
  return measured;
}

void print(const char* name, const Measured& measured) {
  std::printf(
      "\"%s\":{\"p50_us\":%.2f,\"p99_us\":%.2f,\"import_s\":%.1f,\"open_ms\":%.2f,\"file_bytes\":%llu,"
      "\"rss_open_kib\":%lld,\"rss_after_kib\":%lld}",
      name, measured.p50_us, measured.p99_us, measured.import_s, measured.open_ms,
      static_cast<unsigned long long>(measured.bytes), static_cast<long long>(measured.rss_open_kib),
      static_cast<long long>(measured.rss_after_kib));
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t rows = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 10'000'000;
  const std::size_t lookups = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 300'000;
  if (sodium_init() < 0 || rows < 1000 || lookups < 1000) return 2;
  const fs::path folder = fs::temp_directory_path() / ("tillside-lookup-" + std::to_string(::getpid()));
  const Measured small = measure(folder / "small", 1000, lookups);
  const Measured large = measure(folder / "large", rows, lookups);
  fs::remove_all(folder);
  std::printf("{\"rows\":%llu,\"lookup_p50_us_10m_over_1k\":%.3f,", static_cast<unsigned long long>(rows),
              large.p50_us / small.p50_us);
  print("small", small);
  std::printf(",");
  print("large", large);
  std::printf("}\n");
}
