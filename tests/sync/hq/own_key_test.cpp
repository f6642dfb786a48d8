// Headquarters changes its own signing key: tills are led from the key they know to the newest, what the one before
// signed stays good, and a restored headquarters issues nothing under a serial it had given.
#include <fstream>
#include <set>
#include <thread>

#include "agent/domain/key_directory.h"
#include "agent/domain/redemption.h"
#include "sync/wire/signing.h"
#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

using wire::ContactOutcome;

class OwnKey : public testing::Test {
 protected:
  void SetUp() override {
    rig_.add_store();
    rig_.admin("POST", "campaigns",
               R"({"number":8,"kind":"pickup","name":{"zh":"礼","en":"gift"},)"
               R"("reward":{"type":"item","item":4711,"worth":1500},"valid_days":30,)"
               R"("budget":{"issue":200,"exposure":5},"quota_per_till":5,)"
               R"("active_from":"2025-01-01T00:00:00+08:00","active_until":"2036-12-31T23:59:59+08:00"})");
    till_.enroll(rig_.code());
    till_.contact();
    till_.drain();
  }
  VerifyingKey rotate() { return key_in(rig_.admin("POST", "key/rotate", "{}")); }
  VerifyingKey newest() { return key_in(rig_.admin("GET", "key")); }
  static VerifyingKey key_in(const Json& json) {
    VerifyingKey key{};
    EXPECT_TRUE(from_hex(json["public_key"].get<std::string>(), key));
    return key;
  }
  Json vouchers(const std::string& order, int count = 1) {
    return rig_.admin(
        "POST", "coupons",
        Json{{"campaign", 8}, {"store_id", "0123"}, {"count", count}, {"order", order}}.dump())["coupons"];
  }
  static ShownCode code_of(const Json& coupon) { return read_shown_code(coupon["url"].get<std::string>()); }
  bool holds(const Json& coupon, const VerifyingKey& key) {
    const auto code = code_of(coupon);
    return verify_coupon(code.full.body, code.full.signature, till_.till.identity()->chain, key);
  }
  // What a till makes of the parts it was told that its key of headquarters vouches for.
  static KeyDirectory directory(TillAt& till) {
    KeyDirectory known;
    const auto identity = *till.till.identity();
    for (const auto& change : till.told(wire::ChangeKind::keys)) {
      auto part = read_key_part(change.keys.document, identity.chain, identity.hq_key);
      if (part) known.take(std::move(*part), identity.hq_incarnation);
    }
    return known;
  }
  std::string ask(TillAt& till, const Json& coupon) {
    wire::ReservationRequest request;
    request.rid = rig_.random.bytes16();
    request.coupon = code_of(coupon).full;
    request.value = 1500;
    const auto answer = rig_.exchange("POST", "/v1/reservations", wire::write(request), till.token());
    const auto read = wire::read_reservation_answer(answer.body);
    if (!read) return answer.body;
    return read->reason.empty() ? std::string(wire::name_of(read->state)) : read->reason;
  }
  static std::set<std::string> ids(const Json& coupons) {
    std::set<std::string> all;
    for (const auto& coupon : coupons) all.insert(coupon["id"]);
    return all;
  }

  HqRig rig_;
  TillAt till_{rig_, 1};
};

