#include "sync/hq/token_reader.h"

namespace tillside::hq {

Result<wire::Token> TokenReader::read(std::string_view text, const VerifyingKey& key) {
  std::string name(text);
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(name);
    if (found != known_.end() && found->second.key == key) return found->second.token;
  }
  auto token = wire::read_token(text, key);
  if (!token) return token;
  const std::lock_guard lock(mutex_);
  if (known_.size() >= most_) known_.clear();
  known_.insert_or_assign(std::move(name), Known{key, *token});
  return token;
}

}  // namespace tillside::hq
