// Memory that one thread takes and gives back a million times: kept by size, never returned to the system.
#pragma once

#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace tillside::simulation {

// Under AddressSanitizer each piece is its own: it sees what is used after it was given back.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kPooled = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kPooled = false;
#else
inline constexpr bool kPooled = true;
#endif
#else
inline constexpr bool kPooled = true;
#endif

// Pieces of one size.
class Pool {
 public:
  explicit Pool(std::size_t bytes) : bytes_(bytes), pieces_(bytes < (kSlab >> 3) ? kSlab / bytes : 8) {}
  void* take() {
    if (!kPooled) return std::malloc(bytes_);
    if (free_.empty()) grow();
    void* piece = free_.back();
    free_.pop_back();
    return piece;
  }
  void give_back(void* piece) { kPooled ? free_.push_back(piece) : std::free(piece); }

 private:
  static constexpr std::size_t kSlab = 1 << 20;
  void grow();

  const std::size_t bytes_, pieces_;
  std::vector<void*> free_;
};

// For std::allocate_shared: all of one type share a pool that lives as long as the process.
template <class T>
struct PoolAllocator {
  using value_type = T;
  PoolAllocator() = default;
  template <class Other>
  PoolAllocator(const PoolAllocator<Other>&) {}  // NOLINT(google-explicit-constructor)
  T* allocate(std::size_t) { return static_cast<T*>(pool().take()); }
  void deallocate(T* piece, std::size_t) { pool().give_back(piece); }
  static Pool& pool() {
    static Pool pool((sizeof(T) + 15) / 16 * 16);
    return pool;
  }
  template <class Other>
  bool operator==(const PoolAllocator<Other>&) const {
    return true;
  }
};

// SQLite takes its memory from pools from now on. Before it is first used; once.
void give_sqlite_pools();

}  // namespace tillside::simulation
