#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "agent/api/handlers.h"
#include "agent/desk/coupon_counter.h"
#include "agent/domain/checkout_json.h"
#include "agent/domain/strict_json.h"
#include "sync/http/guard.h"

namespace tillside::api {
namespace {

constexpr std::size_t kMaxCode = 4096, kMaxHoldId = 64, kMaxIds = 8;

bool is_hold_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHoldId &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '\\'; });
}

std::optional<Error> read_checkout(const Context& context, const nlohmann::json& document, CouponCall& call) {
  static thread_local CheckoutReader reader;
  const auto shop = context.shop();
  auto checkout = reader.read(
      document.dump(),
      {.store_id = shop->store_id, .currency = shop->currency, .zone = &shop->zone, .now = context.parts.clock->now()});
  if (!checkout) {
    Error error = checkout.error();
    error.field = error.field.empty() ? "checkout" : "checkout." + error.field;
    return error;
  }
  call.checkout = std::move(checkout).value();
  return std::nullopt;
}

// As a scanner hands it in, with what it types behind the code.
std::string read_code(strict::Fields& fields, strict::Trouble& trouble) {
  const auto* code = fields.need("code");
  if (code == nullptr) return {};
  if (!code->is_string()) trouble.add(ErrorCode::wrong_type, "code", "a string is wanted");
  if (trouble.first) return {};
  auto text = code->get<std::string>();
  if (text.size() > kMaxCode) trouble.add(ErrorCode::out_of_range, "code", "too long");
  return text;
}

// customer.ids as in a checkout, at most 8 of them.
void read_customer(strict::Fields& fields, strict::Trouble& trouble, CouponCall& call) {
  strict::Fields customer = fields.optional_object("customer");
  const auto* ids = customer.present() ? customer.find("ids") : nullptr;
  if (ids == nullptr) return;
  if (!ids->is_array()) return trouble.add(ErrorCode::wrong_type, "customer.ids", "a list is wanted");
  if (ids->size() > kMaxIds) return trouble.add(ErrorCode::out_of_range, "customer.ids", "too many");
  for (std::size_t i = 0; i < ids->size(); ++i) {
    const std::string path = "customer.ids[" + std::to_string(i) + "]";
    strict::Fields one(&(*ids)[i], path, trouble);
    const auto type = id_type_of(one.text("type", 32));
    CustomerId id;
    id.value = one.text("value", 128);
    const auto proof = proof_of(one.has("proof") ? one.text("proof", 16) : "named");
    if (trouble.first) return;
    if (!type) return trouble.add(ErrorCode::unknown_value, path + ".type", {});
    if (!proof) return trouble.add(ErrorCode::unknown_value, path + ".proof", {});
    id.type = *type;
    id.proof = *proof;
    call.customer_ids.push_back(std::move(id));
  }
}

// What the call asks; answers the call itself when that cannot be read.
std::optional<CouponCall> read_call(const Context& context, Call& call, bool hold) {
  if (!http::content_type_is(call.request().header("Content-Type"), "application/json")) {
    call.refuse(Refusal::content_type);
    return std::nullopt;
  }
  const auto refuse = [&](const Error& error) {
    call.fail(error);
    return std::nullopt;
  };
  const auto document = strict::parse(call.request().body);
  if (!document) return refuse(document.error());
  strict::Trouble trouble;
  strict::Fields fields(&*document, "", trouble);
  CouponCall asked;
  asked.as_live = call.request().header("Tillside-As-Live") == "1";
  asked.code = read_code(fields, trouble);
  if (hold) {
    asked.hold_id = fields.text("hold_id", kMaxHoldId);
    asked.lane_id = fields.text("lane_id", 32);
    asked.operator_id = fields.optional_text("operator_id", 32);
    asked.take_over = fields.optional_flag("take_over");
    read_customer(fields, trouble, asked);
  }
  const auto* checkout = fields.find("checkout");
  if (trouble.first) return refuse(*trouble.first);
  if (hold && !is_hold_id(asked.hold_id)) return refuse({ErrorCode::bad_format, "hold_id", {}});
  if (hold && !is_plain_id(asked.lane_id)) return refuse({ErrorCode::bad_format, "lane_id", {}});
  if (!asked.operator_id.empty() && !is_plain_id(asked.operator_id)) {
    return refuse({ErrorCode::bad_format, "operator_id", {}});
  }
  if (checkout != nullptr) {
    if (const auto error = read_checkout(context, *checkout, asked)) return refuse(*error);
  }
  return asked;
}

}  // namespace

void check_coupon(Context& context, Call call) {
  if (auto asked = read_call(context, call, false)) call.send_reply(context.desk().coupons().check(*std::move(asked)));
}

void hold_coupon(Context& context, Call call) {
  context.desk().expect_durable();
  auto asked = read_call(context, call, true);
  if (!asked) return;
  call.expect_soon();
  context.desk().coupons().hold(*std::move(asked), reply_later(std::move(call)));
}

void hand_over_coupon(Context& context, Call call) {
  context.desk().expect_durable();
  auto asked = read_call(context, call, true);
  if (!asked) return;
  call.expect_soon();
  context.desk().coupons().hand_over(*std::move(asked), reply_later(std::move(call)));
}

void release_coupon(Context& context, Call call) {
  if (!http::content_type_is(call.request().header("Content-Type"), "application/json")) {
    return call.refuse(Refusal::content_type);
  }
  const auto document = strict::parse(call.request().body);
  if (!document) return call.fail(document.error());
  strict::Trouble trouble;
  strict::Fields fields(&*document, "", trouble);
  std::string hold_id = fields.text("hold_id", kMaxHoldId);
  if (trouble.first) return call.fail(*trouble.first);
  if (!is_hold_id(hold_id)) return call.fail({ErrorCode::bad_format, "hold_id", {}});
  context.desk().coupons().release(std::move(hold_id), reply_later(std::move(call)));
}

}  // namespace tillside::api
