// Certificates judged at a time of our own instead of the machine's clock.
//
// A till whose clock is years off would refuse headquarters' certificate and so never hear the time that heals it. Its
// mark M (agent/domain/trusted_clock.h) is at or before the present: judged at M, a certificate that has ended is
// refused, and one "not yet valid" is let through, because it may be younger than M. All else (chain, names, purposes)
// is checked as ever.
#pragma once

#include "agent/domain/time.h"

namespace tillside::sync {

// `tls_context` is the SSL_CTX libcurl hands to CURLOPT_SSL_CTX_FUNCTION, of the OpenSSL (3 or 1.1) this process runs.
// false: that library's calls are not found; the connection must not be made on half a promise.
bool judge_certificates_at(void* tls_context, Instant at);

}  // namespace tillside::sync
