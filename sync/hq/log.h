// Structured logging: one JSON object a line on stderr with time, level, component, message and fields. Fields never
// hold an identifier of a person, a token or a key.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tillside::hq {

enum class LogLevel : std::uint8_t { info, warning, error };
using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

void log(LogLevel level, std::string_view component, std::string_view message, LogFields fields = {});  // any thread

inline void log_info(std::string_view component, std::string_view message, LogFields fields = {}) {
  log(LogLevel::info, component, message, fields);
}
inline void log_warning(std::string_view component, std::string_view message, LogFields fields = {}) {
  log(LogLevel::warning, component, message, fields);
}
inline void log_error(std::string_view component, std::string_view message, LogFields fields = {}) {
  log(LogLevel::error, component, message, fields);
}

void set_log_level(LogLevel at_least);

}  // namespace tillside::hq
