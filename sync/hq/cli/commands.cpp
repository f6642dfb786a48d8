#include "sync/hq/cli/commands.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "sync/hq/cli/exchange.h"
#include "sync/hq/cli/words.h"

namespace tillside::hq::cli {
namespace {

constexpr std::size_t kPart = 4 << 20;  // bytes of a members file in one call

std::string action_path(unsigned till, const std::string& action) {
  return "tills/" + std::to_string(till) + "/" + action;
}

}  // namespace

int add_store(const Context& context, const NewStore& store) {
  Json body{{"store_id", store.store_id}, {"name", store.name}};
  if (store.number != 0) body["number"] = store.number;
  if (!store.zone.empty()) body["zone"] = store.zone;
  if (!store.currency.empty()) body["currency"] = store.currency;
  if (!store.calling_code.empty()) body["country_calling_code"] = store.calling_code;
  return exchange(context, "POST", "stores", body.dump(), [&](const Json& json) {
    say(context, "门店 {} 已登记，编号 {}", "store {} is registered as number {}", text(json, "store_id"),
        text(json, "number"));
    return kDone;
  });
}

int list_stores(const Context& context) {
  return exchange(context, "GET", "stores", "", [&](const Json& json) {
    for (const auto& store : json["stores"])
      say(context, "{}\t{}\t{}\t{}\t{}", "{}\t{}\t{}\t{}\t{}", text(store, "store_id"), text(store, "number"),
          text(store, "name"), text(store, "zone"), text(store, "currency"));
    return kDone;
  });
}

int make_code(const Context& context, const std::string& store_id, int hours) {
  const Json body{{"store_id", store_id}, {"valid_hours", hours}};
  return exchange(context, "POST", "tills/codes", body.dump(), [&](const Json& json) {
    say(context, "一次性登记码：{}（有效至 {}）", "one-time code: {} (valid until {})", text(json, "code"),
        text(json, "expires"));
    return kDone;
  });
}

std::string fork_mark(const Json& till) {
  return fmt::format(fmt::runtime(in_words(" 分叉（另存 {} 条）", " forked ({} events kept beside)")),
                     text(till, "fork_events"));
}

int list_tills(const Context& context) {
  return exchange(context, "GET", "tills", "", [&](const Json& json) {
    if (json.value("recovering", false))
      say(context, "总部正在恢复：等待各收银机联系", "headquarters is recovering: it waits for its tills");
    for (const auto& till : json["tills"]) {
      std::string marks;
      if (till.value("revoked", false)) marks += in_words(" 已吊销", " revoked");
      if (till.value("forked", false)) marks += fork_mark(till);
      if (till.value("awaited", false)) marks += in_words(" 待联系", " awaited");
      say(context, "T{}\t{}\t{} 条\t最近联系 {}{}", "T{}\t{}\t{} events\tlast contact {}{}", text(till, "till"),
          text(till, "store_id"), text(till, "events"), text(till, "last_contact"), marks);
    }
    return kDone;
  });
}

int till_action(const Context& context, unsigned till, const std::string& action) {
  return exchange(context, "POST", action_path(till, action), "{}", [&](const Json&) {
    if (action == "revoke")
      say(context, "收银机 {} 已吊销；它上传的内容将单独保留", "till {} is revoked; what it sends is kept apart", till);
    else
      say(context, "不再等待收银机 {}", "till {} is not waited for any more", till);
    return kDone;
  });
}

int disk_gone(const Context& context, unsigned till, const std::string& epoch, unsigned generation) {
  const auto body = epoch.empty() ? Json{{"generation", generation}} : Json{{"epoch", epoch}};
  return exchange(context, "POST", action_path(till, "disk-gone"), body.dump(), [&](const Json& json) {
    say(context, "收银机 {} 的数据库 {} 已记为不复存在；其券今后由总部裁决，未上传的记录视为丢失",
        "database {1} of till {0} is gone; headquarters decides its coupons, what it did not send counts as lost", till,
        text(json, "epoch"));
    return kDone;
  });
}

int till_ledger(const Context& context, unsigned till) {
  return exchange(context, "GET", action_path(till, "ledger"), "", [&](const Json& json) {
    for (const auto& epoch : json["epochs"])
      say(context, "{}\t{}{}\t已存至 {}\t{}\t销售 {}\t券 {}{}", "{}\t{}{}\theld to {}\t{}\tsales {}\tcoupons {}{}",
          text(epoch, "epoch"), text(epoch, "state"),
          epoch.value("disk_gone", false) ? in_words("（磁盘已不在）", " (disk gone)") : "", text(epoch, "held_seq"),
          text(epoch, "chain_hash"), text(epoch, "sales"), text(epoch, "coupons"),
          epoch.value("fork_events", 0) > 0 ? fork_mark(epoch) : std::string());
    return kDone;
  });
}

int import_staff(const Context& context, const std::string& file) {
  const auto content = content_of(file);
  if (!content) return cannot_read(file);
  return exchange(
      context, "POST", "staff/import", *content,
      [&](const Json& json) {
        say(context, "已导入 {} 名店员，{} 家门店", "{} staff of {} stores imported", text(json, "taken"),
            text(json, "stores"));
        return list_bad_rows(json, json["bad_rows"].size());
      },
      "text/csv");
}

int list_staff(const Context& context, const std::string& store_id) {
  const auto path = store_id.empty() ? std::string("staff") : "staff?store=" + store_id;
  return exchange(context, "GET", path, "", [&](const Json& json) {
    for (const auto& staff : json["staff"])
      say(context, "{}\t{}\t{}\t{}\t{}", "{}\t{}\t{}\t{}\t{}", text(staff, "store_id"), text(staff, "staff_id"),
          text(staff, "number"), text(staff, "name"), text(staff, "role"));
    return kDone;
  });
}

int add_campaigns(const Context& context, const std::string& file) {
  const auto content = content_of(file);
  if (!content) return cannot_read(file);
  return exchange(context, "POST", "campaigns", *content, [&](const Json& json) {
    for (const auto& campaign : json["campaigns"])
      say(context, "活动 {} 已登记：{}", "campaign {} is registered: {}", text(campaign, "number"),
          text(campaign["name"], user_language() == Language::zh ? "zh" : "en"));
    return kDone;
  });
}

int list_campaigns(const Context& context) {
  return exchange(context, "GET", "campaigns", "", [&](const Json& json) {
    for (const auto& campaign : json["campaigns"])
      say(context, "{}\t{}\t已借出 {}\t已发 {}\t可借 {}{}", "{}\t{}\tlent {}\tissued {}\tavailable {}{}",
          text(campaign, "number"), text(campaign["name"], user_language() == Language::zh ? "zh" : "en"),
          text(campaign, "lent"), text(campaign, "issued"), text(campaign, "available"),
          campaign.value("stopped", false) ? in_words("\t已停止", "\tstopped") : "");
    return kDone;
  });
}

// Reads the report until nobody is waited for or the time is over; the last answer.
Result<Json> awaited_after(const Context& context, unsigned number, int wait_s) {
  const auto path = "reports/stops?campaign=" + std::to_string(number);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(wait_s);
  for (;;) {
    auto answer = call(context.address, "GET", path);
    if (!answer) return answer.error();
    auto json = answer->ok() ? Json::parse(answer->body, nullptr, false) : Json();
    if (!json.is_object()) return Error{ErrorCode::unavailable, "reports/stops", "no report"};
    if (json["tills"].empty() || std::chrono::steady_clock::now() >= end) return json;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

int list_awaited(const Context& context, const Json& json) {
  for (const auto& till : json["tills"])
    say(context, "尚未确认：收银机 {}（门店 {}）\t手中额度 {}，最多 {}\t在外有效券 {}\t最近联系 {}",
        "not acknowledged: till {} (store {})\tunits in hand {}, worth up to {}\tlive coupons {}\tlast heard {}",
        text(till, "till"), text(till, "store_id"), text(till, "in_hand"), text(till, "in_hand_value"),
        text(till, "live_coupons"), text(till, "last_heard"));
  return json["tills"].empty() ? kDone : kPartly;
}

int stop_campaign(const Context& context, unsigned number, int wait_s) {
  auto answer = call(context.address, "POST", "campaigns/" + std::to_string(number) + "/stop", "{}");
  if (!answer) return fail(answer.error());
  if (!answer->ok()) return refused(*answer);
  const auto awaited = awaited_after(context, number, wait_s);
  if (!awaited) return fail(awaited.error());
  if (context.json) std::cout << Json{{"number", number}, {"stopped", true}, {"awaited", *awaited}}.dump() << '\n';
  say(context, "活动 {} 已停止", "campaign {} is stopped", number);
  return list_awaited(context, *awaited);
}

int move_quota(const Context& context, const std::string& action, unsigned campaign, unsigned till) {
  const bool whole_till = campaign == 0;
  const auto path =
      (whole_till ? "tills/" + std::to_string(till) : "campaigns/" + std::to_string(campaign)) + "/" + action;
  const auto body = !whole_till && till != 0 ? Json{{"till", till}}.dump() : std::string("{}");
  return exchange(context, "POST", path, body, [&](const Json&) {
    if (action == "recall")
      say(context, "已要求归还未用额度；收银机下次联系时归还，不再借出",
          "unused quota is asked back: tills return it when next in contact, and nothing more is lent");
    else
      say(context, "恢复借出额度", "quota is lent again");
    return kDone;
  });
}

int import_members(const Context& context, const std::string& file, const std::string& authoritative) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return cannot_read(file);
  std::string part(kPart, '\0'), name;
  for (;;) {
    in.read(part.data(), static_cast<std::streamsize>(part.size()));
    const std::string piece(part.data(), static_cast<std::size_t>(in.gcount()));
    const bool last = !in || in.peek() == std::ifstream::traits_type::eof();
    std::string path = "members/import?authoritative=" + authoritative;
    if (!name.empty()) path += "&import=" + name;
    if (!last) path += "&more=1";
    auto answer = call(context.address, "POST", path, piece, "text/csv");
    if (!answer) return fail(answer.error());
    if (!answer->ok()) return refused(*answer);
    const auto json = Json::parse(answer->body, nullptr, false);
    if (!last) {
      name = json.value("import", std::string());
      continue;
    }
    if (context.json) std::cout << answer->body << '\n';
    say(context, "读入 {} 行，收下 {} 行，{} 个标识有变化", "{} rows read, {} taken, {} identifiers changed",
        text(json, "rows"), text(json, "taken"), text(json, "changed_identifiers"));
    return list_bad_rows(json, json.value("bad_count", std::uint64_t{0}));
  }
}

std::string report_path(const ReportArguments& arguments) {
  if (arguments.what.empty()) return "report?by=" + arguments.by + "&";
  if (arguments.what == "doubles") return "reports/double-redemptions?";
  if (arguments.what == "vouchers") return "reports/handed-over?";
  return "reports/" + arguments.what + "?";
}

int report(const Context& context, const ReportArguments& arguments) {
  std::string path = report_path(arguments);
  if (!arguments.from.empty()) path += "from=" + arguments.from + "&";
  if (!arguments.to.empty()) path += "to=" + arguments.to + "&";
  for (const auto& [name, threshold] : arguments.thresholds) path += name + "=" + std::to_string(threshold) + "&";
  path += context.json ? "format=json" : "format=csv";
  if (arguments.bom) path += "&bom=1";
  auto answer = call(context.address, "GET", path);
  if (!answer) return fail(answer.error());
  if (!answer->ok()) return refused(*answer);
  std::cout << answer->body;
  if (context.json) std::cout << '\n';
  return kDone;
}

int show_key(const Context& context) {
  return exchange(context, "GET", "key", "", [&](const Json& json) {
    say(context, "连锁编号：{}\n公钥（第 {} 代）：{}", "chain id: {}\npublic key (generation {}): {}",
        text(json, "chain"), text(json, "key_generation"), text(json, "public_key"));
    return kDone;
  });
}

int rotate_own_key(const Context& context) {
  return exchange(context, "POST", "key/rotate", "{}", [&](const Json& json) {
    say(context,
        "总部已换用第 {} 代密钥；收银机在下次联系时得知，旧密钥签的券仍有效。\n请重新备份 hq.key：旧的副本里没有新密钥",
        "headquarters signs with generation {} of its key now; tills learn of it at their next contact, coupons signed "
        "with the one before still hold.\nCopy hq.key again: older copies lack the new key",
        text(json, "key_generation"));
    return kDone;
  });
}

int list_keys(const Context& context) {
  return exchange(context, "GET", "keys", "", [&](const Json& json) {
    for (const auto& key : json["keys"]) {
      const auto revoked = key["good_to"].is_null() ? std::string() : in_words("\t有效至序号 ", "\tgood to serial ");
      const auto who = key["till"] == 0 ? in_words("总部", "headquarters") : "T" + text(key, "till");
      say(context, "{}\t第 {} 代\t{}\t{}{}", "{}\tgeneration {}\t{}\t{}{}", who, text(key, "generation"),
          text(key, "status"), text(key, "public_key"), revoked.empty() ? revoked : revoked + text(key, "good_to"));
    }
    return kDone;
  });
}

Result<bool> still_rotates(const Context& context, unsigned number) {
  auto answer = call(context.address, "GET", "tills");
  if (!answer) return answer.error();
  const auto json = answer->ok() ? Json::parse(answer->body, nullptr, false) : Json();
  if (!json.is_object()) return Error{ErrorCode::unavailable, "tills", "no list"};
  for (const auto& till : json["tills"])
    if (till["till"] == number) return till.value("rotate", false);
  return false;
}

int rotate_key(const Context& context, unsigned till, int wait_s) {
  auto answer = call(context.address, "POST", action_path(till, "rotate"), "{}");
  if (!answer) return fail(answer.error());
  if (!answer->ok()) return refused(*answer);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(wait_s);
  auto waiting = still_rotates(context, till);
  while (waiting && *waiting && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    waiting = still_rotates(context, till);
  }
  if (!waiting) return fail(waiting.error());
  if (context.json) std::cout << Json{{"till", till}, {"rotated", !*waiting}}.dump() << '\n';
  if (*waiting)
    say(context, "收银机 {} 尚未联系：下次联系时更换密钥",
        "till {} is out of contact: its key changes at its next contact", till);
  else
    say(context, "收银机 {} 已换用新密钥；旧密钥签的券仍有效",
        "till {} has a new key; coupons signed with the one before still hold", till);
  return *waiting ? kPartly : kDone;
}

int revoke_key(const Context& context, unsigned till, unsigned generation, unsigned good_to) {
  const auto path = "keys/" + std::to_string(till) + "/" + std::to_string(generation) + "/revoke";
  return exchange(context, "POST", path, Json{{"good_to", good_to}}.dump(), [&](const Json&) {
    const auto whose =
        till == 0 ? in_words("总部", "headquarters") : in_words("收银机 ", "till ") + std::to_string(till);
    say(context, "{} 第 {} 代密钥已吊销：序号 {} 及以前的券仍有效",
        "generation {1} of the key of {0} is revoked: its coupons up to serial {2} still hold", whose, generation,
        good_to);
    return kDone;
  });
}

int set_host(const Context& context, const std::string& host) {
  return exchange(context, "POST", "settings", Json{{"public_host", host}}.dump(), [&](const Json& json) {
    say(context, "券码与引流码的域名：{}", "host of coupon and referral addresses: {}", text(json, "public_host"));
    return kDone;
  });
}

}  // namespace tillside::hq::cli
