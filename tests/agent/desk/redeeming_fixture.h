// A desk that issued one coupon, and the calls that check, hold, release and spend it.
#pragma once

#include "agent/desk/coupon_counter.h"
#include "tests/agent/desk/desk_fixture.h"

namespace tillside {

class RedeemingTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    lend(1, 100);
    issued = parsed(complete(sale(1)))["coupons"][0];
  }

  nlohmann::json check(const std::string& code, std::optional<Checkout> checkout = {}) {
    CouponCall call;
    call.code = code;
    call.checkout = std::move(checkout);
    const Reply reply = desk->coupons().check(std::move(call));
    EXPECT_FALSE(reply.error);
    return reply.error ? nlohmann::json() : parsed(reply);
  }
  Reply hold_reply(const std::string& hold_id, const std::string& code, const std::string& lane = "L2",
                   std::optional<Checkout> checkout = {}, bool take_over = false) {
    CouponCall call;
    call.hold_id = hold_id;
    call.code = code;
    call.lane_id = lane;
    call.checkout = std::move(checkout);
    call.take_over = take_over;
    return wait([&](ReplyTo reply) { desk->coupons().hold(std::move(call), std::move(reply)); });
  }
  nlohmann::json hold(const std::string& hold_id, const std::string& code, const std::string& lane = "L2",
                      std::optional<Checkout> checkout = {}, bool take_over = false) {
    const Reply reply = hold_reply(hold_id, code, lane, std::move(checkout), take_over);
    EXPECT_FALSE(reply.error);
    return reply.error ? nlohmann::json() : parsed(reply);
  }
  nlohmann::json release(const std::string& hold_id) {
    return parsed(wait([&](ReplyTo reply) { desk->coupons().release(hold_id, std::move(reply)); }));
  }
  Checkout spending(std::int64_t sequence, std::vector<std::string> codes, Minor net = 12'345) const {
    Checkout checkout = sale(sequence, net);
    checkout.coupons = std::move(codes);
    return checkout;
  }
  Checkout total(std::int64_t sequence, Minor net = 12'345) const {
    Checkout checkout = sale(sequence, net);
    checkout.state = CheckoutState::total;
    checkout.tenders.clear();
    return checkout;
  }
  std::string url() const { return issued["url"]; }
  std::string typed() const { return issued["typed"]; }
  std::string id() const { return issued["id"]; }
  RedeemCaps caps() {
    RedeemCaps caps;
    EXPECT_TRUE(store->read([&](store::Session& session) { caps = session.redeeming().caps(); }));
    return caps;
  }

  nlohmann::json issued;
};

}  // namespace tillside
