#include "agent/api/routes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "agent/api/handlers.h"
#include "sync/http/guard.h"

namespace tillside::api {
namespace {

using http::Method;

enum class Entry : std::uint8_t {
  anyone,  // tells nothing of anybody
  caller,  // a token, a local user or a page
  tool,    // a token or a local user
};

struct Route {
  Method method;
  std::string_view pattern;  // its variable segment, if any, is {part}
  Entry entry;
  void (*handler)(Context&, Call);
};

constexpr auto kRoutes = std::to_array<Route>({
    {Method::kPost, "/v1/checkouts/advise", Entry::caller, advise},
    {Method::kPost, "/v1/checkouts/complete", Entry::caller, complete},
    {Method::kPost, "/v1/checkouts/reverse", Entry::caller, reverse},
    {Method::kPost, "/v1/checkouts/event", Entry::caller, lane_event},
    {Method::kGet, "/v1/checkouts/{part}/receipt", Entry::caller, receipt},
    {Method::kPost, "/v1/checkouts/{part}/not_printed", Entry::caller, not_printed},
    {Method::kPost, "/v1/coupons/check", Entry::caller, check_coupon},
    {Method::kPost, "/v1/coupons/hold", Entry::caller, hold_coupon},
    {Method::kPost, "/v1/coupons/release", Entry::caller, release_coupon},
    {Method::kPost, "/v1/coupons/hand-over", Entry::caller, hand_over_coupon},
    {Method::kPost, "/v1/scans", Entry::caller, take_scan},
    {Method::kPost, "/v1/prompts/{part}", Entry::caller, prompt},
    {Method::kGet, "/v1/shop", Entry::caller, shop_facts},
    {Method::kGet, "/v1/staff", Entry::caller, staff_list},
    {Method::kGet, "/v1/staff/{part}/referral", Entry::caller, staff_referral},
    {Method::kGet, "/v1/qr", Entry::caller, qr_code},
    {Method::kGet, "/v1/events", Entry::caller, events},
    {Method::kGet, "/v1/status", Entry::caller, status},
    {Method::kPost, "/v1/links", Entry::caller, make_link},
    {Method::kPost, "/v1/enrolment", Entry::tool, enrolment},
    {Method::kGet, "/health", Entry::anyone, health},
    {Method::kGet, "/metrics", Entry::anyone, metrics},
    {Method::kGet, "/openapi.json", Entry::anyone, openapi},
    {Method::kGet, "/open/{part}", Entry::anyone, open_link},
    {Method::kGet, "/", Entry::anyone, page},
    {Method::kGet, "/cashier", Entry::anyone, page},
    {Method::kGet, "/web/{part}", Entry::anyone, page},
});

// A browser asks before it calls across origins; Chrome before 142 also asks whether a public page may reach a local
// address. Two hours are the longest that Chrome remembers the answer; an origin taken off the list is barred at once.
void send_preflight(Call& call) {
  http::Response response;
  response.status = 204;
  response.with("Access-Control-Allow-Methods", "GET, POST")
      .with("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept-Language, Tillside-As-Live")
      .with("Access-Control-Max-Age", "7200");
  if (http::equal_ignoring_case(call.request().header("Access-Control-Request-Private-Network"), "true")) {
    response.with("Access-Control-Allow-Private-Network", "true");
  }
  call.send(std::move(response));
}

bool is_preflight(const http::Request& request) {
  return request.method == Method::kOptions && request.has_header("Origin") &&
         request.has_header("Access-Control-Request-Method");
}

bool changes_something(Method method) { return method != Method::kGet && method != Method::kHead; }

// Nothing when the caller may; otherwise why not.
std::optional<Refusal> barred(const Context& context, Entry entry, const http::Request& request) {
  if (entry == Entry::anyone) return std::nullopt;
  const Caller caller = context.access.caller_of(request);
  if (caller == Caller::nobody || (caller == Caller::page && entry == Entry::tool)) return Refusal::no_token;
  const bool needs_own_page = caller == Caller::page && changes_something(request.method);
  return needs_own_page && !Access::from_own_page(request) ? std::optional(Refusal::cross_site) : std::nullopt;
}

void refuse_caller(Call& call, Refusal why) {
  auto response = refusal(why, call.language());
  if (why == Refusal::no_token) response.with("WWW-Authenticate", "Bearer realm=\"tillside\"");
  call.send(std::move(response));
}

// The configured origin this request comes from; empty for our own pages and for what is no browser.
std::string_view foreign_origin(const Context& context, const http::Request& request) {
  const auto origin = request.header("Origin");
  if (origin.empty()) return {};
  const auto& origins = context.options.origins;
  const auto found = std::find_if(origins.begin(), origins.end(), [&](const std::string& allowed) {
    return http::equal_ignoring_case(allowed, origin);
  });
  return found == origins.end() ? std::string_view() : std::string_view(*found);
}

Call call_of(const Context& context, const http::Request& request, http::Responder responder) {
  return {request, std::move(responder), foreign_origin(context, request)};
}

std::optional<Refusal> foreign(const Context& context, const http::Request& request) {
  if (request.peer->is_unix) return std::nullopt;
  const auto host = request.header("Host");
  if (!http::host_allowed(host, context.options.hosts)) return Refusal::host;
  const bool allowed = http::origin_allowed(request.header("Origin"), host, context.options.origins);
  return allowed ? std::nullopt : std::optional(Refusal::origin);
}

void answer(Context& context, const Route& route, const http::Request& request, const http::PathParams& parameters,
            http::Responder responder) {
  Call call = call_of(context, request, std::move(responder));
  if (const auto why = barred(context, route.entry, request)) return refuse_caller(call, *why);
  call.set_part(std::string(parameters["part"]));
  route.handler(context, std::move(call));
}

}  // namespace

Routes::Routes(Context& context) : context_(context) {
  for (const Route& route : kRoutes) {
    router_.add(route.method, route.pattern,
                [&context, &route](const http::Request& request, const http::PathParams& parameters,
                                   http::Responder responder) {
                  answer(context, route, request, parameters, std::move(responder));
                });
  }
}

void Routes::serve(const http::Request& request, http::Responder responder) const {
  const auto why = foreign(context_, request);
  if (!why && !is_preflight(request)) return router_.serve(request, std::move(responder));
  Call call = call_of(context_, request, std::move(responder));
  why ? call.refuse(*why) : send_preflight(call);
}

}  // namespace tillside::api
