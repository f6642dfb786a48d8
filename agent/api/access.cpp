#include "agent/api/access.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/api/page_sessions.h"
#include "agent/domain/ids.h"
#include "agent/platform/files.h"
#include "agent/platform/random.h"
#include "sync/http/guard.h"

namespace tillside::api {
namespace {

constexpr std::size_t kTokenChars = 64;

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace

Result<std::string> load_or_make_token(const std::filesystem::path& file) {
  if (const auto kept = read_file(file)) {
    std::string token = without_line_end(*kept);
    if (token.size() >= kTokenChars / 2) return token;
  }
  std::string token = to_hex(random_bytes<Bytes32>());
  const Status written = write_private_file(file, token + "\n");
  if (!written) return written.error();
  return token;
}

Access::Access(std::string token, std::vector<std::uint32_t> users, PageSessions& sessions)
    : token_(std::move(token)), users_(std::move(users)), sessions_(sessions) {}

Caller Access::caller_of(const http::Request& request) const {
  if (request.peer->is_unix && trusts(*request.peer)) return Caller::local_user;
  if (const auto authorization = request.header("Authorization"); !authorization.empty()) {
    const auto token = http::bearer_token(authorization);
    return !token.empty() && http::same_secret(token, token_) ? Caller::token : Caller::nobody;
  }
  const auto cookie = http::cookie_value(request.header("Cookie"), kSessionCookie);
  return cookie && sessions_.knows(*cookie) ? Caller::page : Caller::nobody;
}

bool Access::from_own_page(const http::Request& request) {
  if (const auto site = request.header("Sec-Fetch-Site"); !site.empty()) return site == "same-origin";
  const auto origin = request.header("Origin");
  return !origin.empty() && http::origin_allowed(origin, request.header("Host"));
}

bool Access::trusts(const http::Peer& peer) const {
  if (!peer.uid) return false;
  return *peer.uid == 0 || *peer.uid == own_user() ||
         std::find(users_.begin(), users_.end(), *peer.uid) != users_.end();
}

}  // namespace tillside::api
