#include "agent/store/downlink_store.h"

#include "agent/store/yielding.h"
#include "sync/wire/signing.h"
#include "tests/agent/store/snapshots.h"

namespace tillside::store {
namespace {

using namespace test;

struct DownlinkTest : ::testing::Test {
  void SetUp() override { open(); }
  void TearDown() override { close(); }
  void open() {
    store = must_open(folder.path());
    members = Members::open({folder.path()}).value();
    contact = StoreContact::open(*store).value();
    auto opened = StoreDownlink::open(*store, *members, *contact);
    ASSERT_TRUE(opened);
    downlink = std::move(*opened);
  }
  void close() {
    downlink.reset();
    contact.reset();
    members.reset();
    store.reset();
  }
  void enroll() {
    wire::EnrollAnswer answer;
    answer.identity.till = 3;
    answer.identity.store_id = "0123";
    answer.identity.zone = "Asia/Shanghai";
    answer.identity.currency = "CNY";
    answer.identity.epoch = epoch_of(1);
    answer.contact.counter = 1;
    ASSERT_TRUE(contact->enrolled(answer));
  }
  std::int64_t left(std::uint32_t campaign) {
    std::int64_t units = 0;
    EXPECT_TRUE(store->writer().run([&](Session& session) { units = session.issuing().left(campaign); }));
    return units;
  }

