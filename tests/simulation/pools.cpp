#include "tests/simulation/pools.h"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>

namespace tillside::simulation {
namespace {

constexpr std::size_t kHead = 16, kLargest = 64 << 10, kSteps = 4;

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

Pool& pool_of(std::size_t rounded_bytes) {
  static std::array<std::unique_ptr<Pool>, kLargest / 16 + 1> pools;
  auto& pool = pools[rounded_bytes / 16];
  if (!pool) pool = std::make_unique<Pool>(rounded_bytes + kHead);
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

int round_up(int bytes) { return static_cast<int>(rounded(static_cast<std::size_t>(bytes))); }
int begin(void*) { return SQLITE_OK; }
void end(void*) {}

}  // namespace

void Pool::grow() {
  auto* slab = static_cast<char*>(std::malloc(bytes_ * pieces_));
  if (slab == nullptr) throw std::bad_alloc();
  for (std::size_t i = pieces_; i-- > 0;) free_.push_back(slab + i * bytes_);
}

void give_sqlite_pools() {
  static const sqlite3_mem_methods kMethods = {take, give_back, resize, room_of, round_up, begin, end, nullptr};
  (void)sqlite3_config(SQLITE_CONFIG_MALLOC, &kMethods);
}

}  // namespace tillside::simulation
