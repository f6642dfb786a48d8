// The contact: proves to headquarters that this is the newest copy of this till, and brings an access token.
//
//   1 the request nonce and the contact value to send are durable      ContactState::begin_contact
//   2 GET /v1/nonce
//   3 POST /v1/token, signed with the current key, naming the next one
//   4 the answer's contact value, and its identity if any, are durable ContactState::contacted
//   5 the key ring follows the identity                                KeyRing::switch_to_next
//   6 only then the token is used
//
// A crash or a lost answer anywhere leaves a state from which the same contact is made again:
//   before 4: the same nonce and value are sent; headquarters recognises them and gives the same answer (`repeated`),
//             having kept the old key for exactly that. The next key is the same too, as it is kept until used.
//   between 4 and 5: the identity names its public key; the ring still signs with the one before. follow_identity()
//             compares and switches, at the start of each contact and when the agent starts.
//             An answer to a nonce sent before may be an old one: its time is not the present, its token is used for a
//             minute only, and the contact after it is fresh.
//   between 5 and 6: the token was never used; a new contact with the new value is `honest`.
#pragma once

#include <string>

#include "sync/client/ports.h"
#include "sync/client/random.h"
#include "sync/client/trouble.h"

namespace tillside::sync {

// Not thread-safe: one thread makes contacts.
class Contact {
 public:
  Contact(ContactState& state, KeyRing& keys, Outbox& outbox, Random& random, std::string version)
      : state_(state), keys_(keys), outbox_(outbox), random_(random), version_(std::move(version)) {}

  // The till must be enrolled. On success everything up to step 5 is durable. An answer whose time is not signed by
  // headquarters' key over our nonce is garbled, and nothing of it is kept.
  Attempt<wire::ContactAnswer> make(HqTransport& transport);
  // Whether the last contact's nonce was sent for the first time. Else its answer, and the time in it, may be old.
  bool was_fresh() const { return fresh_; }

 private:
  Attempt<std::string> server_nonce(HqTransport& transport);
  Attempt<wire::ContactRequest> request(const wire::Identity& identity, std::string server_nonce);
  Attempt<wire::ContactAnswer> ask(HqTransport& transport, const wire::ContactRequest& request);
  std::optional<Trouble> settle(const wire::Identity& identity, const wire::ContactRequest& request,
                                wire::ContactAnswer& answer);

  ContactState& state_;
  KeyRing& keys_;
  Outbox& outbox_;
  Random& random_;
  std::string version_;
  bool fresh_ = true;
};

// Makes the key ring sign with the key the identity names. Nothing to do when it does already, or when the identity
// names none. not_ready when the ring holds neither: the key file was lost or is another till's.
Status follow_identity(const wire::Identity& identity, KeyRing& keys);

}  // namespace tillside::sync
