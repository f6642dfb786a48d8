// The access token in use, shared by uplink and downlink. In memory only: every start of the agent makes a contact.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace tillside::sync {

// Thread-safe. Times are monotonic milliseconds: a token's life is counted by headquarters' own two times, so that a
// till whose clock is years off still renews in time.
class AccessToken {
 public:
  void put(std::string text, std::int64_t lifetime_ms, std::int64_t now_ms);
  // nullopt: none, or its life is over.
  std::optional<std::string> live(std::int64_t now_ms) const;
  // Past four fifths of its life, or none.
  bool wants_renewal(std::int64_t now_ms) const;
  std::int64_t renewal_in(std::int64_t now_ms) const;  // 0 when it is due
  // Headquarters answered 401 to this token. Forgets it unless a newer one came meanwhile.
  void rejected(const std::string& text);
  // A new contact is wanted at once though nothing is wrong with this token. Forgets it unless a newer one came.
  void drop(const std::string& text);
  void worked();  // a call with it went well
  // How many tokens in a row were rejected before any of them worked.
  int rejected_in_a_row() const;

 private:
  mutable std::mutex mutex_;
  std::string text_;  // empty: none
  std::int64_t renew_at_ = 0, ends_at_ = 0;
  int rejected_in_a_row_ = 0;
};

}  // namespace tillside::sync
