// A table of a settings file: each key is asked for once, what was not asked for is unknown.
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/domain/result.h"

namespace tillside::escpos {

// Keeps the first failure; every take() after it does nothing. `table` may be null: a table that is not there.
class TomlSection {
 public:
  TomlSection(const toml::table* table, std::string name) : table_(table), name_(std::move(name)) {}

  // The table `key` of `file`, or none.
  static TomlSection of(const toml::table& file, const char* key) {
    const toml::node* node = file.get(key);
    TomlSection section(node == nullptr ? nullptr : node->as_table(), key);
    if (node != nullptr && section.table_ == nullptr) section.fail("", ErrorCode::wrong_type, "a table is wanted");
    return section;
  }

  template <class T>
  bool take(const char* key, T& target) {
    const toml::node* node = find(key);
    if (node == nullptr || failure_) return false;
    const auto value = node->value_exact<T>();
    if (!value) fail(key, ErrorCode::wrong_type, "not a value of the right type");
    if (value) target = *value;
    return value.has_value();
  }

  // Texts, each handed to `take_one`, which returns an Error's detail or nothing.
  template <class TakeOne>
  void take_list(const char* key, TakeOne take_one) {
    const toml::node* node = find(key);
    if (node == nullptr || failure_) return;
    const toml::array* list = node->as_array();
    if (list == nullptr) return fail(key, ErrorCode::wrong_type, "a list of texts is wanted");
    for (const toml::node& one : *list) {
      const auto value = one.value_exact<std::string>();
      if (!value) return fail(key, ErrorCode::wrong_type, "a list of texts is wanted");
      if (std::optional<Error> problem = take_one(*value)) return fail(key, problem->code, problem->detail);
    }
  }

  // Text that `convert` turns into the target, or refuses.
  template <class T, class Convert>
  void take_word(const char* key, T& target, Convert convert) {
    std::string text;
    if (!take(key, text)) return;
    if (auto value = convert(std::string_view(text))) {
      target = *value;
    } else {
      fail(key, ErrorCode::unknown_value, text.substr(0, 60));
    }
  }

  // Every key with its text.
  template <class Visit>
  void each_text(Visit visit) {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
      asked_.emplace_back(key.str());
      const auto value = node.template value_exact<std::string>();
      if (!value) return fail(std::string(key.str()), ErrorCode::wrong_type, "a text is wanted");
      visit(std::string(key.str()), *value);
    }
  }

  const toml::node* find(const char* key) {
    asked_.emplace_back(key);
    return table_ == nullptr ? nullptr : table_->get(key);
  }

  void fail(const std::string& key, ErrorCode code, std::string detail) {
    if (!failure_) failure_ = Error{code, key.empty() ? name_ : name_ + "." + key, std::move(detail)};
  }

  const std::optional<Error>& failure() const { return failure_; }

  std::optional<Error> finish() {
    if (table_ == nullptr) return failure_;
    for (const auto& [key, node] : *table_)
      if (std::find(asked_.begin(), asked_.end(), key.str()) == asked_.end())
        fail(std::string(key.str()), ErrorCode::unknown_value, "no such key");
    return failure_;
  }

 private:
  const toml::table* table_;
  std::string name_;
  std::vector<std::string> asked_;
  std::optional<Error> failure_;
};

}  // namespace tillside::escpos
