// A single enrolled till could claim to be ahead of headquarters, by a contact counter, a cursor or an epoch of its own
// invention, and headquarters then believed that it had been restored: it lent nothing to any till until all had made
// contact. What is ahead now counts only when headquarters itself made it.
#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

using wire::ContactOutcome;

class InventedAhead : public HqWithTill {
 protected:
  void SetUp() override {
    HqWithTill::SetUp();
    till_.drain();
    incarnation_ = rig_.ledger().state().incarnation;
  }
  void expect_nothing_shaken() {
    EXPECT_FALSE(rig_.ledger().still_recovering());
    EXPECT_EQ(rig_.ledger().state().incarnation, incarnation_);
  }
  Bytes16 incarnation_{};
};

TEST_F(InventedAhead, ACounterFencesItsTillAlone) {
  till_.till.disk.contact = {77, {9}};
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::fenced);
  expect_nothing_shaken();
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
}

TEST_F(InventedAhead, TheNewestCounterWithOtherRandomnessFencesItsTillAlone) {
  till_.till.disk.contact.random[3] ^= 1;
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::fenced);
  expect_nothing_shaken();
}

TEST_F(InventedAhead, AValueOfAnotherTillFencesItsTillAlone) {
  TillAt other(rig_, 2);
  other.enroll(rig_.code());
  for (int i = 0; i < 5; ++i) other.contact();
  till_.till.disk.contact = other.till.disk.contact;
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::fenced);
  expect_nothing_shaken();
}

TEST_F(InventedAhead, ACursorIsAnsweredFromTheBeginning) {
  const auto honest = till_.till.disk.cursor;
  for (const auto& invented :
       {to_hex(incarnation_) + ".999.999.999." + std::string(16, '0'), to_hex(incarnation_) + ".999.999.999"}) {
    till_.till.disk.cursor = invented;
    EXPECT_TRUE(till_.drain().reset) << invented;
    EXPECT_EQ(till_.till.disk.cursor, honest);
  }
  expect_nothing_shaken();
}

TEST_F(InventedAhead, AnEpochIsLeftBehindAtOnce) {
  const auto identity = *till_.till.identity();
  wire::ContactRequest request;
  request.till = identity.till;
  request.epoch = {1, 2, 3};
  request.request_nonce = {7};
  request.contact = {50, {9}};
  request.next_public_key = till_.till.next()->public_key;
  request.server_nonce = wire::read_nonce_answer(rig_.exchange("GET", "/v1/nonce", "", "").body)->nonce;
  wire::sign(request, till_.till.current()->secret_key);
  const auto answer = wire::read_contact_answer(rig_.exchange("POST", "/v1/token", wire::write(request), "").body);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->outcome, ContactOutcome::readmitted);
  expect_nothing_shaken();
}

}  // namespace
}  // namespace tillside::test
