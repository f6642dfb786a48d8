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

Advice advice_on(const Checkout& bill, const Verdict& who, const std::vector<Campaign>& campaigns,
                 const ManualKeys& keys = {}) {
  const CampaignBook book(campaigns);
  return advise(bill, who, book.judge(campaigns, bill, who, StoreZone(), kSundayMorning), {}, keys, kSundayMorning);
}

Advice advice_for(const Verdict& who, const std::vector<Campaign>& campaigns = {}) {
  return advice_on(checkout(), who, campaigns);
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
  ASSERT_EQ(advice.judgement.coupons.size(), 3u);
  EXPECT_EQ(advice.judgement.coupons[0].reason, NotEarned::min_total);
  EXPECT_EQ(advice.judgement.coupons[1].campaign, &campaigns[1]);
}

TEST(Advice, ANudgeSaysHowLittleIsMissing) {
  std::vector<Campaign> campaigns{campaign(1)};
  campaigns[0].conditions.min_total = 13545;
  const Advice advice = advice_for(verdict(), campaigns);
  ASSERT_THAT(codes(advice), ElementsAre(PromptCode::welcome_back, PromptCode::nudge));
  EXPECT_EQ(advice.prompts[1].zh, "再买12元送20元券");
  EXPECT_EQ(advice.prompts[1].en, "¥12 more earns ¥20 off");
}

TEST(Advice, ANudgeReachesAFifthOfTheThresholdOrWhatTheCampaignSays) {
  const auto nudged = [](Minor min_total, std::optional<Minor> within) {
    std::vector<Campaign> campaigns{campaign(1)};
    campaigns[0].conditions.min_total = min_total;
    campaigns[0].nudge_within = within;
    return codes(advice_for(verdict(), campaigns)).back() == PromptCode::nudge;
  };
  EXPECT_TRUE(nudged(15431, std::nullopt));   // 3086 is missing, a fifth is 3086
  EXPECT_FALSE(nudged(15435, std::nullopt));  // 3090 is missing, a fifth is 3087
  EXPECT_TRUE(nudged(12355, 10));
  EXPECT_FALSE(nudged(12356, 10));
}

TEST(Advice, ANudgeIsNotForWhatFailsOtherwiseOrIsHadAlready) {
  std::vector<Campaign> campaigns{campaign(1), campaign(2)};
  campaigns[1].conditions.min_total = 13000;
  campaigns[1].conditions.weekdays = {1};
  EXPECT_EQ(codes(advice_for(verdict(), campaigns)).back(), PromptCode::coupon_to_come);
  campaigns[1].conditions.weekdays.clear();
  EXPECT_EQ(codes(advice_for(verdict(), campaigns)).back(), PromptCode::nudge);
  campaigns[0].group = campaigns[1].group = "basket";  // the first of the group is earned: more earns nothing more
  EXPECT_EQ(codes(advice_for(verdict(), campaigns)).back(), PromptCode::coupon_to_come);
}

Campaign half_price() {
  Campaign offer = campaign(7);
  offer.kind = CampaignKind::benefit;
  offer.name_zh = "会员日";
  offer.benefit.emplace();
  offer.benefit->basis_points = 5000;
  return offer;
}

Checkout at_total() {
  Checkout bill = checkout();
  bill.state = CheckoutState::total;
  bill.tenders.clear();
  for (std::size_t i = 0; i < bill.lines.size(); ++i) bill.lines[i].line_no = static_cast<std::int32_t>(i + 1);
  return bill;
}

TEST(Advice, WhereADoorOnlyListensTheCashierIsToldTheKey) {
  Checkout bill = at_total();
  EXPECT_THAT(codes(advice_on(bill, verdict(), {half_price()})), ElementsAre(PromptCode::welcome_back));
  for (const char* door : {"journal", "print"}) {
    bill.source.adapter = door;
    const Advice told = advice_on(bill, verdict(), {half_price()}, {{"B7", "F6"}});
    ASSERT_THAT(codes(told), ElementsAre(PromptCode::welcome_back, PromptCode::manual_key));
    EXPECT_EQ(told.prompts[1].zh, "请按F6：5折，第1、2行共减61.73元");
    EXPECT_EQ(told.prompts[1].en, "Press F6: 50% off, line 1, 2, ¥61.73 in all");
    EXPECT_EQ(advice_on(bill, verdict(), {half_price()}).prompts[1].zh, "请手动打折：5折，第1、2行共减61.73元");
  }
}

TEST(Advice, CouponsAreJudgedOnWhatTheDiscountsLeave) {
  std::vector<Campaign> campaigns{campaign(1), half_price()};
  campaigns[0].conditions.min_total = 6172;
  EXPECT_THAT(codes(advice_on(at_total(), verdict(), campaigns)),
              ElementsAre(PromptCode::welcome_back, PromptCode::coupon_to_come));
  campaigns[0].conditions.min_total = 6173;
  EXPECT_THAT(codes(advice_on(at_total(), verdict(), campaigns)),
              ElementsAre(PromptCode::welcome_back, PromptCode::nudge));
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
