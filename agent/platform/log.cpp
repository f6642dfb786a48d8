#include "agent/platform/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "agent/domain/checkout_json.h"

namespace tillside::log {
namespace {

spdlog::logger& logger() {
  static const auto shared = [] {
    auto made = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern(R"({"level":"%l","time":"%Y-%m-%dT%H:%M:%S.%e%z",%v})");
    return made;
  }();
  return *shared;
}

void write(spdlog::level::level_enum level, std::string_view component, std::string_view message, Fields fields) {
  if (!logger().should_log(level)) return;
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
  logger().log(level, line);
}

}  // namespace

void set_level(std::string_view at_least) {
  const auto wanted = spdlog::level::from_str(std::string(at_least));
  logger().set_level(wanted == spdlog::level::off ? spdlog::level::info : wanted);
}

void info(std::string_view component, std::string_view message, Fields fields) {
  write(spdlog::level::info, component, message, fields);
}
void warn(std::string_view component, std::string_view message, Fields fields) {
  write(spdlog::level::warn, component, message, fields);
}
void error(std::string_view component, std::string_view message, Fields fields) {
  write(spdlog::level::err, component, message, fields);
}

}  // namespace tillside::log
