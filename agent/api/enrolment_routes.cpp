#include <nlohmann/json.hpp>
#include <utility>

#include "agent/api/handlers.h"
#include "agent/domain/strict_json.h"
#include "sync/http/guard.h"

namespace tillside::api {

// {"hq":"https://...","code":"XXXX-XXXX"}: the agent asks headquarters; the answer comes when headquarters answered.
void enrolment(Context& context, Call call) {
  if (!context.parts.enrol) return call.fail({ErrorCode::not_found, {}, "no enrolment here"});
  if (!http::content_type_is(call.request().header("Content-Type"), "application/json")) {
    return call.refuse(Refusal::content_type);
  }
  const auto document = strict::parse(call.request().body);
  if (!document) return call.fail(document.error());
  strict::Trouble trouble;
  strict::Fields fields(&*document, "", trouble);
  const std::string hq = fields.optional_text("hq", 256);
  const std::string code = fields.text("code", 64);
  if (trouble.first) return call.fail(*trouble.first);
  context.parts.enrol(hq, code, reply_later(std::move(call)));
}

}  // namespace tillside::api
