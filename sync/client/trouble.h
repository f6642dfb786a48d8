// Why an exchange did not do what it was for, in the few ways that matter for what to do next.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "agent/domain/result.h"
#include "sync/client/ports.h"

namespace tillside::sync {

enum class TroubleKind : std::uint8_t {
  unreachable,   // no answer came
  busy,          // 5xx, 429, 408: headquarters lives but cannot now
  unauthorised,  // 401: the token is dead; a new contact decides. Nothing is deleted
  refused,       // any other no (403, 426, ...): only a person mends it. Nothing is deleted; tried again, seldom
  garbled,       // an answer that is not understood, or not signed by headquarters
  storage,       // our own disk
};
const char* name_of(TroubleKind kind);

struct Trouble {
  TroubleKind kind = TroubleKind::unreachable;
  int status = 0;    // of HTTP; 0 when none came
  std::string code;  // the problem document's, or the error's name
  std::string detail;
  std::optional<int> retry_after_s;
};

// Done, or in trouble.
template <class T>
using Attempt = std::variant<T, Trouble>;

Trouble no_answer(const Error& error);
Trouble of_answer(const HqTransport::Answer& answer);  // for any status but 2xx
Trouble garbled(const Error& error);
Trouble of_storage(const Error& error);

inline bool is_success(const HqTransport::Answer& answer) { return answer.status >= 200 && answer.status < 300; }

}  // namespace tillside::sync
