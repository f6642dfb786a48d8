// Structured logs on stderr: one JSON object a line with level, time, component, message and fields.
// Never an identifier of a person, a token or a key. Any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tillside::log {

using Field = std::pair<std::string_view, std::string>;

void start(std::string_view level);  // "debug", "info", "warn", "error"; others are info
void info(std::string_view component, std::string_view message, std::initializer_list<Field> fields = {});
void warn(std::string_view component, std::string_view message, std::initializer_list<Field> fields = {});
void error(std::string_view component, std::string_view message, std::initializer_list<Field> fields = {});

}  // namespace tillside::log
