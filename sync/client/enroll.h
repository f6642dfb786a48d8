// Enrolment: a one-time code and this till's own public key become an identity.
//
// Repeating it with the same code and the same key gives the same answer (headquarters binds the code to the first key
// that used it), so a lost answer or a crash before it was durable is mended by enrolling again.
#pragma once

#include <string>

#include "sync/client/ports.h"
#include "sync/client/random.h"
#include "sync/client/trouble.h"

namespace tillside::sync {

Attempt<wire::Identity> enroll(const std::string& code, const std::string& version, ContactState& state, KeyRing& keys,
                               HqTransport& transport, Random& random);

}  // namespace tillside::sync
