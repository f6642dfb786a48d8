// JSON whose every field counts, for documents about money: nothing unknown, nothing twice, nothing fractional.
//
// Fields reads one object and remembers the first Error; after it every getter returns its default, so a reader is
// written as a straight list of fields and asks `error()` once at the end. Null means absent. Never throws.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/result.h"

namespace tillside::strict {

// bad_json (also for a key that stands twice, which is named), too_deep over 32 levels, invalid_utf8.
Result<nlohmann::json> parse(std::string_view text);

struct Trouble {
  std::optional<Error> first;
  void add(ErrorCode code, std::string field, std::string detail);
};

class Fields {
 public:
  // `object` may be null for an absent object; any other type is wrong_type. Both must outlive this.
  Fields(const nlohmann::json* object, std::string path, Trouble& trouble);

  bool present() const { return object_ != nullptr; }
  bool has(const char* name);

  // The value of a field, or nullptr when absent or null; marks the name as known.
  const nlohmann::json* find(const char* name);
  const nlohmann::json* need(const char* name);  // absent is missing_field

  std::int64_t integer(const char* name, std::int64_t low, std::int64_t high);  // required
  std::optional<std::int64_t> optional_integer(const char* name, std::int64_t low, std::int64_t high);
  std::string text(const char* name, std::size_t max_bytes);  // required, not blank, no control characters
  std::string optional_text(const char* name, std::size_t max_bytes);
  bool optional_flag(const char* name);
  // Elements of an optional list, as texts or integers; an element's error names it as "path[2]".
  std::vector<std::string> texts(const char* name, std::size_t max_count, std::size_t max_bytes);
  std::vector<std::int64_t> integers(const char* name, std::size_t max_count, std::int64_t low, std::int64_t high);
  Fields object(const char* name);           // required
  Fields optional_object(const char* name);  // !present() when absent

  std::string path(const char* name) const;
  // Names that nobody asked for are unknown_value.
  void refuse_others();

 private:
  const nlohmann::json* list(const char* name, std::size_t max_count);

  const nlohmann::json* object_ = nullptr;
  std::string path_;
  Trouble& trouble_;
  std::vector<std::string_view> known_;
};

}  // namespace tillside::strict
