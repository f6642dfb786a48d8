// The one narrow door through which files and print streams hand a checkout in. The API uses the same desk directly.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/domain/checkout.h"
#include "agent/domain/result.h"

namespace tillside {

// What became of a document handed in.
struct Delivery {
  enum class Kind : std::uint8_t {
    recorded,   // durable now
    duplicate,  // durable before, same content: harmless
    conflict,   // same identity, other content: both kept, headquarters is told
    refused,    // never acceptable as it stands; `error` says why
    later,      // not now (disk full, stopping): deliver again
  };
  Kind kind = Kind::recorded;
  std::string identity;  // of the checkout, when known
  std::optional<Error> error;
  Flags flags;
};

class CheckoutIntake {
 public:
  virtual ~CheckoutIntake() = default;

  // Routes by checkout.state: completed and exchanged are completed, voided and returned reversed, the rest recorded as
  // events (total is ignored and recorded). Late unless `as_live`: a checkout over 15 minutes old issues no paper
  // coupon. `done` is called exactly once, from the store's thread, after the commit; it must not block.
  virtual void deliver(Checkout checkout, bool as_live, std::function<void(Delivery)> done) = 0;
};

// Where a journal remembers how far it has read. Durable when put() returns. Any thread.
class CheckpointStore {
 public:
  virtual ~CheckpointStore() = default;
  virtual std::optional<std::string> get_checkpoint(const std::string& source) = 0;
  virtual Status put_checkpoint(const std::string& source, const std::string& value) = 0;
};

}  // namespace tillside
