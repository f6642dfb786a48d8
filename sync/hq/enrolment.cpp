#include "sync/hq/enrolment.h"

#include "agent/domain/base32.h"
#include "sync/hq/contacts.h"
#include "sync/hq/marks.h"

namespace tillside::hq {
namespace {

constexpr std::size_t kCodeBits = 50, kMaxFailuresAMinute = 20;

// One spelling of a typed code; empty when it is none.
std::string canonical(std::string_view code) {
  const auto bytes = base32_decode(code, kCodeBits);
  return bytes ? base32_encode(*bytes, kCodeBits) : std::string();
}

}  // namespace

Result<FreshCode> Enrolment::make_code(const std::string& store_id, int hours) {
  auto bytes = random_bytes<7>();
  bytes[6] &= 0xc0;
  const auto text = base32_encode(bytes, kCodeBits);
  FreshCode fresh{text.substr(0, 5) + "-" + text.substr(5), clock_.now().plus_ms(hours * kHour)};
  auto status = ledger_.add_code({keyed_hash(keys_.code_key(), text), store_id, fresh.expires});
  if (!status.ok()) return status.error();
  return fresh;
}

Result<std::string> Enrolment::enrol(const wire::EnrollRequest& request) {
  if (too_many_failures()) return Error{ErrorCode::limit, "code", "too many failed enrolments; wait a minute"};
  auto answer = attempt(request);
  if (!answer && answer.error().code == ErrorCode::refused) count_failure();
  return answer;
}

Result<std::string> Enrolment::attempt(const wire::EnrollRequest& request) {
  const auto code = canonical(request.code);
  if (code.empty()) return Error{ErrorCode::refused, "code", "no such code"};
  const auto hash = keyed_hash(keys_.code_key(), code);
  if (!wire::verify(request)) {
    if (auto status = ledger_.enrol_failed(hash); !status.ok()) return status.error();
    return Error{ErrorCode::refused, "proof", "the key's possession is not proved"};
  }
  const auto now = clock_.now();
  return ledger_.enrol({hash, request.public_key, request.request_nonce, request.version, now},
                       [&](TillNumber till, const Store& store, const HqState& hq) {
                         EpochRecord epoch;
                         epoch.till = till;
                         epoch.epoch = random_bytes<8>();
                         epoch.public_key = request.public_key;
                         epoch.newest = make_contact_value(keys_, till, epoch.epoch, 1, random_bytes<16>());
                         epoch.begun = now;
                         wire::EnrollAnswer answer;
                         answer.identity = identity_for(epoch, store, hq, keys_);
                         answer.contact = epoch.newest;
                         answer.time = now;
                         return Ledger::EnrolPlan{epoch, wire::write(answer)};
                       });
}

bool Enrolment::too_many_failures() {
  const std::lock_guard lock(mutex_);
  const auto oldest = clock_.monotonic_ms() - kMinute;
  while (!failures_.empty() && failures_.front() < oldest) failures_.pop_front();
  return failures_.size() >= kMaxFailuresAMinute;
}

void Enrolment::count_failure() {
  const std::lock_guard lock(mutex_);
  failures_.push_back(clock_.monotonic_ms());
}

}  // namespace tillside::hq
