#include "agent/cli/tools.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "agent/cli/terminal.h"
#include "agent/platform/files.h"

namespace tillside::cli {
namespace {

using nlohmann::json;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    const bool plain = std::isalnum(byte) != 0 || std::string_view("-_.~:").find(character) != std::string_view::npos;
    out += plain ? std::string(1, character) : fmt::format("%{:02X}", byte);
  }
  return out;
}

int print_raw(const Result<LocalAnswer>& answer) {
  if (!answer) return complain(answer.error());
  if (answer->status != 200) return complain(*answer);
  std::fwrite(answer->body.data(), 1, answer->body.size(), stdout);
  if (answer->content_type.rfind("application/json", 0) == 0) std::fputc('\n', stdout);
  return kDone;
}

std::string text_of(const json& object, const char* key, const char* otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

std::string clock_words(const json& clock) {
  if (!clock.value("trusted", true))
    return say("不可信，先不发券：请联网一次，并校准电脑时间",
               "not trusted, no coupons: reach headquarters once, and set this computer's clock");
  return say("不对，已按总部时间办理：请校准电脑时间", "wrong, headquarters' time is used: set this computer's clock");
}

void print_status(const json& status) {
  const auto row = [](const char* zh, const char* en, const std::string& value) {
    fmt::print("{}  {}\n", say(zh, en), value);
  };
  row("门店", "store     ", text_of(status, "store_id", "-") + " " + text_of(status, "store_name", ""));
  row("收银机号", "till      ", std::to_string(status.value("till", 0)));
  row("注册", "enrolled  ", status.value("enrolled", false) ? say("是", "yes") : say("否", "no"));
  row("总部", "online    ", status.value("online", false) ? say("在线", "online") : say("离线", "offline"));
  row("等待上传", "backlog   ", std::to_string(status.value("backlog", 0)));
  if (const auto forked = status.value("forked", std::uint64_t{0}); forked > 0)
    row("分叉，待总部另存", "forked, not kept yet", std::to_string(forked));
  row("会员数据截至", "members as of", text_of(status, "members_as_of", "-"));
  if (const json clock = status.value("clock", json::object()); clock.value("state", "wall") != "wall")
    row("本机时间", "clock     ", clock_words(clock));
  row("最近联系", "last contact", text_of(status, "last_contact", "-"));
  if (const std::string error = text_of(status, "last_error", ""); !error.empty())
    row("最近的错误", "last error", error);
  for (const json& quota : status.value("quotas", json::array())) {
    fmt::print("{}\n", fmt::format(fmt::runtime(say("活动 {} 还可发 {} 张", "campaign {}: {} left to issue")),
                                   quota.value("campaign", 0), quota.value("left", 0)));
  }
}

}  // namespace

int enroll(LocalClient& agent, const std::string& hq_url, const std::string& code, bool as_json) {
  const auto answer = agent.post("/v1/enrolment", json{{"hq", hq_url}, {"code", code}}.dump());
  if (!answer) return complain(answer.error());
  if (answer->status != 200) return complain(*answer);
  if (as_json) return print_raw(answer);
  const json done = json::parse(answer->body, nullptr, false);
  fmt::print("{}\n",
             fmt::format(fmt::runtime(say("已注册：门店 {} {}，收银机 {}", "enrolled: store {} {}, till {}")),
                         text_of(done, "store_id", ""), text_of(done, "store_name", ""), done.value("till", 0)));
  return kDone;
}

int status(LocalClient& agent, bool as_json) {
  const auto answer = agent.get("/v1/status");
  if (!answer || answer->status != 200 || as_json) return print_raw(answer);
  const json status = json::parse(answer->body, nullptr, false);
  if (!status.is_object()) return complain(Error{ErrorCode::unavailable, {}, "the agent gives no status"});
  print_status(status);
  return kDone;
}

int open_page(LocalClient& agent, const std::string& page, bool as_json) {
  const auto answer = agent.post("/v1/links", json{{"page", "/" + page}}.dump());
  if (!answer || answer->status != 200 || as_json) return print_raw(answer);
  const json link = json::parse(answer->body, nullptr, false);
  fmt::print("{}\n", text_of(link, "url", ""));
  return kDone;
}

int checkout(LocalClient& agent, const std::string& verb, const std::filesystem::path& file, bool as_live) {
  std::optional<std::string> document;
  if (file == "-") {
    document.emplace(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  } else {
    document = read_file(file);
  }
  if (!document) return complain(Error{ErrorCode::not_found, {}, file.string()});
  return print_raw(agent.post("/v1/checkouts/" + verb, *document, as_live));
}

int receipt(LocalClient& agent, const std::string& identity, const std::string& format) {
  return print_raw(agent.get("/v1/checkouts/" + escaped(identity) + "/receipt?format=" + escaped(format)));
}

int qr(LocalClient& agent, const std::string& staff_id, const std::string& showing_id, const std::string& format) {
  const std::string which = staff_id.empty() ? "showing=" + escaped(showing_id) : "staff=" + escaped(staff_id);
  return print_raw(agent.get("/v1/qr?" + which + "&format=" + escaped(format)));
}

}  // namespace tillside::cli
