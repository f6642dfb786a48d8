#include "sync/hq/problems.h"

#include "sync/hq/hq_keys.h"
#include "sync/http/error_problem.h"

namespace tillside::hq {
namespace {

std::string retry_after() { return std::to_string(1 + random_bytes<1>()[0] % 5); }

http::Response unauthorised(const Error& error, const http::Request& request, std::string_view code) {
  return http::problem({.status = 401,
                        .code = code,
                        .title_zh = "凭证缺失、无效或已被替换",
                        .title_en = "The credential is missing, not valid, or replaced",
                        .detail = error.detail,
                        .field = error.field,
                        .mend_zh = "收银机会自动重新联系；管理调用请使用所有者令牌",
                        .mend_en = "A till makes contact again by itself; admin calls need the owner's token"},
                       request);
}

}  // namespace

unsigned status_of(ErrorCode code) {
  if (code == ErrorCode::bad_signature) return 401;
  if (code == ErrorCode::fenced) return 403;
  if (code == ErrorCode::storage_full || code == ErrorCode::storage_failed) return 503;
  const auto usual = http::status_of(code);
  return usual == 422 ? 400 : usual;
}

http::Response problem_of(const Error& error, const http::Request& request, unsigned status, std::string_view code) {
  if (status == 401) return unauthorised(error, request, code);
  auto response = http::problem(http::problem_of(error, status, code), request);
  if (status == 503 || status == 429) response.with("Retry-After", retry_after());
  return response;
}

http::Response problem_of(const Error& error, const http::Request& request) {
  return problem_of(error, request, status_of(error.code), name_of(error.code));
}

http::Response busy(const http::Request& request, std::string_view what) {
  return problem_of({ErrorCode::unavailable, "", std::string(what)}, request, 503, "busy");
}

}  // namespace tillside::hq