  TempFolder folder;
  std::unique_ptr<Store> store;
  std::unique_ptr<Members> members;
  std::unique_ptr<StoreContact> contact;
  std::unique_ptr<StoreDownlink> downlink;
};

wire::Change campaign_change(std::uint32_t number, int priority) {
  Campaign campaign;
  campaign.number = number;
  campaign.name_zh = "回头券";
  campaign.name_en = "Next visit";
  campaign.priority = priority;
  campaign.reward.amount = 2000;
  campaign.budget_issue = 100;
  campaign.budget_exposure = 100;
  campaign.quota_per_till = 10;
  campaign.active_from = Instant{1'700'000'000'000};
  campaign.active_until = Instant{1'800'000'000'000};
  wire::Change change;
  change.campaign = number;
  change.campaign_json = write_campaign(campaign);
  EXPECT_TRUE(parse_campaign(change.campaign_json));
  return change;
}

wire::Change quota_change(std::uint32_t campaign, std::uint8_t epoch, std::int64_t lent) {
  wire::Change change;
  change.kind = wire::ChangeKind::quota;
  change.quota = {campaign, epoch_of(epoch), lent};
  return change;
}

wire::DownlinkAnswer page(std::string cursor, std::vector<wire::Change> changes) {
  wire::DownlinkAnswer answer;
  answer.cursor = std::move(cursor);
  answer.hq_incarnation.fill(4);
  answer.as_of = Instant{1000};
  answer.changes = std::move(changes);
  return answer;
}

TEST_F(DownlinkTest, EverythingLandsAndIsThereAfterARestart) {
  enroll();
  wire::Change staff;
  staff.kind = wire::ChangeKind::staff;
  staff.staff = {{"E2033", 7, "试用员工", StaffRole::guide, true, ""}};
  wire::Change settings;
  settings.kind = wire::ChangeKind::settings;
  settings.settings.event_retention_days = 12;
  wire::Change keys;
  keys.kind = wire::ChangeKind::member_keys;
  keys.member_keys = {{1, {}}, {2, {}}};
  int told = 0;
  downlink->on_change([&told] { ++told; });
  EXPECT_EQ(downlink->cursor(), "");
  ASSERT_TRUE(downlink->apply(page("c1", {campaign_change(5, 2), campaign_change(6, 1), staff, settings, keys,
                                          quota_change(5, 1, 10), change_of(IdHash{1}, record_with(1))})));
  EXPECT_EQ(told, 1);
  for (int pass = 0; pass < 2; ++pass) {
    EXPECT_EQ(downlink->cursor(), "c1");
    ASSERT_EQ(downlink->campaigns().size(), 2u);
    EXPECT_EQ(downlink->campaigns()[0].number, 6u);
    ASSERT_TRUE(downlink->roster().find("E2033"));
    EXPECT_EQ(downlink->settings().event_retention_days, 12u);
    EXPECT_EQ(contact->identity()->member_keys.size(), 2u);
    EXPECT_EQ(downlink->hq_incarnation()[0], 4);
    EXPECT_EQ(left(5), 10);
    EXPECT_TRUE(members->find(IdHash{1}));
    close();
    open();
  }
}

TEST_F(DownlinkTest, QuotasAndMembersAreNoReasonToBuildTheShopAnew) {
  enroll();
  ASSERT_TRUE(downlink->apply(page("1", {campaign_change(5, 2)})));
  int told = 0;
  downlink->on_change([&told] { ++told; });
  ASSERT_TRUE(downlink->apply(page("2", {quota_change(5, 1, 10), change_of(IdHash{1}, record_with(1))})));
  EXPECT_EQ(told, 0);
  EXPECT_EQ(left(5), 10);
  ASSERT_TRUE(downlink->apply(page("3", {quota_change(5, 1, 20), campaign_change(6, 1)})));
  EXPECT_EQ(told, 1);
}

TEST_F(DownlinkTest, QuotasOfAnotherEpochAreFrozen) {
  enroll();
  ASSERT_TRUE(downlink->apply(page("1", {quota_change(5, 9, 50)})));
  EXPECT_EQ(left(5), 0);
  ASSERT_TRUE(downlink->apply(page("2", {quota_change(5, 1, 10), quota_change(5, 1, 4)})));
  EXPECT_EQ(left(5), 10);
}

TEST_F(DownlinkTest, WhatIsRecalledGoesBackInTheTransactionThatTellsOfIt) {
  enroll();
  const auto recall = [](std::int64_t lent) {
    auto change = quota_change(5, 1, lent);
    change.quota.recall = true;
    return change;
  };
  ASSERT_TRUE(downlink->apply(page("1", {quota_change(5, 1, 10)})));
  ASSERT_TRUE(store->writer().run([](Session& session) { ASSERT_TRUE(session.issuing().take(5)); }));
  ASSERT_TRUE(downlink->apply(page("2", {recall(10)})));
  EXPECT_EQ(left(5), 0);
  const auto told = [&] {
    std::vector<std::string> events;
    EXPECT_TRUE(store->read([&](Session& session) {
      events.clear();
      Statement rows = session.database().prepare("SELECT body FROM event ORDER BY id");
      while (rows.step()) events.emplace_back(rows.text(0));
    }));
    return events;
  };
  ASSERT_EQ(told().size(), 1u);
  EXPECT_EQ(told()[0], R"({"e":"revoked","what":"given_back","q":[[5,9]]})");
  ASSERT_TRUE(downlink->apply(page("3", {recall(10)})));
  EXPECT_EQ(told().size(), 1u) << "nothing was left to give back";
  close();
  open();
  ASSERT_TRUE(downlink->apply(page("4", {quota_change(5, 1, 14)})));
  EXPECT_EQ(left(5), 4) << "what went back does not come again";
  ASSERT_TRUE(downlink->apply(page("5", {recall(14)})));
  EXPECT_EQ(told().back(), R"({"e":"revoked","what":"given_back","q":[[5,13]]})") << "in all";
  auto other = recall(14);
  other.quota.epoch = epoch_of(9);
  ASSERT_TRUE(downlink->apply(page("6", {quota_change(5, 1, 20), other})));
  EXPECT_EQ(left(5), 6) << "of another epoch";
}

TEST_F(DownlinkTest, AResetDropsCampaignsOnlyWhenTheLastPageIsIn) {
  enroll();
  ASSERT_TRUE(downlink->apply(page("1", {campaign_change(5, 1), campaign_change(6, 2)})));
  auto first = page("2", {campaign_change(6, 2)});
  first.reset = first.more = true;
  ASSERT_TRUE(downlink->apply(first));
  EXPECT_EQ(downlink->campaigns().size(), 2u);
  close();
  open();
  ASSERT_TRUE(downlink->apply(page("3", {campaign_change(7, 3)})));
  ASSERT_EQ(downlink->campaigns().size(), 2u);
  EXPECT_EQ(downlink->campaigns()[0].number, 6u);
  EXPECT_EQ(downlink->campaigns()[1].number, 7u);
}

TEST_F(DownlinkTest, ACampaignThisVersionCannotReadIsCountedAndKept) {
  auto odd = campaign_change(5, 1);
  odd.campaign_json = R"({"number":5,"kind":"from the future"})";
  ASSERT_TRUE(downlink->apply(page("1", {odd, campaign_change(6, 1)})));
  EXPECT_EQ(downlink->campaigns().size(), 1u);
  EXPECT_EQ(downlink->unreadable_campaigns(), 1u);
}

TEST_F(DownlinkTest, ASnapshotComesInPiecesAndGoesOnAfterARestart) {
  Rows rows;
  std::mt19937_64 random(3);
  while (rows.size() < 500) rows[random_hash(random)] = record_with(static_cast<std::uint32_t>(rows.size()));
  const std::string text = snapshot_text(rows);
  const auto checkpoint = checkpoint_of("members-17", text, rows.size());
  ASSERT_TRUE(downlink->apply(page("1", {change_of(checkpoint)})));
  ASSERT_TRUE(downlink->wanted_snapshot());
  EXPECT_EQ(downlink->snapshot_bytes("members-17"), 0u);
  ASSERT_TRUE(downlink->snapshot_piece("members-17", 0, std::string_view(text).substr(0, 1000)));
  close();
  open();
  EXPECT_EQ(downlink->snapshot_bytes("members-17"), 1000u);
  EXPECT_EQ(downlink->snapshot_piece("members-17", 1001, "x").error().code, ErrorCode::out_of_range);
  ASSERT_TRUE(downlink->snapshot_piece("members-17", 900, std::string_view(text).substr(900)));
  EXPECT_EQ(downlink->snapshot_bytes("members-17"), text.size());
  ASSERT_TRUE(downlink->snapshot_done(*downlink->wanted_snapshot()));
  EXPECT_FALSE(downlink->wanted_snapshot());
  EXPECT_EQ(downlink->snapshot_bytes("members-17"), 0u);
  EXPECT_TRUE(members->find(rows.begin()->first));
  EXPECT_TRUE(members->facts().checkpoint_applied);
}

TEST_F(DownlinkTest, ABadSnapshotIsThrownAwayAndWantedAgain) {
  const std::string text = snapshot_text({{IdHash{1}, record_with(1)}});
  const auto checkpoint = checkpoint_of("s", text, 1);
  ASSERT_TRUE(downlink->apply(page("1", {change_of(checkpoint)})));
  EXPECT_EQ(downlink->snapshot_piece("s", 0, text + "more").error().code, ErrorCode::bad_format);
  ASSERT_TRUE(downlink->snapshot_piece("s", 0, std::string(text.size(), 'x')));
  EXPECT_EQ(downlink->snapshot_done(checkpoint).error().code, ErrorCode::bad_format);
  EXPECT_EQ(downlink->snapshot_bytes("s"), 0u);
  EXPECT_TRUE(downlink->wanted_snapshot());
}

TEST_F(DownlinkTest, NamesThatLeadElsewhereAreRefused) {
  for (const char* name : {"", "../x", "a/b", ".hidden", "a\\b"}) {
    EXPECT_EQ(downlink->snapshot_piece(name, 0, "x").error().code, ErrorCode::bad_format) << name;
  }
}

TEST_F(DownlinkTest, APieceOfAnotherSnapshotReplacesWhatWasLeft) {
  ASSERT_TRUE(downlink->snapshot_piece("old", 0, "abc"));
  ASSERT_TRUE(downlink->snapshot_piece("new", 0, "abc"));
  EXPECT_EQ(downlink->snapshot_bytes("old"), 0u);
}

TEST_F(DownlinkTest, AReplicaThatLostItsFileAsksForEverything) {
  wire::MembersCheckpoint complete;
  ASSERT_TRUE(downlink->apply(page("c9", {change_of(IdHash{1}, record_with(1)), change_of(complete)})));
  EXPECT_EQ(downlink->cursor(), "c9");
  close();
  for (const auto generation : member_generations(folder.path())) remove_member_file(folder.path(), generation);
  open();
  EXPECT_EQ(downlink->cursor(), "");
  auto first = page("c5", {change_of(IdHash{1}, record_with(1))});
  first.more = true;
  ASSERT_TRUE(downlink->apply(first));
  EXPECT_EQ(downlink->cursor(), "c5");
  ASSERT_TRUE(downlink->apply(page("c9", {change_of(complete)})));
  EXPECT_TRUE(members->find(IdHash{1}));
  EXPECT_TRUE(members->facts().checkpoint_applied);
}

// A crash after the replica took a page and before its cursor was stored: the page comes again.
wire::Change told_change(std::uint32_t serial, std::uint32_t person) {
  CouponBody body;
  body.kind = CampaignKind::welcome;
  body.serial = serial;
  body.campaign = 7;
  body.issued_minute = 1'520'000;
  body.valid_days = 30;
  body.value = 1000;
  wire::Change change;
  change.kind = wire::ChangeKind::coupon;
  change.coupon.serial = serial;
  change.coupon.body = *encode_coupon(body);
  change.coupon.person = person;
  change.coupon.home = KeyId{3, 0};
  return change;
}

wire::Change settings_change(bool of_store, std::map<std::string, std::string> values) {
  wire::Change change;
  change.kind = wire::ChangeKind::settings;
  change.of_store = of_store;
  change.settings.other = std::move(values);
  return change;
}

TEST_F(DownlinkTest, CouponsOfAPersonAreFoundUntilTheyAreGone) {
  enroll();
  const auto hers = [&] {
    std::size_t count = 0;
    EXPECT_TRUE(store->read([&](Session& session) { count = session.told().of_person(77).size(); }));
    return count;
  };
  EXPECT_FALSE(store->persons().may_have(77));
  ASSERT_TRUE(downlink->apply(page("c1", {told_change(1, 77), told_change(2, 77), told_change(3, 0)})));
  EXPECT_EQ(hers(), 2u);
  close();
  open();
  EXPECT_TRUE(store->persons().may_have(77)) << "known after a restart";
  EXPECT_FALSE(store->persons().may_have(78));
  auto gone = told_change(1, 77);
  gone.coupon.gone = true;
  ASSERT_TRUE(downlink->apply(page("c2", {gone})));
  EXPECT_EQ(hers(), 1u);
}

TEST_F(DownlinkTest, CouponsThatDoNotComeAgainAreDroppedAtTheStreamsEnd) {
  enroll();
  const auto count = [&] {
    std::int64_t told = 0;
    EXPECT_TRUE(store->read([&](Session& session) { told = session.told().count(); }));
    return told;
  };
  ASSERT_TRUE(downlink->apply(page("c1", {told_change(1, 77), told_change(2, 77)})));
  auto first = page("r1", {told_change(2, 77)});
  first.reset = true;
  first.more = true;
  ASSERT_TRUE(downlink->apply(first));
  EXPECT_EQ(count(), 2);
  ASSERT_TRUE(downlink->apply(page("r2", {told_change(3, 78)})));
  EXPECT_EQ(count(), 2) << "2 and 3";
}

TEST_F(DownlinkTest, TheStoresSettingsGoBeforeTheChains) {
  enroll();
  ASSERT_TRUE(
      downlink->apply(page("c1", {settings_change(true, {{"redeem_cap_count", "20"}}),
                                  settings_change(false, {{"redeem_cap_count", "300"}, {"manual_key.B7", "F6"}})})));
  EXPECT_EQ(downlink->settings().other.at("redeem_cap_count"), "20");
  EXPECT_EQ(downlink->settings().other.at("manual_key.B7"), "F6");
  ASSERT_TRUE(downlink->apply(page("c2", {settings_change(true, {})})));
  EXPECT_EQ(downlink->settings().other.at("redeem_cap_count"), "300");
}

TEST_F(DownlinkTest, ARepeatedPageIsHarmless) {
  enroll();
  const auto answer =
      page("1", {change_of(IdHash{1}, record_with(1), 4), quota_change(5, 1, 3), campaign_change(5, 1)});
  ASSERT_TRUE(members->apply(answer.changes, {true, false, answer.as_of}));
  ASSERT_TRUE(downlink->apply(answer));
  ASSERT_TRUE(downlink->apply(answer));
  EXPECT_EQ(left(5), 3);
  EXPECT_TRUE(members->find(IdHash{1}));
}

const wire::KeyPair kHq = wire::key_pair_from_seed(Bytes32{2});

struct KeysTest : DownlinkTest {
  void SetUp() override {
    DownlinkTest::SetUp();
    wire::EnrollAnswer answer;
    answer.identity.till = 3;
    answer.identity.chain = {1, 2, 3};
    answer.identity.hq_key = kHq.public_key;
    answer.identity.epoch = epoch_of(1);
    ASSERT_TRUE(contact->enrolled(answer));
  }
  static wire::Change part(std::uint64_t version, std::vector<TillNumber> tills, KeyPartNumber number = 0,
                           const wire::KeyPair& by = kHq) {
    KeyPart made{{1, 2, 3}, {}, number, version, Instant{2'000'000'000'000}, {}};
    made.incarnation.fill(4);
    for (const TillNumber till : tills) made.rows.push_back({{till, 0}, {}});
    wire::Change change;
    change.kind = wire::ChangeKind::keys;
    change.keys = {number, write_key_part(made, by.secret_key)};
    return change;
  }
  bool known(TillNumber till) const { return downlink->keys()->find({till, 0}).has_value(); }
};

TEST_F(KeysTest, PartsLandTellTheDeskAndAreThereAfterARestart) {
  int told = 0;
  downlink->on_change([&] { ++told; });
  ASSERT_TRUE(downlink->apply(page("c1", {part(1, {3, 17}), part(2, {300}, 1)})));
  EXPECT_EQ(told, 1);
  EXPECT_TRUE(known(17) && known(300));
  close();
  open();
  EXPECT_TRUE(known(3) && known(17) && known(300));
  EXPECT_EQ(downlink->keys()->version_of(1), 2u);
}

TEST_F(KeysTest, PartsOfTheKeyBeforeStayUntilTheNewOneSignsThem) {
  const wire::KeyPair next = wire::key_pair_from_seed(Bytes32{5});
  ASSERT_TRUE(downlink->apply(page("c1", {part(1, {3, 17})})));
  wire::ContactAnswer answer;
  answer.contact.counter = 2;
  answer.hq_keys = {{1, next.public_key, {}}};
  ASSERT_TRUE(contact->contacted(answer));
  close();
  open();
  EXPECT_TRUE(known(17)) << "taken in while that was headquarters' key";
  ASSERT_TRUE(downlink->apply(page("c2", {part(2, {3})})));
  EXPECT_TRUE(known(17)) << "the key before signs nothing new";
  ASSERT_TRUE(downlink->apply(page("c3", {part(3, {3, 18}, 0, next)})));
  EXPECT_TRUE(known(18) && !known(17));
  close();
  open();
  EXPECT_TRUE(known(18) && !known(17));
}

TEST_F(KeysTest, ANewerPartReplacesAndAnOlderOnePlayedAgainDoesNot) {
  ASSERT_TRUE(downlink->apply(page("c1", {part(5, {3})})));
  ASSERT_TRUE(downlink->apply(page("c2", {part(4, {3, 17})})));
  EXPECT_FALSE(known(17));
  ASSERT_TRUE(downlink->apply(page("c3", {part(6, {3, 17}), part(5, {3})})));
  EXPECT_TRUE(known(17)) << "the order within a page does not matter";
  close();
  open();
  EXPECT_TRUE(known(17));
  EXPECT_EQ(downlink->refused_keys(), 0u);
}

TEST_F(KeysTest, WhatHeadquartersDidNotSignIsLeftOutAndCountedAndTheCursorGoesOn) {
  wire::Change cut = part(2, {18}), elsewhere = part(3, {19}), other = part(4, {20});
  cut.keys.document.pop_back();
  elsewhere.keys.part = 9;
  wire::Change forged = part(5, {21}, 0, wire::key_pair_from_seed(Bytes32{66}));
  ASSERT_TRUE(downlink->apply(page("c1", {cut, elsewhere, forged, other})));
  EXPECT_EQ(downlink->refused_keys(), 3u);
  EXPECT_FALSE(known(18) || known(19) || known(21));
  EXPECT_TRUE(known(20));
  EXPECT_EQ(downlink->cursor(), "c1");
}

TEST_F(KeysTest, APartOfAnEndedIncarnationIsNotTaken) {
  auto answer = page("c1", {part(9, {3})});
  answer.hq_incarnation.fill(5);
  ASSERT_TRUE(downlink->apply(answer));
  EXPECT_FALSE(known(3));
}

struct YieldTest : DownlinkTest {
  void SetUp() override {
    DownlinkTest::SetUp();
    enroll();
  }
  wire::Change wish(std::uint32_t serial, KeyId key = {3, 0}) {
    wire::Change change;
    change.kind = wire::ChangeKind::yield;
    change.yield = {key, serial};
    return change;
  }
  void apply(std::vector<wire::Change> changes) {
    wire::DownlinkAnswer answer;
    answer.cursor = "c" + std::to_string(++pages);
    answer.changes = std::move(changes);
    ASSERT_TRUE(downlink->apply(answer));
  }
  template <class Work>
  void write(Work work) {
    ASSERT_TRUE(store->writer().run([&](Session& session) { work(session); }));
  }
  bool yielded(std::uint32_t serial) {
    bool found = false;
    write([&](Session& session) { found = session.redeeming().yielded(coupon_number({3, 0}, serial)); });
    return found;
  }
  Hold hold_of(std::uint32_t serial) {
    CouponBody body;
    body.key = {3, 0};
    body.serial = serial;
    Hold hold;
    hold.hold_id = "h" + std::to_string(serial);
    hold.coupon = *encode_coupon(body);
    return hold;
  }
  // The rows of all yield events.
  std::string told() {
    std::string rows;
    EXPECT_TRUE(store->read([&](Session& session) {
      Statement events = session.database().prepare("SELECT body FROM event ORDER BY id");
      while (events.step()) {
        const std::string body(events.text(0));
        if (const auto at = body.find("\"y\":["); at != body.npos) rows += body.substr(at + 5, body.size() - at - 7);
      }
    }));
    return rows;
  }
  int pages = 0;
};

TEST_F(YieldTest, AWantedCouponGoesForGoodAndHeadquartersIsTold) {
  apply({wish(7), wish(8)});
  EXPECT_TRUE(yielded(7) && yielded(8));
  EXPECT_EQ(told(), "[3,0,7,0],[3,0,8,0]");
  close();
  open();
  EXPECT_TRUE(yielded(7));
  apply({wish(7)});
  EXPECT_EQ(told(), "[3,0,7,0],[3,0,8,0][3,0,7,0]") << "asked again it answers again";
}

TEST_F(YieldTest, WhatWasSpentHereStays) {
  write([](Session& session) { session.redeeming().spend(coupon_number({3, 0}, 7), {1, 2000}); });
  apply({wish(7)});
  EXPECT_EQ(told(), "[3,0,7,1]");
  EXPECT_FALSE(yielded(7));
}

TEST_F(YieldTest, WhatABillHasGoesWithTheBill) {
  write([&](Session& session) { session.redeeming().put_hold(hold_of(7)); });
  apply({wish(7)});
  EXPECT_EQ(told(), "[3,0,7,2]");
  EXPECT_FALSE(yielded(7));
  close();
  open();
  write([&](Session& session) {
    Hold hold = hold_of(7);
    hold.state = HoldState::released;
    session.redeeming().put_hold(hold);
    yield_if_wanted(session, hold.coupon, {1});
    yield_if_wanted(session, hold.coupon, {1});
    yield_if_wanted(session, hold_of(8).coupon, {1});
  });
  EXPECT_TRUE(yielded(7));
  EXPECT_FALSE(yielded(8)) << "nobody asked for it";
  EXPECT_EQ(told(), "[3,0,7,2][3,0,7,0]");
}

TEST_F(YieldTest, OnlyTheKeyItSignsWithNowIsItsToGive) {
  apply({wish(7, {3, 1}), wish(8, {4, 0})});
  EXPECT_EQ(told(), "");
}

TEST_F(YieldTest, ManyAtOnceAreToldInEventsOfBoundedSize) {
  std::vector<wire::Change> many;
  for (std::uint32_t serial = 1; serial <= 250; ++serial) many.push_back(wish(serial));
  apply(std::move(many));
  EXPECT_TRUE(yielded(250));
  std::int64_t events = 0;
  write([&](Session& session) { events = session.database().integer("SELECT count(*) FROM event"); });
  EXPECT_EQ(events, 3);
}

}  // namespace
}  // namespace tillside::store
