#include "agent/doctor/doctor.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/doctor/examine_doors.h"
#include "agent/doctor/examine_scanner.h"
#include "agent/doctor/examine_spool.h"
#include "agent/doctor/examine_status.h"

namespace tillside::doctor {
namespace {

using nlohmann::json;

void add(Findings& all, Findings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Finding not_running(const Error& error) {
  return broken("agent", {"代理没有应答（" + error.detail + "）", "no agent answers (" + error.detail + ")"},
                {"启动服务：systemctl start tillside，或运行 tillside agent；收银不受影响",
                 "start its service: systemctl start tillside, or run tillside agent; sales are not affected"});
}

Finding running(const json& status, const std::string& version) {
  const std::string theirs = status.value("version", "?");
  if (theirs != version)
    return look(
        "agent",
        {"在运行，版本 " + theirs + "，本工具是 " + version, "runs version " + theirs + ", this tool is " + version},
        {"升级后重启代理", "restart the agent after an upgrade"});
  return works("agent", {"在运行，版本 " + theirs, "runs version " + theirs});
}

Finding http_door(AgentLine& agent, const Config& config) {
  const std::string port = std::to_string(config.port);
  const auto answer = agent.by_tcp("/v1/shop");
  if (!answer)
    return broken(
        "http", {"127.0.0.1:" + port + " 没有应答", "nobody answers at 127.0.0.1:" + port},
        {"看端口是否被别的程序占用；改 [api] port", "see whether another program has the port; change [api] port"});
  if (answer->status == 401)
    return broken("http",
                  {"令牌不对：" + (config.folder / "api-token").string(),
                   "the token is refused: " + (config.folder / "api-token").string()},
                  {"把 api-token 重新复制给收银软件", "hand the POS a fresh copy of api-token"});
  if (answer->status != 200)
    return broken("http",
                  {"127.0.0.1:" + port + " 答 " + std::to_string(answer->status),
                   "127.0.0.1:" + port + " answers " + std::to_string(answer->status)},
                  {"看代理的日志", "read the agent's log"});
  return works("http", {"127.0.0.1:" + port + " 凭令牌可用", "127.0.0.1:" + port + " answers with the token"});
}

Finding browser_door(AgentLine& agent, const std::string& origin) {
  const auto answer = agent.preflight(origin);
  if (answer && answer->allowed_origin == origin) return works("browser", {origin + " 可调用", origin + " may call"});
  return broken("browser", {origin + " 被拒绝", origin + " is refused"},
                {"核对 [api] origins（协议、主机、端口一字不差），并重启代理",
                 "check [api] origins (scheme, host and port to the letter), and restart the agent"});
}

void examine_agent(Findings& all, const Patient& patient) {
  const auto answer = patient.agent->by_socket("/v1/status");
  if (!answer) {
    all.push_back(not_running(answer.error()));
    return;
  }
  const json status = json::parse(answer->body, nullptr, false);
  if (answer->status != 200 || !status.is_object()) {
    all.push_back(broken("agent",
                         {"代理不给说明（HTTP " + std::to_string(answer->status) + "）",
                          "the agent gives no account (HTTP " + std::to_string(answer->status) + ")"},
                         {"用装代理的用户或 root 运行；--folder 指明它的数据目录",
                          "run this as the agent's user or root; name its folder with --folder"}));
    return;
  }
  all.push_back(running(status, patient.version));
  all.push_back(http_door(*patient.agent, patient.config));
  add(all, examine_headquarters(status, patient.now));
  add(all, examine_clock(status));
  add(all, examine_members(status, patient.now));
  add(all, examine_coupons(status));
  add(all, examine_storage(status));
  for (const std::string& origin : patient.config.origins) all.push_back(browser_door(*patient.agent, origin));
}

}  // namespace

std::string_view name_of(Health health) {
  switch (health) {
    case Health::works:
      return "works";
    case Health::look:
      return "look";
    case Health::broken:
      break;
  }
  return "broken";
}

Words ago(std::int64_t ms) {
  if (ms < kHour) return {fmt::format("{} 分钟", ms / kMinute), fmt::format("{} minutes", ms / kMinute)};
  if (ms < 2 * kDay) return {fmt::format("{} 小时", ms / kHour), fmt::format("{} hours", ms / kHour)};
  return {fmt::format("{} 天", ms / kDay), fmt::format("{} days", ms / kDay)};
}

Findings examine(const Patient& patient) {
  Findings all = examine_folder(patient.config);
  examine_agent(all, patient);
  const auto now = std::filesystem::file_time_type::clock::now();
  add(all, examine_files(patient.config, now));
  add(all, examine_database(patient.config));
  add(all, examine_printer(patient.config.printer, *patient.knock));
  add(all, examine_scanner(patient.config.scanner));
  add(all, examine_spools(patient.config.spools, now));
  return all;
}

}  // namespace tillside::doctor
