#include "agent/cli/run_agent.h"

#include <csignal>
#include <thread>

#include "agent/agent.h"
#include "agent/cli/terminal.h"
#include "agent/platform/files.h"
#include "agent/platform/log.h"
#include "agent/platform/random.h"
#include "agent/platform/signals.h"

namespace tillside::cli {
namespace {

Result<Config> settings(const AgentWords& words) {
  Config config;
  if (!words.config_file.empty()) {
    auto loaded = load_config(words.config_file);
    if (!loaded) return loaded;
    config = std::move(*loaded);
  }
  if (!words.folder.empty()) config.folder = words.folder;
  if (config.folder.empty()) config.folder = default_folder();
  if (!words.socket.empty()) config.socket = words.socket;
  if (config.socket.empty()) config.socket = config.folder / "agent.sock";
  if (words.port >= 0 && words.port <= 65535) config.port = static_cast<std::uint16_t>(words.port);
  return config;
}

}  // namespace

int run_agent(const AgentWords& words) {
  auto config = settings(words);
  if (!config) return complain(config.error());
  log::set_level(config->log_level);
  keep_files_private();
  if (!prepare_cryptography()) return complain(Error{ErrorCode::internal, {}, "libsodium cannot start"});
  const StopSignals signals;  // before any thread begins, so that each inherits the mask
  auto agent = Agent::start(std::move(*config));
  if (!agent) return complain(agent.error());
  std::thread stopper([&] {
    signals.wait();
    (*agent)->stop();
  });
  (*agent)->run();
  signals.release();
  stopper.join();
  return kDone;
}

}  // namespace tillside::cli
