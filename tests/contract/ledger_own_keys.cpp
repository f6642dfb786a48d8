// What a ledger promises of headquarters' own keys.
#include "tests/contract/ledger_own_coupons.h"

namespace tillside::test {
namespace {

constexpr Instant kRotated{1'795'320'000'000};

VerifyingKey key(std::uint8_t mark) {
  VerifyingKey key{};
  key.fill(mark);
  return key;
}

// A pair for generation 0 and one for each of `later`.
hq::OwnKeys keys(std::vector<std::uint8_t> later = {}) {
  const auto newest = later.empty() ? std::uint8_t{0} : later.back();
  return {[later](std::uint8_t generation) {
            std::uint8_t mark = 100;
            for (const auto begins : later)
              if (begins <= generation) mark = static_cast<std::uint8_t>(100 + begins);
            return key(mark);
          },
          newest};
}

hq::Ledger::MakeOwnKey make(std::uint8_t mark) {
  return [mark](std::uint8_t) -> Result<VerifyingKey> { return key(mark); };
}

std::vector<KeyRow> published(hq::Ledger& ledger) {
  std::vector<KeyRow> rows;
  const auto parts = ledger.publish_keys(kRotated, {0}, [&](const KeyPart& part) {
    rows.insert(rows.end(), part.rows.begin(), part.rows.end());
    return std::string("document");
  });
  EXPECT_TRUE(parts.ok());
  return rows;
}

}  // namespace

TEST_P(LedgerContract, HeadquartersKeysStandFirstInTheDirectory) {
  add_store();
  const auto till = enrol(1);
  ASSERT_TRUE(ledger().begin_run(keys(), kRotated).ok());
  auto rows = published(ledger());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].id, (KeyId{0, 0}));
  EXPECT_EQ(rows[0].facts.key, key(100));
  EXPECT_EQ(rows[0].facts.status, KeyFacts::Status::live);
  EXPECT_EQ(rows[1].id, (KeyId{till, 0}));
  EXPECT_EQ(*ledger().rotate_own(make(101)), 1);
  EXPECT_EQ(ledger().state().key_generation, 1);
  rows = published(ledger());
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].facts.status, KeyFacts::Status::retired);
  EXPECT_EQ(rows[1].facts.key, key(101));
  EXPECT_EQ(rows[1].facts.status, KeyFacts::Status::live);
  EXPECT_EQ(ledger().keys(), rows);
  EXPECT_EQ(ledger().key_of({0, 0}), key(100));
  EXPECT_EQ(ledger().key_of({0, 2}), std::nullopt);
}

TEST_P(LedgerContract, EveryPartIsSignedAnewByHeadquartersNewKey) {
  add_store();
  for (std::uint8_t mark = 1; mark <= 3; ++mark) enrol(mark);
  ASSERT_TRUE(ledger().found_restored({7}).ok());  // the next till has a number of another part
  enrol(4);
  ASSERT_TRUE(ledger().begin_run(keys(), kRotated).ok());
  published(ledger());
  EXPECT_TRUE(published(ledger()).empty());
  const auto before = ledger().newest_position(1, "0123");
  ASSERT_TRUE(ledger().rotate_own(make(102)).ok());
  EXPECT_TRUE(ledger().keys_are_due());
  published(ledger());
  EXPECT_EQ(ledger().newest_position(1, "0123").chain, before.chain + 2) << "two parts";
}

TEST_P(LedgerContract, ARotationThatFailsChangesNothing) {
  ASSERT_TRUE(ledger().begin_run(keys(), kRotated).ok());
  const auto full = [](std::uint8_t) -> Result<VerifyingKey> { return Error{ErrorCode::storage_full, "", ""}; };
  EXPECT_EQ(ledger().rotate_own(full).error().code, ErrorCode::storage_full);
  EXPECT_EQ(ledger().state().key_generation, 0);
  EXPECT_EQ(ledger().key_of({0, 1}), std::nullopt);
}

TEST_P(LedgerContract, ALedgerBehindItsKeysGoesOnWithTheNewest) {
  ASSERT_TRUE(ledger().begin_run(keys({3}), kRotated).ok());
  EXPECT_EQ(ledger().state().key_generation, 3);
  EXPECT_EQ(ledger().key_of({0, 2}), key(100));
  EXPECT_EQ(ledger().key_of({0, 3}), key(103));
  ASSERT_TRUE(ledger().found_restored({7}).ok());
  EXPECT_EQ(ledger().key_of({0, 4}), key(103)) << "a generation is skipped, the key stays";
  reopen();
  ASSERT_TRUE(ledger().begin_run(keys({3}), kRotated).ok());
  EXPECT_EQ(ledger().state().key_generation, 4);
}

