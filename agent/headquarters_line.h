// The till's line to headquarters: which address, the transports, the sync loop, enrolment.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "agent/config.h"
#include "agent/store/contact_store.h"
#include "agent/store/downlink_store.h"
#include "agent/store/key_file.h"
#include "agent/store/outbox.h"
#include "sync/client/sync_loop.h"

namespace tillside {

// Any thread.
class HeadquartersLine {
 public:
  struct Parts {  // outlive the line
    store::Store* store = nullptr;
    store::StoreContact* contact = nullptr;
    store::KeyFile* keys = nullptr;
    store::StoreOutbox* outbox = nullptr;
    store::StoreDownlink* downlink = nullptr;
    const Clock* clock = nullptr;
  };
  HeadquartersLine(Parts parts, const Config& config, sync::SyncBoard::Tell tell);
  ~HeadquartersLine();

  // Begins to sync when this till is enrolled; otherwise waits for enrol().
  void start();
  void stop();
  void wake();

  // Blocks for one exchange with headquarters. refused: already enrolled, or headquarters said no.
  Result<wire::Identity> enrol(const std::string& hq_url, const std::string& code);
  sync::SyncStatus status() const;
  // The access token while headquarters is in contact, for calls beside the sync; and a connection for them, null
  // without an address.
  std::optional<std::string> live_token() const;
  std::unique_ptr<sync::HqTransport> connect();

 private:
  struct Loop;
  void begin(const std::string& url);
  std::string known_url();

  const Parts parts_;
  const std::filesystem::path folder_;  // keeps headquarters.url, apart from a database that may be damaged
  const std::string configured_url_, ca_file_;
  const sync::SyncBoard::Tell tell_;
  mutable std::mutex mutex_;  // guards loop_
  std::unique_ptr<Loop> loop_;
};

}  // namespace tillside