TEST_F(OwnKey, ATillIsLedToTheNewKeyByItsNextContact) {
  const auto before = till_.till.identity()->hq_key;
  const auto now = rotate();
  ASSERT_NE(now, before);
  const auto refused = till_.poll();
  ASSERT_NE(std::get_if<sync::Trouble>(&refused), nullptr) << "its token ends, so that it makes contact";
  const auto answer = till_.contact();
  EXPECT_EQ(answer.outcome, ContactOutcome::honest);
  ASSERT_EQ(answer.hq_keys.size(), 1u);
  EXPECT_EQ(answer.hq_keys[0].generation, 1);
  const auto identity = *till_.till.identity();
  EXPECT_EQ(identity.hq_key, now);
  EXPECT_EQ(identity.earlier_hq_keys, std::vector{before});
  EXPECT_EQ(identity.key_generation, 0) << "its own key stays";
  EXPECT_TRUE(till_.contact().hq_keys.empty()) << "it knows the newest";
  till_.drain();
  const auto known = directory(till_);
  ASSERT_TRUE(known.find({0, 0}));
  EXPECT_EQ(known.find({0, 0})->key, before);
  EXPECT_EQ(known.find({0, 0})->status, KeyFacts::Status::retired);
  ASSERT_TRUE(known.find({0, 1}));
  EXPECT_EQ(known.find({0, 1})->key, now);
  EXPECT_EQ(known.find({0, 1})->status, KeyFacts::Status::live);
  EXPECT_TRUE(known.find({till_.number(), 0})) << "every part is signed anew";
}

TEST_F(OwnKey, ATillThatWasOffDuringTwoRotationsFollowsTheChain) {
  const auto first = till_.till.identity()->hq_key;
  const auto second = rotate();
  const auto third = rotate();
  rig_.restart();
  EXPECT_EQ(newest(), third);
  const auto answer = till_.contact();
  ASSERT_EQ(answer.hq_keys.size(), 2u);
  EXPECT_EQ(answer.hq_keys[0].key, second);
  EXPECT_EQ(wire::follow(till_.till.identity()->chain, first, answer.hq_keys), third);
  EXPECT_EQ(till_.till.identity()->hq_key, third);
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
}

TEST_F(OwnKey, ATillEnrolledLaterGetsTheNewest) {
  const auto now = rotate();
  TillAt later(rig_, 2);
  later.enroll(rig_.code());
  EXPECT_EQ(later.till.identity()->hq_key, now);
  EXPECT_TRUE(later.contact().hq_keys.empty());
  rig_.settle_keys();
  later.drain();
  EXPECT_TRUE(directory(later).find({0, 0})) << "coupons of the key before are verified too";
}

TEST_F(OwnKey, CouponsOfTheKeyBeforeStayGood) {
  const auto old = vouchers("old");
  const auto before = till_.till.identity()->hq_key;
  const auto now = rotate();
  EXPECT_EQ(vouchers("old"), old) << "the same order, signed by the key of its time";
  EXPECT_TRUE(holds(old[0], before));
  const auto fresh = vouchers("fresh");
  EXPECT_EQ(code_of(fresh[0]).body.key, (KeyId{0, 1}));
  EXPECT_TRUE(holds(fresh[0], now));
  TillAt other(rig_, 2);
  other.enroll(rig_.code());
  other.contact();
  EXPECT_EQ(ask(other, old[0]), "granted");
  EXPECT_EQ(ask(other, fresh[0]), "granted");
}

TEST_F(OwnKey, OtherTermsUnderASerialThatWasGivenAreForged) {
  auto made = vouchers("a");
  auto code = code_of(made[0]).full;
  code.body[9] ^= 1;
  const auto seed = [&] {
    std::ifstream in(rig_.data() / "hq.key");
    Bytes32 bytes{};
    EXPECT_TRUE(from_hex(Json::parse(in)["signing_seed"].get<std::string>(), bytes));
    return bytes;
  }();
  const auto leaked = wire::key_pair_from_seed(seed);
  const auto chain = till_.till.identity()->chain;
  code.signature = sign_coupon(code.body, chain, leaked.secret_key);
  made[0]["url"] = coupon_url("T.EXAMPLE.CN", code.body, code.signature);
  TillAt other(rig_, 2);
  other.enroll(rig_.code());
  other.contact();
  EXPECT_EQ(ask(other, made[0]), "forged");
}

