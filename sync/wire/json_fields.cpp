#include "sync/wire/json_fields.h"

namespace tillside::wire {
namespace {

constexpr int kMaxDepth = 32;

bool deeper_than(std::string_view text, int limit) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limit) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Result<Json> parse_object(std::string_view text) {
  if (deeper_than(text, kMaxDepth)) return Error{ErrorCode::too_deep, "", "more than 32 levels"};
  Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded() || !json.is_object()) return Error{ErrorCode::bad_json, "", "not a JSON object"};
  return json;
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Fields::Fields(const Json& object, std::string path, std::optional<Error>& trouble)
    : object_(&object), path_(std::move(path)), trouble_(trouble) {
  if (!object.is_object() && ok()) trouble_ = Error{ErrorCode::wrong_type, path_, "not an object"};
}

void Fields::fail(ErrorCode code, const char* name, std::string detail) {
  if (ok()) trouble_ = Error{code, path_of(name), std::move(detail)};
}

std::string Fields::path_of(const char* name) const { return path_.empty() ? name : path_ + "." + name; }

std::string Fields::path_of(const char* name, std::size_t index) const {
  return path_of(name) + "[" + std::to_string(index) + "]";
}

const Json* Fields::find(const char* name) const {
  if (!ok()) return nullptr;
  auto found = object_->find(name);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const Json* Fields::required(const char* name) {
  const Json* value = find(name);
  if (value == nullptr) fail(ErrorCode::missing_field, name);
  return value;
}

const Json* Fields::object(const char* name) {
  const Json* value = find(name);
  if (value == nullptr || value->is_object()) return value;
  fail(ErrorCode::wrong_type, name, "not an object");
  return nullptr;
}

const Json* Fields::list(const char* name) {
  const Json* value = find(name);
  if (value == nullptr || value->is_array()) return value;
  fail(ErrorCode::wrong_type, name, "not a list");
  return nullptr;
}

void Fields::text(const char* name, std::string& out, std::size_t max_bytes) {
  if (const Json* value = required(name)) take_text(name, *value, out, max_bytes);
}

void Fields::optional_text(const char* name, std::string& out, std::size_t max_bytes) {
  if (const Json* value = find(name)) take_text(name, *value, out, max_bytes);
}

void Fields::flag(const char* name, bool& out) {
  if (required(name) != nullptr) optional_flag(name, out);
}

void Fields::optional_flag(const char* name, bool& out) {
  const Json* value = find(name);
  if (value == nullptr) return;
  if (!value->is_boolean()) return fail(ErrorCode::wrong_type, name, "not true or false");
  out = value->get<bool>();
}

void Fields::instant(const char* name, Instant& out) {
  signed_number(name, out.ms, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

void Fields::signed_number(const char* name, std::int64_t& out, std::int64_t min, std::int64_t max) {
  const Json* value = required(name);
  if (value == nullptr) return;
  if (!value->is_number_integer()) return fail(ErrorCode::wrong_type, name, "not a whole number");
  const bool too_large = value->is_number_unsigned() &&
                         value->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()};
  const auto number = too_large ? 0 : value->get<std::int64_t>();
  if (too_large || number < min || number > max) return fail(ErrorCode::out_of_range, name);
  out = number;
}

void Fields::take_text(const char* name, const Json& value, std::string& out, std::size_t max_bytes) {
  if (!value.is_string()) return fail(ErrorCode::wrong_type, name, "not a text");
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() > max_bytes) return fail(ErrorCode::out_of_range, name, "too long");
  out = text;
}

void Fields::take_bytes(const char* name, const Json& value, std::uint8_t* out, std::size_t count) {
  if (!value.is_string()) return fail(ErrorCode::wrong_type, name, "not a text");
  if (!from_hex(value.get_ref<const std::string&>(), out, count))
    fail(ErrorCode::bad_format, name, "not " + std::to_string(2 * count) + " hex digits");
}

std::optional<std::uint64_t> Fields::take_unsigned(const char* name, const Json& value, std::uint64_t max) {
  if (!value.is_number_integer()) {
    fail(ErrorCode::wrong_type, name, "not a whole number");
    return std::nullopt;
  }
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max) {
    fail(ErrorCode::out_of_range, name);
    return std::nullopt;
  }
  return value.get<std::uint64_t>();
}

}  // namespace tillside::wire
