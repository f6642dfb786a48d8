// Reading a JSON document field by field with simdjson on demand: no DOM, no copy until a value is wanted.
//
// Every step answers false after noting the first Error, whose field path grows on the way out ("lines[2].quantity").
// simdjson does not look at what it skips, so what is dropped is walked here too: all of a document that is taken is
// valid JSON and valid UTF-8, at most 32 levels deep. Included by readers only; the header of simdjson is heavy.
#pragma once

#include <simdjson.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/domain/json_token.h"
#include "agent/domain/result.h"

namespace tillside::json {

using Value = simdjson::ondemand::value;

inline constexpr int kDeepest = 32;

ErrorCode code_of(simdjson::error_code error);

// One row of a table that says how an object's field is read into a Target by a Reader.
template <class Reader, class Target>
struct Row {
  std::string_view name;
  bool (*read)(Reader&, Value&, Target&);
};

// A Reader derives from this and names itself, so that its tables are handed the whole reader.
class Reading {
 public:
  Error take_error() { return std::move(error_); }
  std::uint32_t unknown_fields() const { return unknown_fields_; }

  bool fail(ErrorCode code, const char* detail);
  bool fail(simdjson::error_code error);
  bool fail(const Error& error);
  bool missing(const char* field);     // missing_field
  bool within(std::string_view name);  // puts a name before the path
  bool within(std::size_t index);      // puts "[index]" before the path

  // What stands at a value. A Kind::none is noted as bad_json.
  bool look(Value& value, Kind& kind, std::string_view& token);
  // `wanted` or null; anything else is wrong_type.
  bool look_for(Value& value, Kind wanted, bool& present);

  // The value must be of Kind::text. The view lives until the next document is read.
  bool string_at(Value& value, std::string_view& out);

  // Null is read as the absent value: "", 0, nullopt or what `absent` says. `has`, when given, tells the difference.
  bool text_view(Value& value, std::string_view& out);
  bool text(Value& value, std::string& out);
  bool optional_text(Value& value, std::optional<std::string>& out);
  bool integer(Value& value, std::int64_t& out, bool* has = nullptr);
  bool boolean(Value& value, bool& out, bool absent);
  template <class Enum>
  bool one_of(Value& value, std::optional<Enum> (*lookup)(std::string_view), Enum absent, Enum& out,
              bool* has = nullptr);

  // Resets `target`, then reads the object's fields into it by the table; `depth` counts the document as 1.
  template <class Reader, class Target, std::size_t N>
  static bool object(Reader& reader, Value& value, const std::array<Row<Reader, Target>, N>& rows, Target& target,
                     int depth);
  template <class Reader, class Target, std::size_t N>
  static bool members(Reader& reader, simdjson::ondemand::object& object,
                      const std::array<Row<Reader, Target>, N>& rows, Target& target, int depth);
  // Calls element(value, index) for each, at most `most`; more is out_of_range.
  template <class Element>
  bool array(Value& value, std::size_t most, Element element);
  // The same where each element must be an object.
  template <class Element>
  bool array_of_objects(Value& value, std::size_t most, Element element);

  // Walks what is dropped.
  bool drop(Value& value, int depth);

 private:
  using Member = simdjson::simdjson_result<simdjson::ondemand::field>;

  bool open(Member member, simdjson::ondemand::field& field, std::string_view& key);
  bool drop_unknown(simdjson::ondemand::field& field, int depth);
  bool drop_object(Value& value, int depth);
  bool drop_array(Value& value, int depth);

  Error error_;
  std::uint32_t unknown_fields_ = 0;
};

template <class Enum>
bool Reading::one_of(Value& value, std::optional<Enum> (*lookup)(std::string_view), Enum absent, Enum& out, bool* has) {
  bool present = false;
  std::string_view name;
  if (!look_for(value, Kind::text, present)) return false;
  if (has != nullptr) *has = present;
  out = absent;
  if (!present) return true;
  if (!string_at(value, name)) return false;
  const auto known = lookup(name);
  if (!known) return fail(ErrorCode::unknown_value, "not one of the listed values");
  out = *known;
  return true;
}

// Documents mostly come in the order of the table: the row after the last one found is looked at first.
template <class Reader, class Target, std::size_t N>
const Row<Reader, Target>* find_row(const std::array<Row<Reader, Target>, N>& rows, std::string_view key,
                                    std::size_t& next) {
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t at = next + i < N ? next + i : next + i - N;
    if (rows[at].name != key) continue;
    next = at + 1 < N ? at + 1 : 0;
    return &rows[at];
  }
  return nullptr;
}

template <class Reader, class Target, std::size_t N>
bool Reading::members(Reader& reader, simdjson::ondemand::object& object,
                      const std::array<Row<Reader, Target>, N>& rows, Target& target, int depth) {
  std::size_t next = 0;
  for (auto member : object) {
    simdjson::ondemand::field field;
    std::string_view key;
    if (!reader.open(std::move(member), field, key)) return false;
    if (const auto* row = find_row(rows, key, next)) {
      if (!row->read(reader, field.value(), target)) return reader.within(row->name);
    } else if (!reader.drop_unknown(field, depth)) {
      return false;
    }
  }
  return true;
}

template <class Reader, class Target, std::size_t N>
bool Reading::object(Reader& reader, Value& value, const std::array<Row<Reader, Target>, N>& rows, Target& target,
                     int depth) {
  bool present = false;
  if (!reader.look_for(value, Kind::object, present)) return false;
  target = Target{};
  if (!present) return true;
  simdjson::ondemand::object found;
  if (const auto error = value.get_object().get(found)) return reader.fail(error);
  return members(reader, found, rows, target, depth);
}

template <class Element>
bool Reading::array(Value& value, std::size_t most, Element element) {
  bool present = false;
  if (!look_for(value, Kind::array, present)) return false;
  if (!present) return true;
  simdjson::ondemand::array found;
  if (const auto error = value.get_array().get(found)) return fail(error);
  std::size_t index = 0;
  for (auto one : found) {
    Value item;
    if (const auto error = std::move(one).get(item)) return fail(error);
    if (index >= most) return fail(ErrorCode::out_of_range, "too many");
    if (!element(item, index)) return within(index);
    ++index;
  }
  return true;
}

template <class Element>
bool Reading::array_of_objects(Value& value, std::size_t most, Element element) {
  return array(value, most, [&](Value& item, std::size_t index) {
    bool present = false;
    if (!look_for(item, Kind::object, present)) return false;
    return present ? element(item, index) : fail(ErrorCode::wrong_type, "null in a list");
  });
}

}  // namespace tillside::json
