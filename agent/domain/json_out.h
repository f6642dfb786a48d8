// Small helpers for writing JSON straight into a string.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/domain/checkout_json.h"

namespace tillside::json {

inline void append_integer(std::string& out, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

// Writes one object or array, putting the commas between. Keys are written as they are: plain ASCII names.
class Scope {
 public:
  Scope(std::string& out, char open, char close) : out_(out), close_(close) { out_.push_back(open); }
  ~Scope() { out_.push_back(close_); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  std::string& next() {
    if (!first_) out_.push_back(',');
    first_ = false;
    return out_;
  }
  std::string& key(std::string_view name) {
    next().push_back('"');
    return out_.append(name).append("\":");
  }

 private:
  std::string& out_;
  char close_;
  bool first_ = true;
};

class Array : public Scope {
 public:
  explicit Array(std::string& out) : Scope(out, '[', ']') {}
  void text(std::string_view value) { append_json_string(next(), value); }
  void integer(std::int64_t value) { append_integer(next(), value); }
  void boolean(bool value) { next().append(value ? "true" : "false"); }
  void null() { next().append("null"); }
};

class Object : public Scope {
 public:
  explicit Object(std::string& out) : Scope(out, '{', '}') {}
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void text_unless_empty(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void integer(std::string_view name, std::int64_t value) { append_integer(key(name), value); }
  void integer_unless_zero(std::string_view name, std::int64_t value) {
    if (value != 0) integer(name, value);
  }
  void boolean(std::string_view name, bool value) { key(name).append(value ? "true" : "false"); }
  void boolean_if_set(std::string_view name, bool value) {
    if (value) boolean(name, true);
  }
};

}  // namespace tillside::json
