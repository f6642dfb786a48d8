// Refusals of the local API as RFC 9457 problem documents.
#pragma once

#include "agent/domain/error_words.h"
#include "agent/domain/result.h"
#include "sync/http/message.h"

namespace tillside::api {

// Words and status by sync/http/error_problem.h. `field` stands as the Error has it: "lines[2].quantity".
http::Response problem_of(const Error& error, Language language);

// Refusals of the door itself, which have no ErrorCode.
enum class Refusal : std::uint8_t {
  host,          // 421: the Host is not ours (DNS rebinding)
  origin,        // 403: a page of another origin
  cross_site,    // 403: a cookie's call that did not come from our own page
  no_token,      // 401
  content_type,  // 415
  link_used,     // 410: a one-time link that was used or is over
  no_upgrade,    // 426: the address speaks WebSocket
};
http::Response refusal(Refusal what, Language language);

}  // namespace tillside::api
