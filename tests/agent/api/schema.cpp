#include "tests/agent/api/schema.h"

#include <algorithm>
#include <regex>
#include <set>

namespace tillside::api {
namespace {

using nlohmann::json;

bool is_of(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

class Checker {
 public:
  explicit Checker(const json& document) : document_(document) {}

  void check(const json& value, const json& schema, const std::string& path) {
    if (schema.contains("$ref")) {
      const json::json_pointer target(schema["$ref"].get<std::string>().substr(1));
      return check(value, document_.at(target), path);
    }
    refuse_unknown_words(schema, path);
    check_type(value, schema, path);
    check_scalar(value, schema, path);
    check_object(value, schema, path);
    check_array(value, schema, path);
    check_choice(value, schema, path);
  }

  std::vector<std::string> complaints;

 private:
  void complain(const std::string& path, const std::string& what) { complaints.push_back(path + ": " + what); }

  void refuse_unknown_words(const json& schema, const std::string& path) {
    static const std::set<std::string> kKnown = {"type",    "enum",        "required", "properties", "items",  "oneOf",
                                                 "pattern", "description", "format",   "examples",   "minimum"};
    static const std::set<std::string> kRequestsOnly = {"maxLength", "maxItems"};
    for (const auto& [word, unused] : schema.items()) {
      if (!kKnown.contains(word) && !kRequestsOnly.contains(word)) complain(path, "schema word " + word);
    }
  }

  void check_type(const json& value, const json& schema, const std::string& path) {
    if (!schema.contains("type")) return;
    const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    const bool fits = std::any_of(types.begin(), types.end(), [&](const json& type) { return is_of(value, type); });
    if (!fits) complain(path, "not of type " + types.dump() + ": " + value.dump());
  }

  void check_scalar(const json& value, const json& schema, const std::string& path) {
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
      complain(path, value.dump() + " is not listed");
    if (schema.contains("pattern") && value.is_string() &&
        !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>())))
      complain(path, value.dump() + " has another pattern");
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"]) complain(path, "too small");
  }

  // Our own answers hold what is described and nothing else.
  void check_object(const json& value, const json& schema, const std::string& path) {
    if (!value.is_object() || !schema.contains("properties")) return;
    for (const auto& name : schema.value("required", json::array())) {
      if (!value.contains(name.get<std::string>())) complain(path, "lacks " + name.get<std::string>());
    }
    for (const auto& [name, member] : value.items()) {
      if (!schema["properties"].contains(name)) {
        complain(path, name + " is not described");
      } else {
        check(member, schema["properties"][name], path + "/" + name);
      }
    }
  }

  void check_array(const json& value, const json& schema, const std::string& path) {
    if (!value.is_array() || !schema.contains("items")) return;
    for (std::size_t i = 0; i < value.size(); ++i) check(value[i], schema["items"], path + "/" + std::to_string(i));
  }

  void check_choice(const json& value, const json& schema, const std::string& path) {
    if (!schema.contains("oneOf")) return;
    std::size_t fitting = 0;
    for (const auto& choice : schema["oneOf"]) {
      Checker one(document_);
      one.check(value, choice, path);
      if (one.complaints.empty()) ++fitting;
    }
    if (fitting != 1) complain(path, std::to_string(fitting) + " choices fit " + value.dump());
  }

  const json& document_;
};

}  // namespace

std::vector<std::string> complaints(const json& value, const json& schema, const json& document) {
  Checker checker(document);
  checker.check(value, schema, "");
  return std::move(checker.complaints);
}

}  // namespace tillside::api
