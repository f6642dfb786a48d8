#include "sync/client/enroll.h"

#include <gtest/gtest.h>

#include "tests/sync/client/rig.h"

namespace tillside::sync {
namespace {

using fakes::FakeLine;

TEST(Enroll, MakesTheIdentityDurableWithThisTillsKey) {
  test::Rig rig(false);
  auto result = enroll("c1", "0.1.0", rig.till, rig.till, rig.line, rig.random);
  ASSERT_TRUE(std::holds_alternative<wire::Identity>(result));
  ASSERT_TRUE(rig.till.disk.identity);
  EXPECT_EQ(rig.till.disk.identity->public_key, rig.till.current()->public_key);
  EXPECT_EQ(rig.till.disk.contact, rig.hq.memory.tills.at(rig.number()).newest);
}

TEST(Enroll, ALostAnswerIsMendedByEnrollingAgain) {
  test::Rig rig(false);
  rig.line.fault = [](const auto&, int n) { return n == 1 ? FakeLine::Fault::answer_lost : FakeLine::Fault::none; };
  auto lost = enroll("c1", "0.1.0", rig.till, rig.till, rig.line, rig.random);
  EXPECT_EQ(std::get<Trouble>(lost).kind, TroubleKind::unreachable);
  EXPECT_FALSE(rig.till.disk.identity);
  auto again = enroll("c1", "0.1.0", rig.till, rig.till, rig.line, rig.random);
  ASSERT_TRUE(std::holds_alternative<wire::Identity>(again));
  EXPECT_EQ(rig.hq.memory.tills.size(), 1u);
  EXPECT_TRUE(rig.settle());
}

TEST(Enroll, AnotherTillCannotUseTheSameCode) {
  test::Rig rig;
  fakes::FakeTill other(7);
  auto result = enroll("one-time-code", "0.1.0", other, other, rig.line, rig.random);
  const auto& trouble = std::get<Trouble>(result);
  EXPECT_EQ(trouble.kind, TroubleKind::refused);
  EXPECT_EQ(trouble.code, "code_used");
  EXPECT_FALSE(other.disk.identity);
}

TEST(Enroll, AHotelsLoginPageIsNotAnIdentity) {
  test::Rig rig(false);
  rig.line.fault = [](const auto&, int) { return FakeLine::Fault::garbled; };
  auto result = enroll("c1", "0.1.0", rig.till, rig.till, rig.line, rig.random);
  EXPECT_EQ(std::get<Trouble>(result).kind, TroubleKind::garbled);
  EXPECT_FALSE(rig.till.disk.identity);
}

}  // namespace
}  // namespace tillside::sync
