// How long it takes to see whether a coupon was spent, at a thousand marks and at many. Prints one JSON object.
//   tillside_bench_spent [rows, default 10000000] [lookups, default 300000]
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "agent/platform/system_clock.h"
#include "agent/store/store.h"

namespace {

using namespace tillside;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kTills = 20;  // whose coupons were shown here

double us_since(Clock::time_point from) {
  return std::chrono::duration<double, std::micro>(Clock::now() - from).count();
}

// Rising with i.
std::int64_t coupon(std::uint64_t i, std::uint64_t rows) {
  const std::uint64_t each = (rows + kTills - 1) / kTills;
  return store::coupon_number({static_cast<TillNumber>(17 + i / each), 0}, static_cast<std::uint32_t>(2 * (i % each)));
}

std::unique_ptr<store::Store> open(const fs::path& folder) {
  static const SystemClock clock;
  store::Store::Options options;
  options.folder = folder;
  options.clock = &clock;
  auto opened = store::Store::open(std::move(options));
  if (opened) return std::move(*opened);
  std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
  std::exit(1);
}

void fill(const fs::path& folder, std::uint64_t rows) {
  auto store = open(folder);
  const std::uint64_t piece = 200'000;
  for (std::uint64_t from = 0; from < rows; from += piece) {
    const Status done = store->writer().run([&](store::Session& session) {
      for (std::uint64_t i = from; i < std::min(from + piece, rows); ++i) {
        session.redeeming().spend(coupon(i, rows), {static_cast<std::int64_t>(i), 2000});
      }
    });
    if (!done) std::exit(1);
  }
}

struct Measured {
  double p50_us = 0, p99_us = 0;
  std::uint64_t bytes = 0;
};

// A quarter of those asked for was never spent. The first tenth warms up.
Measured measure(const fs::path& folder, std::uint64_t rows, std::size_t lookups) {
  fill(folder, rows);
  auto store = open(folder);
  std::mt19937_64 random(7);
  std::vector<double> taken;
  taken.reserve(lookups);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < lookups + lookups / 10; ++i) {
    const bool there = i % 4 != 0;
    const std::int64_t number = coupon(random() % rows, rows) + (there ? 0 : 1);
    bool found = false;
    const auto start = Clock::now();
    const Status read =
        store->read([&](store::Session& session) { found = session.redeeming().spent(number).has_value(); });
    if (i >= lookups / 10) taken.push_back(us_since(start));
    wrong += !read || found != there ? 1 : 0;
  }
  if (wrong != 0) {
    std::fprintf(stderr, "%zu wrong answers\n", wrong);
    std::exit(1);
  }
  std::sort(taken.begin(), taken.end());
  return {taken[taken.size() / 2], taken[taken.size() * 99 / 100], store->database_bytes()};
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t rows = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 10'000'000;
  const std::size_t lookups = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 300'000;
  if (rows < 1000 || lookups < 1000) return 2;
  const fs::path folder = fs::temp_directory_path() / ("tillside-spent-" + std::to_string(::getpid()));
  const Measured small = measure(folder / "small", 1000, lookups);
  const Measured large = measure(folder / "large", rows, lookups);
  fs::remove_all(folder);
  std::printf(R"({"spent_lookup_10m_over_1k":%.3f,"spent_lookup_p50_us":%.2f,"spent_lookup_p99_us":%.2f,)"
              R"("spent_lookup_1k_p50_us":%.2f,"spent_rows":%llu,"spent_file_bytes":%llu})"
              "\n",
              large.p50_us / small.p50_us, large.p50_us, large.p99_us, small.p50_us,
              static_cast<unsigned long long>(rows), static_cast<unsigned long long>(large.bytes));
}
