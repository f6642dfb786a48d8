// As much of JSON Schema as openapi.json uses: type, enum, required, properties, items, oneOf, pattern, minimum and
// local $ref. A keyword it does not know is a complaint, so that none is trusted unread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tillside::api {

// What is wrong with `value`, each with its path; empty when it fits. `document` holds what "#/..." refers to.
std::vector<std::string> complaints(const nlohmann::json& value, const nlohmann::json& schema,
                                    const nlohmann::json& document);

}  // namespace tillside::api
