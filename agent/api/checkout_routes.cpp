#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "agent/api/handlers.h"
#include "agent/domain/checkout_json.h"
#include "agent/domain/strict_json.h"
#include "sync/http/guard.h"

namespace tillside::api {
namespace {

constexpr std::size_t kMaxIdentity = 256;

bool sends_json(const http::Request& request) {
  return http::content_type_is(request.header("Content-Type"), "application/json");
}

Door door_of(const http::Request& request) { return {.as_live = request.header("Tillside-As-Live") == "1"}; }

// Reads the body where it lies. Answers the call itself when it holds no checkout.
std::optional<Checkout> read_checkout(Context& context, Call& call) {
  static thread_local CheckoutReader reader;
  if (!sends_json(call.request())) {
    call.refuse(Refusal::content_type);
    return std::nullopt;
  }
  const auto shop = context.shop();
  auto checkout = reader.read_padded(
      call.request().body,
      {.store_id = shop->store_id, .currency = shop->currency, .zone = &shop->zone, .now = context.parts.clock->now()});
  if (checkout) return std::move(checkout).value();
  call.fail(checkout.error());
  return std::nullopt;
}

using DurableCall = void (Desk::*)(Checkout, Door, ReplyTo);

void hand_in(Context& context, Call call, DurableCall durable) {
  context.desk().expect_durable();
  auto checkout = read_checkout(context, call);
  if (!checkout) return;
  const Door door = door_of(call.request());
  call.expect_soon();
  (context.desk().*durable)(*std::move(checkout), door, reply_later(std::move(call)));
}

}  // namespace

void advise(Context& context, Call call) {
  if (const auto checkout = read_checkout(context, call)) {
    call.send_reply(context.desk().advise(*checkout, door_of(call.request())));
  }
}

void complete(Context& context, Call call) { hand_in(context, std::move(call), &Desk::complete); }

void reverse(Context& context, Call call) { hand_in(context, std::move(call), &Desk::reverse); }

void lane_event(Context& context, Call call) { hand_in(context, std::move(call), &Desk::event); }

void not_printed(Context& context, Call call) {
  std::string identity = call.part();
  if (identity.size() > kMaxIdentity) return call.fail({ErrorCode::out_of_range, "identity", "too long"});
  context.desk().not_printed(std::move(identity), reply_later(std::move(call)));
}

void prompt(Context& context, Call call) {
  if (!sends_json(call.request())) return call.refuse(Refusal::content_type);
  const auto document = strict::parse(call.request().body);
  if (!document) return call.fail(document.error());
  strict::Trouble trouble;
  strict::Fields fields(&*document, "", trouble);
  std::string answer = fields.text("answer", 32);
  std::string operator_id = fields.optional_text("operator_id", 32);
  if (trouble.first) return call.fail(*trouble.first);
  std::string showing_id = call.part();
  context.desk().prompt(showing_id, answer, operator_id, reply_later(std::move(call)));
}

}  // namespace tillside::api
