#include "sync/wire/json_fields.h"
#include "sync/wire/reservation.h"

namespace tillside::wire {
namespace {

constexpr const char* kStates[] = {"", "granted", "refused", "released", "redeemed"};

template <class Enum, std::size_t N>
void read_name(Fields& fields, const char* field, const char* const (&names)[N], Enum& out) {
  std::string name;
  fields.text(field, name, 32);
  if (!fields.ok()) return;
  for (std::size_t i = 0; i < N; ++i) {
    if (!name.empty() && name == names[i]) {
      out = static_cast<Enum>(i);
      return;
    }
  }
  fields.fail(ErrorCode::unknown_value, field);
}

void read_reserve(Fields& fields, ReservationRequest& request) {
  constexpr const char* kPolicies[] = {"home", "strict"};
  fields.bytes("coupon", request.coupon.body);
  fields.bytes("signature", request.coupon.signature);
  read_name(fields, "policy", kPolicies, request.policy);
  fields.signed_number("value", request.value, 0, kMaxAmount);
}

}  // namespace

const char* name_of(ReservationState state) { return kStates[static_cast<std::size_t>(state)]; }

std::string write(const ReservationRequest& request) {
  Json json{{"verb", request.release ? "release" : "reserve"}, {"rid", hex(request.rid)}};
  if (!request.release) {
    json["coupon"] = hex(request.coupon.body);
    json["signature"] = hex(request.coupon.signature);
    json["policy"] = tillside::name_of(request.policy);
    json["value"] = request.value;
  }
  return dump(json);
}

Result<ReservationRequest> read_reservation_request(std::string_view text) {
  return read_document<ReservationRequest>(text, [](Fields& fields, ReservationRequest& request) {
    constexpr const char* kVerbs[] = {"reserve", "release"};
    int verb = 0;
    read_name(fields, "verb", kVerbs, verb);
    fields.bytes("rid", request.rid);
    request.release = verb == 1;
    if (!request.release) read_reserve(fields, request);
  });
}

std::string write(const ReservationAnswer& answer) {
  Json json{{"state", name_of(answer.state)}};
  if (!answer.reason.empty()) json["reason"] = answer.reason;
  json["time"] = answer.time.ms;
  return dump(json);
}

Result<ReservationAnswer> read_reservation_answer(std::string_view text) {
  return read_document<ReservationAnswer>(text, [](Fields& fields, ReservationAnswer& answer) {
    read_name(fields, "state", kStates, answer.state);
    fields.optional_text("reason", answer.reason, 64);
    fields.instant("time", answer.time);
  });
}

}  // namespace tillside::wire
