// What every ledger promises of coupons that tills issued to members: her stores are told, once, while they are live.
#include "tests/contract/ledger_earned.h"

#include <set>

#include "agent/domain/coupon_terms.h"

namespace tillside::test {
namespace {

constexpr Instant kNow{1'795'320'000'000};
constexpr std::uint32_t kNextVisit = 3;

Campaign next_visit() {
  Campaign campaign;
  campaign.number = kNextVisit;
  campaign.kind = CampaignKind::next_visit;
  campaign.name_zh = "满100减20";
  campaign.name_en = "20 off 100";
  campaign.reward.amount = 2000;
  campaign.reward.min_spend = 10'000;
  campaign.valid_days = 7;
  campaign.budget_issue = 1000;
  campaign.budget_exposure = 10;
  campaign.quota_per_till = 50;
  campaign.active_from = {1'795'000'000'000};
  campaign.active_until = {1'796'000'000'000};
  return campaign;
}

Sale earning(std::int64_t sequence, std::vector<std::uint32_t> serials, std::uint8_t person = 1) {
  Sale sale;
  sale.sequence = sequence;
  sale.identified = true;
  sale.person = person;
  sale.coupon_serials = std::move(serials);
  sale.campaign = kNextVisit;
  return sale;
}

RedeemedCoupon redeemed(TillNumber till, std::uint32_t serial) {
  return {{till, 0}, serial, kNextVisit, 2000, std::nullopt};
}

}  // namespace

void LedgerEarned::SetUp() {
  LedgerOwnCoupons::SetUp();
  add_store("0456");
  add_store("0789");
  ASSERT_TRUE(ledger().add_campaign(next_visit()).ok());
}

StoreNumber LedgerEarned::number_of(const std::string& id) {
  for (const auto& store : ledger().stores())
    if (store.store_id == id) return store.number;
  return 0;
}

hq::MemberRow LedgerEarned::member(std::uint8_t mark, const std::vector<std::string>& stores) {
  MemberRecord record;
  for (const auto& id : stores) record.stores.push_back(number_of(id));
  hq::MemberRow row;
  row.person.fill(mark);
  row.record = encode_member(record);
  row.ids = {{IdType::phone, IdHash{mark, 2, 3}}};
  return row;
}

void LedgerEarned::join(const hq::MemberRow& row) {
  ASSERT_TRUE(ledger().merge_members({&row, 1}).ok());
  for (const auto& [type, hash] : row.ids) {
    const hq::MemberIdRow id{hash, row.person, row.record, false};
    ASSERT_TRUE(ledger().merge_member_ids({&id, 1}).ok());
  }
}

void LedgerEarned::send(const TillEvents& events) { EXPECT_EQ(ingest(events.all()).result, hq::IngestResult::taken); }

void LedgerEarned::tell() { tell(kNow); }

void LedgerEarned::tell(Instant now) {
  while (ledger().earned_are_due()) ASSERT_TRUE(ledger().tell_earned(now).ok());
}

std::size_t LedgerEarned::live(const std::string& store) {
  std::size_t count = 0;
  for (const auto& coupon : told(store)) count += coupon.gone ? 0 : 1;
  return count;
}

TEST_P(LedgerEarned, HerStoresAreToldTheVeryCouponOfTheTill) {
  join(member(1, {"0456"}));
  TillEvents events(till);
  auto sale = earning(1, {1});
  sale.staff = 33;
  events.add(sale_event(sale));
  send(events);
  EXPECT_TRUE(told().empty()) << "tills do not wait for this";
  tell();
  ASSERT_EQ(told().size(), 1u);
  ASSERT_EQ(told("0456").size(), 1u);
  EXPECT_TRUE(told("0789").empty()) << "no store of hers";
  CouponBody body = body_of(next_visit(), kNow.plus_ms(kMinute));
  body.key = {till, 0};
  body.serial = 1;
  body.home_store = number_of("0123");
  body.staff = 33;
  const auto coupon = told("0456")[0];
  EXPECT_EQ(coupon.body, *encode_coupon(body)) << "as coupon_body() of agent/desk makes it";
  EXPECT_EQ(coupon.person, 0x01010101u);
  EXPECT_EQ(coupon.home, (KeyId{till, 0}));
  EXPECT_FALSE(coupon.typed);
  EXPECT_TRUE(ledger().was_told(coupon.body, till));
  EXPECT_EQ(ledger().revoke_own({till, 0}, 1).error().code, ErrorCode::not_found) << "none of headquarters";
}

TEST_P(LedgerEarned, NobodyIsToldOfWhatNoMemberEarned) {
  join(member(1, {"0456"}));
  TillEvents events(till);
  events.add(sale_event(earning(1, {1}, 9)));
  auto bearer = earning(2, {2});
  bearer.identified = false;
  events.add(sale_event(bearer));
  send(events);
  tell();
  EXPECT_TRUE(told().empty());
}

TEST_P(LedgerEarned, NothingIsToldTwiceHoweverOftenItIsSent) {
  join(member(1, {"0456"}));
  TillEvents events(till);
  events.add(sale_event(earning(1, {1})));
  events.add(sale_event(earning(2, {2})));
  ingest(events.batch(1, 1));
  tell();
  send(events);
  send(events);
  reopen();
  tell();
  EXPECT_EQ(told().size(), 2u);
  EXPECT_EQ(told("0456").size(), 2u);
  const auto position = ledger().newest_position(till, "0456");
  send(events);
  tell();
  EXPECT_EQ(ledger().newest_position(till, "0456"), position);
}

TEST_P(LedgerEarned, WhatACopyOfTheTillIssuedIsContestedAndNotTold) {
  join(member(1, {"0456"}));
  TillEvents events(till);
  events.add(sale_event(earning(1, {1})));
  events.add(sale_event(earning(2, {2})));
  send(events);
  auto copy = events.copy_of_first(1);
  copy.add(sale_event(earning(3, {2})));
  copy.add(sale_event(earning(4, {3})));
  EXPECT_EQ(ingest(copy.all()).result, hq::IngestResult::fork);
  tell();
  EXPECT_EQ(told().size(), 2u);
}

TEST_P(LedgerEarned, SpentIsGoneWheneverTheNewsArrives) {
  join(member(1, {"0456"}));
  const auto other = enrol(2, "0456");
  TillEvents events(till), away(other, 2);
  auto spending = earning(1, {});
  spending.redeemed = {redeemed(till, 2)};
  spending.lane = "L9";
  away.add(sale_event(spending));
  send(away);
  events.add(sale_event(earning(1, {1, 2})));
  send(events);
  tell();
  ASSERT_EQ(told().size(), 1u) << "the other was spent before anybody heard of it";
  EXPECT_EQ(told()[0].serial, 1u);
  auto at_home = earning(2, {});
  at_home.redeemed = {redeemed(till, 1)};
  events.add(sale_event(at_home));
  send(events);
  EXPECT_EQ(live(), 0u);
  EXPECT_EQ(live("0456"), 0u);
  EXPECT_TRUE(told("0456")[0].gone);
}

TEST_P(LedgerEarned, RevokedIsGoneAndAReplacementIsHersWhoMadeTheSale) {
  join(member(1, {"0456"}));
  TillEvents events(till);
  const auto first = earning(1, {1}), second = earning(2, {2});
  events.add(sale_event(first));
  events.add(sale_event(second));
  send(events);
  tell();
  EXPECT_EQ(live("0456"), 2u);
  events.add(void_event(first, 3, {1}));
  const auto minute = code_minutes(kNow);
  auto anonymous = second;
  anonymous.identified = false;
  events.add(return_event(anonymous, 4, {}, {{{0, 3, kNextVisit, minute, 0, 0}, till, 0, 7}}));
  send(events);
  tell();
  EXPECT_EQ(live("0456"), 2u);
  std::set<std::uint32_t> serials;
  for (const auto& coupon : told("0456"))
    if (!coupon.gone) serials.insert(coupon.serial);
  EXPECT_EQ(serials, (std::set<std::uint32_t>{2, 3}));
}

TEST_P(LedgerEarned, WhatIsOverLeavesNothingBehind) {
  join(member(1, {"0456"}));
  TillEvents events(till);
  events.add(sale_event(earning(1, {1})));
  send(events);
  tell();
  EXPECT_EQ(*ledger().end_own_coupons(kNow), 0u);
  EXPECT_EQ(*ledger().end_own_coupons(kNow.plus_ms(30 * kDay)), 1u);
  EXPECT_TRUE(told("0456").empty());
  EXPECT_EQ(*ledger().end_own_coupons(kNow.plus_ms(31 * kDay)), 0u);
  events.add(sale_event(earning(2, {2})));
  send(events);
  tell(kNow.plus_ms(30 * kDay));
  EXPECT_TRUE(told("0456").empty()) << "over before it was told";
}

TEST_P(LedgerEarned, OfOnePersonAsManyAsAreListed) {
  join(member(1, {"0456"}));
  TillEvents events(till);
  for (std::uint32_t i = 1; i <= 25; ++i) events.add(sale_event(earning(i, {i})));
  send(events);
  tell();
  EXPECT_EQ(live("0456"), 20u);
}

TEST_P(LedgerEarned, WhoHasNoIdentifierLeftIsToldOfNoMore) {
  auto row = member(1, {"0456"});
  join(row);
  TillEvents events(till);
  events.add(sale_event(earning(1, {1})));
  send(events);
  tell();
  EXPECT_EQ(live("0456"), 1u);
  row.ids.clear();
  ASSERT_TRUE(ledger().merge_members({&row, 1}).ok());
  EXPECT_EQ(live("0456"), 0u);
  EXPECT_EQ(live(), 0u);
}

TEST_P(LedgerEarned, AStoreSheJoinsHearsOfThemToo) {
  join(member(1, {"0456"}));
  TillEvents events(till);
  events.add(sale_event(earning(1, {1})));
  send(events);
  tell();
  join(member(1, {"0456", "0789"}));
  EXPECT_EQ(live("0789"), 1u);
  EXPECT_EQ(live("0456"), 1u);
}

TEST_P(LedgerEarned, WhatSheEarnedBeforeSheWasAMemberIsToldOnceSheIs) {
  TillEvents events(till);
  const auto first = earning(1, {1}), second = earning(2, {2}), third = earning(3, {3});
  for (const auto& sale : {first, second, third}) events.add(sale_event(sale));
  auto spending = earning(4, {});
  spending.redeemed = {redeemed(till, 3)};
  events.add(sale_event(spending));
  events.add(void_event(second, 5, {2}));
  send(events);
  tell();
  EXPECT_TRUE(told().empty());
  reopen();
  join(member(2, {"0789"}));
  join(member(1, {"0456"}));
  tell();
  EXPECT_EQ(live("0456"), 1u) << "of the others one is spent, one is revoked";
  EXPECT_EQ(live(), 1u);
  EXPECT_EQ(live("0789"), 0u);
  EXPECT_EQ(told("0456")[0].serial, 1u);
  EXPECT_EQ(told("0456")[0].person, 0x01010101u);
  const auto position = ledger().newest_position(till, "0456");
  send(events);
  join(member(1, {"0456"}));
  tell();
  EXPECT_EQ(ledger().newest_position(till, "0456"), position) << "once";
}

TEST_P(LedgerEarned, AReplacementOfWhatSheEarnedBeforeIsHersToo) {
  TillEvents events(till);
  const auto sale = earning(1, {1});
  events.add(sale_event(sale));
  auto anonymous = sale;
  anonymous.identified = false;
  events.add(return_event(anonymous, 2, {}, {{{0, 3, kNextVisit, code_minutes(kNow), 0, 0}, till, 0, 1}}));
  send(events);
  join(member(1, {"0456"}));
  tell();
  EXPECT_EQ(live("0456"), 2u);
}

TEST_P(LedgerEarned, WhatNobodyClaimedInItsTimeIsNotKept) {
  TillEvents events(till);
  events.add(sale_event(earning(1, {1})));
  send(events);
  ASSERT_TRUE(ledger().end_own_coupons(kNow.plus_ms(30 * kDay)).ok());
  join(member(1, {"0456"}));
  tell();
  EXPECT_TRUE(told().empty());
}

TEST_P(LedgerEarned, OfTwoPersonsWhoBecomeMembersNeitherIsMeant) {
  TillEvents events(till);
  auto sale = earning(1, {1});
  sale.and_person = 2;
  events.add(sale_event(sale));
  send(events);
  const auto one = member(1, {"0456"}), two = member(2, {"0789"});
  for (const auto* row : {&one, &two}) ASSERT_TRUE(ledger().merge_members({row, 1}).ok());
  const hq::MemberIdRow ids[] = {{one.ids[0].second, one.person, one.record, false},
                                 {two.ids[0].second, two.person, two.record, false}};
  ASSERT_TRUE(ledger().merge_member_ids(ids).ok());
  tell();
  EXPECT_TRUE(told().empty());
}

TEST_P(LedgerEarned, IdentifiersOfTwoPersonsMeanNobody) {
  join(member(1, {"0456"}));
  join(member(2, {"0789"}));
  TillEvents events(till);
  auto sale = earning(1, {1});
  sale.and_person = 2;
  events.add(sale_event(sale));
  send(events);
  tell();
  EXPECT_TRUE(told().empty());
}

}  // namespace tillside::test
