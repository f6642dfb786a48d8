// How a page gets in: a one-time link becomes a cookie. Cookies are kept hashed, so that a kiosk survives a reboot.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/clock.h"
#include "agent/domain/ids.h"
#include "agent/domain/result.h"

namespace tillside::api {

// Any thread.
class PageSessions {
 public:
  static constexpr std::int64_t kLinkLifeMs = 60 * kSecond;
  static constexpr std::size_t kMaxLinks = 32;     // open at a time; the oldest gives way
  static constexpr std::size_t kMaxSessions = 64;  // the one made first gives way

  // Reads `file`: one hash in hex a line. A file that cannot be read means no sessions: pages are opened anew.
  PageSessions(std::filesystem::path file, const Clock& clock);

  // A code for one visit within kLinkLifeMs, which leads to `page`.
  std::string make_link(std::string page);

  struct Visit {
    std::string page;
    std::string cookie;  // the value of the new session's cookie
  };
  // Uses a code up. not_found when it was used, is over or never was; storage_failed when the session cannot be kept.
  Result<Visit> open(std::string_view code);

  bool knows(std::string_view cookie) const;

 private:
  struct Link {
    std::string code, page;
    std::int64_t until_ms;  // monotonic
  };
  std::optional<Link> take(std::string_view code);
  Status save() const;

  const std::filesystem::path file_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // guards both below
  std::deque<Link> links_;
  std::deque<Bytes32> sessions_;  // hashes, oldest first
};

}  // namespace tillside::api
