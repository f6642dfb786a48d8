// What the readers and writers of campaign terms share. Not for other rooms.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agent/domain/campaign.h"
#include "agent/domain/strict_json.h"

namespace tillside::terms {

using nlohmann::ordered_json;
using strict::Fields;
using strict::Trouble;

inline constexpr std::size_t kMaxName = 60, kMaxList = 1000;

inline void refuse_value(Trouble& trouble, const std::string& field, const std::string& value) {
  trouble.add(ErrorCode::unknown_value, field, "\"" + value + "\" is not one of the list");
}

// The member of a closed list that bears this name.
template <class E>
E named(Fields& fields, const char* name, std::initializer_list<E> members, E otherwise, Trouble& trouble) {
  if (fields.has(name)) {
    const std::string text = fields.text(name, kMaxName);
    for (const E member : members)
      if (text == name_of(member)) return member;
    refuse_value(trouble, fields.path(name), text);
  }
  return otherwise;
}

inline std::string element(Fields& fields, const char* name, std::size_t index) {
  return fields.path(name) + "[" + std::to_string(index) + "]";
}

template <class T, class Write>
void write_list(ordered_json& out, const char* name, const std::vector<T>& values, Write write) {
  if (values.empty()) return;
  for (const T& value : values) out[name].push_back(write(value));
}

void read_conditions(Fields fields, Conditions& conditions, Trouble& trouble);
ordered_json write_conditions(const Conditions& conditions);

Benefit read_benefit(Fields fields, Trouble& trouble);
ordered_json write_benefit(const Benefit& benefit);

}  // namespace tillside::terms
