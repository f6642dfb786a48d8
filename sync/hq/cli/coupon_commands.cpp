#include <charconv>
#include <fstream>

#include "sync/hq/cli/exchange.h"
#include "sync/hq/csv.h"
#include "sync/hq/hq_keys.h"
#include "sync/hq/private_file.h"

namespace tillside::hq::cli {
namespace {

// A file of its owner alone: whoever reads it can have the goods.
bool write_codes(const std::string& file, const Json& coupons) {
  std::string csv;
  append_csv_row(csv, {"id", "url", "typed", "digits", "valid_until", "personal"});
  for (const auto& coupon : coupons)
    append_csv_row(csv, {text(coupon, "id"), text(coupon, "url"), text(coupon, "typed"), text(coupon, "digits"),
                         text(coupon, "valid_until"), coupon.value("personal", false) ? "1" : "0"});
  return write_private_file(file, csv).ok();
}

int print_made(const Context& context, const Json& json, const std::string& csv) {
  if (!csv.empty() && !write_codes(csv, json["coupons"]))
    return fail({ErrorCode::storage_failed, csv, "cannot be written"});
  if (csv.empty() && !context.json)
    for (const auto& coupon : json["coupons"])
      std::cout << text(coupon, "typed") << '\t' << text(coupon, "url") << '\n';
  if (!csv.empty())
    say(context, "订单 {}：{} 张券码已写入 {}", "order {}: {} codes written to {}", text(json, "order"),
        text(json, "count"), csv);
  return list_bad_rows(json, json["bad_rows"].size());
}

// "redeem_cap_count=300": a number; "manual_key.B7=F6": a text; "redeem_cap_count=": taken back.
Json value_of(const std::string& value) {
  if (value.empty()) return nullptr;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end == value.data() + value.size() ? Json(number) : Json(value);
}

}  // namespace

int make_coupons(const Context& context, const NewCoupons& coupons) {
  if ((coupons.count == 0) == coupons.members.empty())
    return fail("请给 --count 或 --members 之一", "give one of --count and --members"), kUsage;
  const auto order = coupons.order.empty() ? to_hex(random_bytes<8>()) : coupons.order;
  const auto print = [&](const Json& json) { return print_made(context, json, coupons.csv); };
  if (coupons.members.empty()) {
    Json body{
        {"campaign", coupons.campaign}, {"store_id", coupons.store_id}, {"count", coupons.count}, {"order", order}};
    if (coupons.limit != 0) body["limit"] = coupons.limit;
    return exchange(context, "POST", "coupons", body.dump(), print);
  }
  const auto content = content_of(coupons.members);
  if (!content) return cannot_read(coupons.members);
  auto path = "coupons?campaign=" + std::to_string(coupons.campaign) + "&store=" + coupons.store_id + "&order=" + order;
  if (coupons.limit != 0) path += "&limit=" + std::to_string(coupons.limit);
  return exchange(context, "POST", path, *content, print, "text/csv");
}

int revoke_coupon(const Context& context, const std::string& id) {
  return exchange(context, "POST", "coupons/" + id + "/revoke", "{}", [&](const Json&) {
    say(context, "券 {} 已作废", "coupon {} is revoked", id);
    return kDone;
  });
}

int member_joined(const Context& context, const Joined& joined) {
  Json body{{"store_id", joined.store_id}};
  const std::pair<const char*, const std::string*> fields[] = {{"member_id", &joined.member_id},
                                                               {"phone", &joined.phone},
                                                               {"card", &joined.card},
                                                               {"unionid", &joined.unionid},
                                                               {"openid", &joined.openid},
                                                               {"external_userid", &joined.external_userid},
                                                               {"at", &joined.at}};
  for (const auto& [name, value] : fields)
    if (!value->empty()) body[name] = *value;
  return exchange(context, "POST", "joined", body.dump(), [&](const Json& json) {
    if (json.value("welcomed", false))
      say(context, "已入群，并发给入群券", "joined, and issued a welcome coupon");
    else
      say(context, "已入群", "joined");
    return kDone;
  });
}

int set_store(const Context& context, const std::string& store_id, const std::vector<std::string>& settings) {
  Json body = Json::object();
  for (const auto& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos) return fail("请写成 名称=值", "name=value is wanted"), kUsage;
    const auto name = setting.substr(0, equals), value = setting.substr(equals + 1);
    body[name] = name.starts_with("manual_key.") && !value.empty() ? Json(value) : value_of(value);
  }
  const auto path = store_id.empty() ? std::string("settings") : "stores/" + store_id + "/settings";
  const auto method = settings.empty() ? "GET" : "POST";
  return exchange(context, method, path, settings.empty() ? "" : body.dump(), [&](const Json& json) {
    for (const auto& [name, value] : json["settings"].items())
      if (!context.json) std::cout << name << '=' << value.get<std::string>() << '\n';
    return kDone;
  });
}

int store_token(const Context& context, const std::string& store_id) {
  return exchange(context, "POST", "stores/" + store_id + "/token", "{}", [&](const Json& json) {
    say(context, "门店 {} 的店长令牌（只显示这一次）：{}", "manager's token of store {} (shown this once): {}",
        text(json, "store_id"), text(json, "token"));
    return kDone;
  });
}

}  // namespace tillside::hq::cli
