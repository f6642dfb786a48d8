// A desk on a temporary folder with a shop of two campaigns, a clock that is set by hand and a small group.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "agent/desk/desk.h"
#include "agent/platform/random.h"
#include "sync/wire/signing.h"

namespace tillside {

class HandClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  std::int64_t monotonic_ms() const override { return now_.load().ms; }
  void set(Instant at) { now_ = at; }

 private:
  std::atomic<Instant> now_{Instant{1'795'310'103'000}};
};

class SmallGroup final : public MemberLookup {
 public:
  std::optional<MemberRecord> find(const IdHash& hash) override {
    const auto found = members.find(hash);
    return found == members.end() ? std::nullopt : std::optional(found->second);
  }
  ReplicaFacts facts() override { return known; }

  std::map<IdHash, MemberRecord> members;
  ReplicaFacts known{true, 1u << static_cast<int>(IdType::phone), Instant{1'795'310'000'000}, Scope::chain};
};

class DeskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = std::filesystem::temp_directory_path() / ("tillside-desk-" + to_hex(random_bytes<Bytes16>()));
    fill_shop();
    open();
  }
  void TearDown() override {
    close();
    std::filesystem::remove_all(folder);
  }

  void fill_shop() {
    keys = wire::key_pair_from_seed(Bytes32{7});
    shop.enrolled = shop.may_issue = true;
    shop.store_id = "0123";
    shop.store_name = "文三路店";
    shop.store_number = 5;
    shop.key = {17, 0};
    shop.host = "t.example.cn";
    shop.chain = Bytes16{1, 2, 3};
    shop.member_keys = {MemberKey{9}};
    shop.referral_key = ReferralKey{4};
    shop.typed_key = TypedKey{5};
    shop.signing_key = keys.secret_key;
    shop.roster = StaffRoster(
        {{"E2033", 3, "小满", StaffRole::guide, true, ""}, {"E2034", 4, "阿青", StaffRole::guide, false, ""}});
    auto campaign =
        parse_campaign(R"({"number":1,"kind":"next_visit","name":{"zh":"满100减20","en":"20 off"},"priority":10,
      "group":"basket","conditions":{"min_total":10000},"reward":{"type":"amount_off","amount":2000,"min_spend":10000},
      "valid_after_hours":0,"valid_days":7,"policy":"home","budget":{"issue":400,"exposure":40},"quota_per_till":60,
      "active_from":"2026-01-01T00:00:00+08:00","active_until":"2027-12-31T23:59:59+08:00"})");
    ASSERT_TRUE(campaign.ok());
    shop.campaigns = {*campaign};
    window.replace(shop);
  }

  void open() {
    auto opened = store::Store::open({folder, &clock, 0, {}});
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    store = std::move(*opened);
    if (in_contact) (void)store->time().sign(clock.now(), true);
    desk = std::make_unique<Desk>(Desk::Parts{store.get(), &group, &window, &clock, &happenings});
  }
  void close() {
    desk.reset();
    store.reset();
  }
  void reopen() {
    close();
    open();
  }

  void lend(std::uint32_t campaign, std::int64_t units) {
    ASSERT_TRUE(store->writer().run([&](store::Session& session) { session.issuing().lend(campaign, units); }).ok());
  }

  Checkout sale(std::int64_t sequence, Minor net = 12'345) const {
    Checkout checkout;
    checkout.checkout_id = "0123-L2-20261122-" + std::to_string(sequence);
    checkout.store_id = "0123";
    checkout.lane_id = "L2";
    checkout.business_date = date_of(2026, 11, 22);
    checkout.sequence = sequence;
    checkout.occurred_at = clock.now();
    checkout.operator_id = "E1007";
    checkout.guide_id = "E2033";
    Line line;
    line.line_no = 1;
    line.sku = "6901234567892";
    line.name = "榴莲";
    line.unit_price = line.amount = net;
    checkout.lines = {line};
    checkout.totals = {net, 0, 0, net};
    checkout.tenders = {{TenderType::wechat, net}};
    return checkout;
  }

  Checkout with_phone(Checkout checkout, const std::string& phone) const {
    checkout.customer_ids = {{IdType::phone, phone, Proof::named}};
    return checkout;
  }

  void join(const std::string& phone, std::vector<StoreNumber> stores) {
    MemberRecord record;
    record.stores = std::move(stores);
    group.members[hash_identifier(shop.member_keys.back(), IdType::phone, *normalise(IdType::phone, phone, "86"))] =
        record;
  }

  template <class Call>
  static Reply wait(Call call) {
    std::promise<Reply> done;
    call([&](Reply reply) { done.set_value(std::move(reply)); });
    return done.get_future().get();
  }
  Reply complete(const Checkout& checkout, Door door = {}) {
    return wait([&](ReplyTo reply) { desk->complete(checkout, door, std::move(reply)); });
  }
  Reply reverse(const Checkout& checkout, Door door = {}) {
    return wait([&](ReplyTo reply) { desk->reverse(checkout, door, std::move(reply)); });
  }
  Reply event(const Checkout& checkout) {
    return wait([&](ReplyTo reply) { desk->event(checkout, {}, std::move(reply)); });
  }

  static nlohmann::json parsed(const Reply& reply) { return nlohmann::json::parse(reply.body); }

  std::vector<std::string> events() {
    std::vector<std::string> bodies;
    EXPECT_TRUE(store
                    ->read([&](store::Session& session) {
                      auto rows = session.database().prepare("SELECT body FROM event ORDER BY id");
                      while (rows.step()) bodies.emplace_back(rows.text(0));
                    })
                    .ok());
    return bodies;
  }

  bool in_contact = true;  // headquarters signs the time at each opening
  std::filesystem::path folder;
  HandClock clock;
  SmallGroup group;
  Happenings happenings;
  wire::KeyPair keys;
  Shop shop;
  ShopWindow window;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Desk> desk;
};

}  // namespace tillside
