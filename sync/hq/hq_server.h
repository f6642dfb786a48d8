// Headquarters as one object: the data folder, its ledger and the HTTP server.
//
// The data folder (mode 0700) holds hq.db (the ledger), hq.key (its keys, see hq_keys.h), owner.token, snapshots/ and
// work/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "agent/domain/clock.h"
#include "agent/domain/result.h"

namespace tillside::hq {

class Ledger;
class HqKeys;

struct HqOptions {
  std::filesystem::path data;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;         // 0: a free one
  bool behind_tls_proxy = false;  // without it only loopback addresses are listened on
  std::string public_host;        // of coupon and referral URLs; empty: the one kept from before
  bool key_is_lost = false;       // hq.key is an older copy and there is no newer: go on with a new key, recovering
  const Clock* clock = nullptr;   // nullptr: the machine's
};

class HqServer {
 public:
  // Opens or makes the data folder and binds. refused: an address beyond loopback without the proxy's word;
  // missing_field public_host: none given and none kept; conflict hq.key: it is not of this ledger, or an older copy.
  static Result<std::unique_ptr<HqServer>> open(const HqOptions& options);
  ~HqServer();
  HqServer(const HqServer&) = delete;
  HqServer& operator=(const HqServer&) = delete;

  std::uint16_t port() const;
  const std::string& owner_token() const;
  Ledger& ledger();
  const HqKeys& keys() const;

  void run();   // until stop()
  void stop();  // any thread

 private:
  struct Parts;
  explicit HqServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tillside::hq
