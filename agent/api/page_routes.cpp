#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "agent/api/handlers.h"
#include "agent/domain/json_out.h"
#include "agent/domain/strict_json.h"
#include "agent/web/web.h"
#include "sync/http/guard.h"

namespace tillside::api {
namespace {

// Nothing from elsewhere, nothing inline, in nobody's frame.
constexpr std::string_view kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

http::Response page_response(const web::File& file) {
  http::Response response;
  response.content_type = file.content_type;
  response.shared_body = file.content;
  response.with("Content-Security-Policy", std::string(kContentPolicy)).with("Referrer-Policy", "no-referrer");
  return response;
}

std::string cookie_of(const std::string& value) {
  constexpr std::string_view kYear = "31536000";
  return std::string(kSessionCookie) + "=" + value + "; Path=/; Max-Age=" + std::string(kYear) +
         "; HttpOnly; SameSite=Strict";
}

bool asks_for_page(const http::Request& request) {
  return request.header("Accept").find("text/html") != std::string_view::npos;
}

// A person sees a page that says what to do; a program sees the problem document.
void send_closed(Call& call, Refusal why) {
  const web::File* closed = asks_for_page(call.request()) ? web::find("/closed") : nullptr;
  if (closed == nullptr) return call.refuse(why);
  auto response = page_response(*closed);
  response.status = why == Refusal::link_used ? 410 : 401;
  call.send(std::move(response));
}

bool needs_session(std::string_view path) { return path == "/cashier"; }

}  // namespace

bool is_page(std::string_view path) { return needs_session(path); }

void page(Context& context, Call call) {
  const auto path = call.request().path;
  const web::File* file = web::find(path);
  if (file == nullptr) return call.fail({ErrorCode::not_found, {}, "no such file"});
  if (needs_session(path) && context.access.caller_of(call.request()) == Caller::nobody) {
    return send_closed(call, Refusal::no_token);
  }
  call.send(page_response(*file));
}

std::string link_url(Context& context, std::string_view path) {
  return "http://127.0.0.1:" + std::to_string(context.port) + "/open/" + context.sessions.make_link(std::string(path)) +
         "?to=" + std::string(path);
}

void make_link(Context& context, Call call) {
  if (!http::content_type_is(call.request().header("Content-Type"), "application/json")) {
    return call.refuse(Refusal::content_type);
  }
  const auto document = strict::parse(call.request().body);
  if (!document) return call.fail(document.error());
  strict::Trouble trouble;
  const std::string wanted = strict::Fields(&*document, "", trouble).text("page", 64);
  if (trouble.first) return call.fail(*trouble.first);
  if (!is_page(wanted)) return call.fail({ErrorCode::unknown_value, "page", "/cashier"});
  std::string body;
  {
    json::Object object(body);
    object.text("url", link_url(context, wanted));
    object.integer("expires_in_s", PageSessions::kLinkLifeMs / kSecond);
  }
  call.send(http::json_response(std::move(body)));
}

void open_link(Context& context, Call call) {
  const auto visit = context.sessions.open(call.part());
  if (!visit && visit.error().code == ErrorCode::not_found) return send_closed(call, Refusal::link_used);
  if (!visit) return call.fail(visit.error());
  http::Response response;
  response.status = 303;
  response.with("Location", visit->page).with("Set-Cookie", cookie_of(visit->cookie));
  call.send(std::move(response));
}

}  // namespace tillside::api
