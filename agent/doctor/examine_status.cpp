#include "agent/doctor/examine_status.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace tillside::doctor {
namespace {

using nlohmann::json;

constexpr std::int64_t kStaleMembers = kDay, kLongAway = kHour;
constexpr std::uint64_t kLargeLog = 64ull << 20;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::uint64_t count_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<std::uint64_t>() : 0;
}
bool flag_of(const json& object, const char* key, bool otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

std::optional<std::int64_t> age_of(const json& status, const char* key, Instant now) {
  const auto at = parse_time(text_of(status, key), StoreZone());
  return at ? std::optional(std::max<std::int64_t>(0, now.ms - at->ms)) : std::nullopt;
}

Finding contact_of(const json& status, Instant now) {
  const std::string waiting = std::to_string(count_of(status, "backlog"));
  if (flag_of(status, "online", false))
    return works("headquarters", {"在线，等待上传 " + waiting + " 条", "online, " + waiting + " events waiting"});
  const auto away = age_of(status, "last_contact", now);
  const Words since = away ? ago(*away) : Words{"从未联系", "never reached"};
  const std::string error = text_of(status, "last_error");
  const std::string why = error.empty() ? "" : " (" + error + ")";
  Words says{"离线 " + since.zh + "，等待上传 " + waiting + " 条" + why,
             "offline for " + since.en + ", " + waiting + " events waiting" + why};
  Words mend{"检查本机网络和总部地址；收银照常，联网后自动补传",
             "check this machine's network and headquarters' address; sales go on and are sent when it is back"};
  if (away && *away < kLongAway) return look("headquarters", std::move(says), std::move(mend));
  return broken("headquarters", std::move(says), std::move(mend));
}

}  // namespace

Findings examine_headquarters(const json& status, Instant now) {
  if (!flag_of(status, "enrolled", false))
    return {broken("headquarters", {"还没有注册到总部", "not enrolled"},
                   {"向总部要一次性注册码，运行 tillside enroll --hq 地址 --code 注册码",
                    "ask headquarters for a one-time code and run tillside enroll --hq ADDRESS --code CODE"})};
  Findings all;
  all.push_back(contact_of(status, now));
  if (flag_of(status, "recovering", false))
    all.push_back(look("headquarters",
                       {"总部正从备份恢复，暂不借出额度", "headquarters is recovering from a backup and lends nothing"},
                       {"等各店收银机都联系过总部", "wait until every till has reported"}));
  if (const auto parked = count_of(status, "parked"); parked > 0)
    all.push_back(
        look("headquarters",
             {fmt::format("总部搁置了 {} 条记录", parked), fmt::format("headquarters parked {} events", parked)},
             {"请总部查看搁置原因", "ask headquarters for the reasons"}));
  if (const auto forked = count_of(status, "forked"); forked > 0)
    all.push_back(look("headquarters",
                       {fmt::format("磁盘被复制过：{} 条记录待总部另存", forked),
                        fmt::format("this disk was copied: {} events still to be kept apart", forked)},
                       {"只留一台用这份磁盘", "let one machine only run from this disk"}));
  return all;
}

Findings examine_clock(const json& status) {
  const json clock = status.value("clock", json::object());
  if (!flag_of(clock, "trusted", true))
    return {broken("clock", {"本机时间不可信，暂不发券", "this clock cannot be trusted: no coupons are issued"},
                   {"校准电脑时间，再联网一次", "set this computer's clock and reach headquarters once"})};
  if (text_of(clock, "state") != "wall" && clock.contains("state"))
    return {look("clock", {"本机时间不对，已按总部时间办理", "this clock is wrong: headquarters' time is used"},
                 {"校准电脑时间", "set this computer's clock"})};
  return {works("clock", {"时间可信", "trusted"})};
}

Findings examine_members(const json& status, Instant now) {
  const auto age = age_of(status, "members_as_of", now);
  if (!age || !flag_of(status, "members_complete", false))
    return {look(
        "members",
        {"会员名单还没有收全，只能答“不确定”", "members have not all arrived: the verdict can only be \"unknown\""},
        {"等下载完成；总部若还没有名单，请导入", "wait for the download, or import members at headquarters"})};
  const Words old = ago(*age);
  if (*age > kStaleMembers)
    return {look("members", {"会员名单是 " + old.zh + "前的", "members are " + old.en + " old"},
                 {"恢复与总部的联系", "bring the line to headquarters back"})};
  return {works("members", {"会员名单 " + old.zh + "前更新", "members as of " + old.en + " ago"})};
}

Findings examine_coupons(const json& status) {
  if (!flag_of(status, "enrolled", false)) return {};
  Findings all;
  if (!flag_of(status, "may_issue", false))
    all.push_back(
        broken("coupons", {"这台收银机现在不能发券", "this till may not issue coupons now"},
               {"恢复的或新的数据库须先联系一次总部", "a restored or fresh database must reach headquarters once"}));
  const json keys = status.value("keys", json::object());
  if (flag_of(keys, "expired", false))
    all.push_back(look("coupons",
                       {"密钥名录已过期：只能核销本机发的券",
                        "the key directory is out of date: only this till's own coupons can be checked"},
                       {"恢复与总部的联系", "bring the line to headquarters back"}));
  std::string empty;
  std::size_t with_units = 0;
  for (const json& quota : status.value("quotas", json::array())) {
    if (quota.value("left", 0) > 0)
      ++with_units;
    else
      empty += (empty.empty() ? "" : ", ") + std::to_string(quota.value("campaign", 0));
  }
  if (!empty.empty())
    all.push_back(
        look("coupons",
             {"活动 " + empty + " 借给本机的额度已用完", "the budget lent to this till is used up: campaign " + empty},
             {"联网后自动续借；总额用完则须总部追加",
              "it is lent anew when in contact; if the campaign's own budget is used up, headquarters must raise it"}));
  if (all.empty())
    all.push_back(works("coupons", {fmt::format("可发券，{} 个活动有额度", with_units),
                                    fmt::format("may issue, {} campaigns with units", with_units)}));
  return all;
}

Findings examine_storage(const json& status) {
  Findings all;
  if (const auto refused = count_of(status, "refused_disk_full"); refused > 0)
    all.push_back(broken("storage",
                         {fmt::format("磁盘满过，{} 次没能记下", refused),
                          fmt::format("the disk was full: {} writes were refused", refused)},
                         {"清理磁盘，然后重启代理", "make room, then restart the agent"}));
  if (const auto aside = count_of(status, "set_aside"); aside > 0)
    all.push_back(look("storage",
                       {fmt::format("启动时搁置了 {} 个损坏的文件", aside),
                        fmt::format("{} damaged files were set aside at the start", aside)},
                       {"检查磁盘；确认总部已收齐后可删除数据目录里的搁置文件",
                        "check the disk; the files may go once headquarters has everything"}));
  if (count_of(status, "wal_bytes") > kLargeLog)
    all.push_back(look("storage", {"数据库的预写日志过大", "the database's write-ahead log is large"},
                       {"重启代理", "restart the agent"}));
  if (all.empty())
    all.push_back(works("storage", {fmt::format("数据库 {} MB", count_of(status, "database_bytes") >> 20),
                                    fmt::format("database {} MB", count_of(status, "database_bytes") >> 20)}));
  return all;
}

}  // namespace tillside::doctor
