// Errors as problem documents (RFC 9457), in the caller's language.
#pragma once

#include "agent/domain/result.h"
#include "sync/http/message.h"

namespace tillside::hq {

// The status an error is answered with: 400 for what is malformed, 401 bad_signature, 403 refused, 404, 409 conflict,
// 429 limit, 503 for storage and unavailable (with a jittered Retry-After).
unsigned status_of(ErrorCode code);

http::Response problem_of(const Error& error, const http::Request& request);
http::Response problem_of(const Error& error, const http::Request& request, unsigned status, std::string_view code);

// 503 with a Retry-After of 1 to 5 seconds, drawn afresh: a crowd sent away does not come back as one.
http::Response busy(const http::Request& request, std::string_view what);

}  // namespace tillside::hq
