// Headquarters' word on a coupon that this till may not decide alone.
#pragma once

#include <functional>

#include "agent/domain/redemption.h"

namespace tillside {

// Any thread; nothing here blocks. Each call is idempotent by `rid`, which is durable here before it is used.
class Grantor {
 public:
  struct Question {
    Bytes16 rid{};
    CouponText coupon;
    Policy policy = Policy::home;
    Minor value = 0;
  };
  struct Answer {
    enum class Kind : std::uint8_t { granted, refused, unanswered } kind = Kind::unanswered;
    RedeemReason reason = RedeemReason::none;  // refused
  };
  virtual ~Grantor() = default;
  virtual bool reachable() const = 0;
  virtual Bytes16 new_rid() = 0;  // random: names one reservation for ever
  // Leads to one call of `done`, soon: unanswered when headquarters stays silent. It may come on the calling thread.
  virtual void ask(const Question& question, std::function<void(Answer)> done) = 0;
  // `done(false)`: headquarters was not told; release it again later.
  virtual void release(const Bytes16& rid, std::function<void(bool told)> done) = 0;
};

// A till without a line to headquarters.
class NoGrantor final : public Grantor {
 public:
  bool reachable() const override { return false; }
  Bytes16 new_rid() override { return {}; }
  void ask(const Question&, std::function<void(Answer)> done) override { done({}); }
  void release(const Bytes16&, std::function<void(bool)> done) override { done(false); }
};

}  // namespace tillside
