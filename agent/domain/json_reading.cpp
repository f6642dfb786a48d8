#include "agent/domain/json_reading.h"

namespace tillside::json {
namespace {

// simdjson turns a lone "\udc00" into bytes that are no UTF-8.
bool holds_surrogate(std::string_view text) {
  for (auto at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1))
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) return true;
  return false;
}

}  // namespace

ErrorCode code_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return ErrorCode::invalid_utf8;
    case simdjson::DEPTH_ERROR:
      return ErrorCode::too_deep;
    case simdjson::MEMALLOC:
    case simdjson::CAPACITY:
      return ErrorCode::internal;
    default:
      return ErrorCode::bad_json;
  }
}

bool Reading::fail(ErrorCode code, const char* detail) {
  error_ = {code, "", detail};
  return false;
}

bool Reading::fail(simdjson::error_code error) { return fail(code_of(error), simdjson::error_message(error)); }

bool Reading::fail(const Error& error) {
  error_ = error;
  return false;
}

bool Reading::missing(const char* field) {
  error_ = {ErrorCode::missing_field, field, "required"};
  return false;
}

bool Reading::within(std::string_view name) {
  std::string path(name);
  if (!error_.field.empty() && error_.field[0] != '[') path.push_back('.');
  error_.field.insert(0, path);
  return false;
}

bool Reading::within(std::size_t index) { return within("[" + std::to_string(index) + "]"); }

bool Reading::look(Value& value, Kind& kind, std::string_view& token) {
  token = trimmed(value.raw_json_token());
  kind = kind_of(token);
  return kind != Kind::none || fail(ErrorCode::bad_json, "not a JSON value");
}

bool Reading::look_for(Value& value, Kind wanted, bool& present) {
  Kind kind;
  std::string_view token;
  if (!look(value, kind, token)) return false;
  present = kind != Kind::null;
  return !present || kind == wanted || fail(ErrorCode::wrong_type, "not of the wanted type");
}

bool Reading::string_at(Value& value, std::string_view& out) {
  if (const auto error = value.get_string().get(out)) return fail(error);
  return !holds_surrogate(out) || fail(ErrorCode::invalid_utf8, "a lone surrogate");
}

bool Reading::text_view(Value& value, std::string_view& out) {
  bool present = false;
  if (!look_for(value, Kind::text, present)) return false;
  out = {};
  return !present || string_at(value, out);
}

bool Reading::text(Value& value, std::string& out) {
  std::string_view view;
  if (!text_view(value, view)) return false;
  out.assign(view);
  return true;
}

bool Reading::optional_text(Value& value, std::optional<std::string>& out) {
  bool present = false;
  std::string_view view;
  out.reset();
  if (!look_for(value, Kind::text, present)) return false;
  if (!present) return true;
  if (!string_at(value, view)) return false;
  out.emplace(view);
  return true;
}

bool Reading::integer(Value& value, std::int64_t& out, bool* has) {
  Kind kind;
  std::string_view token;
  if (!look(value, kind, token)) return false;
  out = 0;
  if (has != nullptr) *has = kind != Kind::null;
  if (kind == Kind::null) return true;
  if (kind != Kind::number) return fail(ErrorCode::wrong_type, "an integer is wanted");
  switch (read_integer(token, out)) {
    case IntegerRead::ok:
      return true;
    case IntegerRead::not_whole:
      return fail(ErrorCode::wrong_type, "an integer is wanted, without fraction or exponent");
    case IntegerRead::too_large:
      break;
  }
  return fail(ErrorCode::out_of_range, "beyond 64 bits");
}

bool Reading::boolean(Value& value, bool& out, bool absent) {
  Kind kind;
  std::string_view token;
  if (!look(value, kind, token)) return false;
  if (kind != Kind::null && kind != Kind::boolean) return fail(ErrorCode::wrong_type, "true or false is wanted");
  out = kind == Kind::null ? absent : token == "true";
  return true;
}

bool Reading::open(Member member, simdjson::ondemand::field& field, std::string_view& key) {
  if (const auto error = std::move(member).get(field)) return fail(error);
  if (const auto error = field.unescaped_key().get(key)) return fail(error);
  return !holds_surrogate(key) || fail(ErrorCode::invalid_utf8, "a lone surrogate");
}

bool Reading::drop_unknown(simdjson::ondemand::field& field, int depth) {
  ++unknown_fields_;
  return drop(field.value(), depth);
}

bool Reading::drop(Value& value, int depth) {
  Kind kind;
  std::string_view token;
  if (!look(value, kind, token)) return false;
  if (kind == Kind::text) return string_at(value, token);
  if (kind != Kind::object && kind != Kind::array) return true;
  if (depth >= kDeepest) return fail(ErrorCode::too_deep, "nested deeper than 32 levels");
  return kind == Kind::object ? drop_object(value, depth + 1) : drop_array(value, depth + 1);
}

bool Reading::drop_object(Value& value, int depth) {
  simdjson::ondemand::object object;
  if (const auto error = value.get_object().get(object)) return fail(error);
  for (auto member : object) {
    simdjson::ondemand::field field;
    std::string_view key;
    if (!open(std::move(member), field, key) || !drop(field.value(), depth)) return false;
  }
  return true;
}

bool Reading::drop_array(Value& value, int depth) {
  simdjson::ondemand::array array;
  if (const auto error = value.get_array().get(array)) return fail(error);
  for (auto element : array) {
    Value one;
    if (const auto error = std::move(element).get(one)) return fail(error);
    if (!drop(one, depth)) return false;
  }
  return true;
}

}  // namespace tillside::json
