// Reads the fields of a JSON object by name. The first thing wrong is kept, named by its path; all later reads do
// nothing. Unknown fields are never looked at. Private to the wire room; nothing here throws on bad input.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "agent/domain/ids.h"
#include "agent/domain/result.h"
#include "agent/domain/time.h"

namespace tillside::wire {

using Json = nlohmann::ordered_json;

// One document: bad_json, too_deep (32 levels) or an object.
Result<Json> parse_object(std::string_view text);
std::string dump(const Json& json);  // bytes that are not UTF-8 become U+FFFD

template <std::size_t N>
Json hex(const std::array<std::uint8_t, N>& bytes) {
  return to_hex(bytes);
}

class Fields {
 public:
  // `trouble` keeps the first error; it outlives this and is shared with nested objects.
  Fields(const Json& object, std::string path, std::optional<Error>& trouble);

  bool ok() const { return !trouble_; }
  void fail(ErrorCode code, const char* name, std::string detail = {});

  // Required: missing_field when absent or null. optional_...: left as it is then.
  void text(const char* name, std::string& out, std::size_t max_bytes = 4096);
  void optional_text(const char* name, std::string& out, std::size_t max_bytes = 4096);
  void flag(const char* name, bool& out);
  void optional_flag(const char* name, bool& out);
  void instant(const char* name, Instant& out);
  void signed_number(const char* name, std::int64_t& out, std::int64_t min, std::int64_t max);

  template <class U>
  void number(const char* name, U& out, std::uint64_t max = std::numeric_limits<U>::max()) {
    if (const Json* value = required(name)) take_number(name, *value, out, max);
  }
  template <class U>
  void optional_number(const char* name, U& out, std::uint64_t max = std::numeric_limits<U>::max()) {
    if (const Json* value = find(name)) take_number(name, *value, out, max);
  }
  template <std::size_t N>
  void bytes(const char* name, std::array<std::uint8_t, N>& out) {
    if (const Json* value = required(name)) take_bytes(name, *value, out.data(), N);
  }
  template <std::size_t N>
  void optional_bytes(const char* name, std::array<std::uint8_t, N>& out) {
    if (const Json* value = find(name)) take_bytes(name, *value, out.data(), N);
  }

  // nullptr when absent, null, or after an error; wrong_type unless an object or array.
  const Json* object(const char* name);
  const Json* list(const char* name);
  const Json* required(const char* name);  // missing_field when absent
  const Json* find(const char* name) const;

  std::string path_of(const char* name) const;
  std::string path_of(const char* name, std::size_t index) const;
  std::optional<Error>& trouble() { return trouble_; }

 private:
  void take_text(const char* name, const Json& value, std::string& out, std::size_t max_bytes);
  void take_bytes(const char* name, const Json& value, std::uint8_t* out, std::size_t count);
  std::optional<std::uint64_t> take_unsigned(const char* name, const Json& value, std::uint64_t max);
  template <class U>
  void take_number(const char* name, const Json& value, U& out, std::uint64_t max) {
    if (auto number = take_unsigned(name, value, max)) out = static_cast<U>(*number);
  }

  const Json* object_;
  std::string path_;
  std::optional<Error>& trouble_;
};

// Reads a whole document: parse, then read(fields, value).
template <class T, class Read>
Result<T> read_document(std::string_view text, Read read) {
  auto json = parse_object(text);
  if (!json) return json.error();
  std::optional<Error> trouble;
  Fields fields(*json, "", trouble);
  T value{};
  read(fields, value);
  if (trouble) return *trouble;
  return value;
}

}  // namespace tillside::wire
