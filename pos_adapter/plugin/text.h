// Text that is only looked at, and a growing run of bytes: what this library has instead of the standard's, which
// throw.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace tillside::pos {

// Bytes of somebody else's. Never owns; `data` may be null when `size` is 0.
struct Text {
  const char* data = nullptr;
  std::size_t size = 0;

  constexpr Text() = default;
  constexpr Text(const char* from, std::size_t count) : data(from), size(count) {}
  // A literal, or any text with a closing zero.
  constexpr Text(const char* zero_ended) : data(zero_ended), size(length_of(zero_ended)) {}  // NOLINT(*-explicit-*)

  constexpr bool empty() const { return size == 0; }
  constexpr char operator[](std::size_t at) const { return data[at]; }
  constexpr Text from(std::size_t at) const { return at >= size ? Text() : Text(data + at, size - at); }
  constexpr Text first(std::size_t count) const { return {data, count < size ? count : size}; }

  static constexpr std::size_t length_of(const char* zero_ended) {
    std::size_t length = 0;
    while (zero_ended[length] != '\0') ++length;
    return length;
  }

  friend bool operator==(const Text& a, const Text& b) {
    return a.size == b.size && (a.size == 0 || std::memcmp(a.data, b.data, a.size) == 0);
  }
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

inline bool same_ignoring_case(Text a, Text b) {
  if (a.size != b.size) return false;
  for (std::size_t i = 0; i < a.size; ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

inline Text trimmed(Text text) {
  while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text = text.from(1);
  while (!text.empty() && (text[text.size - 1] == ' ' || text[text.size - 1] == '\t')) --text.size;
  return text;
}

// Bytes of our own. What would need more memory than there is answers false and changes nothing.
class Bytes {
 public:
  Bytes() = default;
  ~Bytes() { std::free(data_); }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  char* data() { return data_; }
  const char* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  Text text() const { return {data_, size_}; }

  bool reserve(std::size_t wanted) {
    if (wanted <= capacity_) return true;
    std::size_t room = capacity_ < 512 ? 512 : capacity_;
    while (room < wanted) room *= 2;
    void* grown = std::realloc(data_, room);
    if (grown == nullptr) return false;
    data_ = static_cast<char*>(grown);
    capacity_ = room;
    return true;
  }
  bool append(Text text) {
    if (!reserve(size_ + text.size)) return false;
    if (!text.empty()) std::memcpy(data_ + size_, text.data, text.size);
    size_ += text.size;
    return true;
  }
  // `count` <= capacity(): that many bytes at data() count from now on.
  void set_size(std::size_t count) { size_ = count; }
  void clear() { size_ = 0; }
  void give_back() {
    std::free(data_);
    data_ = nullptr;
    size_ = capacity_ = 0;
  }
  // The caller's from now on, to be freed with std::free.
  char* release() {
    char* const mine = data_;
    data_ = nullptr;
    size_ = capacity_ = 0;
    return mine;
  }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
};

// A number written in decimal into room of the caller's.
class Decimal {
 public:
  explicit Decimal(unsigned long long value) {
    do {
      room_[--at_] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
  }
  Text text() const { return {room_ + at_, sizeof room_ - at_}; }

 private:
  char room_[20] = {};
  std::size_t at_ = sizeof room_;
};

}  // namespace tillside::pos
