#include "agent/cli/scanner.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "agent/cli/serial_line.h"
#include "agent/cli/terminal.h"
#include "agent/config.h"

namespace tillside::cli {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kBetweenTries{1};

std::string words_of(const json& pair) { return pair.is_object() ? pair.value(say("zh", "en"), "") : ""; }

// What the answer says, without the code: it is worth money to whoever reads it.
std::string line_of(const json& answer) {
  std::string line = words_of(answer);
  if (const json coupon = answer.value("coupon", json()); coupon.is_object()) {
    line += "  " + words_of(coupon.value("title", json())) + "  " + words_of(coupon.value("reward", json()));
  }
  if (const auto where = words_of(answer.value("works_at", json())); !where.empty()) line += "  " + where;
  return line;
}

void print(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

void hand_in(LocalClient& agent, const ScannerOrder& order, const std::string& code) {
  json scan = {{"code", code}};
  if (!order.lane.empty()) scan["lane_id"] = order.lane;
  const auto answer = agent.post("/v1/scans", scan.dump(-1, ' ', false, json::error_handler_t::replace));
  if (!answer) {
    complain(answer.error());
  } else if (answer->status != 200) {
    complain(*answer);
  } else {
    print(order.json ? answer->body : line_of(json::parse(answer->body)));
  }
}

// Until the device goes away.
Error read_codes(LocalClient& agent, const ScannerOrder& order, SerialLine& line) {
  for (;;) {
    const auto code = line.next();
    if (!code) return code.error();
    hand_in(agent, order, *code);
  }
}

Status read_settings(ScannerOrder& order) {
  if (order.config_file.empty()) return {};
  const auto config = load_config(order.config_file);
  if (!config) return config.error();
  if (order.device.empty()) order.device = config->scanner.device;
  if (order.lane.empty()) order.lane = config->scanner.lane;
  return {};
}

}  // namespace

int scanner(LocalClient& agent, ScannerOrder order) {
  if (const Status read = read_settings(order); !read) {
    complain(read.error());
    return kUsage;
  }
  const auto place = read_serial_place(order.device);
  if (!place) {
    complain(place.error());
    return kUsage;
  }
  for (bool told = false;; std::this_thread::sleep_for(kBetweenTries)) {
    auto line = SerialLine::open(*place);
    if (line) told = false;
    const Error gone = line ? read_codes(agent, order, *line) : line.error();
    if (!told) complain(gone);
    told = true;
    if (order.once) return line ? kDone : kFailed;
  }
}

}  // namespace tillside::cli
