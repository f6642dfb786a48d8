#include "sync/wire/message_json.h"

namespace tillside::wire {

std::string write(const EnrollRequest& request) {
  return dump(Json{{"code", request.code},
                   {"public_key", hex(request.public_key)},
                   {"request_nonce", hex(request.request_nonce)},
                   {"proof", hex(request.proof)},
                   {"version", request.version}});
}

Result<EnrollRequest> read_enroll_request(std::string_view json) {
  return read_document<EnrollRequest>(json, [](Fields& fields, EnrollRequest& request) {
    fields.text("code", request.code, 128);
    fields.bytes("public_key", request.public_key);
    fields.bytes("request_nonce", request.request_nonce);
    fields.bytes("proof", request.proof);
    fields.optional_text("version", request.version, 64);
  });
}

std::string write(const EnrollAnswer& answer) {
  return dump(
      Json{{"identity", to_json(answer.identity)}, {"contact", to_json(answer.contact)}, {"time", answer.time.ms}});
}

Result<EnrollAnswer> read_enroll_answer(std::string_view json) {
  return read_document<EnrollAnswer>(json, [](Fields& fields, EnrollAnswer& answer) {
    read_nested(fields, "identity", answer.identity);
    read_nested(fields, "contact", answer.contact);
    fields.instant("time", answer.time);
  });
}

}  // namespace tillside::wire
