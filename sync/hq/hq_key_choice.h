// Headquarters' key changes; tills and what they show are of the time before. Which key a till knows, and which vouch
// for its certificate. Pure.
#pragma once

#include "sync/hq/certificate.h"
#include "sync/hq/hq_keys.h"
#include "sync/hq/ledger_types.h"

namespace tillside::hq {

// A generation signed by the newest key of headquarters that this till knows: it says so, or its certificate tells. Of
// one that knows none of them: the present generation.
std::uint8_t key_known_to(const wire::ContactRequest& request, const HqKeys& keys, const HqState& hq);

// Of any key of headquarters that is not revoked, as read_certificate().
Result<Certificate> vouched_for(std::string_view certificate, const HqKeys& keys, const HqState& hq);

}  // namespace tillside::hq
