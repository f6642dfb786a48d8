// till.key: the till's signing keys, mode 0600, beside the database and never in a backup or an event.
//
//   {"version":1,"switched":<times switched>,"seed":"<64 hex>","next":"<64 hex>"}
//
// Made at first use. The pair to switch to is made ahead and kept until used, so that one answer of headquarters
// settles a fence; which of the two headquarters registered is told by the identity's public key, also after a crash
// between storing the identity and switching. A key file that cannot be read is never replaced: bad_format, and the
// till must be enrolled again. Any thread.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>

#include "sync/client/ports.h"

namespace tillside::store {

class KeyFile final : public sync::KeyRing {
 public:
  explicit KeyFile(const std::filesystem::path& folder);

  Result<wire::KeyPair> current() override;
  Result<wire::KeyPair> next() override;
  Status switch_to_next() override;
  Result<std::uint32_t> switched();  // how often

 private:
  struct Keys {
    std::uint32_t switched = 0;
    Bytes32 seed{}, next{};
  };
  Result<Keys> keys();  // with mutex_ held
  Status write(const Keys& keys);
  struct Made {  // working a pair out costs as much as a signature
    Bytes32 seed{};
    std::optional<wire::KeyPair> pair;
  };
  static const wire::KeyPair& pair_of(const Bytes32& seed, Made& made);

  const std::filesystem::path file_;
  std::mutex mutex_;  // guards the copy of what is on disk
  std::optional<Keys> keys_;
  Made current_, next_;
};

}  // namespace tillside::store
