// The contact: who is honest, who is a copy, and how a restored headquarters takes its tills back.
//
// The rules (judge_contact) are pure: they get the situation, fresh randomness and the time, and return what becomes of
// it. A contact chain belongs to one epoch of one till, so a disk copied to two machines ends as two epochs, not in a
// quarrel over one.
#pragma once

#include <functional>
#include <string>

#include "agent/domain/clock.h"
#include "sync/hq/certificate.h"
#include "sync/hq/hq_keys.h"
#include "sync/hq/ledger.h"

namespace tillside::hq {

inline constexpr std::int64_t kTokenLife = 12 * kHour;
inline constexpr std::int64_t kNonceLife = kMinute;

// Fresh random values for one contact.
struct ContactDice {
  Bytes16 contact_random{};
  wire::Epoch epoch{};
  Bytes16 incarnation{};
};

// bad_signature: not signed by a key of this till. not_found: a till nobody can vouch for. limit: all 16 key
// generations of the till are used up.
Result<ContactPlan> judge_contact(const ContactSituation& situation, const wire::ContactRequest& request,
                                  const HqKeys& keys, const ContactDice& dice, Instant now);

// What a till is told about itself.
wire::Identity identity_for(const EpochRecord& record, const Store& store, const HqState& hq, const HqKeys& keys);

// Server nonces: time and randomness under a MAC, so that any receiver can check one without a memory.
std::string make_nonce(const HqKeys& keys, Instant now);
bool nonce_is_live(const HqKeys& keys, std::string_view nonce, Instant now);

class Contacts {
 public:
  Contacts(Ledger& ledger, const HqKeys& keys, const Clock& clock) : ledger_(ledger), keys_(keys), clock_(clock) {}

  // The answer's document. bad_time: the server nonce is not live (ask for another); else as judge_contact.
  Result<std::string> answer(const wire::ContactRequest& request);

 private:
  Ledger& ledger_;
  const HqKeys& keys_;
  const Clock& clock_;
};

}  // namespace tillside::hq
