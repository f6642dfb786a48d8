// What the agent says of itself: GET /health, /metrics, /v1/status and the screens' status line.
#pragma once

#include <string>

#include "agent/api/api.h"
#include "agent/desk/desk.h"
#include "agent/store/contact_store.h"
#include "agent/store/members.h"
#include "agent/store/outbox.h"
#include "agent/store/store.h"
#include "sync/client/sync_board.h"

namespace tillside {

struct StatusParts {
  const Desk* desk = nullptr;
  const ShopWindow* shop = nullptr;
  store::Store* store = nullptr;
  store::StoreOutbox* outbox = nullptr;
  const store::Members* members = nullptr;
  sync::SyncStatus sync;
  std::uint64_t set_aside = 0;
  std::uint64_t refused_keys = 0;  // documents of the key directory that did not hold
};

// For /health and /metrics: no counting of ledgers.
api::StatusReport report(const StatusParts& parts);

// The answer of /v1/status. Counts the ledger: not on a door's thread.
std::string describe(const StatusParts& parts);

// ",\"online\":true,\"backlog\":12,\"as_of\":\"...\"": the fields of the screens' status message.
std::string status_line(const StatusParts& parts);

}  // namespace tillside
