// The uplink side as turns: each does at most one thing and says how long to wait before the next.
//
// Contacts when there is no token, it nears its end or the epoch sold under forked (headquarters then gives a new one),
// else sends what waits, then what headquarters does not keep of a fork. Waits are gates in monotonic time: being
// woken by new events never cuts a back-off short.
#pragma once

#include <atomic>

#include "agent/domain/clock.h"
#include "sync/client/access_token.h"
#include "sync/client/contact.h"
#include "sync/client/patience.h"
#include "sync/client/sync_board.h"
#include "sync/client/uplink.h"

namespace tillside::sync {

struct UplinkOptions {
  std::string version;  // of this program, told at each contact
  Uplink::Limits batch;
  std::int64_t linger_ms = 200;  // how long the first new event waits for company
  Patience::Limits patience;
};

// turn() on one thread; new_events() from any.
class UplinkTurns {
 public:
  UplinkTurns(ContactState& state, KeyRing& keys, Outbox& outbox, AccessToken& token, const Clock& clock,
              Random& random, SyncBoard& board, UplinkOptions options);

  std::int64_t turn(HqTransport& transport);  // milliseconds until the next; new_events() may come sooner
  void new_events() { fresh_ = true; }

 private:
  std::int64_t contact_turn(HqTransport& transport, std::int64_t now);
  std::int64_t send_turn(HqTransport& transport, const std::string& token);
  std::int64_t lingering(std::int64_t now);
  std::int64_t rest(std::int64_t now) const;
  void send_failed(const Trouble& trouble, const std::string& token);
  bool forked_where_it_sells(const Uplink::Done& done);

  ContactState& state_;
  AccessToken& token_;
  const Clock& clock_;
  SyncBoard& board_;
  Contact contact_;
  Uplink uplink_;
  Patience contact_patience_, send_patience_;
  std::int64_t linger_ms_;
  std::atomic<bool> fresh_{false};
  bool lingers_ = false;
  std::int64_t linger_until_ = 0, contact_gate_ = 0, send_gate_ = 0, forks_gate_ = 0;
  int rejections_seen_ = 0;
};

}  // namespace tillside::sync