TEST_F(OwnKey, IsRevokedUpToASerialOnceItSignsNoMore) {
  const auto refused = rig_.admin_answer("POST", "keys/0/0/revoke", R"({"good_to":7})");
  EXPECT_EQ(refused.status, 403) << refused.body;
  rotate();
  rig_.admin("POST", "keys/0/0/revoke", R"({"good_to":7})");
  rig_.restart();
  till_.contact();
  till_.drain();
  const auto facts = directory(till_).find({0, 0});
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->status, KeyFacts::Status::revoked);
  EXPECT_EQ(facts->good_to, 7u);
  const auto listed = rig_.admin("GET", "keys")["keys"];
  ASSERT_EQ(listed.size(), 3u);
  EXPECT_EQ(listed[0]["till"], 0);
  EXPECT_EQ(listed[0]["status"], "revoked");
  EXPECT_EQ(listed[1]["status"], "live");
  EXPECT_EQ(rig_.admin_answer("POST", "keys/0/9/revoke", R"({"good_to":7})").status, 404);
}

TEST_F(OwnKey, AnAnswerThatWasLostIsGivenAgainUnderAKeyTheTillKnows) {
  auto before = till_.till.disk;
  before.pending_nonce = Bytes16{42};
  till_.till.disk = before;
  till_.contact();
  till_.till.disk = before;  // nothing of the answer was kept
  const auto now = rotate();
  till_.contact();
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(till_.till.identity()->hq_key, now);

  before = till_.till.disk;
  before.pending_nonce = Bytes16{43};
  rotate();
  till_.till.disk = before;
  till_.contact();
  till_.till.disk = before;
  const auto third = rotate();
  till_.contact();
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(till_.till.identity()->hq_key, third);
}

TEST_F(OwnKey, DyingAfterAnyDurableStepEndsWithTheNewKey) {
  for (int step = 0; step < 6; ++step) {
    const auto now = rotate();
    till_.till.die_after = step;
    try {
      (void)till_.try_contact();
    } catch (const fakes::Died&) {
    }
    till_.till.die_after = -1;
    till_.contact();
    till_.contact();
    EXPECT_EQ(till_.till.identity()->hq_key, now) << "step " << step;
  }
}

TEST_F(OwnKey, ATillThatSaysNothingIsAnsweredUnderTheKeyOfItsCertificate) {
  const auto known = till_.till.identity()->hq_key;
  rotate();
  wire::ContactRequest request;
  const auto nonce = wire::read_nonce_answer(rig_.exchange("GET", "/v1/nonce", "", "").body);
  ASSERT_TRUE(nonce);
  const auto identity = *till_.till.identity();
  request.till = identity.till;
  request.epoch = identity.epoch;
  request.server_nonce = nonce->nonce;
  request.request_nonce.fill(9);
  request.contact = till_.till.disk.contact;
  request.next_public_key = till_.till.next()->public_key;
  request.certificate = identity.certificate;
  wire::sign(request, till_.till.current()->secret_key);
  const auto answer = wire::read_contact_answer(rig_.exchange("POST", "/v1/token", wire::write(request), "").body);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(wire::verify_time(*answer, request.request_nonce, known));
}

