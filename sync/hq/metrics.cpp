#include "sync/hq/metrics.h"

#include <fmt/format.h>

namespace tillside::hq {

std::string metrics_text(const LedgerCounts& counts, const http::ServerStats& http, const Gauges& gauges) {
  std::string out;
  const auto add = [&](const char* name, const char* type, const char* help, std::uint64_t value) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type, value);
  };
  add("tillside_hq_tills", "gauge", "Tills enrolled.", counts.tills);
  add("tillside_hq_tills_revoked", "gauge", "Tills revoked.", counts.tills_revoked);
  add("tillside_hq_tills_forked", "gauge", "Tills with two histories under one epoch.", counts.tills_forked);
  add("tillside_hq_events", "counter", "Events held durably.", counts.events);
  add("tillside_hq_events_parked", "gauge", "Events kept but not usable.", counts.parked);
  add("tillside_hq_events_quarantined", "gauge", "Events of revoked tills, kept apart.", counts.quarantined);
  add("tillside_hq_fork_events", "gauge", "Events of second histories, kept apart.", counts.fork_events);
  add("tillside_hq_checkouts", "counter", "Checkouts filed.", counts.checkouts);
  add("tillside_hq_coupons", "counter", "Coupons issued.", counts.coupons);
  add("tillside_hq_redemptions", "gauge", "Coupons redeemed, by sale.", counts.redemptions);
  add("tillside_hq_coupons_redeemed_twice", "gauge", "Coupons redeemed more than once.", counts.redeemed_twice);
  add("tillside_hq_conflicts", "gauge", "Identities seen with other content.", counts.conflicts);
  add("tillside_hq_ingest_waiting", "gauge", "Batches waiting to be written.", gauges.ingest_waiting);
  add("tillside_hq_polls_held", "gauge", "Downlink polls held open.", gauges.polls_held);
  add("tillside_hq_recovering", "gauge", "1 while a restored ledger waits for its tills.", gauges.recovering ? 1 : 0);
  add("tillside_hq_http_requests", "counter", "Requests handed to a handler.", http.requests);
  add("tillside_hq_http_requests_refused", "counter", "Requests refused by the server.", http.requests_refused);
  add("tillside_hq_http_connections", "gauge", "Connections open.", http.connections_open);
  return out;
}

}  // namespace tillside::hq
