// What every ledger promises of coupons that headquarters issues itself.
#include "tests/contract/ledger_own_coupons.h"

namespace tillside::test {
namespace {

constexpr Instant kThatDay{1'795'320'000'000};

TypedCode typed(const CouponBody& body) { return {0, body.serial & 0xFF'FFFF, body.serial * 3u}; }

Campaign terms(std::uint32_t number, CampaignKind kind, std::int64_t issue = 10) {
  Campaign campaign;
  campaign.number = number;
  campaign.kind = kind;
  campaign.name_zh = "礼";
  campaign.name_en = "gift";
  campaign.reward.amount = 2000;
  if (kind == CampaignKind::pickup) {
    campaign.reward = {};
    campaign.reward.type = RewardType::item;
    campaign.reward.item = 4711;
    campaign.reward.worth = 1500;
  }
  campaign.budget_issue = issue;
  campaign.budget_exposure = 1;
  campaign.quota_per_till = 5;
  campaign.active_from = {1'795'000'000'000};
  campaign.active_until = {1'796'000'000'000};
  return campaign;
}

hq::PersonKey person(std::uint8_t mark) {
  hq::PersonKey key{};
  key.fill(mark);
  return key;
}

hq::JoinFact joined(std::uint8_t mark, Instant at, std::vector<IdHash> ids = {}) {
  return {person(mark), std::move(ids), {"0123"}, at, true};
}

MemberRecord record_of(std::optional<Instant> first_joined) {
  MemberRecord record;
  record.stores = {1};
  record.first_joined = first_joined;
  return record;
}

}  // namespace

void LedgerOwnCoupons::SetUp() {
  LedgerContract::SetUp();
  add_store();
  till = enrol(1);
  ASSERT_TRUE(ledger().add_campaign(terms(1, CampaignKind::pickup)).ok());
  ASSERT_TRUE(ledger().add_campaign(terms(2, CampaignKind::welcome)).ok());
}

Result<std::vector<hq::OwnCoupon>> LedgerOwnCoupons::make(const std::string& order, std::uint32_t count,
                                                          std::uint32_t campaign, std::optional<std::uint32_t> limit) {
  hq::OwnOrder wanted;
  wanted.order_id = order;
  wanted.campaign = campaign;
  wanted.store_id = "0123";
  wanted.count = count;
  wanted.limit = limit;
  wanted.now = kThatDay;
  return ledger().issue_own(wanted, typed);
}

std::size_t LedgerOwnCoupons::welcome(const hq::JoinFact& fact) {
  const Campaign campaigns[] = {terms(2, CampaignKind::welcome)};
  const auto made = ledger().welcome({&fact, 1}, campaigns, kThatDay, typed);
  EXPECT_TRUE(made.ok());
  return made.ok() ? made->size() : 99;
}

std::vector<wire::CouponChange> LedgerOwnCoupons::told(const std::string& store) {
  std::vector<wire::CouponChange> coupons;
  for (const auto& body : ledger().changes_since(till, store, {}, 1 << 20).changes)
    if (const auto change = wire::read_change(body); change && change->kind == wire::ChangeKind::coupon)
      coupons.push_back(change->coupon);
  return coupons;
}

TEST_P(LedgerOwnCoupons, SerialsRiseAndNothingIsMadeTwiceUnderOneOrder) {
  const auto first = make("a", 3);
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first->size(), 3u);
  EXPECT_EQ((*first)[0].body.serial, 1u);
  EXPECT_EQ((*first)[2].body.serial, 3u);
  EXPECT_EQ((*first)[0].body.key.till, 0u);
  EXPECT_EQ((*first)[0].home, (KeyId{till, 0})) << "the store's first till decides them alone";
  reopen();
  const auto again = make("a", 3);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ((*again)[2].body, (*first)[2].body);
  EXPECT_EQ(make("a", 2).error().code, ErrorCode::conflict);
  EXPECT_EQ((*make("b", 1))[0].body.serial, 4u);
  EXPECT_EQ(told().size(), 4u);
}

TEST_P(LedgerOwnCoupons, TheBudgetAndTheLimitHold) {
  EXPECT_EQ(total_lent(1), 0) << "tills are lent nothing of it";
  EXPECT_EQ(make("a", 11).error().code, ErrorCode::limit);
  ASSERT_TRUE(make("b", 6).ok());
  EXPECT_EQ(make("c", 3, 1, 8).error().field, "limit");
  ASSERT_TRUE(make("c", 2, 1, 8).ok());
  EXPECT_EQ(make("d", 3).error().code, ErrorCode::limit);
  ASSERT_TRUE(make("d", 2).ok());
  const auto info = ledger().campaigns()[0];
  EXPECT_EQ(info.issued, 10);
  EXPECT_EQ(info.available, 0);
}

TEST_P(LedgerOwnCoupons, RefusesByName) {
  EXPECT_EQ(make("a", 1, 2).error().code, ErrorCode::refused) << "not of kind pickup";
  EXPECT_EQ(make("a", 1, 77).error().code, ErrorCode::not_found);
  EXPECT_EQ(make("a", 0).error().field, "count");
  ASSERT_TRUE(ledger().stop_campaign(1).ok());
  EXPECT_EQ(make("a", 1).error().code, ErrorCode::refused);
  EXPECT_TRUE(told().empty());
}

TEST_P(LedgerOwnCoupons, AWelcomeIsOnceForAPersonAndForEachOfHerIdentifiers) {
  const IdHash phone = person(200), card = person(201);
  EXPECT_EQ(welcome(joined(1, kThatDay, {phone})), 1u);
  EXPECT_EQ(welcome(joined(1, kThatDay, {phone})), 0u);
  reopen();
  EXPECT_EQ(welcome(joined(1, kThatDay.plus_ms(60'000), {phone})), 0u);
  EXPECT_EQ(welcome(joined(2, kThatDay, {card, phone})), 0u) << "another person's record with her phone";
  EXPECT_EQ(welcome(joined(3, kThatDay, {card})), 1u);
  EXPECT_EQ(told().size(), 2u);
  EXPECT_NE(told()[0].person, 0u);
}

TEST_P(LedgerOwnCoupons, TheFirstJoinEverCounts) {
  const Instant before{1'794'000'000'000};
  EXPECT_EQ(welcome(joined(1, before)), 0u) << "joined before the campaign began";
  hq::MemberRow row{person(1), encode_member(record_of(before)), {}};
  ASSERT_TRUE(ledger().merge_members({&row, 1}).ok());
  EXPECT_EQ(welcome(joined(1, kThatDay)), 0u) << "left and came again";
  row.record = encode_member(record_of(std::nullopt));
  ASSERT_TRUE(ledger().merge_members({&row, 1}).ok());
  EXPECT_EQ(welcome(joined(1, kThatDay)), 0u) << "a later file that tells less makes her no newcomer";
  auto event = joined(5, kThatDay);
  event.first_ever = false;
  row = {person(5), encode_member(record_of(std::nullopt)), {}};
  ASSERT_TRUE(ledger().merge_members({&row, 1}).ok());
  EXPECT_EQ(welcome(event), 0u) << "she was in a group already";
  EXPECT_EQ(welcome(joined(6, kThatDay)), 1u);
}

TEST_P(LedgerOwnCoupons, WhatIsRedeemedIsToldNoMore) {
  const auto made = make("a", 2);
  ASSERT_TRUE(made.ok());
  const auto bytes = encode_coupon((*made)[0].body);
  EXPECT_TRUE(ledger().was_told(*bytes, till));
  TillEvents events(till, 1);
  std::string event;
  append_hand_over_event(event, {"L1", date_of(2026, 11, 22), kThatDay, "E1007"},
                         {{0, (*made)[0].body.key.generation}, (*made)[0].body.serial, 1, 1500, std::nullopt});
  events.add(event);
  EXPECT_EQ(ingest(events.all()).result, hq::IngestResult::taken);
  std::size_t gone = 0;
  for (const auto& coupon : told()) gone += coupon.gone ? 1 : 0;
  EXPECT_EQ(gone, 1u);
  const auto rows = ledger().handed_over();
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].item, 4711u);
  EXPECT_EQ((*rows)[0].made, 2);
  EXPECT_EQ((*rows)[0].count, 1);
  EXPECT_EQ((*rows)[0].value, 1500);
  hq::ReservationAttempt attempt;
  attempt.till = till;
  attempt.epoch.fill(1);
  attempt.rid.fill(9);
  attempt.key = (*made)[0].body.key;
  attempt.serial = (*made)[0].body.serial;
  attempt.campaign = 1;
  EXPECT_EQ(ledger().reserve(attempt)->reason, "spent");
}

TEST_P(LedgerOwnCoupons, TheyAreCountedWithTheStoreTheyWereMadeFor) {
  add_store("0456");
  const auto away = enrol(2, "0456");
  const auto made = make("a", 5);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(welcome(joined(1, kThatDay)), 1u);
  ASSERT_TRUE(ledger().revoke_own((*made)[2].body.key, 3).ok());
  const auto hand_over = [&](TillNumber at, std::uint8_t mark, const std::string& lane, std::uint32_t serial) {
    TillEvents events(at, mark);
    std::string event;
    append_hand_over_event(event, {lane, date_of(2026, 11, 22), kThatDay, "E1007"},
                           {(*made)[0].body.key, serial, 1, 1500, std::nullopt});
    events.add(event);
    EXPECT_EQ(ingest(events.all()).result, hq::IngestResult::taken);
  };
  hand_over(till, 1, "L1", 1);
  hand_over(away, 2, "L2", 2);
  const auto counts_of = [&](std::uint32_t campaign, Instant now) {
    hq::CouponCounts sum;
    const auto report = ledger().coupon_report(now);
    for (const auto& row : report->rows)
      if (row.campaign == campaign) {
        EXPECT_EQ(row.store_id, "0123");
        EXPECT_EQ(row.currency, "CNY");
        sum += row.counts;
      }
    return sum;
  };
  auto counts = counts_of(1, kThatDay);
  EXPECT_EQ(counts.issued, 5);
  EXPECT_EQ(counts.unheard, 0);
  EXPECT_EQ(counts.live, 2);
  EXPECT_EQ(counts.revoked, 1);
  EXPECT_EQ(counts.redeemed_home, 1);
  EXPECT_EQ(counts.redeemed_elsewhere, 1);
  EXPECT_EQ(counts.handed_over, 2);
  EXPECT_EQ(counts_of(2, kThatDay).live, 1);
  counts = counts_of(1, kThatDay.plus_ms(60 * kDay));
  EXPECT_EQ(counts.live, 0);
  EXPECT_EQ(counts.expired, 2);
  EXPECT_EQ(counts.issued + counts.unheard,
            counts.live + counts.expired + counts.redeemed_home + counts.redeemed_elsewhere + counts.revoked);
  const auto settled = ledger().settlement({});
  ASSERT_EQ(settled->size(), 2u);
  for (const auto& row : *settled) {
    EXPECT_EQ(row.issuing, "") << "headquarters";
    EXPECT_EQ(row.value, 1500);
  }
}

TEST_P(LedgerOwnCoupons, TheirUnitsComeBackWhenTheirHomesDiskIsGone) {
  const auto other = enrol(2);
  const auto made = make("a", 3);
  ASSERT_TRUE(made.ok());
  const auto reserve = [&](std::uint8_t rid, std::uint32_t serial, Policy policy) {
    hq::ReservationAttempt attempt;
    attempt.till = other;
    attempt.epoch.fill(2);
    attempt.rid.fill(rid);
    attempt.key = (*made)[0].body.key;
    attempt.serial = serial;
    attempt.campaign = 1;
    attempt.policy = policy;
    const auto answer = ledger().reserve(attempt);
    return answer->reason.empty() ? "granted" : answer->reason;
  };
  const auto open = [&] { return ledger().coupon_report(kThatDay)->campaigns[0].exposure_open; };
  EXPECT_EQ(reserve(1, 1, Policy::home), "granted");
  EXPECT_EQ(reserve(2, 2, Policy::home), "no_exposure");
  EXPECT_EQ(reserve(3, 3, Policy::strict), "home_only");
  EXPECT_EQ(open(), 1);
  ASSERT_TRUE(ledger().revoke_till(till).ok());
  ASSERT_TRUE(ledger().disk_gone(till, TillEvents(till, 1).epoch(), kThatDay).ok());
  EXPECT_EQ(open(), 0);
  EXPECT_EQ(reserve(4, 2, Policy::home), "granted");
  EXPECT_EQ(reserve(5, 3, Policy::strict), "granted");
}

TEST_P(LedgerOwnCoupons, TheirUnitsComeBackWhenAllOfTheirHomesEndedLifeIsHere) {
  const auto other = enrol(2);
  const auto made = make("a", 3);
  ASSERT_TRUE(made.ok());
  hq::ReservationAttempt attempt;
  attempt.till = other;
  attempt.epoch.fill(2);
  attempt.rid.fill(1);
  attempt.key = (*made)[0].body.key;
  attempt.serial = 1;
  attempt.campaign = 1;
  EXPECT_EQ(ledger().reserve(attempt)->reason, "");
  const auto open = [&] { return ledger().coupon_report(kThatDay)->campaigns[0].exposure_open; };
  TillEvents old(till, 1), next(till, 8);
  old.add(sale_event({.sequence = 1}));
  next.add(sale_event({.sequence = 1, .lane = "L8"}));
  ASSERT_TRUE(ledger()
                  .contact(till, old.epoch(), Bytes16{7},
                           [&](const hq::ContactSituation& situation) {
                             hq::ContactPlan plan;
                             plan.answer = "again";
                             plan.outcome = "readmitted";
                             plan.changed = situation.record;
                             plan.changed->state = hq::EpochState::ended;
                             plan.changed->report_until = 1;
                             plan.begun = situation.record;
                             plan.begun->epoch = next.epoch();
                             plan.begun->generation = 1;
                             plan.begun->public_key.fill(8);
                             return Result<hq::ContactPlan>(plan);
                           })
                  .ok());
  old.set_token_epoch(next.epoch());
  ingest(old.all());
  EXPECT_EQ(open(), 1);
  ingest(next.all());
  EXPECT_EQ(open(), 0);
}

TEST_P(LedgerOwnCoupons, AwayFromItsHomeItCostsExposure) {
  const auto other = enrol(2);
  const auto made = make("a", 3);
  ASSERT_TRUE(made.ok());
  const auto reserve = [&](TillNumber by, std::uint8_t mark, std::uint8_t rid, std::uint32_t serial) {
    hq::ReservationAttempt attempt;
    attempt.till = by;
    attempt.epoch.fill(mark);
    attempt.rid.fill(rid);
    attempt.key = (*made)[0].body.key;
    attempt.serial = serial;
    attempt.campaign = 1;
    const auto answer = ledger().reserve(attempt);
    return !answer.ok() ? name_of(answer.error().code) : answer->reason.empty() ? "granted" : answer->reason;
  };
  EXPECT_EQ(reserve(other, 2, 1, 1), "granted");
  EXPECT_EQ(reserve(other, 2, 2, 2), "no_exposure");
  EXPECT_EQ(reserve(till, 1, 3, 2), "granted") << "home itself";
  EXPECT_EQ(reserve(other, 2, 4, 99), "beyond_ceiling") << "never issued";
  ASSERT_TRUE(ledger().revoke_own((*made)[2].body.key, 3).ok());
  EXPECT_EQ(reserve(till, 1, 5, 3), "revoked");
}

TEST_P(LedgerOwnCoupons, WhatIsOverLeavesTheChangeLog) {
  ASSERT_TRUE(make("a", 2).ok());
  EXPECT_EQ(*ledger().end_own_coupons(kThatDay), 0u);
  EXPECT_EQ(*ledger().end_own_coupons(kThatDay.plus_ms(30 * kDay)), 2u);
  EXPECT_TRUE(told().empty());
  EXPECT_EQ(*ledger().end_own_coupons(kThatDay.plus_ms(31 * kDay)), 0u);
}

TEST_P(LedgerOwnCoupons, HerOtherStoresHearOfHerCoupons) {
  add_store("0456");
  StoreNumber second = 0, first = 0;
  for (const auto& store : ledger().stores()) (store.store_id == "0456" ? second : first) = store.number;
  MemberRecord record;
  record.stores = {first};
  record.first_joined = kThatDay;
  hq::MemberRow row{person(1), encode_member(record), {}};
  EXPECT_EQ(welcome(joined(1, kThatDay)), 1u);
  ASSERT_TRUE(ledger().merge_members({&row, 1}).ok());
  EXPECT_TRUE(told("0456").empty());
  record.stores = {first, second};
  row.record = encode_member(record);
  ASSERT_TRUE(ledger().merge_members({&row, 1}).ok());
  EXPECT_EQ(told("0456").size(), 1u);
}

TEST_P(LedgerOwnCoupons, SettingsAreOfTheChainOrOfAStore) {
  const auto settings = [&](const std::string& store) {
    std::vector<wire::Change> found;
    for (const auto& body : ledger().changes_since(till, store, {}, 1 << 20).changes)
      if (auto change = wire::read_change(body); change && change->kind == wire::ChangeKind::settings)
        found.push_back(std::move(*change));
    return found;
  };
  ASSERT_TRUE(ledger().set_settings("", {{"redeem_cap_count", "300"}}).ok());
  ASSERT_TRUE(ledger().set_settings("0123", {{"redeem_cap_count", "20"}, {"manual_key.B7", "F6"}}).ok());
  ASSERT_TRUE(ledger().set_public_host("t.example.cn").ok());
  ASSERT_EQ(settings("0123").size(), 2u);
  EXPECT_TRUE(settings("0123")[0].of_store);
  EXPECT_EQ(settings("0123")[0].settings.other.at("redeem_cap_count"), "20");
  EXPECT_EQ(settings("0123")[1].settings.other.at("redeem_cap_count"), "300") << "a new host keeps the settings";
  ASSERT_TRUE(ledger().set_settings("0123", {{"redeem_cap_count", std::nullopt}}).ok());
  EXPECT_EQ(ledger().settings("0123"), (std::map<std::string, std::string>{{"manual_key.B7", "F6"}}));
  EXPECT_EQ(ledger().set_settings("none", {}).error().code, ErrorCode::not_found);
}

}  // namespace tillside::test
