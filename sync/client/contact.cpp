#include "sync/client/contact.h"

#include "sync/wire/signing.h"

namespace tillside::sync {
namespace {

HqTransport::Request token_request(const wire::ContactRequest& contact) {
  HqTransport::Request request;
  request.method = "POST";
  request.path = "/v1/token";
  request.body = wire::write(contact);
  request.content_type = "application/json";
  return request;
}

bool is_set(const VerifyingKey& key) { return key != VerifyingKey{}; }

// Readmitted by a restored headquarters that had to change its own key: the new one counts, TLS vouches for it.
bool time_is_signed(const wire::Identity& known, const Bytes16& nonce, const wire::ContactAnswer& answer) {
  if (wire::verify_time(answer, nonce, known.hq_key)) return true;
  return answer.outcome == wire::ContactOutcome::readmitted && answer.identity &&
         wire::verify_time(answer, nonce, answer.identity->hq_key);
}

// Headquarters' newest key follows from the one we know, or TLS alone vouches for it (readmitted).
bool hq_key_follows(const wire::Identity& known, const wire::ContactAnswer& answer) {
  const auto newest = wire::follow(known.chain, known.hq_key, answer.hq_keys);
  if (answer.outcome == wire::ContactOutcome::readmitted && answer.identity) return true;
  return newest && (!answer.identity || answer.identity->hq_key == *newest);
}

Trouble wrong(const char* field, const char* detail) { return garbled(Error{ErrorCode::bad_format, field, detail}); }

}  // namespace

Status follow_identity(const wire::Identity& identity, KeyRing& keys) {
  if (!is_set(identity.public_key)) return {};
  auto current = keys.current();
  if (!current) return current.error();
  if (current->public_key == identity.public_key) return {};
  auto next = keys.next();
  if (!next) return next.error();
  if (next->public_key == identity.public_key) return keys.switch_to_next();
  return Error{ErrorCode::not_ready, "key", "the key file does not hold the key this till is known by"};
}

Attempt<wire::ContactAnswer> Contact::make(HqTransport& transport) {
  const auto identity = state_.identity();
  if (!identity) return of_storage(Error{ErrorCode::not_ready, "identity", "not enrolled"});
  if (auto status = follow_identity(*identity, keys_); !status) return of_storage(status.error());

  auto pending = server_nonce(transport);
  if (auto* trouble = std::get_if<Trouble>(&pending)) return std::move(*trouble);
  auto contact = request(*identity, std::get<std::string>(std::move(pending)));
  if (auto* trouble = std::get_if<Trouble>(&contact)) return std::move(*trouble);
  const auto& asked = std::get<wire::ContactRequest>(contact);

  auto answer = ask(transport, asked);
  if (auto* got = std::get_if<wire::ContactAnswer>(&answer)) {
    if (auto trouble = settle(*identity, asked, *got)) return std::move(*trouble);
  }
  return answer;
}

Attempt<std::string> Contact::server_nonce(HqTransport& transport) {
  HqTransport::Request request;
  request.path = "/v1/nonce";
  auto answer = transport.exchange(request);
  if (!answer) return no_answer(answer.error());
  if (!is_success(*answer)) return of_answer(*answer);
  auto nonce = wire::read_nonce_answer(answer->body);
  if (!nonce) return garbled(nonce.error());
  return std::move(nonce->nonce);
}

Attempt<wire::ContactRequest> Contact::request(const wire::Identity& identity, std::string server_nonce) {
  const auto nonce = random_.bytes16();
  auto pending = state_.begin_contact(nonce);
  if (!pending) return of_storage(pending.error());
  fresh_ = pending->request_nonce == nonce;
  auto current = keys_.current();
  if (!current) return of_storage(current.error());
  auto next = keys_.next();
  if (!next) return of_storage(next.error());

  wire::ContactRequest request;
  request.till = identity.till;
  request.epoch = identity.epoch;
  request.server_nonce = std::move(server_nonce);
  request.request_nonce = pending->request_nonce;
  request.contact = pending->contact;
  std::tie(request.last_seq, request.acked_seq) = outbox_.progress();
  request.version = version_;
  request.next_public_key = next->public_key;
  request.certificate = identity.certificate;
  request.hq_key = identity.hq_key;
  request.left = std::move(pending->left);
  wire::sign(request, current->secret_key);
  return request;
}

Attempt<wire::ContactAnswer> Contact::ask(HqTransport& transport, const wire::ContactRequest& request) {
  auto answer = transport.exchange(token_request(request));
  if (!answer) return no_answer(answer.error());
  if (!is_success(*answer)) return of_answer(*answer);
  auto read = wire::read_contact_answer(answer->body);
  if (!read) return garbled(read.error());
  return std::move(*read);
}

std::optional<Trouble> Contact::settle(const wire::Identity& identity, const wire::ContactRequest& request,
                                       wire::ContactAnswer& answer) {
  if (!time_is_signed(identity, request.request_nonce, answer))
    return garbled(Error{ErrorCode::bad_signature, "time_signature", "not signed by headquarters over our nonce"});
  if (!hq_key_follows(identity, answer))
    return garbled(Error{ErrorCode::bad_signature, "hq_keys", "not vouched for by the key we know"});
  if (answer.identity) {
    const bool new_key = answer.identity->key_generation != identity.key_generation;
    auto current = keys_.current();
    if (!current) return of_storage(current.error());
    auto& named = answer.identity->public_key;
    if (!is_set(named)) named = new_key ? request.next_public_key : current->public_key;
    if (named != request.next_public_key && named != current->public_key)
      return wrong("identity.public_key", "neither of this till's keys");
  }
  if (auto status = state_.contacted(answer); !status) return of_storage(status.error());
  if (answer.identity) {
    if (auto status = follow_identity(*answer.identity, keys_); !status) return of_storage(status.error());
  }
  if (answer.held_seq < request.acked_seq) {
    auto status = outbox_.rewind(request.epoch, answer.held_seq + 1);
    if (!status && status.error().code != ErrorCode::out_of_range) return of_storage(status.error());
  }
  return std::nullopt;
}

}  // namespace tillside::sync
