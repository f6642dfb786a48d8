// Serves the local API over a small shop for the browser's tests: prints one line of JSON, then obeys lines on stdin.
//   {"url":"http://127.0.0.1:…/open/…","base":"http://127.0.0.1:…","token":"…"}
// "link" prints such a line again; "restart" restarts the API; "offline" and "online" tell the screens; the end of
// stdin ends it.
#include <iostream>
#include <string>

#include "agent/platform/system_clock.h"
#include "tests/agent/api/live_api.h"

namespace tillside::api {
namespace {

void print_addresses(LiveApi& live) {
  const nlohmann::json line = {{"url", live.api().make_link("/cashier").value()},
                               {"base", "http://127.0.0.1:" + std::to_string(live.port())},
                               {"token", live.token()}};
  std::cout << line.dump() << std::endl;
}

void obey(LiveApi& live, const std::string& command) {
  if (command == "restart") live.restart();
  if (command == "offline") live.happenings().tell("status", R"(,"online":false,"backlog":12,"as_of":null)");
  if (command == "online") live.happenings().tell("status", R"(,"online":true,"backlog":0,"as_of":null)");
  print_addresses(live);
}

}  // namespace
}  // namespace tillside::api

int main() {
  const tillside::SystemClock clock;
  tillside::api::LiveApi live({.clock = &clock});
  tillside::api::print_addresses(live);
  for (std::string command; std::getline(std::cin, command);) tillside::api::obey(live, command);
}
