#include "agent/api/page_sessions.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "agent/platform/files.h"
#include "agent/platform/random.h"
#include "sync/http/guard.h"

namespace tillside::api {
namespace {

std::string random_text() { return to_hex(random_bytes<Bytes32>()); }

Bytes32 hash_of(std::string_view text) {
  Bytes32 hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  return hash;
}

}  // namespace

PageSessions::PageSessions(std::filesystem::path file, const Clock& clock) : file_(std::move(file)), clock_(clock) {
  const auto kept = read_file(file_);
  if (!kept) return;
  std::istringstream lines(*kept);
  for (std::string line; std::getline(lines, line) && sessions_.size() < kMaxSessions;) {
    Bytes32 hash{};
    if (from_hex(line, hash)) sessions_.push_back(hash);
  }
}

std::string PageSessions::make_link(std::string page) {
  const std::lock_guard lock(mutex_);
  if (links_.size() >= kMaxLinks) links_.pop_front();
  links_.push_back({random_text(), std::move(page), clock_.monotonic_ms() + kLinkLifeMs});
  return links_.back().code;
}

std::optional<PageSessions::Link> PageSessions::take(std::string_view code) {
  const auto now = clock_.monotonic_ms();
  std::erase_if(links_, [now](const Link& link) { return link.until_ms <= now; });
  const auto found =
      std::find_if(links_.begin(), links_.end(), [&](const Link& link) { return http::same_secret(code, link.code); });
  if (found == links_.end()) return std::nullopt;
  Link link = std::move(*found);
  links_.erase(found);
  return link;
}

Result<PageSessions::Visit> PageSessions::open(std::string_view code) {
  const std::lock_guard lock(mutex_);
  auto link = take(code);
  if (!link) return Error{ErrorCode::not_found, "code", "no such link"};
  Visit visit{std::move(link->page), random_text()};
  sessions_.push_back(hash_of(visit.cookie));
  if (sessions_.size() > kMaxSessions) sessions_.pop_front();
  if (const Status saved = save(); !saved) {
    sessions_.pop_back();
    return saved.error();
  }
  return visit;
}

bool PageSessions::knows(std::string_view cookie) const {
  const Bytes32 hash = hash_of(cookie);
  const std::lock_guard lock(mutex_);
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [&](const Bytes32& known) { return sodium_memcmp(known.data(), hash.data(), hash.size()) == 0; });
}

Status PageSessions::save() const {
  std::string text;
  for (const Bytes32& hash : sessions_) text += to_hex(hash) + "\n";
  return write_private_file(file_, text);
}

}  // namespace tillside::api
