#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "agent/domain/campaign.h"

namespace tillside {
namespace {

using nlohmann::json;

constexpr char kExample[] =
    R"({"number":1,"kind":"next_visit","name":{"zh":"满100减20 下次用","en":"20 off next visit"},"priority":10,)"
    R"("group":"basket","conditions":{"min_total":10000},)"
    R"("reward":{"type":"amount_off","amount":2000,"min_spend":10000},"valid_after_hours":0,"valid_days":7,)"
    R"("policy":"home","budget":{"issue":400,"exposure":40},"quota_per_till":60,)"
    R"("active_from":"2026-11-01T00:00:00+08:00","active_until":"2026-12-31T23:59:59+08:00"})";

// Every condition at once.
constexpr char kConditions[] =
    R"({"min_total":1,"max_total":2,"categories":["fruit/durian"],"skus":["6901"],"weekdays":["mon","sun"],)"
    R"("hours":{"from":"22:00","to":"02:30"},"stores":["0123"],"verdicts":["member","unknown"],"tiers":[1,255],)"
    R"("joined_days":{"min":1,"max":30},"paid_member":true,"birthday":"week","first_purchase":true,)"
    R"("guide_required":true,"guides":["E2033","E2034"],"min_proof":"scanned"})";

constexpr char kBenefit[] =
    R"({"number":7,"kind":"benefit","name":{"zh":"榴莲5折限购5斤","en":"Half-price durian"},"priority":10,)"
    R"("group":"price","conditions":{"weekdays":["tue"],"verdicts":["member"]},)"
    R"("benefit":{"type":"percent_off","basis_points":5000,"cap":10000,"skus":["6901"],"categories":["fruit/durian"],)"
    R"("unit":"斤","limit_quantity":5000},"with_pos_promotions":"before",)"
    R"("active_from":"2026-11-01T00:00:00+08:00","active_until":"2026-12-31T23:59:59+08:00"})";

// A document with `value` at the JSON pointer `at`; the text "absent" takes the field away.
std::string changed(const char* text, const std::string& at, const std::string& value) {
  json document = json::parse(text);
  const json::json_pointer pointer(at);
  if (value == "absent")
    document[pointer.parent_pointer()].erase(pointer.back());
  else
    document[pointer] = json::parse(value);
  return document.dump();
}

std::string with(const std::string& at, const std::string& value) { return changed(kExample, at, value); }

std::string judgement(const std::string& text) {
  const auto campaign = parse_campaign(text);
  if (campaign.ok()) return "ok";
  return std::string(name_of(campaign.error().code)) + " " + campaign.error().field;
}

Campaign read(const std::string& text) {
  auto campaign = parse_campaign(text);
  EXPECT_TRUE(campaign.ok()) << campaign.error().field << " " << campaign.error().detail;
  return campaign.ok() ? std::move(campaign).value() : Campaign{};
}

TEST(CampaignJson, ReadsTheDocumentedExample) {
  const Campaign campaign = read(kExample);
  EXPECT_EQ(campaign.number, 1u);
  EXPECT_EQ(campaign.kind, CampaignKind::next_visit);
  EXPECT_EQ(campaign.name_zh, "满100减20 下次用");
  EXPECT_EQ(campaign.name_en, "20 off next visit");
  EXPECT_EQ(campaign.priority, 10);
  EXPECT_EQ(campaign.group, "basket");
  EXPECT_EQ(campaign.conditions.min_total, 10000);
  EXPECT_EQ(campaign.reward.amount, 2000);
  EXPECT_EQ(campaign.reward.min_spend, 10000);
  EXPECT_EQ(campaign.valid_days, 7);
  EXPECT_EQ(campaign.policy, Policy::home);
  EXPECT_EQ(campaign.budget_issue, 400);
  EXPECT_EQ(campaign.budget_exposure, 40);
  EXPECT_EQ(campaign.quota_per_till, 60);
  EXPECT_EQ(format_time(campaign.active_from, StoreZone()), "2026-11-01T00:00:00+08:00");
  EXPECT_EQ(format_time(campaign.active_until, StoreZone()), "2026-12-31T23:59:59+08:00");
  EXPECT_FALSE(campaign.stopped);
}

TEST(CampaignJson, ReadsEveryCondition) {
  const Conditions conditions = read(with("/conditions", kConditions)).conditions;
  EXPECT_EQ(conditions.min_total, 1);
  EXPECT_EQ(conditions.max_total, 2);
  EXPECT_EQ(conditions.categories, std::vector<std::string>{"fruit/durian"});
  EXPECT_EQ(conditions.skus, std::vector<std::string>{"6901"});
  EXPECT_EQ(conditions.weekdays, (std::vector<int>{1, 0}));
  EXPECT_EQ(conditions.from_minute, 22 * 60);
  EXPECT_EQ(conditions.to_minute, 2 * 60 + 30);
  EXPECT_EQ(conditions.stores, std::vector<std::string>{"0123"});
  EXPECT_EQ(conditions.verdicts, (std::vector<VerdictStatus>{VerdictStatus::member, VerdictStatus::unknown}));
  EXPECT_EQ(conditions.tiers, (std::vector<int>{1, 255}));
  EXPECT_TRUE(conditions.guide_required);
  EXPECT_EQ(conditions.min_proof, Proof::scanned);
  EXPECT_EQ(conditions.joined_min_days, 1);
  EXPECT_EQ(conditions.joined_max_days, 30);
  EXPECT_TRUE(conditions.paid_member);
  EXPECT_EQ(conditions.birthday, NearBirthday::week);
  EXPECT_TRUE(conditions.first_purchase);
  EXPECT_EQ(conditions.guides, (std::vector<std::string>{"E2033", "E2034"}));
}

TEST(CampaignJson, ReadsABenefit) {
  const Campaign campaign = read(kBenefit);
  EXPECT_EQ(campaign.kind, CampaignKind::benefit);
  ASSERT_TRUE(campaign.benefit);
  EXPECT_EQ(campaign.benefit->type, BenefitType::percent_off);
  EXPECT_EQ(campaign.benefit->basis_points, 5000);
  EXPECT_EQ(campaign.benefit->cap, 10000);
  EXPECT_EQ(campaign.benefit->skus, std::vector<std::string>{"6901"});
  EXPECT_EQ(campaign.benefit->categories, std::vector<std::string>{"fruit/durian"});
  EXPECT_EQ(campaign.benefit->unit, "斤");
  EXPECT_EQ(campaign.benefit->limit_quantity, 5000);
  EXPECT_EQ(campaign.with_pos_promotions, PosPromotions::before);
  EXPECT_EQ(read(changed(kBenefit, "/with_pos_promotions", "absent")).with_pos_promotions, PosPromotions::exclusive);
  EXPECT_EQ(read(kExample).with_pos_promotions, PosPromotions::after);
  EXPECT_EQ(highest_worth(campaign), 0);
}

TEST(CampaignJson, ABenefitsTroublesNameTheField) {
  const auto refusal = [](const char* at, const char* value) { return judgement(changed(kBenefit, at, value)); };
  EXPECT_EQ(refusal("/benefit", "absent"), "missing_field benefit");
  EXPECT_EQ(refusal("/benefit/type", "\"free\""), "unknown_value benefit.type");
  EXPECT_EQ(refusal("/benefit/basis_points", "10000"), "out_of_range benefit.basis_points");
  EXPECT_EQ(refusal("/benefit/basis_points", "absent"), "missing_field benefit.basis_points");
  EXPECT_EQ(refusal("/benefit/price", "990"), "unknown_value benefit.price");
  EXPECT_EQ(refusal("/benefit/cap", "0"), "out_of_range benefit.cap");
  EXPECT_EQ(refusal("/benefit/skus", "\"6901\""), "wrong_type benefit.skus");
  EXPECT_EQ(refusal("/benefit/limit_quantity", "\"5\""), "wrong_type benefit.limit_quantity");
  EXPECT_EQ(refusal("/benefit/limit_quantity", "0"), "out_of_range benefit.limit_quantity");
  EXPECT_EQ(refusal("/with_pos_promotions", "\"always\""), "unknown_value with_pos_promotions");
  EXPECT_EQ(refusal("/reward", R"({"type":"amount_off","amount":1})"), "unknown_value reward");
  EXPECT_EQ(refusal("/budget", R"({"issue":1})"), "unknown_value budget");
  EXPECT_EQ(refusal("/on_return", "\"trust\""), "unknown_value on_return");
}

TEST(CampaignJson, DefaultsStandInForWhatIsLeftOut) {
  json document = json::parse(kExample);
  for (const char* name : {"priority", "group", "conditions", "valid_after_hours", "valid_days", "policy"})
    document.erase(name);
  document["name"].erase("en");
  document["budget"].erase("exposure");
  document["reward"]["min_spend"] = nullptr;
  const Campaign campaign = read(document.dump());
  EXPECT_EQ(campaign.name_en, campaign.name_zh);
  EXPECT_EQ(campaign.priority, 0);
  EXPECT_EQ(campaign.group, "");
  EXPECT_EQ(campaign.valid_days, 7);
  EXPECT_EQ(campaign.reward.min_spend, 0);
  EXPECT_EQ(campaign.budget_exposure, 0);
}

TEST(CampaignJson, WritesWhatItReads) {
  for (const auto& text :
       {std::string(kExample), with("/conditions", kConditions), with("/stopped", "true"),
        with("/policy", "\"strict\""),
        with("/reward", R"({"type":"percent_off","basis_points":8500,"cap":3000,"min_spend":0})"),
        with("/reward", R"({"type":"item","item":7,"worth":990,"min_spend":5000})"), with("/kind", "\"welcome\""),
        with("/conditions/hours", R"({"from":"00:00","to":"24:00"})"), with("/kind", "\"pickup\""),
        with("/on_return", "\"trust\""), with("/with_pos_promotions", "\"exclusive\""), with("/nudge_within", "0"),
        changed(with("/kind", "\"welcome\"").c_str(), "/person_bound", "true"), std::string(kBenefit),
        changed(kBenefit, "/benefit", R"({"type":"price","price":990,"unit":"斤"})"),
        changed(kBenefit, "/benefit", R"({"type":"amount_off","amount":200})")}) {
    const std::string once = write_campaign(read(text));
    EXPECT_EQ(write_campaign(read(once)), once);
    json written = json::parse(once), given = json::parse(text);
    for (const char* time : {"active_from", "active_until"}) written.erase(time), given.erase(time);
    EXPECT_EQ(written, given);
  }
  EXPECT_NE(write_campaign(read(kExample)).find(R"("active_from":"2026-10-31T16:00:00)"), std::string::npos);
}

TEST(CampaignJson, ReadsTheSampleStoresCampaigns) {
  std::ifstream file(TILLSIDE_SOURCE_DIR "/installer/sample_store/campaigns.json");
  const json campaigns = json::parse(file);
  ASSERT_GE(campaigns.size(), 1u);
  for (const json& campaign : campaigns) EXPECT_EQ(judgement(campaign.dump()), "ok") << campaign["number"];
}

TEST(CampaignJson, EmptyConditionsAreWrittenAsAnObject) {
  EXPECT_NE(write_campaign(read(with("/conditions", "{}"))).find(R"("conditions":{})"), std::string::npos);
}

struct Refusal {
  const char* at;
  const char* value;
  const char* judgement;
};

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, NamesTheField) { EXPECT_EQ(judgement(with(GetParam().at, GetParam().value)), GetParam().judgement); }

INSTANTIATE_TEST_SUITE_P(
    Terms, Refused,
    testing::Values(
        Refusal{"/number", "absent", "missing_field number"}, Refusal{"/number", "0", "out_of_range number"},
        Refusal{"/number", "16777216", "out_of_range number"}, Refusal{"/number", "1.0", "wrong_type number"},
        Refusal{"/number", "\"1\"", "wrong_type number"},
        Refusal{"/number", "18446744073709551615", "out_of_range number"},
        Refusal{"/kind", "\"next_week\"", "unknown_value kind"}, Refusal{"/kind", "null", "missing_field kind"},
        Refusal{"/kind", "7", "wrong_type kind"}, Refusal{"/name", "absent", "missing_field name"},
        Refusal{"/name", "\"x\"", "wrong_type name"}, Refusal{"/name/zh", "absent", "missing_field name.zh"},
        Refusal{"/name/zh", "\"\"", "out_of_range name.zh"}, Refusal{"/name/zh", "\"  \"", "out_of_range name.zh"},
        Refusal{"/name/zh", "\"0123456789012345678901234567890123456789012345678901234567890\"",
                "out_of_range name.zh"},
        Refusal{"/name/en", "\"a\\u001b@b\"", "bad_format name.en"},
        Refusal{"/name/en", "\"a\\u0085b\"", "bad_format name.en"},
        Refusal{"/name/fr", "\"x\"", "unknown_value name.fr"}, Refusal{"/priority", "true", "wrong_type priority"},
        Refusal{"/priority", "1000001", "out_of_range priority"}, Refusal{"/group", "1", "wrong_type group"},
        Refusal{"/policy", "\"open\"", "unknown_value policy"}, Refusal{"/stopped", "1", "wrong_type stopped"},
        Refusal{"/on_return", "\"keep\"", "unknown_value on_return"},
        Refusal{"/person_bound", "true", "unknown_value person_bound"},
        Refusal{"/nudge_within", "-1", "out_of_range nudge_within"},
        Refusal{"/benefit", R"({"type":"price","price":1})", "unknown_value benefit"},
        Refusal{"/colour", "1", "unknown_value colour"}));

INSTANTIATE_TEST_SUITE_P(
    Conditions, Refused,
    testing::Values(
        Refusal{"/conditions", "[]", "wrong_type conditions"},
        Refusal{"/conditions/min_totals", "1", "unknown_value conditions.min_totals"},
        Refusal{"/conditions/min_total", "-1", "out_of_range conditions.min_total"},
        Refusal{"/conditions/min_total", "1000000000001", "out_of_range conditions.min_total"},
        Refusal{"/conditions/max_total", "9999", "out_of_range conditions.max_total"},
        Refusal{"/conditions/max_total", "\"9999\"", "wrong_type conditions.max_total"},
        Refusal{"/conditions/categories", "\"fruit\"", "wrong_type conditions.categories"},
        Refusal{"/conditions/categories", "[\"fruit\",\"\"]", "out_of_range conditions.categories[1]"},
        Refusal{"/conditions/skus", "[6901]", "wrong_type conditions.skus[0]"},
        Refusal{"/conditions/weekdays", "[\"mon\",\"monday\"]", "unknown_value conditions.weekdays[1]"},
        Refusal{"/conditions/hours", "{\"from\":\"09:00\"}", "missing_field conditions.hours.to"},
        Refusal{"/conditions/hours", "{\"from\":\"9:00\",\"to\":\"12:00\"}", "bad_time conditions.hours.from"},
        Refusal{"/conditions/hours", "{\"from\":\"09:00\",\"to\":\"24:01\"}", "bad_time conditions.hours.to"},
        Refusal{"/conditions/hours", "{\"from\":\"25:00\",\"to\":\"12:00\"}", "bad_time conditions.hours.from"},
        Refusal{"/conditions/hours", "{\"from\":\"09:60\",\"to\":\"12:00\"}", "bad_time conditions.hours.from"},
        Refusal{"/conditions/hours", "{\"from\":\"09:00\",\"to\":\"09:00\"}", "out_of_range conditions.hours.to"},
        Refusal{"/conditions/hours", "{\"from\":\"09:00\",\"to\":\"10:00\",\"tz\":\"x\"}",
                "unknown_value conditions.hours.tz"},
        Refusal{"/conditions/stores", "[\"0123\",\"a b\"]", "bad_format conditions.stores[1]"},
        Refusal{"/conditions/verdicts", "[\"members\"]", "unknown_value conditions.verdicts[0]"},
        Refusal{"/conditions/tiers", "[256]", "out_of_range conditions.tiers[0]"},
        Refusal{"/conditions/tiers", "[1,1.5]", "wrong_type conditions.tiers[1]"},
        Refusal{"/conditions/guide_required", "\"yes\"", "wrong_type conditions.guide_required"},
        Refusal{"/conditions/joined_days", "{}", "missing_field conditions.joined_days.min"},
        Refusal{"/conditions/joined_days", "{\"min\":-1}", "out_of_range conditions.joined_days.min"},
        Refusal{"/conditions/joined_days", "{\"min\":3,\"max\":2}", "out_of_range conditions.joined_days.max"},
        Refusal{"/conditions/joined_days", "30", "wrong_type conditions.joined_days"},
        Refusal{"/conditions/paid_member", "1", "wrong_type conditions.paid_member"},
        Refusal{"/conditions/birthday", "true", "wrong_type conditions.birthday"},
        Refusal{"/conditions/birthday", "\"year\"", "unknown_value conditions.birthday"},
        Refusal{"/conditions/first_purchase", "\"yes\"", "wrong_type conditions.first_purchase"},
        Refusal{"/conditions/guides", "[\"a b\"]", "bad_format conditions.guides[0]"},
        Refusal{"/conditions/min_proof", "\"seen\"", "unknown_value conditions.min_proof"}));

INSTANTIATE_TEST_SUITE_P(
    Money, Refused,
    testing::Values(
        Refusal{"/reward", "absent", "missing_field reward"},
        Refusal{"/reward/type", "\"points\"", "unknown_value reward.type"},
        Refusal{"/reward/type", "absent", "missing_field reward.type"},
        Refusal{"/reward/amount", "absent", "missing_field reward.amount"},
        Refusal{"/reward/amount", "0", "out_of_range reward.amount"},
        Refusal{"/reward/amount", "4097", "out_of_range reward.amount"},
        Refusal{"/reward/amount", "20.00", "wrong_type reward.amount"},
        Refusal{"/reward/amount", "1e3", "wrong_type reward.amount"},
        Refusal{"/reward/min_spend", "12345", "out_of_range reward.min_spend"},
        Refusal{"/reward/min_spend", "-1", "out_of_range reward.min_spend"},
        Refusal{"/reward/cap", "100", "unknown_value reward.cap"},
        Refusal{"/reward", R"({"type":"percent_off","basis_points":8500})", "missing_field reward.cap"},
        Refusal{"/reward", R"({"type":"percent_off","basis_points":0,"cap":1})", "out_of_range reward.basis_points"},
        Refusal{"/reward", R"({"type":"percent_off","basis_points":10000,"cap":1})",
                "out_of_range reward.basis_points"},
        Refusal{"/reward", R"({"type":"percent_off","basis_points":8555,"cap":1})", "out_of_range reward.basis_points"},
        Refusal{"/reward", R"({"type":"percent_off","basis_points":8500,"cap":0})", "out_of_range reward.cap"},
        Refusal{"/reward", R"({"type":"item"})", "missing_field reward.item"},
        Refusal{"/reward", R"({"type":"item","item":65536})", "out_of_range reward.item"},
        Refusal{"/valid_days", "0", "out_of_range valid_days"},
        Refusal{"/valid_days", "256", "out_of_range valid_days"},
        Refusal{"/valid_after_hours", "168", "out_of_range valid_after_hours"},
        Refusal{"/valid_after_hours", "256", "out_of_range valid_after_hours"},
        Refusal{"/budget", "absent", "missing_field budget"},
        Refusal{"/budget/issue", "-1", "out_of_range budget.issue"},
        Refusal{"/budget/issue", "absent", "missing_field budget.issue"},
        Refusal{"/budget/exposure", "-1", "out_of_range budget.exposure"},
        Refusal{"/budget/total", "1", "unknown_value budget.total"},
        Refusal{"/quota_per_till", "-1", "out_of_range quota_per_till"},
        Refusal{"/quota_per_till", "absent", "missing_field quota_per_till"},
        Refusal{"/active_from", "\"2026-11-01T00:00:00\"", "bad_time active_from"},
        Refusal{"/active_from", "\"2026-11-01 00:00:00+08:00\"", "bad_time active_from"},
        Refusal{"/active_from", "\"2026-11-31T00:00:00+08:00\"", "bad_time active_from"},
        Refusal{"/active_from", "absent", "missing_field active_from"},
        Refusal{"/active_until", "\"2026-11-01T00:00:00+08:00\"", "out_of_range active_until"},
        Refusal{"/active_until", "1798732799", "wrong_type active_until"}));

TEST(CampaignJson, RefusesWhatIsNoDocument) {
  EXPECT_EQ(judgement(""), "bad_json ");
  EXPECT_EQ(judgement("[]"), "bad_json ");
  EXPECT_EQ(judgement("{\"number\":1"), "bad_json ");
  EXPECT_EQ(judgement(std::string(kExample) + "x"), "bad_json ");
  EXPECT_EQ(judgement("{\"number\":1e999}"), "bad_json ");
  EXPECT_EQ(judgement("{\"name\":\"\xff\"}"), "invalid_utf8 ");
  EXPECT_EQ(judgement("{\"name\":\"\\ud800\"}"), "bad_json ");
  EXPECT_EQ(judgement(std::string(1000, '[')), "too_deep ");
  EXPECT_EQ(judgement("{\"a\":" + std::string(32, '[') + std::string(32, ']') + "}"), "too_deep ");
  EXPECT_EQ(judgement(std::string(300 * 1024, ' ') + kExample), "out_of_range ");
}

TEST(CampaignJson, BracketsInTextsAreNoDepth) {
  EXPECT_EQ(judgement(with("/name/en", "\"[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[[[[[[[[[[[[[\"")), "ok");
}

TEST(CampaignJson, ANameThatStandsTwiceIsRefused) {
  std::string text = kExample;
  text.insert(1, "\"number\":2,");
  EXPECT_EQ(judgement(text), "bad_json number");
  text = kExample;
  text.insert(text.find("\"min_total\""), "\"min_total\":1,");
  EXPECT_EQ(judgement(text), "bad_json min_total");
}

}  // namespace
}  // namespace tillside
