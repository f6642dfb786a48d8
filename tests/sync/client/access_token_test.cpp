#include "sync/client/access_token.h"

#include <gtest/gtest.h>

namespace tillside::sync {
namespace {

TEST(AccessToken, LivesForItsLifeAndWantsRenewalBeforeTheEnd) {
  AccessToken token;
  EXPECT_FALSE(token.live(0));
  EXPECT_TRUE(token.wants_renewal(0));
  token.put("a", 1000, 5000);
  EXPECT_EQ(token.live(5999), "a");
  EXPECT_EQ(token.renewal_in(5000), 800);
  EXPECT_FALSE(token.wants_renewal(5799));
  EXPECT_TRUE(token.wants_renewal(5800));
  EXPECT_FALSE(token.live(6000));
}

TEST(AccessToken, ARejectionOfAnOlderTokenLeavesTheNewerAlone) {
  AccessToken token;
  token.put("old", 1000, 0);
  token.put("new", 1000, 0);
  token.rejected("old");
  EXPECT_EQ(token.live(1), "new");
  EXPECT_EQ(token.rejected_in_a_row(), 0);
  token.rejected("new");
  token.rejected("new");
  EXPECT_FALSE(token.live(1));
  EXPECT_EQ(token.rejected_in_a_row(), 1);
  token.worked();
  EXPECT_EQ(token.rejected_in_a_row(), 0);
}

TEST(AccessToken, ADroppedTokenWasNotRejected) {
  AccessToken token;
  token.put("old", 1000, 0);
  token.put("new", 1000, 0);
  token.drop("old");
  EXPECT_EQ(token.live(1), "new");
  token.drop("new");
  EXPECT_FALSE(token.live(1));
  EXPECT_TRUE(token.wants_renewal(1));
  EXPECT_EQ(token.rejected_in_a_row(), 0);
}

TEST(AccessToken, ANegativeLifeIsNone) {
  AccessToken token;
  token.put("a", -5, 100);
  EXPECT_FALSE(token.live(100));
}

}  // namespace
}  // namespace tillside::sync
