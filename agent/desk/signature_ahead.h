// The signature of the coupon a sale is about to earn, made by the door's thread while the writer's thread begins to
// write.
//
// A signature costs as much as all rows of a sale, and the door's thread has nothing else to do when it serves one
// caller. The coupon is foreseen; when its serial turns out otherwise the writer signs by itself, so nothing but time
// depends on this. Threads: sign() on the door's thread, once, after the job was handed in; take() on the writer's, any
// number of times.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "agent/domain/coupon.h"

namespace tillside {

class SignatureAhead {
 public:
  explicit SignatureAhead(const CouponBytes& foreseen) : foreseen_(foreseen) {}

  void sign(const ChainId& chain, const SigningKey& key);
  // Waits while it is being made, which takes no longer than making it. nullopt: not begun, or of another coupon.
  std::optional<Signature> take(const CouponBytes& body);

 private:
  enum class State { waiting, signing, ready, given_up };
  const CouponBytes foreseen_;
  std::atomic<State> state_{State::waiting};
  Signature signature_{};
};

}  // namespace tillside
