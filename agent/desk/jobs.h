// The durable half of a call: what happens inside the store's transaction, and the reply after its commit.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "agent/desk/desk.h"
#include "agent/desk/filing.h"
#include "agent/desk/identify.h"
#include "agent/desk/redeemer.h"
#include "agent/desk/signature_ahead.h"
#include "agent/store/writer.h"

namespace tillside {

// What every job of a checkout carries in and out.
struct Filed {
  std::shared_ptr<const Shop> shop;
  Checkout checkout;
  Shopper shopper;
  Flags flags;
  std::optional<Showing> showing;
  bool late = false;
  Bytes16 digest{};
  std::optional<Minor> inferred_off;  // see Reconciled
  TrustedTime time;                   // of this till when it came in
  Instant now;                        // that the rules judge by: time.now, or a replayed document's own
  RedeemParts redeeming;
  std::vector<Earned> earned;             // by a sale, as the rules alone see it
  std::shared_ptr<SignatureAhead> ahead;  // of the first coupon; may be null
  Reply reply;                            // made by apply(), sent by finished()
  std::string happening;                  // told after the commit; empty: nothing
  const char* happening_type = "completed";
};

// Whom what this checkout earns is credited to.
StaffNumber credited_staff(const Filed& filed);

// Files a checkout once: replies with the first answer for the same content, keeps and tells other content as a
// conflict, and lets the derived job decide the rest. Runs inside a transaction.
class FilingJob : public store::Job {
 public:
  FilingJob(Filed filed, Happenings& happenings, ReplyTo reply);
  void apply(store::Session& session) final;
  void finished(const std::optional<Error>& error) final;
  bool promised() const final { return true; }

 protected:
  // Fills `file` (coupons, answer) and appends its events. reply_ holds identity and flags already.
  virtual void decide(store::Session& session, const Filing& filing, store::FiledCheckout& file) = 0;
  virtual EventKind kind() const = 0;

  CheckoutFacts facts(const Filing& filing) const;
  void append_event(store::Session& session, EventKind kind, const CheckoutFacts& facts);

  Filed filed_;

 private:
  void answer_conflict(store::Session& session, const Filing& filing);

  Happenings& happenings_;
  ReplyTo reply_to_;
};

std::unique_ptr<store::Job> complete_job(Filed filed, Happenings& happenings, ReplyTo reply);
std::unique_ptr<store::Job> reverse_job(Filed filed, Happenings& happenings, ReplyTo reply);
std::unique_ptr<store::Job> lane_event_job(Filed filed, Happenings& happenings, ReplyTo reply);

// One event without a checkout: a prompt key, an unfinished showing.
std::unique_ptr<store::Job> event_job(std::string event, Instant at, std::string answer, ReplyTo reply);

// Revokes what a checkout earned and gives its units back, because nothing of it was printed.
std::unique_ptr<store::Job> not_printed_job(std::string identity, std::shared_ptr<const Shop> shop, Instant now,
                                            ReplyTo reply);

// A remembered checkout by identity or, failing that, by checkout_id.
std::optional<store::FiledCheckout> find_remembered(store::Session& session, std::string_view name);

// "[{"id","campaign"},...]"
void append_revoked(std::string& out, const std::vector<RevokedCoupon>& revoked, TillNumber till);

}  // namespace tillside
