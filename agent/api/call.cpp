#include "agent/api/call.h"

#include <utility>

namespace tillside::api {

void Call::send(http::Response response) {
  if (!allowed_origin_.empty()) {
    response.with("Access-Control-Allow-Origin", allowed_origin_)
        .with("Access-Control-Expose-Headers", "Tillside-Duplicate")
        .with("Vary", "Origin");
  }
  responder_.send(std::move(response));
}

void Call::send_reply(Reply reply) {
  if (reply.error) return fail(*reply.error);
  auto response = http::json_response(std::move(reply.body));
  if (reply.duplicate) response.with("Tillside-Duplicate", "true");
  send(std::move(response));
}

ReplyTo reply_later(Call call) {
  auto waiting = std::make_shared<Call>(std::move(call));
  return [waiting](Reply reply) { waiting->send_reply(std::move(reply)); };
}

}  // namespace tillside::api
