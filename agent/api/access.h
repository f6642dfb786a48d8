// Who may call: the bearer token, the user at the other end of the UNIX socket, and the cookies of our pages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/result.h"
#include "sync/http/message.h"

namespace tillside::api {

class PageSessions;

enum class Caller : std::uint8_t { nobody, token, local_user, page };

// The user this process runs as.
std::uint32_t own_user();

// Reads `file`, or makes it (mode 0600) with 256 random bits in hex. storage_failed when it cannot be kept.
Result<std::string> load_or_make_token(const std::filesystem::path& file);

inline constexpr std::string_view kSessionCookie = "tillside_session";

// Any thread.
class Access {
 public:
  // `sessions` outlives this. `users` are trusted on the UNIX socket beside our own and root.
  Access(std::string token, std::vector<std::uint32_t> users, PageSessions& sessions);

  Caller caller_of(const http::Request& request) const;

  // Whether a page's call that changes something came from our own page: by Sec-Fetch-Site, else by Origin.
  static bool from_own_page(const http::Request& request);

 private:
  bool trusts(const http::Peer& peer) const;

  const std::string token_;
  const std::vector<std::uint32_t> users_;
  PageSessions& sessions_;
};

}  // namespace tillside::api
