#include "tests/simulation/pools.h"

#include <sqlite3.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

namespace tillside::simulation {
namespace {

constexpr std::size_t kHead = 16, kLargest = 64 << 10, kSteps = 4;
constexpr std::size_t kSizes = 17 * kSteps;  // of powers of two up to the largest

// Before each piece: how many bytes it has room for.
struct Head {
  std::uint64_t room = 0;
};

Head& head_of(void* piece) { return *reinterpret_cast<Head*>(static_cast<char*>(piece) - kHead); }

// Sizes rise in quarters of a power of two.
std::size_t rounded(std::size_t bytes) {
  const std::size_t step = std::max<std::size_t>(16, std::bit_floor(std::max<std::size_t>(bytes, 64)) / kSteps);
  return (std::max<std::size_t>(bytes, 16) + step - 1) / step * step;
}

// The same for each size that rounded() gives.
constexpr std::size_t number_of(std::size_t rounded_bytes) {
  const auto power = static_cast<std::size_t>(std::bit_width(rounded_bytes)) - 1;
  const std::size_t quarter = power < 2 ? 0 : (rounded_bytes >> (power - 2)) & (kSteps - 1);
  return power * kSteps + quarter;
}
static_assert(number_of(kLargest) < kSizes);

Pool& pool_of(std::size_t rounded_bytes) {
  static std::array<std::optional<Pool>, kSizes> pools;
  auto& pool = pools[number_of(rounded_bytes)];
  if (!pool) pool.emplace(rounded_bytes + kHead);
  return *pool;
}

void* take(int bytes) {
  const std::size_t room = rounded(static_cast<std::size_t>(bytes));
  auto* begin = static_cast<char*>(room > kLargest ? std::malloc(room + kHead) : pool_of(room).take());
  if (begin == nullptr) return nullptr;
  head_of(begin + kHead).room = room;
  return begin + kHead;
}

void give_back(void* piece) {
  if (piece == nullptr) return;
  const std::size_t room = head_of(piece).room;
  void* begin = static_cast<char*>(piece) - kHead;
  room > kLargest ? std::free(begin) : pool_of(room).give_back(begin);
}

int room_of(void* piece) { return piece == nullptr ? 0 : static_cast<int>(head_of(piece).room); }

void* resize(void* piece, int bytes) {
  if (static_cast<std::size_t>(bytes) <= head_of(piece).room) return piece;
  void* larger = take(bytes);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, piece, head_of(piece).room);
  give_back(piece);
  return larger;
}

// Of the process's memory, which is never given back: taken in large pieces, one behind the other.
char* cut(std::size_t bytes) {
  static char* free = nullptr;
  static std::size_t left = 0;
  constexpr std::size_t kPage = 2 << 20, kPiece = 32 * kPage;
  if (bytes > left) {
    left = std::max(kPiece, (bytes + kPage - 1) / kPage * kPage);
    free = static_cast<char*>(std::aligned_alloc(kPage, left));
    if (free == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    (void)madvise(free, left, MADV_HUGEPAGE);
#endif
  }
  left -= bytes;
  return std::exchange(free, free + bytes);
}

int round_up(int bytes) { return static_cast<int>(rounded(static_cast<std::size_t>(bytes))); }
int begin(void*) { return SQLITE_OK; }
void end(void*) {}

}  // namespace

void Pool::grow() {
  const std::size_t bytes = std::max(kSlab, 8 * bytes_);
  char* slab = cut(bytes);
  for (std::size_t i = bytes / bytes_; i-- > 0;) give_back(slab + i * bytes_);
}

void give_sqlite_pools() {
  static const sqlite3_mem_methods kPoolMethods = {take, give_back, resize, room_of, round_up, begin, end, nullptr};
  (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &kPoolMethods);
}

}  // namespace tillside::simulation
