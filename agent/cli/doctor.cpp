#include "agent/cli/doctor.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/cli/knock.h"
#include "agent/cli/local_client.h"
#include "agent/cli/terminal.h"
#include "agent/doctor/doctor.h"
#include "agent/platform/system_clock.h"

namespace tillside::cli {
namespace {

using doctor::Finding;
using doctor::Findings;
using doctor::Health;
using nlohmann::json;

constexpr const char* kSystemSettings = "/etc/tillside/agent.toml";

class DoctorLine : public doctor::AgentLine {
 public:
  explicit DoctorLine(const Config& config)
      : socket_({config.socket, config.port, config.folder / "api-token"}),
        tcp_({{}, config.port, config.folder / "api-token"}) {}

  Result<Answer> by_socket(const std::string& path) override { return answer_of(socket_.get(path)); }
  Result<Answer> by_tcp(const std::string& path) override { return answer_of(tcp_.get(path)); }
  Result<Answer> preflight(const std::string& origin) override {
    return answer_of(tcp_.preflight("/v1/checkouts/advise", origin));
  }

 private:
  static Result<Answer> answer_of(const Result<LocalAnswer>& got) {
    if (!got) return got.error();
    return Answer{got->status, got->body, got->allowed_origin};
  }
  LocalClient socket_, tcp_;
};

Result<Config> settings_of(const DoctorWords& words) {
  std::error_code error;
  std::filesystem::path file = words.config_file;
  if (file.empty() && std::filesystem::exists(kSystemSettings, error)) file = kSystemSettings;
  Config config;
  if (!file.empty()) {
    auto loaded = load_config(file);
    if (!loaded) return loaded.error();
    config = std::move(*loaded);
  }
  if (!words.folder.empty()) config.folder = words.folder;
  if (config.folder.empty()) config.folder = default_folder();
  if (!words.socket.empty()) config.socket = words.socket;
  if (config.socket.empty()) config.socket = config.folder / "agent.sock";
  if (words.port >= 0 && words.port <= 65535) config.port = static_cast<std::uint16_t>(words.port);
  return config;
}

std::string door_words(std::string_view door) {
  static constexpr std::array<std::array<const char*, 2>, 14> kDoors{{{"folder", "数据目录"},
                                                                      {"agent", "代理"},
                                                                      {"http", "HTTP 接口"},
                                                                      {"headquarters", "总部"},
                                                                      {"clock", "时间"},
                                                                      {"members", "会员名单"},
                                                                      {"coupons", "优惠券"},
                                                                      {"storage", "存储"},
                                                                      {"files", "单据文件"},
                                                                      {"database", "数据库"},
                                                                      {"printer", "打印"},
                                                                      {"scanner", "扫码枪"},
                                                                      {"library", "收银软件库"},
                                                                      {"browser", "网页收银"}}};
  for (const auto& [en, zh] : kDoors)
    if (door == en) return say(zh, en);
  return std::string(door);
}

const char* sign_of(Health health) {
  if (health == Health::works) return "✓";
  return health == Health::look ? "!" : "✗";
}

void print(const Findings& findings) {
  std::size_t broken = 0, look = 0;
  for (const Finding& finding : findings) {
    fmt::print("{} {}: {}\n", sign_of(finding.health), door_words(finding.door),
               say(finding.says.zh.c_str(), finding.says.en.c_str()));
    if (!finding.mend.en.empty()) fmt::print("    → {}\n", say(finding.mend.zh.c_str(), finding.mend.en.c_str()));
    if (finding.health == Health::broken) ++broken;
    if (finding.health == Health::look) ++look;
  }
  fmt::print(
      "{}\n",
      fmt::format(fmt::runtime(say("{} 项正常，{} 项要看，{} 项不行", "{} work, {} want a look, {} do not work")),
                  findings.size() - look - broken, look, broken));
}

void print_json(const Findings& findings) {
  json all = json::array();
  for (const Finding& finding : findings)
    all.push_back({{"door", finding.door},
                   {"health", name_of(finding.health)},
                   {"zh", finding.says.zh},
                   {"en", finding.says.en},
                   {"mend_zh", finding.mend.zh},
                   {"mend_en", finding.mend.en}});
  fmt::print("{}\n", json{{"findings", all}}.dump());
}

}  // namespace

int doctor(const DoctorWords& words) {
  auto config = settings_of(words);
  if (!config) return complain(config.error());
  DoctorLine line(*config);
  TcpKnock knock;
  const Findings findings = doctor::examine({std::move(*config), TILLSIDE_VERSION, SystemClock().now(), &line, &knock});
  if (words.json) {
    print_json(findings);
  } else {
    print(findings);
  }
  const bool all_work = std::none_of(findings.begin(), findings.end(),
                                     [](const Finding& finding) { return finding.health == Health::broken; });
  return all_work ? kDone : kPartly;
}

}  // namespace tillside::cli