TEST_F(OwnKey, WhoWaitsForNewsIsToldToMakeContactAndMissesNothing) {
  const auto cursor = till_.till.disk.cursor;
  std::optional<sync::Attempt<sync::Downlink::Poll>> polled;
  std::thread waiting([&] { polled = till_.poll(30); });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (rig_.exchange("GET", "/metrics", "", "").body.find("\ntillside_hq_polls_held 1\n") == std::string::npos &&
         std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  rotate();
  waiting.join();
  ASSERT_TRUE(polled);
  EXPECT_NE(std::get_if<sync::Trouble>(&*polled), nullptr);
  EXPECT_EQ(till_.till.disk.cursor, cursor) << "parts it could not verify are not behind it";
  till_.contact();
  till_.drain();
  EXPECT_TRUE(directory(till_).find({0, 1}));
}

TEST_F(OwnKey, CanBeChangedUntilTheGenerationsAreUsedUp) {
  for (int generation = 1; generation <= 15; ++generation) rotate();
  EXPECT_EQ(rig_.admin_answer("POST", "key/rotate", "{}").status, 429);
  const auto answer = till_.contact();
  EXPECT_EQ(answer.hq_keys.size(), 15u);
  EXPECT_EQ(till_.till.identity()->hq_key, newest());
}

TEST_F(OwnKey, OnlyTheOwnerChangesIt) {
  const auto manager = rig_.admin("POST", "stores/0123/token", "{}")["token"].get<std::string>();
  EXPECT_EQ(rig_.exchange("POST", "/v1/admin/key/rotate", "{}", manager).status, 403);
  EXPECT_EQ(rig_.exchange("POST", "/v1/admin/key/rotate", "{}", "").status, 401);
}

TEST_F(OwnKey, ALedgerFromBeforeTheRotationGoesOnWithTheNewKey) {
  rig_.restart([this] { rig_.keep_backup(); });
  const auto now = rotate();
  till_.contact();
  rig_.restart([this] { rig_.restore_backup(); });
  EXPECT_EQ(newest(), now);
  const auto answer = till_.contact();
  EXPECT_EQ(answer.outcome, ContactOutcome::readmitted);
  EXPECT_TRUE(answer.hq_keys.empty());
  EXPECT_EQ(till_.till.identity()->hq_key, now);
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(rig_.admin("GET", "key")["key_generation"], 2) << "recovering, it skips one";
  rig_.settle_keys();
  till_.drain();
  const auto facts = directory(till_).find({0, 2});
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->key, now);
}

TEST_F(OwnKey, ATillOfTheKeyBeforeIsTakenBackByAHeadquartersThatForgotIt) {
  rig_.restart([this] { rig_.keep_backup(); });
  TillAt later(rig_, 2);
  later.enroll(rig_.code());
  const auto now = rotate();
  rig_.restart([this] { rig_.restore_backup(); });
  EXPECT_EQ(later.contact().outcome, ContactOutcome::readmitted);
  EXPECT_EQ(later.till.identity()->hq_key, now);
}

TEST_F(OwnKey, ARestoredHeadquartersGivesNoSerialTwice) {
  rig_.restart([this] { rig_.keep_backup(); });
  auto given = ids(vouchers("a", 5));
  const auto expect_others = [&](const Json& coupons) {
    for (const auto& id : ids(coupons)) EXPECT_TRUE(given.insert(id).second) << id;
  };
  for (int times = 0; times < 3; ++times) {
    rig_.clock.advance(kMinute);
    rig_.restart([this] { rig_.restore_backup(); });
    expect_others(vouchers("before anybody noticed", 5));
    till_.contact();
    till_.contact();
    till_.send_all();
    ASSERT_FALSE(rig_.ledger().still_recovering());
    expect_others(vouchers("after", 5));
  }
}

TEST_F(OwnKey, AnOlderCopyOfTheKeyFileIsRefusedByName) {
  const auto file = rig_.data() / "hq.key";
  std::ifstream in(file);
  const std::string older((std::istreambuf_iterator<char>(in)), {});
  rotate();
  till_.contact();
  const auto old_vouchers = vouchers("lost key");
  rig_.stop();
  std::ofstream(file, std::ios::trunc) << older;
  hq::HqOptions options;
  options.data = rig_.data();
  options.clock = &rig_.clock;
  const auto opened = hq::HqServer::open(options);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::conflict);
  EXPECT_EQ(opened.error().field, "hq.key");
  rig_.key_is_lost = true;
  rig_.start();
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::readmitted);
  EXPECT_EQ(till_.till.identity()->hq_key, newest());
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
  till_.drain();
  const auto lost = directory(till_).find({0, 1});
  ASSERT_TRUE(lost);
  EXPECT_TRUE(holds(old_vouchers[0], lost->key)) << "what it signed can still be verified";
  rig_.key_is_lost = false;
  rig_.restart();
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
}

}  // namespace
}  // namespace tillside::test
