#include "agent/domain/advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/agent/domain/campaign_samples.h"

namespace tillside {
namespace {

using samples::campaign;
using samples::checkout;
using samples::kSundayMorning;
using samples::verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Advice advice_for(const Verdict& who, const std::vector<Campaign>& campaigns = {}) {
  return advise(checkout(), who, campaigns, StoreZone(), kSundayMorning);
}

std::vector<PromptCode> codes(const Advice& advice) {
  std::vector<PromptCode> codes;
  for (const Prompt& prompt : advice.prompts) codes.push_back(prompt.code);
  return codes;
}

Verdict member_of(std::optional<bool> here, std::optional<bool> elsewhere) {
  Verdict who = verdict(VerdictStatus::member);
  who.here = here;
  who.elsewhere = elsewhere;
  return who;
}

TEST(Advice, MembersHereAreWelcomedWithoutACode) {
  const Advice advice = advice_for(member_of(true, false));
  EXPECT_THAT(codes(advice), ElementsAre(PromptCode::welcome_back));
  EXPECT_FALSE(advice.show_join_qr);
}

TEST(Advice, MembersElsewhereAreInvitedHere) {
  const Advice advice = advice_for(member_of(false, true));
  EXPECT_THAT(codes(advice), ElementsAre(PromptCode::invite_here));
  EXPECT_TRUE(advice.show_join_qr);
}

TEST(Advice, AMemberOfUnknownPlaceIsAskedSoftly) {
  EXPECT_THAT(codes(advice_for(member_of(std::nullopt, std::nullopt))), ElementsAre(PromptCode::invite_softly));
}

TEST(Advice, WhoIsNotAMemberIsInvited) {
  const Advice advice = advice_for(verdict(VerdictStatus::not_member));
  EXPECT_THAT(codes(advice), ElementsAre(PromptCode::invite));
  EXPECT_THAT(advice.prompts[0].zh, HasSubstr("还没进群"));
  EXPECT_TRUE(advice.show_join_qr);
}

TEST(Advice, UnknownIsNeverSaidToBeNoMember) {
  const Advice advice = advice_for(verdict(VerdictStatus::unknown));
  EXPECT_THAT(codes(advice), ElementsAre(PromptCode::invite_softly));
  EXPECT_THAT(advice.prompts[0].zh, HasSubstr("不确定"));
  EXPECT_THAT(advice.prompts[0].zh, Not(HasSubstr("还没进群")));
  EXPECT_THAT(advice.prompts[0].en, HasSubstr("Not sure"));
  EXPECT_TRUE(advice.show_join_qr);
}

TEST(Advice, WhoIsNotNamedIsAskedForAPhone) {
  Verdict nobody = verdict(VerdictStatus::unidentified);
  nobody.as_of = kSundayMorning.plus_ms(-30 * kDay);
  const Advice advice = advice_for(nobody);
  EXPECT_THAT(codes(advice), ElementsAre(PromptCode::ask_phone));
  EXPECT_TRUE(advice.show_join_qr);
}

TEST(Advice, AnOldReplicaIsSaidToBeOld) {
  for (const auto status : {VerdictStatus::member, VerdictStatus::not_member, VerdictStatus::unknown}) {
    Verdict who = verdict(status);
    who.as_of = kSundayMorning.plus_ms(-kDay);
    EXPECT_EQ(codes(advice_for(who)).size(), 1u);
    who.as_of = kSundayMorning.plus_ms(-kDay - 1);
    EXPECT_EQ(codes(advice_for(who)).back(), PromptCode::stale);
    who.as_of = kSundayMorning.plus_ms(kDay);
    EXPECT_EQ(codes(advice_for(who)).size(), 1u);
  }
}

TEST(Advice, NamesTheFirstCouponToCome) {
  std::vector<Campaign> campaigns{campaign(1), campaign(2), campaign(3)};
  campaigns[0].conditions.min_total = 99999;
  campaigns[1].name_zh = "满50减5";
  campaigns[1].name_en = "5 off";
  const Advice advice = advice_for(verdict(), campaigns);
  EXPECT_THAT(codes(advice), ElementsAre(PromptCode::welcome_back, PromptCode::coupon_to_come));
  EXPECT_THAT(advice.prompts[1].zh, HasSubstr("满50减5"));
  EXPECT_THAT(advice.prompts[1].en, HasSubstr("5 off"));
  ASSERT_EQ(advice.coupons.size(), 3u);
  EXPECT_EQ(advice.coupons[0].reason, NotEarned::min_total);
  EXPECT_EQ(advice.coupons[1].campaign, &campaigns[1]);
}

TEST(Advice, PromptsAreShortInBothLanguages) {
  for (const auto status :
       {VerdictStatus::member, VerdictStatus::not_member, VerdictStatus::unknown, VerdictStatus::unidentified})
    for (const Prompt& prompt : advice_for(verdict(status)).prompts) {
      EXPECT_FALSE(prompt.zh.empty() || prompt.en.empty());
      EXPECT_LE(prompt.zh.size(), 25u * 3) << prompt.zh;
      EXPECT_LE(prompt.en.size(), 60u) << prompt.en;
    }
}

}  // namespace
}  // namespace tillside