TEST_P(LedgerContract, KeysThatLackTheNewestAreRefused) {
  ASSERT_TRUE(ledger().begin_run(keys(), kRotated).ok());
  ASSERT_TRUE(ledger().rotate_own(make(101)).ok());
  reopen();
  const auto begun = ledger().begin_run(keys(), kRotated);
  ASSERT_FALSE(begun.ok());
  EXPECT_EQ(begun.error().code, ErrorCode::conflict);
  EXPECT_EQ(begun.error().field, "hq.key");
  EXPECT_TRUE(ledger().begin_run(keys({1}), kRotated).ok());
}

TEST_P(LedgerContract, GenerationsOfHeadquartersKeyEnd) {
  ASSERT_TRUE(ledger().begin_run(keys(), kRotated).ok());
  for (std::uint8_t generation = 1; generation <= 15; ++generation) ASSERT_TRUE(ledger().rotate_own(make(1)).ok());
  EXPECT_EQ(ledger().rotate_own(make(1)).error().code, ErrorCode::limit);
  ASSERT_TRUE(ledger().found_restored({7}).ok());
  EXPECT_EQ(ledger().state().key_generation, 15) << "none is left to skip";
}

TEST_P(LedgerContract, OnlyAKeyThatSignsNoMoreIsRevoked) {
  ASSERT_TRUE(ledger().begin_run(keys(), kRotated).ok());
  ASSERT_TRUE(ledger().found_restored({7}).ok());
  EXPECT_EQ(ledger().revoke_key({0, 0}, 5).error().code, ErrorCode::refused) << "an earlier generation, the same key";
  EXPECT_EQ(ledger().revoke_key({0, 5}, 5).error().code, ErrorCode::not_found);
  ASSERT_TRUE(ledger().rotate_own(make(102)).ok());
  ASSERT_TRUE(ledger().revoke_key({0, 1}, 5).ok());
  EXPECT_EQ(ledger().revoke_key({0, 2}, 5).error().code, ErrorCode::refused);
  reopen();
  EXPECT_EQ(ledger().state().revoked_generations, 0b10);
  const auto rows = ledger().keys();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].facts.status, KeyFacts::Status::retired);
  EXPECT_EQ(rows[1].facts.status, KeyFacts::Status::revoked);
  EXPECT_EQ(rows[1].facts.good_to, 5u);
  EXPECT_EQ(rows[2].facts.status, KeyFacts::Status::live);
}

TEST_P(LedgerOwnCoupons, SerialsGoOnBeyondWhatAForgottenLifeMayHaveGiven) {
  ASSERT_TRUE(ledger().begin_run(keys(), kRotated).ok());
  const auto first = make("a", 1);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ((*first)[0].body.serial, code_minutes(kRotated) * 256);
  EXPECT_EQ((*make("b", 1))[0].body.serial, (*first)[0].body.serial + 1);
  reopen();
  ASSERT_TRUE(ledger().begin_run(keys(), kRotated).ok());
  EXPECT_EQ((*make("c", 1))[0].body.serial, (*first)[0].body.serial + 2) << "the newest given when that is higher";
  reopen();
  ASSERT_TRUE(ledger().begin_run(keys(), kRotated.plus_ms(kMinute)).ok());
  EXPECT_EQ((*make("d", 1))[0].body.serial, (*first)[0].body.serial + 256);
  ASSERT_TRUE(ledger().rotate_own([](std::uint8_t) -> Result<VerifyingKey> { return key(101); }).ok());
  EXPECT_EQ((*make("e", 1))[0].body.serial, (*first)[0].body.serial + 256) << "each generation has serials of its own";
}

TEST_P(LedgerOwnCoupons, ACouponOfHeadquartersIsReservedOnlyAsItWasIssued) {
  const auto made = make("a", 2);
  ASSERT_TRUE(made.ok());
  const auto ask = [&](std::uint8_t rid, std::size_t of, CouponBody body) {
    hq::ReservationAttempt attempt;
    attempt.till = till;
    attempt.epoch.fill(1);
    attempt.rid.fill(rid);
    attempt.key = (*made)[of].body.key;
    attempt.serial = (*made)[of].body.serial;
    attempt.campaign = body.campaign;
    attempt.now = kRotated;
    attempt.body = *encode_coupon(body);
    const auto answer = ledger().reserve(attempt);
    return answer.ok() ? answer->reason : "error";
  };
  auto other = (*made)[0].body;
  other.value = 17;
  EXPECT_EQ(ask(1, 0, other), "forged");
  EXPECT_EQ(ask(2, 0, (*made)[0].body), "");
}

}  // namespace tillside::test
