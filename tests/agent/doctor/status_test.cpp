// What the doctor reads out of the agent's own account.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/doctor/examine_status.h"

namespace tillside::doctor {
namespace {

using nlohmann::json;

const Instant kNow = *parse_time("2026-11-22T09:00:00Z", StoreZone());

json healthy() {
  return {{"enrolled", true},
          {"may_issue", true},
          {"online", true},
          {"backlog", 3},
          {"last_contact", "2026-11-22T16:59:00+08:00"},
          {"last_error", ""},
          {"recovering", false},
          {"parked", 0},
          {"forked", 0},
          {"clock", {{"trusted", true}, {"state", "wall"}}},
          {"keys", {{"expired", false}}},
          {"members_as_of", "2026-11-22T16:50:00+08:00"},
          {"members_complete", true},
          {"quotas", {{{"campaign", 1}, {"left", 5}}}},
          {"refused_disk_full", 0},
          {"set_aside", 0},
          {"wal_bytes", 4096},
          {"database_bytes", 1 << 22}};
}
json with(const char* key, const json& value) {
  json status = healthy();
  status[key] = value;
  return status;
}

// "door health, door health"
std::string all_told(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings)
    text += (text.empty() ? "" : ", ") + std::string(finding.door) + " " + std::string(name_of(finding.health));
  return text;
}
Findings all_of(const json& status) {
  Findings all;
  for (const Findings& part : {examine_headquarters(status, kNow), examine_clock(status), examine_members(status, kNow),
                               examine_coupons(status), examine_storage(status)})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(Status, OfAHealthyTillNeedsNoMend) {
  const Findings findings = all_of(healthy());
  EXPECT_EQ(all_told(findings), "headquarters works, clock works, members works, coupons works, storage works");
  for (const Finding& finding : findings) EXPECT_TRUE(finding.mend.zh.empty()) << finding.says.zh;
}

TEST(Status, WhatDoesNotWorkSaysItsMendInBothLanguages) {
  const json ill = {{"enrolled", true},      {"may_issue", false},
                    {"online", false},       {"last_contact", "2026-11-20T16:59:00+08:00"},
                    {"recovering", true},    {"parked", 2},
                    {"forked", 7},           {"clock", {{"trusted", false}, {"state", "dead"}}},
                    {"backlog", 812},        {"last_error", "could not resolve host"},
                    {"refused_disk_full", 3}};
  const Findings findings = all_of(ill);
  EXPECT_EQ(all_told(findings),
            "headquarters broken, headquarters look, headquarters look, headquarters look, clock broken, members look, "
            "coupons broken, storage broken");
  for (const Finding& finding : findings) {
    EXPECT_FALSE(finding.mend.zh.empty()) << finding.says.zh;
    EXPECT_FALSE(finding.mend.en.empty()) << finding.says.en;
  }
  EXPECT_EQ(findings[0].says.zh, "离线 2 天，等待上传 812 条 (could not resolve host)");
  EXPECT_EQ(findings[0].says.en, "offline for 2 days, 812 events waiting (could not resolve host)");
}

TEST(Headquarters, AShortAbsenceIsOnlyWorthALook) {
  json status = with("online", false);
  EXPECT_EQ(all_told(examine_headquarters(status, kNow)), "headquarters look");
  status["last_contact"] = nullptr;
  EXPECT_EQ(all_told(examine_headquarters(status, kNow)), "headquarters broken");
}

TEST(Headquarters, OneThatIsNotEnrolledIsToldHowToEnrol) {
  const Findings findings = examine_headquarters(with("enrolled", false), kNow);
  ASSERT_EQ(all_told(findings), "headquarters broken");
  EXPECT_NE(findings[0].mend.en.find("tillside enroll"), std::string::npos);
  EXPECT_TRUE(examine_coupons(with("enrolled", false)).empty());
}

TEST(Members, OverADayOldWantALook) {
  EXPECT_EQ(all_told(examine_members(with("members_as_of", "2026-11-21T16:59:00+08:00"), kNow)), "members look");
  EXPECT_EQ(all_told(examine_members(with("members_as_of", nullptr), kNow)), "members look");
  EXPECT_EQ(all_told(examine_members(with("members_complete", false), kNow)), "members look");
}

TEST(Coupons, NameTheCampaignWhoseBudgetIsUsedUp) {
  const Findings findings = examine_coupons(
      with("quotas", {{{"campaign", 1}, {"left", 5}}, {{"campaign", 4}, {"left", 0}}, {{"campaign", 9}, {"left", 0}}}));
  ASSERT_EQ(all_told(findings), "coupons look");
  EXPECT_NE(findings[0].says.zh.find("活动 4, 9"), std::string::npos);
}

TEST(Clock, ThatIsWrongButKnownIsStillUsable) {
  EXPECT_EQ(all_told(examine_clock(with("clock", {{"trusted", true}, {"state", "behind"}}))), "clock look");
}

}  // namespace
}  // namespace tillside::doctor
