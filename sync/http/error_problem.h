// Errors of the house as problem documents: the one place where a code meets an HTTP status.
#pragma once

#include "agent/domain/result.h"
#include "sync/http/problem.h"

namespace tillside::http {

// 400 not readable as a document, 422 a field that cannot be, 403 refused, 404, 409 conflict, 429 limit, 503 not now,
// 507 a full disk, 500 the rest.
unsigned status_of(ErrorCode code);

// In the words of agent/domain/error_words.h. Views into `error` and `code`: use it before they go.
Problem problem_of(const Error& error, unsigned status, std::string_view code);
Problem problem_of(const Error& error);  // status and code by the error's own

}  // namespace tillside::http
