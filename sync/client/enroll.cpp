#include "sync/client/enroll.h"

namespace tillside::sync {
namespace {

HqTransport::Request enroll_request(const wire::EnrollRequest& enrolment) {
  HqTransport::Request request;
  request.method = "POST";
  request.path = "/v1/enroll";
  request.body = wire::write(enrolment);
  request.content_type = "application/json";
  return request;
}

}  // namespace

Attempt<wire::Identity> enroll(const std::string& code, const std::string& version, ContactState& state, KeyRing& keys,
                               HqTransport& transport, Random& random) {
  auto pair = keys.current();
  if (!pair) return of_storage(pair.error());
  wire::EnrollRequest enrolment{code, pair->public_key, random.bytes16(), {}, version};
  wire::sign(enrolment, pair->secret_key);

  auto answer = transport.exchange(enroll_request(enrolment));
  if (!answer) return no_answer(answer.error());
  if (!is_success(*answer)) return of_answer(*answer);
  auto enrolled = wire::read_enroll_answer(answer->body);
  if (!enrolled) return garbled(enrolled.error());
  enrolled->identity.public_key = pair->public_key;
  if (auto status = state.enrolled(*enrolled); !status) return of_storage(status.error());
  return std::move(enrolled->identity);
}

}  // namespace tillside::sync
