#include "agent/cli/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "agent/cli/code_words.h"
#include "agent/cli/picture_codes.h"
#include "agent/cli/terminal.h"
#include "agent/platform/files.h"
#include "agent/platform/zones.h"

namespace tillside::cli {
namespace {

using nlohmann::ordered_json;

// Whether a code is genuine, and whether it could be spent now: an agent's word, or why there is none.
struct Judgement {
  std::optional<bool> holds, usable;
  std::string reason;            // a name of docs/redemption.md, or no_agent, not_asked
  std::string zh, en;            // the reason in words
  ordered_json terms, works_at;  // as the agent tells them; null when it does not know them
};

std::string text_of(const ordered_json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

ordered_json part_of(const ordered_json& object, const char* key) {
  return object.is_object() && object.contains(key) ? object[key] : ordered_json();
}

Judgement unchecked(std::string reason, std::string zh, std::string en) {
  return {std::nullopt, std::nullopt, std::move(reason), std::move(zh), std::move(en), {}, {}};
}

// A word in the terminal's language, of {"zh","en"} or as it stands.
std::string words_in(const ordered_json& object, const char* key) {
  const ordered_json part = part_of(object, key);
  return part.is_object() ? text_of(part, say("zh", "en")) : text_of(object, key);
}

// What a refusal says about the code itself: nothing, when it was not looked at; that it is genuine, when only the
// circumstances are against it.
std::optional<bool> genuine(const std::string& reason, bool known) {
  constexpr std::array kFalse{"not_a_code", "forged", "unknown_key", "beyond_ceiling"};
  constexpr std::array kUndecided{"directory_expired", "too_many_tries", "not_ready"};
  const auto is = [&](const char* name) { return reason == name; };
  if (std::any_of(kFalse.begin(), kFalse.end(), is)) return false;
  if (std::any_of(kUndecided.begin(), kUndecided.end(), is)) return std::nullopt;
  if (is("needs_network") && !known) return std::nullopt;  // a typed form of another till
  return true;
}

Judgement judgement_of(const ordered_json& answer) {
  Judgement judgement;
  judgement.reason = text_of(answer, "reason");
  judgement.zh = text_of(answer, "zh");
  judgement.en = text_of(answer, "en");
  judgement.terms = part_of(answer, "coupon");
  judgement.works_at = part_of(answer, "works_at");
  judgement.holds = genuine(judgement.reason, judgement.terms.is_object());
  judgement.usable = text_of(answer, "state") == "free";
  return judgement;
}

// Its text alone: what no agent need be asked.
std::optional<Judgement> judged_by_itself(const CodeReading& reading) {
  if (reading.what == CodeReading::What::unknown || !reading.field.empty()) {
    Judgement judgement{false, false, "not_a_code", reading.why_zh, reading.why_en, {}, {}};
    return judgement;
  }
  if (reading.referral)
    return unchecked("not_asked", "邀请码的真伪只有总部能验", "only headquarters can verify a join code");
  return std::nullopt;
}

Judgement judge(LocalClient& agent, const CodeReading& reading, const std::string& text) {
  if (auto judgement = judged_by_itself(reading)) return *std::move(judgement);
  const auto answer = agent.post("/v1/coupons/check", ordered_json{{"code", text}}.dump());
  if (!answer)
    return unchecked("no_agent", "没有验签：这里没有代理在运行", "signature not checked: no agent answers here");
  if (answer->status != 200) {
    return unchecked("no_agent", fmt::format("没有验签：代理没有回答这张券（HTTP {}）", answer->status),
                     fmt::format("signature not checked: the agent has no answer for it (HTTP {})", answer->status));
  }
  return judgement_of(ordered_json::parse(answer->body, nullptr, false));
}

Surroundings surroundings(LocalClient& agent) {
  Surroundings where;
  const auto answer = agent.get("/v1/status");
  if (!answer || answer->status != 200) return where;
  const auto status = ordered_json::parse(answer->body, nullptr, false);
  const auto zone = load_zone(text_of(status, "zone"));
  const auto currency = currency_of(text_of(status, "currency"));
  if (zone) where.zone = *zone;
  if (currency) where.currency = *currency;
  where.known = zone.ok() && currency.ok();
  return where;
}

const char* holds_words(const Judgement& judgement) {
  if (!judgement.holds) return say("没有验", "not checked");
  return *judgement.holds ? say("真", "genuine") : say("不成立", "does not hold");
}

void print_rows(const CodeReading& reading, const Judgement& judgement, const Surroundings& where) {
  const auto line = [](const char* label, const std::string& value) { fmt::print("{}  {}\n", label, value); };
  for (const Row& row : rows_of(reading, where))
    line(say(row.zh, row.en), say(row.value_zh.c_str(), row.value_en.c_str()));
  const auto term = [&](const char* label, const std::string& value) {
    if (!value.empty()) line(label, value);
  };
  term(say("活动", "campaign name"), words_in(judgement.terms, "title"));
  if (reading.typed) {  // carries no terms of its own
    term(say("券号", "id"), text_of(judgement.terms, "id"));
    term(say("优惠", "reward"), words_in(judgement.terms, "reward"));
    term(say("有效至", "valid until"), text_of(judgement.terms, "valid_until"));
  }
  const bool ours = reading.what != CodeReading::What::unknown;
  if (ours) line(say("真伪", "signature"), holds_words(judgement));
  if (ours && judgement.usable)
    line(say("现在可用", "usable now"), *judgement.usable ? say("是", "yes") : say("否", "no"));
  if (!judgement.zh.empty()) line(say("说明", "why"), say(judgement.zh.c_str(), judgement.en.c_str()));
  term(say("可用于", "works"), words_in(ordered_json{{"at", judgement.works_at}}, "at"));
  if (!reading.hint_zh.empty()) line(say("提示", "hint"), say(reading.hint_zh.c_str(), reading.hint_en.c_str()));
}

ordered_json json_or_null(const std::optional<bool>& value) { return value ? ordered_json(*value) : ordered_json(); }

ordered_json json_of(const CodeReading& reading, const Judgement& judgement, const Surroundings& where) {
  ordered_json object = json_of(reading, where);
  object["holds"] = json_or_null(judgement.holds);
  object["usable"] = json_or_null(judgement.usable);
  object["reason"] = judgement.reason.empty() ? ordered_json() : ordered_json(judgement.reason);
  object["zh"] = judgement.zh;
  object["en"] = judgement.en;
  object["terms"] = judgement.terms;
  object["works_at"] = judgement.works_at;
  if (!reading.hint_zh.empty()) object["hint"] = {{"zh", reading.hint_zh}, {"en", reading.hint_en}};
  return object;
}

Result<std::string> bytes_of(const std::string& what) {
  if (what == "-") return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  std::error_code error;
  if (!std::filesystem::is_regular_file(what, error)) return what;
  if (auto content = read_file(what)) return *std::move(content);
  return Error{ErrorCode::not_found, {}, what};
}

Result<std::vector<std::string>> codes_of(const std::string& what) {
  auto bytes = bytes_of(what);
  if (!bytes) return bytes.error();
  if (!is_picture(*bytes)) return std::vector<std::string>{*std::move(bytes)};
  auto codes = codes_in_picture(*bytes);
  if (codes && codes->empty())
    return Error{
        ErrorCode::not_found, {}, say("图里没有读到二维码或条码", "no QR code or bar code can be read in the picture")};
  return codes;
}

}  // namespace

int inspect(LocalClient& agent, const std::string& what, bool as_json) {
  const auto codes = codes_of(what);
  if (!codes) return complain(codes.error());
  const Surroundings where = surroundings(agent);
  ordered_json all = ordered_json::array();
  std::size_t sound = 0;
  for (const std::string& text : *codes) {
    const CodeReading reading = read_code(text);
    const Judgement judgement = judge(agent, reading, text);
    sound += judgement.holds.value_or(true) ? 1 : 0;
    if (as_json) {
      all.push_back(json_of(reading, judgement, where));
    } else {
      if (&text != &codes->front()) fmt::print("\n");
      print_rows(reading, judgement, where);
    }
  }
  if (as_json) fmt::print("{}\n", ordered_json{{"codes", std::move(all)}}.dump());
  if (sound == codes->size()) return kDone;
  return sound == 0 ? kFailed : kPartly;
}

}  // namespace tillside::cli
