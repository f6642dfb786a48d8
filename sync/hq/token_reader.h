// Tills' tokens, each signature verified once: a till shows the same token with every call until its next contact.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sync/wire/signing.h"

namespace tillside::hq {

// Any thread. Says only what wire::read_token would say of the same text and key: whether a token has ended since is
// for the caller to ask.
class TokenReader {
 public:
  explicit TokenReader(std::size_t most = 4096) : most_(most) {}
  Result<wire::Token> read(std::string_view text, const VerifyingKey& key);

 private:
  struct Known {
    VerifyingKey key{};
    wire::Token token;
  };
  const std::size_t most_;  // tokens remembered; about 400 bytes each
  std::mutex mutex_;        // guards the next
  std::unordered_map<std::string, Known> known_;
};

}  // namespace tillside::hq
