// The downlink side as turns: each makes at most one exchange and says how long to wait before the next.
#pragma once

#include <functional>

#include "agent/domain/clock.h"
#include "sync/client/access_token.h"
#include "sync/client/downlink.h"
#include "sync/client/patience.h"
#include "sync/client/sync_board.h"

namespace tillside::sync {

struct DownlinkOptions {
  int wait_s = 25;  // how long headquarters may hold a poll open
  Patience::Limits patience;
};

// turn() on one thread. A damaged or missing snapshot never holds up the polls.
class DownlinkTurns {
 public:
  // on_rejected is called when headquarters no longer takes the token: a contact is due.
  DownlinkTurns(DownlinkSink& sink, AccessToken& token, const Clock& clock, Random& random, SyncBoard& board,
                DownlinkOptions options, std::function<void()> on_rejected);

  std::int64_t turn(HqTransport& transport);  // milliseconds until the next

 private:
  std::int64_t snapshot_turn(HqTransport& transport, const std::string& token, bool& wanted);
  std::int64_t poll_turn(HqTransport& transport, const std::string& token, std::int64_t now);
  std::int64_t failed(const Trouble& trouble, const std::string& token, Patience& patience);

  AccessToken& token_;
  const Clock& clock_;
  Random& random_;
  SyncBoard& board_;
  Downlink downlink_;
  int wait_s_;
  std::function<void()> on_rejected_;
  Patience poll_patience_, snapshot_patience_;
  std::int64_t poll_gate_ = 0, snapshot_gate_ = 0;
  bool more_ = true;  // do not let headquarters hold the first poll open: there may be a snapshot to fetch
};

}  // namespace tillside::sync
