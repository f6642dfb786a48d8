#include <string>

#include "agent/api/handlers.h"
#include "agent/domain/json_out.h"
#include "sync/http/guard.h"

namespace tillside::api {
namespace {

void append_staff(std::string& out, const Staff& staff) {
  json::Object object(out);
  object.text("staff_id", staff.staff_id);
  object.text("name", staff.name);
  object.text("role", name_of(staff.role));
  object.boolean("has_badge", !staff.badge_token.empty());
}

void append_referral(std::string& out, const Staff& staff, const std::string& url) {
  json::Object object(out);
  object.text("staff_id", staff.staff_id);
  object.text("name", staff.name);
  object.text("url", url);
  object.text("qr", "/v1/qr?staff=" + http::percent_encode(staff.staff_id));
}

std::string referral_json(const Staff& staff, const std::string& url) {
  std::string body;
  append_referral(body, staff, url);
  return body;
}

void append_shop(std::string& out, const Shop& shop) {
  json::Object object(out);
  object.text("store_id", shop.store_id);
  object.text("store_name", shop.store_name);
  object.text("time_zone", shop.zone.name());
  {
    json::Object currency(object.key("currency"));
    currency.text("code", shop.currency.text());
    currency.integer("exponent", shop.currency.exponent);
  }
  object.boolean("enrolled", shop.enrolled);
  object.boolean("may_issue", shop.may_issue);
}

}  // namespace

void shop_facts(Context& context, Call call) {
  std::string body;
  append_shop(body, *context.shop());
  call.send(http::json_response(std::move(body)));
}

void staff_list(Context& context, Call call) {
  const auto shop = context.shop();
  std::string body;
  {
    json::Object object(body);
    json::Array list(object.key("staff"));
    for (const Staff& staff : shop->roster.all()) {
      if (staff.active) append_staff(list.next(), staff);
    }
  }
  call.send(http::json_response(std::move(body)));
}

void staff_referral(Context& context, Call call) {
  const auto url = context.desk().badge_url(call.part());
  if (!url) return call.fail(url.error());
  const auto shop = context.shop();
  const Staff* staff = shop->roster.find(call.part());
  if (staff == nullptr) return call.fail({ErrorCode::not_found, "staff_id", {}});
  if (call.request().query_value_or("format", "json") == "json") {
    return call.send(http::json_response(referral_json(*staff, *url)));
  }
  send_symbol(context, call, *url, staff->name);
}

}  // namespace tillside::api
