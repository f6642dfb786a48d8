#include "sync/http/error_problem.h"

#include "agent/domain/error_words.h"

namespace tillside::http {

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_json:
    case ErrorCode::too_deep:
    case ErrorCode::invalid_utf8:
      return 400;
    case ErrorCode::missing_field:
    case ErrorCode::wrong_type:
    case ErrorCode::unknown_value:
    case ErrorCode::out_of_range:
    case ErrorCode::overflow:
    case ErrorCode::currency_mismatch:
    case ErrorCode::bad_time:
    case ErrorCode::bad_format:
    case ErrorCode::bad_signature:
      return 422;
    case ErrorCode::refused:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::limit:
      return 429;
    case ErrorCode::not_ready:
    case ErrorCode::fenced:
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::storage_full:
      return 507;
    case ErrorCode::storage_failed:
    case ErrorCode::too_new:
    case ErrorCode::internal:
      break;
  }
  return 500;
}

Problem problem_of(const Error& error, unsigned status, std::string_view code) {
  return {.status = status,
          .code = code,
          .title_zh = title_of(error.code, tillside::Language::zh),
          .title_en = title_of(error.code, tillside::Language::en),
          .detail = error.detail,
          .field = error.field,
          .mend_zh = mend_of(error.code, tillside::Language::zh),
          .mend_en = mend_of(error.code, tillside::Language::en)};
}

Problem problem_of(const Error& error) { return problem_of(error, status_of(error.code), name_of(error.code)); }

}  // namespace tillside::http
