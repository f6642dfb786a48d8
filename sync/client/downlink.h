// The downlink: asks what changed after the cursor, held open until there is something; fetches snapshots, resuming.
//
// The cursor moves only inside the sink's own transaction, so a crash or a lost answer asks the same again.
#pragma once

#include <optional>
#include <string>

#include "sync/client/ports.h"
#include "sync/client/trouble.h"

namespace tillside::sync {

// Not thread-safe.
class Downlink {
 public:
  explicit Downlink(DownlinkSink& sink) : sink_(sink) {}

  struct Poll {
    std::size_t changes = 0;
    bool more = false, reset = false;
  };
  // Held open by headquarters up to wait_s seconds.
  Attempt<Poll> poll(HqTransport& transport, const std::string& token, int wait_s);

  struct Fetched {
    bool wanted = false;  // false: no snapshot is wanted
    std::uint64_t bytes = 0;
  };
  // Fetches the rest of the wanted snapshot and has it checked. A damaged one is thrown away (garbled) and wanted
  // again.
  Attempt<Fetched> fetch_snapshot(HqTransport& transport, const std::string& token);

 private:
  std::optional<Trouble> fetch_rest(HqTransport& transport, const std::string& token,
                                    const wire::MembersCheckpoint& wanted, std::uint64_t from);

  DownlinkSink& sink_;
};

// Every byte but unreserved ones as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace tillside::sync
