// Structured logs on stderr: one JSON object a line with level, time, component, message and fields.
// Never an identifier of a person, a token or a key. Any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tillside::log {

using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

void set_level(std::string_view at_least);  // "debug", "info" (as it begins), "warn", "error"; others are info
void info(std::string_view component, std::string_view message, Fields fields = {});
void warn(std::string_view component, std::string_view message, Fields fields = {});
void error(std::string_view component, std::string_view message, Fields fields = {});

}  // namespace tillside::log
