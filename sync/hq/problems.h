// Errors as problem documents (RFC 9457), in the caller's language.
#pragma once

#include "agent/domain/result.h"
#include "sync/http/message.h"

namespace tillside::hq {

// As sync/http/error_problem.h has it, except: 400 for all that is malformed, 401 bad_signature, 403 fenced, and 503
// for storage as well (with a jittered Retry-After).
unsigned status_of(ErrorCode code);

http::Response problem_of(const Error& error, const http::Request& request);
http::Response problem_of(const Error& error, const http::Request& request, unsigned status, std::string_view code);

// 503 with a Retry-After of 1 to 5 seconds, drawn afresh: a crowd sent away does not come back as one.
http::Response busy(const http::Request& request, std::string_view what);

}  // namespace tillside::hq
