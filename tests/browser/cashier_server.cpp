// Serves the local API over a small shop for the browser's tests: prints one line of JSON, then obeys lines on stdin.
// Arguments are the origins of browser POS pages.
//   {"url":"http://127.0.0.1:…/open/…","base":"http://127.0.0.1:…","token":"…"}
// "link" prints such a line again; "restart" restarts the API; "offline" and "online" tell the screens;
//   "coupons" has headquarters tell of the member's coupons; "voucher" of one for goods, whose line has "voucher", the
//   code in its short form; the end of stdin ends it.
#include <iostream>
#include <string>

#include "agent/domain/coupon_terms.h"
#include "agent/platform/system_clock.h"
#include "tests/agent/api/live_api.h"

namespace tillside::api {
namespace {

// 13800138000's: one for this bill, one that wants a larger one and whose name is no markup, one that lives elsewhere.
constexpr const char* kForLarge = R"({"number":2,"kind":"welcome","name":{"zh":"<img src=x onerror=alert(1)>进群礼",
  "en":"<img src=x onerror=alert(1)>Welcome"},"reward":{"type":"amount_off","amount":5000,"min_spend":20000},
  "valid_days":30,"budget":{"issue":20,"exposure":2},"quota_per_till":5,
  "active_from":"2026-01-01T00:00:00+08:00","active_until":"2036-12-31T23:59:59+08:00"})";

constexpr const char* kVoucher = R"({"number":3,"kind":"pickup","name":{"zh":"榴莲一个","en":"One durian"},
  "reward":{"type":"item","item":4711,"worth":1500},"valid_days":30,"budget":{"issue":20,"exposure":2},
  "quota_per_till":5,"active_from":"2026-01-01T00:00:00+08:00","active_until":"2036-12-31T23:59:59+08:00"})";

// Nobody's, handed over to whoever shows it at this till.
std::string tell_of_voucher(LiveApi& live) {
  constexpr std::uint64_t kMac = 0x155555555;
  CouponBody body = body_of(live.shop().campaigns.at(2), SystemClock().now());
  body.key = {0, 1};
  body.serial = 9;
  const store::ToldCoupon told{store::coupon_number(body.key, body.serial), 0, *encode_coupon(body), KeyId{17, 0},
                               kMac};
  (void)live.store().writer().run([&](store::Session& session) { session.told().put(told, 0xFFFFFF); });
  return format_typed({0, body.serial, kMac});
}

void tell_of_coupons(LiveApi& live) {
  const struct {
    std::size_t campaign;
    KeyId home;
  } kHers[] = {{0, {17, 0}}, {1, {17, 0}}, {0, {18, 0}}};
  std::uint32_t serial = 0;
  for (const auto& [campaign, home] : kHers) {
    CouponBody body = body_of(live.shop().campaigns.at(campaign), SystemClock().now());
    body.serial = ++serial;
    const store::ToldCoupon told{store::coupon_number(body.key, serial), 77, *encode_coupon(body), home, {}};
    (void)live.store().writer().run([&](store::Session& session) { session.told().put(told, 0xFFFFFF); });
  }
  live.store().persons().add(77);
}

void print_addresses(LiveApi& live, const std::string& voucher = {}) {
  const nlohmann::json line = {{"voucher", voucher},
                               {"url", live.api().make_link("/cashier").value()},
                               {"base", "http://127.0.0.1:" + std::to_string(live.port())},
                               {"token", live.token()}};
  std::cout << line.dump() << std::endl;
}

void obey(LiveApi& live, const std::string& command) {
  if (command == "restart") live.restart();
  if (command == "offline") live.happenings().tell("status", R"(,"online":false,"backlog":12,"as_of":null)");
  if (command == "coupons") tell_of_coupons(live);
  if (command == "voucher") return print_addresses(live, tell_of_voucher(live));
  if (command == "online") live.happenings().tell("status", R"(,"online":true,"backlog":0,"as_of":null)");
  print_addresses(live);
}

}  // namespace
}  // namespace tillside::api

int main(int argc, char** argv) {
  const tillside::SystemClock clock;
  tillside::api::LiveApi live({.clock = &clock,
                               .origins = {argv + 1, argv + argc},
                               .campaigns = {tillside::api::kForLarge, tillside::api::kVoucher}});
  tillside::api::print_addresses(live);
  for (std::string command; std::getline(std::cin, command);) tillside::api::obey(live, command);
}
