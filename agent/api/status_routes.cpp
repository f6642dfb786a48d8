#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "agent/api/handlers.h"
#include "agent/domain/json_out.h"

namespace tillside::embedded {
std::string_view openapi_document();
}

namespace tillside::api {
namespace {

std::string number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

void append_metric(std::string& out, const Metric& metric) {
  const std::string name = "tillside_" + metric.name;
  out += "# HELP " + name + " " + metric.help + "\n# TYPE " + name + (metric.counter ? " counter\n" : " gauge\n");
  out += name + " " + number(metric.value) + "\n";
}

void append_counter(std::string& out, std::string_view name, std::string_view help, std::uint64_t value) {
  append_metric(out, {std::string(name), std::string(help), true, static_cast<double>(value)});
}

void append_desk(std::string& out, const Desk::Counts& counts) {
  append_counter(out, "checkouts_advised_total", "advise calls answered", counts.advised);
  append_counter(out, "checkouts_completed_total", "checkouts remembered as completed", counts.completed);
  append_counter(out, "checkouts_reversed_total", "voids and returns remembered", counts.reversed);
  append_counter(out, "checkout_events_total", "lane events remembered", counts.events);
  append_counter(out, "checkout_duplicates_total", "calls answered with their first answer", counts.duplicates);
  append_counter(out, "checkout_conflicts_total", "calls of a known identity with other content", counts.conflicts);
  append_counter(out, "checkouts_refused_total", "documents that were refused", counts.refused);
  append_counter(out, "coupons_issued_total", "coupons issued at checkouts", counts.coupons);
  append_counter(out, "coupons_redeemed_total", "coupons redeemed at checkouts", counts.redeemed);
}

void append_server(std::string& out, const http::ServerStats& stats) {
  append_counter(out, "http_requests_total", "requests handed to a call", stats.requests);
  append_counter(out, "http_requests_refused_total", "requests the server refused itself", stats.requests_refused);
  append_counter(out, "http_connections_total", "connections accepted", stats.connections_accepted);
  append_metric(out,
                {"http_connections_open", "connections open now", false, static_cast<double>(stats.connections_open)});
  append_metric(out, {"websockets_open", "screens listening now", false, static_cast<double>(stats.websockets_open)});
}

}  // namespace

void health(Context& context, Call call) {
  const StatusReport report = context.parts.status();
  std::string body;
  {
    json::Object object(body);
    object.text("status", report.ready ? "ready" : "degraded");
    object.text("zh", report.zh);
    object.text("en", report.en);
    object.integer("forked", static_cast<std::int64_t>(report.forked));
  }
  call.send(http::json_response(std::move(body)));
}

void metrics(Context& context, Call call) {
  const StatusReport report = context.parts.status();
  std::string body;
  append_metric(body, {"ready", "1 when ready, 0 when degraded", false, report.ready ? 1.0 : 0.0});
  append_desk(body, context.desk().counts());
  append_server(body, context.server->stats());
  for (const Metric& metric : report.metrics) append_metric(body, metric);
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = std::move(body);
  call.send(std::move(response));
}

void status(Context& context, Call call) {
  if (context.parts.describe) return context.parts.describe(reply_later(std::move(call)));
  call.send(http::json_response(context.parts.status().json));
}

void openapi(Context&, Call call) { call.send(http::json_response(std::string(embedded::openapi_document()))); }

}  // namespace tillside::api
