#include "sync/hq/till_api.h"

#include "agent/domain/redemption.h"
#include "agent/platform/log.h"
#include "sync/hq/uplink.h"
#include "sync/http/guard.h"

namespace tillside::hq {
namespace {

using http::Method;

constexpr std::string_view kSnapshots = "/v1/snapshots/";

bool is_file_name(std::string_view name) {
  return !name.empty() && name.size() <= 80 && name.front() != '.' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string_view::npos;
}

http::Response uplink_response(const IngestOutcome& outcome, const http::Request& request, Instant now) {
  if (outcome.result == IngestResult::stale_token || outcome.result == IngestResult::unknown_till)
    return problem_of({ErrorCode::bad_signature, "token", "ended by a newer contact"}, request, 401, "token_ended");
  wire::UplinkAnswer answer;
  answer.held_seq = outcome.held_seq;
  answer.verdicts = outcome.verdicts;
  answer.time = now;
  if (outcome.result == IngestResult::gap) answer.expected_seq = outcome.expected_seq;
  if (outcome.result == IngestResult::fork) answer.fork_seq = outcome.fork_seq, answer.kept_to = outcome.kept_to;
  const bool taken = outcome.result == IngestResult::taken || outcome.result == IngestResult::quarantined;
  auto response = http::json_response(wire::write(answer), taken ? 200 : 409);
  if (!taken) response.content_type = "application/problem+json";
  return response;
}

void note(const IngestBatch& head, const IngestOutcome& outcome) {
  if (outcome.result == IngestResult::fork)
    log::warn("uplink", "fork",
              {{"till", std::to_string(head.till)},
               {"seq", std::to_string(outcome.fork_seq)},
               {"kept_to", std::to_string(outcome.kept_to)}});
  if (!outcome.verdicts.empty())
    log::warn("uplink", "parked",
              {{"till", std::to_string(head.till)}, {"events", std::to_string(outcome.verdicts.size())}});
}

}  // namespace

bool TillApi::handle(const CallPtr& call) {
  const auto& request = call->request;
  const auto is = [&](Method method, std::string_view path) {
    return request.method == method && request.path == path;
  };
  if (is(Method::kPost, "/v1/uplink")) return on_worker(call, &TillApi::uplink), true;
  if (is(Method::kGet, "/v1/downlink")) return on_worker(call, &TillApi::downlink), true;
  if (is(Method::kGet, "/v1/nonce")) return nonce(call), true;
  if (is(Method::kPost, "/v1/token")) return on_worker(call, &TillApi::token), true;
  if (is(Method::kPost, "/v1/reservations")) return on_worker(call, &TillApi::reservation), true;
  if (is(Method::kPost, "/v1/enroll")) return on_worker(call, &TillApi::enroll), true;
  const bool reads = request.method == Method::kGet || request.method == Method::kHead;
  if (reads && request.path.starts_with(kSnapshots)) return on_worker(call, &TillApi::snapshot), true;
  return false;
}

void TillApi::on_worker(const CallPtr& call, void (TillApi::*step)(const CallPtr&)) {
  const bool taken = parts_.workers.post([this, call, step] {
    try {
      (this->*step)(call);
    } catch (const std::exception& failure) {
      log::error("till_api", "a call failed", {{"what", failure.what()}});
      call->send(busy(call->request, "the ledger is busy"));
    }
  });
  if (!taken) call->send(busy(call->request, "too many calls wait"));
}

void TillApi::nonce(const CallPtr& call) {
  const auto now = parts_.clock.now();
  call->send(http::json_response(wire::write(wire::NonceAnswer{make_nonce(parts_.keys, now), now})));
}

void TillApi::enroll(const CallPtr& call) {
  auto request = wire::read_enroll_request(call->request.body);
  if (!request) return call->refuse(request.error());
  auto answer = parts_.enrolment.enrol(*request);
  if (!answer) return call->refuse(answer.error());
  log::info("enrolment", "a till was enrolled");
  call->send(http::json_response(std::move(*answer)));
}

void TillApi::token(const CallPtr& call) {
  auto request = wire::read_contact_request(call->request.body);
  if (!request) return call->refuse(request.error());
  const bool recovering = parts_.ledger.still_recovering();
  auto answer = parts_.contacts.answer(*request);
  if (!answer) {
    log::warn("contact", "refused", {{"till", std::to_string(request->till)}, {"why", name_of(answer.error().code)}});
    return call->refuse(answer.error());
  }
  if (!recovering && parts_.ledger.still_recovering())
    log::error("contact", "a till is ahead of this ledger: headquarters was restored and is recovering",
               {{"till", std::to_string(request->till)}});
  call->send(http::json_response(std::move(*answer)));
}

Result<wire::Token> TillApi::token_of(const http::Request& request) const {
  const auto text = http::bearer_token(request.header("Authorization"));
  if (text.empty()) return Error{ErrorCode::bad_signature, "Authorization", "a bearer token is wanted"};
  const auto hq = parts_.ledger.state();
  auto token = tokens_.read(text, parts_.keys.signing(hq.key_generation).public_key);
  if (!token) return Error{ErrorCode::bad_signature, "token", "not a token of this headquarters"};
  if (token->expires < parts_.clock.now()) return Error{ErrorCode::bad_signature, "token", "expired"};
  if (token->hq_incarnation != hq.incarnation)
    return Error{ErrorCode::bad_signature, "token", "of another incarnation of headquarters"};
  return token;
}

Result<wire::Token> TillApi::live_token_of(const http::Request& request) const {
  auto token = token_of(request);
  if (!token) return token;
  if (auto status = parts_.ledger.check_token(token->till, token->epoch, token->counter); !status.ok())
    return status.error();
  return token;
}

void TillApi::uplink(const CallPtr& call) {
  const auto token = token_of(call->request);
  if (!token) return call->refuse(token.error());
  const auto encoding = call->request.header("Content-Encoding");
  const bool zstd = http::equal_ignoring_case(encoding, "zstd");
  if (!zstd && !encoding.empty() && !http::equal_ignoring_case(encoding, "identity"))
    return call->refuse({ErrorCode::unknown_value, "Content-Encoding", "zstd or identity"}, 415, "unknown_encoding");
  auto batch = prepare_batch(call->request.body, zstd, *token, parts_.clock.now());
  if (!batch && batch.error().code == ErrorCode::unknown_value)
    return call->refuse(batch.error(), 415, "unknown_dictionary");
  if (!batch && batch.error().code == ErrorCode::out_of_range) return call->refuse(batch.error(), 413, "too_large");
  if (!batch) return call->refuse(batch.error());
  IngestBatch head;
  head.till = token->till;
  const bool taken = parts_.ingest.put(std::move(*batch), [this, call, head](Result<IngestOutcome> outcome) {
    if (!outcome) return call->refuse(outcome.error());
    note(head, *outcome);
    call->send(uplink_response(*outcome, call->request, parts_.clock.now()));
  });
  if (!taken) call->send(busy(call->request, "too many batches wait"));
}

void TillApi::downlink(const CallPtr& call) {
  const auto generation = parts_.ledger.state().key_generation;
  const auto token = live_token_of(call->request);
  if (!token) return call->refuse(token.error());
  parts_.downlink.answer(call, token->till, generation);
}

void TillApi::snapshot(const CallPtr& call) {
  const auto token = live_token_of(call->request);
  if (!token) return call->refuse(token.error());
  const auto name = call->request.path.substr(kSnapshots.size());
  if (!is_file_name(name)) return call->refuse({ErrorCode::not_found, "name", "no such snapshot"});
  http::Response response;
  response.content_type = "application/octet-stream";
  response.file = http::FileBody{parts_.snapshots / name, "\"" + std::string(name) + "\""};
  call->send(std::move(response));
}

void TillApi::reservation(const CallPtr& call) {
  const auto token = live_token_of(call->request);
  if (!token) return call->refuse(token.error());
  const auto request = wire::read_reservation_request(call->request.body);
  if (!request) return call->refuse(request.error());
  auto answer = request->release
                    ? parts_.ledger.release_reservation(token->till, token->epoch, request->rid, parts_.clock.now())
                    : reserve(*token, *request);
  if (!answer) return call->refuse(answer.error());
  answer->time = parts_.clock.now();
  call->send(http::json_response(wire::write(*answer)));
}

// What a code says is believed as far as its signature goes; all else is the ledger's to say.
Result<wire::ReservationAnswer> TillApi::reserve(const wire::Token& token, const wire::ReservationRequest& request) {
  const auto body = decode_coupon(request.coupon.body);
  if (!body) return Error{ErrorCode::bad_format, "coupon", {}};
  const auto key = parts_.ledger.key_of(body->key);
  const auto refused = [](RedeemReason reason) {
    return wire::ReservationAnswer{wire::ReservationState::refused, name_of(reason), {}};
  };
  if (!key) return refused(RedeemReason::unknown_key);
  const bool holds =
      verify_coupon(request.coupon.body, request.coupon.signature, parts_.keys.chain(), *key) ||
      (request.coupon.signature == Signature{} && parts_.ledger.was_told(request.coupon.body, token.till));
  if (!holds) return refused(RedeemReason::forged);
  ReservationAttempt attempt;
  attempt.till = token.till;
  attempt.epoch = token.epoch;
  attempt.rid = request.rid;
  attempt.key = body->key;
  attempt.serial = body->serial;
  attempt.campaign = body->campaign;
  attempt.policy = body->policy == Policy::strict ? Policy::strict : request.policy;
  attempt.value = request.value;
  attempt.now = parts_.clock.now();
  attempt.body = request.coupon.body;
  return parts_.ledger.reserve(attempt);
}

}  // namespace tillside::hq
