#include "sync/client/trouble.h"

namespace tillside::sync {
namespace {

TroubleKind kind_of(int status) {
  if (status == 401) return TroubleKind::unauthorised;
  if (status >= 500 || status == 429 || status == 408) return TroubleKind::busy;
  return TroubleKind::refused;
}

Trouble with(TroubleKind kind, const Error& error) {
  std::string detail = error.field.empty() ? error.detail : error.field + ": " + error.detail;
  return Trouble{kind, 0, tillside::name_of(error.code), std::move(detail), std::nullopt};
}

}  // namespace

const char* name_of(TroubleKind kind) {
  switch (kind) {
    case TroubleKind::unreachable:
      return "unreachable";
    case TroubleKind::busy:
      return "busy";
    case TroubleKind::unauthorised:
      return "unauthorised";
    case TroubleKind::refused:
      return "refused";
    case TroubleKind::garbled:
      return "garbled";
    case TroubleKind::storage:
      return "storage";
  }
  return "unreachable";
}

Trouble no_answer(const Error& error) { return with(TroubleKind::unreachable, error); }
Trouble garbled(const Error& error) { return with(TroubleKind::garbled, error); }
Trouble of_storage(const Error& error) { return with(TroubleKind::storage, error); }

Trouble of_answer(const HqTransport::Answer& answer) {
  auto problem = wire::read_problem(answer.status, answer.body);
  return Trouble{kind_of(answer.status), answer.status, std::move(problem.code), std::move(problem.detail),
                 answer.retry_after_s};
}

}  // namespace tillside::sync
