#include "sync/hq/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "agent/domain/checkout_json.h"

namespace tillside::hq {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::info:
      break;
  }
  return spdlog::level::info;
}

spdlog::logger& logger() {
  static const auto shared = [] {
    auto made = std::make_shared<spdlog::logger>("hq", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
    return made;
  }();
  return *shared;
}

}  // namespace

void log(LogLevel level, std::string_view component, std::string_view message, LogFields fields) {
  std::string line = "\"component\":";
  append_json_string(line, component);
  line += ",\"message\":";
  append_json_string(line, message);
  for (const auto& [name, value] : fields) {
    line += ',';
    append_json_string(line, name);
    line += ':';
    append_json_string(line, value);
  }
  logger().log(level_of(level), line);
}

void set_log_level(LogLevel at_least) { logger().set_level(level_of(at_least)); }

}  // namespace tillside::hq
