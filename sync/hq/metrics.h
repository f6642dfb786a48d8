// /metrics as Prometheus text.
#pragma once

#include <string>

#include "sync/hq/ledger_types.h"
#include "sync/http/server.h"

namespace tillside::hq {

struct Gauges {
  std::size_t ingest_waiting = 0, polls_held = 0;
  bool recovering = false;
};

std::string metrics_text(const LedgerCounts& counts, const http::ServerStats& http, const Gauges& gauges);

}  // namespace tillside::hq
