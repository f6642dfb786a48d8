#include "agent/domain/strict_json.h"

#include <simdjson.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace tillside::strict {
namespace {

using nlohmann::json;
constexpr std::size_t kMaxDepth = 32;

// Watches the parser for a name that stands twice in one object, which nlohmann itself lets pass.
class Watch {
 public:
  void operator()(json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start) open_.emplace_back();
    if (event == json::parse_event_t::object_end) open_.pop_back();
    if (event == json::parse_event_t::key) see(parsed.get_ref<const std::string&>());
  }
  const std::string& twice() const { return twice_; }

 private:
  void see(const std::string& name) {
    if (!open_.back().insert(name).second && twice_.empty()) twice_ = name;
  }

  std::vector<std::set<std::string>> open_;
  std::string twice_;
};

bool too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '\\')
      ++at;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '{' || c == '[') && ++depth > kMaxDepth)
      return true;
    else if (!quoted && (c == '}' || c == ']') && depth > 0)
      --depth;
  }
  return false;
}

bool has_controls(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7F) return true;
    const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0u;
    if (byte == 0xC2 && next >= 0x80 && next < 0xA0) return true;
  }
  return false;
}

std::optional<std::int64_t> integer_of(const json& value, const std::string& path, std::int64_t low, std::int64_t high,
                                       Trouble& trouble) {
  if (!value.is_number_integer()) {
    trouble.add(ErrorCode::wrong_type, path, "a whole number is wanted");
    return std::nullopt;
  }
  const bool huge = value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX};
  const std::int64_t number = huge ? 0 : value.get<std::int64_t>();
  if (huge || number < low || number > high) {
    trouble.add(ErrorCode::out_of_range, path, std::to_string(low) + " to " + std::to_string(high));
    return std::nullopt;
  }
  return number;
}

std::string text_of(const json& value, const std::string& path, std::size_t max_bytes, Trouble& trouble) {
  if (!value.is_string()) {
    trouble.add(ErrorCode::wrong_type, path, "a text is wanted");
    return {};
  }
  const auto& text = value.get_ref<const std::string&>();
  if (text.find_first_not_of(' ') == std::string::npos)
    trouble.add(ErrorCode::out_of_range, path, "must not be empty");
  else if (text.size() > max_bytes)
    trouble.add(ErrorCode::out_of_range, path, "at most " + std::to_string(max_bytes) + " bytes");
  else if (has_controls(text))
    trouble.add(ErrorCode::bad_format, path, "control characters");
  else
    return text;
  return {};
}

}  // namespace

Result<json> parse(std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) return Error{ErrorCode::invalid_utf8, "", "not UTF-8"};
  if (too_deep(text)) return Error{ErrorCode::too_deep, "", "nested deeper than 32 levels"};
  Watch watch;
  const auto on_event = [&watch](int, json::parse_event_t event, json& parsed) {
    watch(event, parsed);
    return true;
  };
  json document = json::parse(text.begin(), text.end(), on_event, false);
  if (!watch.twice().empty()) return Error{ErrorCode::bad_json, watch.twice(), "the same name stands twice"};
  if (!document.is_object()) return Error{ErrorCode::bad_json, "", "not a JSON object"};
  return document;
}

void Trouble::add(ErrorCode code, std::string field, std::string detail) {
  if (!first) first = Error{code, std::move(field), std::move(detail)};
}

Fields::Fields(const json* object, std::string path, Trouble& trouble) : path_(std::move(path)), trouble_(trouble) {
  if (object == nullptr) return;
  if (object->is_object())
    object_ = object;
  else
    trouble_.add(ErrorCode::wrong_type, path_, "an object is wanted");
}

std::string Fields::path(const char* name) const { return path_.empty() ? name : path_ + "." + name; }

bool Fields::has(const char* name) { return find(name) != nullptr; }

const json* Fields::find(const char* name) {
  known_.emplace_back(name);
  if (object_ == nullptr) return nullptr;
  const auto at = object_->find(name);
  return at == object_->end() || at->is_null() ? nullptr : &*at;
}

const json* Fields::need(const char* name) {
  const json* value = find(name);
  if (value == nullptr) trouble_.add(ErrorCode::missing_field, path(name), "required");
  return value;
}

std::int64_t Fields::integer(const char* name, std::int64_t low, std::int64_t high) {
  const json* value = need(name);
  return value == nullptr ? low : integer_of(*value, path(name), low, high, trouble_).value_or(low);
}

std::optional<std::int64_t> Fields::optional_integer(const char* name, std::int64_t low, std::int64_t high) {
  const json* value = find(name);
  return value == nullptr ? std::nullopt : integer_of(*value, path(name), low, high, trouble_);
}

std::string Fields::text(const char* name, std::size_t max_bytes) {
  const json* value = need(name);
  return value == nullptr ? std::string() : text_of(*value, path(name), max_bytes, trouble_);
}

std::string Fields::optional_text(const char* name, std::size_t max_bytes) {
  const json* value = find(name);
  return value == nullptr ? std::string() : text_of(*value, path(name), max_bytes, trouble_);
}

bool Fields::optional_flag(const char* name) {
  const json* value = find(name);
  if (value == nullptr) return false;
  if (value->is_boolean()) return value->get<bool>();
  trouble_.add(ErrorCode::wrong_type, path(name), "true or false is wanted");
  return false;
}

const json* Fields::list(const char* name, std::size_t max_count) {
  const json* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_array())
    trouble_.add(ErrorCode::wrong_type, path(name), "a list is wanted");
  else if (value->size() > max_count)
    trouble_.add(ErrorCode::out_of_range, path(name), "at most " + std::to_string(max_count) + " elements");
  else
    return value;
  return nullptr;
}

std::vector<std::string> Fields::texts(const char* name, std::size_t max_count, std::size_t max_bytes) {
  std::vector<std::string> values;
  const json* elements = list(name, max_count);
  for (std::size_t i = 0; elements != nullptr && i < elements->size(); ++i)
    values.push_back(text_of((*elements)[i], path(name) + "[" + std::to_string(i) + "]", max_bytes, trouble_));
  return values;
}

std::vector<std::int64_t> Fields::integers(const char* name, std::size_t max_count, std::int64_t low,
                                           std::int64_t high) {
  std::vector<std::int64_t> values;
  const json* elements = list(name, max_count);
  for (std::size_t i = 0; elements != nullptr && i < elements->size(); ++i) {
    const std::string where = path(name) + "[" + std::to_string(i) + "]";
    values.push_back(integer_of((*elements)[i], where, low, high, trouble_).value_or(low));
  }
  return values;
}

Fields Fields::object(const char* name) { return Fields(need(name), path(name), trouble_); }
Fields Fields::optional_object(const char* name) { return Fields(find(name), path(name), trouble_); }

void Fields::refuse_others() {
  if (object_ == nullptr) return;
  for (const auto& field : object_->items())
    if (std::find(known_.begin(), known_.end(), field.key()) == known_.end())
      trouble_.add(ErrorCode::unknown_value, path(field.key().c_str()), "no such field");
}

}  // namespace tillside::strict
