// The calls tills make (CONTRACT "Edge to headquarters").
#pragma once

#include <filesystem>

#include "sync/hq/contacts.h"
#include "sync/hq/downlink.h"
#include "sync/hq/enrolment.h"
#include "sync/hq/ingest_queue.h"
#include "sync/hq/token_reader.h"
#include "sync/wire/reservation.h"

namespace tillside::hq {

// Any thread; called on io threads, never blocks them.
class TillApi {
 public:
  struct Parts {
    Ledger& ledger;
    const HqKeys& keys;
    const Clock& clock;
    Workers& workers;
    IngestQueue& ingest;
    Downlink& downlink;
    Enrolment& enrolment;
    Contacts& contacts;
    std::filesystem::path snapshots;
  };
  explicit TillApi(Parts parts) : parts_(std::move(parts)) {}

  // True: the call is ours and will be answered.
  bool handle(const CallPtr& call);

 private:
  void nonce(const CallPtr& call);
  void enroll(const CallPtr& call);
  void token(const CallPtr& call);
  void uplink(const CallPtr& call);
  void downlink(const CallPtr& call);
  void snapshot(const CallPtr& call);
  void reservation(const CallPtr& call);
  Result<wire::ReservationAnswer> reserve(const wire::Token& token, const wire::ReservationRequest& request);
  void on_worker(const CallPtr& call, void (TillApi::*step)(const CallPtr&));
  // The token of the call: signed by us, of this incarnation, not expired. Not yet: whether it is the till's newest.
  Result<wire::Token> token_of(const http::Request& request) const;
  Result<wire::Token> live_token_of(const http::Request& request) const;

  Parts parts_;
  mutable TokenReader tokens_;
};

}  // namespace tillside::hq
