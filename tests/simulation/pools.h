// Memory that one thread takes and gives back a million times: kept by size, never returned to the system.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

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

// Pieces of one size, cut from slabs that the system may back with large pages: gigabytes are walked through. What is
// free names the next that is.
class Pool {
 public:
  explicit Pool(std::size_t bytes) : bytes_(bytes) {}
  void* take() {
    if (!kPooled) return std::malloc(bytes_);
    if (free_ == nullptr) grow();
    Free* piece = free_;
    free_ = piece->next;
    return piece;
  }
  void give_back(void* piece) {
    if (!kPooled) return std::free(piece);
    free_ = new (piece) Free{free_};
  }

 private:
  struct Free {
    Free* next;
  };
  static constexpr std::size_t kSlab = 128 << 10;
  void grow();

  const std::size_t bytes_;
  Free* free_ = nullptr;
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
