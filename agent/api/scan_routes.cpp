// POST /v1/scans: a code that a scanner of the till read, for whichever screen stands there.
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/api/handlers.h"
#include "agent/desk/coupon_counter.h"
#include "agent/domain/checkout_json.h"
#include "agent/domain/strict_json.h"
#include "sync/http/guard.h"

namespace tillside::api {
namespace {

constexpr std::size_t kMaxCode = 4096;

struct Scan {
  std::string code, us_code, lane;
};

// As it was typed, with whatever stands behind the code.
std::string as_typed(const nlohmann::json* field, const char* name, strict::Trouble& trouble) {
  if (field == nullptr) return {};
  if (!field->is_string()) {
    trouble.add(ErrorCode::wrong_type, name, "a string is wanted");
    return {};
  }
  auto text = field->get<std::string>();
  if (text.size() > kMaxCode) trouble.add(ErrorCode::out_of_range, name, "too long");
  return text;
}

Result<Scan> read_scan(std::string_view body) {
  const auto document = strict::parse(body);
  if (!document) return document.error();
  strict::Trouble trouble;
  strict::Fields fields(&*document, "", trouble);
  Scan scan;
  scan.code = as_typed(fields.need("code"), "code", trouble);
  scan.us_code = as_typed(fields.find("us_code"), "us_code", trouble);
  scan.lane = fields.optional_text("lane_id", 32);
  if (trouble.first) return *trouble.first;
  if (!scan.lane.empty() && !is_plain_id(scan.lane)) return Error{ErrorCode::bad_format, "lane_id", {}};
  return scan;
}

Reply check(Context& context, const std::string& code) {
  CouponCall call;
  call.code = code;
  return context.desk().coupons().check(std::move(call));
}

// Whether another reading of the same keys is worth a look.
bool is_doubtful(const Reply& reply) {
  if (reply.error) return false;
  const auto answer = nlohmann::json::parse(reply.body);
  const auto reason = answer["reason"].is_string() ? answer["reason"].get<std::string>() : std::string();
  return reason == "not_a_code" || reason == "forged" || reason == "unknown_key";
}

Reply check(Context& context, Scan& scan) {
  Reply reply = check(context, scan.code);
  if (scan.us_code.empty() || scan.us_code == scan.code || !is_doubtful(reply)) return reply;
  Reply other = check(context, scan.us_code);
  if (is_doubtful(other)) return reply;
  scan.code = std::move(scan.us_code);
  return other;
}

void tell_screens(Happenings& happenings, const Scan& scan, const std::string& answer) {
  std::string fields = ",\"lane\":";
  scan.lane.empty() ? static_cast<void>(fields += "null") : append_json_string(fields, scan.lane);
  fields += ",\"code\":";
  append_json_string(fields, scan.code);
  fields += ",\"coupon\":" + answer;
  happenings.tell("scanned", fields);
}

}  // namespace

void take_scan(Context& context, Call call) {
  if (!http::content_type_is(call.request().header("Content-Type"), "application/json")) {
    return call.refuse(Refusal::content_type);
  }
  auto scan = read_scan(call.request().body);
  if (!scan) return call.fail(scan.error());
  Reply reply = check(context, *scan);
  if (!reply.error) tell_screens(*context.parts.happenings, *scan, reply.body);
  call.send_reply(std::move(reply));
}

}  // namespace tillside::api
