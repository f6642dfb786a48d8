#include "sync/wire/big_endian.h"
#include "sync/wire/message_json.h"

namespace tillside::wire {
namespace {

constexpr const char* kOutcomes[] = {"honest", "repeated", "fenced", "readmitted"};

void read_outcome(Fields& fields, ContactOutcome& outcome) {
  std::string name;
  fields.text("outcome", name, 32);
  for (std::size_t i = 0; i < std::size(kOutcomes); ++i) {
    if (name != kOutcomes[i]) continue;
    outcome = static_cast<ContactOutcome>(i);
    return;
  }
  fields.fail(ErrorCode::unknown_value, "outcome");
}

Json to_json(const std::vector<HqKeyLink>& links) {
  Json list = Json::array();
  for (const auto& link : links)
    list.push_back(Json{{"generation", link.generation}, {"key", hex(link.key)}, {"proof", hex(link.proof)}});
  return list;
}

void read_link(Fields& fields, HqKeyLink& link) {
  fields.number("generation", link.generation, 15);
  fields.bytes("key", link.key);
  fields.bytes("proof", link.proof);
}

Json to_json(const std::vector<LeftEpoch>& left) {
  Json list = Json::array();
  for (const auto& epoch : left) list.push_back(Json{{"certificate", epoch.certificate}, {"last_seq", epoch.last_seq}});
  return list;
}

void read_left(Fields& fields, LeftEpoch& epoch) {
  fields.text("certificate", epoch.certificate, 8192);
  fields.number("last_seq", epoch.last_seq);
}

void read_optional_identity(Fields& fields, std::optional<Identity>& identity) {
  if (fields.object("identity") != nullptr) read_nested(fields, "identity", identity.emplace());
}

}  // namespace

std::string write(const NonceAnswer& answer) { return dump(Json{{"nonce", answer.nonce}, {"time", answer.time.ms}}); }

Result<NonceAnswer> read_nonce_answer(std::string_view json) {
  return read_document<NonceAnswer>(json, [](Fields& fields, NonceAnswer& answer) {
    fields.text("nonce", answer.nonce, 256);
    fields.instant("time", answer.time);
  });
}

std::string write(const ContactRequest& request) {
  Json json{{"till", request.till},
            {"epoch", hex(request.epoch)},
            {"server_nonce", request.server_nonce},
            {"request_nonce", hex(request.request_nonce)},
            {"contact", to_json(request.contact)},
            {"last_seq", request.last_seq},
            {"acked_seq", request.acked_seq},
            {"version", request.version},
            {"next_public_key", hex(request.next_public_key)},
            {"signature", hex(request.signature)},
            {"certificate", request.certificate}};
  if (request.hq_key != VerifyingKey{}) json["hq_key"] = hex(request.hq_key);
  if (!request.left.empty()) json["left"] = to_json(request.left);
  return dump(json);
}

Result<ContactRequest> read_contact_request(std::string_view json) {
  return read_document<ContactRequest>(json, [](Fields& fields, ContactRequest& request) {
    fields.number("till", request.till, kMaxTillNumber);
    fields.bytes("epoch", request.epoch);
    fields.text("server_nonce", request.server_nonce, 256);
    fields.bytes("request_nonce", request.request_nonce);
    read_nested(fields, "contact", request.contact);
    fields.number("last_seq", request.last_seq);
    fields.number("acked_seq", request.acked_seq);
    fields.optional_text("version", request.version, 64);
    fields.bytes("next_public_key", request.next_public_key);
    fields.bytes("signature", request.signature);
    fields.optional_text("certificate", request.certificate, 8192);
    fields.optional_bytes("hq_key", request.hq_key);
    read_optional_list(fields, "left", request.left, read_left);
    if (request.left.size() > kMostLeftEpochs) fields.fail(ErrorCode::out_of_range, "left");
  });
}

std::string contact_text(const ContactRequest& request) {
  std::string text("tillside/contact/v1\0", 20);
  append_big_endian(text, request.till);
  append_bytes(text, request.epoch);
  append_text(text, request.server_nonce);
  append_bytes(text, request.request_nonce);
  append_big_endian(text, request.contact.counter);
  append_bytes(text, request.contact.random);
  append_big_endian(text, request.last_seq);
  append_big_endian(text, request.acked_seq);
  append_text(text, request.version);
  append_bytes(text, request.next_public_key);
  for (const auto& epoch : request.left) {
    append_text(text, epoch.certificate);
    append_big_endian(text, epoch.last_seq);
  }
  return text;
}

std::string write(const ContactAnswer& answer) {
  Json json{{"outcome", kOutcomes[static_cast<std::size_t>(answer.outcome)]},
            {"token", answer.token},
            {"token_expires", answer.token_expires.ms},
            {"contact", to_json(answer.contact)}};
  if (answer.identity) json["identity"] = to_json(*answer.identity);
  json["held_seq"] = answer.held_seq;
  json["hq_incarnation"] = hex(answer.hq_incarnation);
  json["recovering"] = answer.recovering;
  json["time"] = answer.time.ms;
  json["time_signature"] = hex(answer.time_signature);
  if (!answer.hq_keys.empty()) json["hq_keys"] = to_json(answer.hq_keys);
  if (!answer.certificate.empty()) json["certificate"] = answer.certificate;
  return dump(json);
}

Result<ContactAnswer> read_contact_answer(std::string_view json) {
  return read_document<ContactAnswer>(json, [](Fields& fields, ContactAnswer& answer) {
    read_outcome(fields, answer.outcome);
    fields.text("token", answer.token);
    fields.instant("token_expires", answer.token_expires);
    read_nested(fields, "contact", answer.contact);
    read_optional_identity(fields, answer.identity);
    fields.number("held_seq", answer.held_seq);
    fields.bytes("hq_incarnation", answer.hq_incarnation);
    fields.optional_flag("recovering", answer.recovering);
    fields.instant("time", answer.time);
    fields.bytes("time_signature", answer.time_signature);
    read_optional_list(fields, "hq_keys", answer.hq_keys, read_link);
    fields.optional_text("certificate", answer.certificate, 8192);
    if (answer.outcome == ContactOutcome::fenced && !answer.identity) fields.required("identity");
  });
}

}  // namespace tillside::wire
