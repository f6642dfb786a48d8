// What every route works with. Lives as long as the API.
#pragma once

#include <cstdint>
#include <string>

#include "agent/api/access.h"
#include "agent/api/api.h"
#include "agent/api/page_sessions.h"
#include "qrcode/symbol_cache.h"
#include "sync/http/server.h"

namespace tillside::api {

struct Context {
  Context(ApiParts the_parts, ApiOptions the_options, std::string token)
      : parts(std::move(the_parts)),
        options(std::move(the_options)),
        sessions(options.folder / "api-sessions", *parts.clock),
        access(std::move(token), options.trusted_users, sessions) {}

  Desk& desk() { return *parts.desk; }
  std::shared_ptr<const Shop> shop() const { return parts.shop->current(); }

  const ApiParts parts;
  const ApiOptions options;
  PageSessions sessions;
  const Access access;
  qr::SymbolCache symbols{64};
  std::uint16_t port = 0;                // set before the server runs
  const http::Server* server = nullptr;  // set before the server runs
};

}  // namespace tillside::api
