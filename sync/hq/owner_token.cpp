#include "sync/hq/owner_token.h"

#include "sync/hq/hq_keys.h"
#include "sync/hq/private_file.h"

namespace tillside::hq {

Result<std::string> owner_token(const std::filesystem::path& data) {
  const auto file = data / kOwnerTokenFile;
  if (auto held = read_file(file)) {
    while (!held->empty() && (held->back() == '\n' || held->back() == ' ')) held->pop_back();
    if (held->size() >= 32) return *held;
    return Error{ErrorCode::bad_format, "owner.token", file.string() + " is damaged; remove it to get a new one"};
  }
  auto fresh = to_hex(random_bytes<32>());
  if (auto status = write_private_file(file, fresh + "\n"); !status.ok()) return status.error();
  return fresh;
}

}  // namespace tillside::hq
