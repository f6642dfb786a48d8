#include "agent/domain/member.h"

#include <gtest/gtest.h>

namespace tillside {
namespace {

std::string phone(std::string_view text, std::string_view country = "86") {
  const auto read = normalise(IdType::phone, text, country);
  return read ? *read : std::string(name_of(read.error().code));
}

TEST(Phone, OneSpellingForOneNumber) {
  for (const char* text : {"13800138000", "138 0013 8000", "138-0013-8000", "+86 138-0013-8000", "0086 13800138000",
                           "8613800138000", "+8613800138000", "１３８００１３８０００", "＋86（138）00138000",
                           "013800138000", "+86 013800138000", " 138\u00A00013\u30008000 ", "138‑0013‑8000",
                           "\u202A+8613800138000\u202C", "138.0013.8000", "86 138 0013 8000"})
    EXPECT_EQ(phone(text), "+8613800138000") << text;
}

TEST(Phone, Landlines) {
  EXPECT_EQ(phone("(0571) 8888 6666"), "+8657188886666");
  EXPECT_EQ(phone("+86 (0)571 8888 6666"), "+8657188886666");
  EXPECT_EQ(phone("010-6888-6666"), "+861068886666");
}

TEST(Phone, OtherCountries) {
  EXPECT_EQ(phone("+852 9123 4567"), "+85291234567");
  EXPECT_EQ(phone("00 44 20 7946 0958"), "+442079460958");
  EXPECT_EQ(phone("020 7946 0958", "44"), "+442079460958");
  EXPECT_EQ(phone("(212) 555-0123", "1"), "+12125550123");
  EXPECT_EQ(phone("1 212 555 0123", "1"), "+12125550123");
  EXPECT_EQ(phone("06 1234 5678", "39"), "+390612345678");  // Italy keeps its zero
  EXPECT_EQ(phone("8 912 345 67 89", "7"), "+79123456789");
  EXPECT_EQ(phone("06 1 234 5678", "36"), "+3612345678");
  EXPECT_EQ(phone("+13800138000"), "+13800138000");  // a plus is never second-guessed
}

TEST(Phone, RefusesWhatIsNone) {
  for (const char* text : {"", "+", "00", "123456", "1380013800", "138001380001", "+86138001380001", "138****8000",
                           "13800138000x12", "++8613800138000", "86+13800138000", "+0013800138000", "+1234567890123456",
                           "not a number", "138０0138OOO", "123456789012345678901234567890"})
    EXPECT_EQ(phone(text), "bad_format") << text;
}

TEST(Phone, WithoutACountryOnlyInternationalNumbersAreWhole) {
  EXPECT_EQ(phone("13800138000", ""), "bad_format");
  EXPECT_EQ(phone("+8613800138000", ""), "+8613800138000");
}

TEST(OtherIds, AreTrimmedAndCardsUpperCased) {
  EXPECT_EQ(*normalise(IdType::card, " vip 00\t12a ", "86"), "VIP0012A");
  EXPECT_EQ(*normalise(IdType::openid, " oAbC-1 ", "86"), "oAbC-1");
  EXPECT_EQ(*normalise(IdType::card, "卡\u3000甲1b", "86"), "卡甲1B");
  EXPECT_EQ(normalise(IdType::card, " \t", "86").error().code, ErrorCode::bad_format);
  EXPECT_EQ(normalise(IdType::unionid, std::string(129, 'u'), "86").error().code, ErrorCode::bad_format);
  EXPECT_TRUE(normalise(IdType::unionid, std::string(128, 'u'), "86").ok());
  EXPECT_EQ(normalise(IdType::card, std::string("A\0B", 3), "86").error().code, ErrorCode::bad_format);
}

TEST(Hash, DependsOnKeyTypeAndValue) {
  MemberKey key{}, other{};
  other[0] = 1;
  const auto hash = hash_identifier(key, IdType::phone, "+8613800138000");
  EXPECT_EQ(hash, hash_identifier(key, IdType::phone, "+8613800138000"));
  EXPECT_NE(hash, hash_identifier(other, IdType::phone, "+8613800138000"));
  EXPECT_NE(hash, hash_identifier(key, IdType::card, "+8613800138000"));
  EXPECT_NE(hash, hash_identifier(key, IdType::phone, "+8613800138001"));
  EXPECT_EQ(to_hex(hash), "99389a7110c096e18dcec3dcebe62a01");
}

constexpr StoreNumber kHere = 7, kThere = 8;
constexpr std::uint32_t kPhone = 1u << static_cast<unsigned>(IdType::phone);

MemberRecord in_groups(std::vector<StoreNumber> stores, std::uint32_t person = 0) {
  MemberRecord record;
  record.stores = std::move(stores);
  record.person = person;
  return record;
}

struct Row {
  const char* name;
  std::vector<Finding> findings;
  bool checkpoint;
  std::uint32_t covered;
  Scope scope;
  VerdictStatus status;
  std::optional<bool> here, elsewhere;
};

class Judge : public testing::TestWithParam<Row> {};

TEST_P(Judge, FollowsTheTable) {
  const Row& row = GetParam();
  ReplicaFacts facts;
  facts.checkpoint_applied = row.checkpoint;
  facts.covered_types = row.covered;
  facts.as_of = Instant{1234};
  facts.scope = row.scope;
  const Verdict verdict = judge(row.findings, facts, kHere);
  EXPECT_EQ(verdict.status, row.status) << name_of(verdict.status);
  EXPECT_EQ(verdict.here, row.here);
  EXPECT_EQ(verdict.elsewhere, row.elsewhere);
  EXPECT_EQ(verdict.as_of, Instant{1234});
  EXPECT_EQ(verdict.scope, row.scope);
}

const Finding kAskedPhone{IdType::phone, Proof::named, std::nullopt};
const Finding kAskedCard{IdType::card, Proof::scanned, std::nullopt};
const Finding kAskedCode{IdType::member_code, Proof::scanned, std::nullopt};

Finding found(MemberRecord record, IdType type = IdType::phone, Proof proof = Proof::named) {
  return {type, proof, std::move(record)};
}

constexpr auto kMember = VerdictStatus::member;
constexpr auto kNot = VerdictStatus::not_member;
constexpr auto kUnknown = VerdictStatus::unknown;
constexpr std::nullopt_t kNull = std::nullopt;

INSTANTIATE_TEST_SUITE_P(
    Table, Judge,
    testing::Values(
        Row{"nobody", {}, true, kPhone, Scope::chain, VerdictStatus::unidentified, kNull, kNull},
        Row{"nobody_no_replica", {}, false, 0, Scope::chain, VerdictStatus::unidentified, kNull, kNull},
        Row{"here", {found(in_groups({kHere}))}, true, kPhone, Scope::chain, kMember, true, false},
        Row{"elsewhere", {found(in_groups({kThere}))}, true, kPhone, Scope::chain, kMember, false, true},
        Row{"both", {found(in_groups({kThere, kHere}))}, true, 0, Scope::chain, kMember, true, true},
        Row{"member_of_an_incomplete_replica",
            {found(in_groups({kHere}))},
            false,
            0,
            Scope::chain,
            kMember,
            true,
            false},
        Row{"store_scope_cannot_deny_elsewhere",
            {found(in_groups({kHere}))},
            true,
            0,
            Scope::store,
            kMember,
            true,
            kNull},
        Row{"left_the_group", {found(in_groups({}))}, true, 0, Scope::chain, kNot, false, false},
        Row{"left_the_group_store_scope", {found(in_groups({}))}, true, 0, Scope::store, kNot, false, kNull},
        Row{"left_but_incomplete", {found(in_groups({}))}, false, kPhone, Scope::chain, kUnknown, kNull, kNull},
        Row{"covered_and_complete", {kAskedPhone}, true, kPhone, Scope::chain, kNot, false, false},
        Row{"covered_and_complete_store_scope", {kAskedPhone}, true, kPhone, Scope::store, kNot, false, kNull},
        Row{"covered_but_incomplete", {kAskedPhone}, false, kPhone, Scope::chain, kUnknown, kNull, kNull},
        Row{"uncovered", {kAskedCard}, true, kPhone, Scope::chain, kUnknown, kNull, kNull},
        Row{"one_of_two_covered", {kAskedCard, kAskedPhone}, true, kPhone, Scope::chain, kNot, false, false},
        Row{"two_ids_one_found",
            {kAskedPhone, found(in_groups({kHere}), IdType::card)},
            true,
            kPhone,
            Scope::chain,
            kMember,
            true,
            false},
        Row{"two_ids_one_left", {kAskedCard, found(in_groups({}))}, true, 0, Scope::chain, kNot, false, false},
        Row{"one_left_one_in",
            {found(in_groups({})), found(in_groups({kThere}), IdType::card)},
            true,
            0,
            Scope::chain,
            kMember,
            false,
            true},
        Row{"member_code_alone", {kAskedCode}, true, kPhone, Scope::chain, kUnknown, kNull, kNull},
        Row{"member_code_is_never_covered", {kAskedCode}, true, ~0u, Scope::chain, kUnknown, kNull, kNull},
        Row{"member_code_beside_a_covered_phone",
            {kAskedCode, kAskedPhone},
            true,
            kPhone,
            Scope::chain,
            kNot,
            false,
            false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(JudgeFacts, AreSaidWithoutAnyReplica) {
  const Verdict verdict = judge({}, ReplicaFacts{}, kHere);
  EXPECT_EQ(verdict.as_of, std::nullopt);
  EXPECT_EQ(verdict.scope, Scope::chain);
}

TEST(JudgeFacts, ComeFromTheDecidingRecord) {
  MemberRecord record = in_groups({kHere}, 99);
  record.friend_of = StaffRef{kHere, 5};
  record.tier = 3;
  record.paid_until = date_of(2027, 1, 1);
  record.first_joined = Instant{60'000};
  const Finding findings[] = {found(in_groups({kThere}, 1), IdType::phone, Proof::named),
                              found(record, IdType::card, Proof::scanned)};
  const Verdict verdict = judge(findings, ReplicaFacts{}, kHere);
  EXPECT_EQ(verdict.person, 99u);
  EXPECT_EQ(verdict.proof, Proof::scanned);
  EXPECT_EQ(verdict.friend_of, (StaffRef{kHere, 5}));
  EXPECT_EQ(verdict.tier, 3);
  EXPECT_EQ(verdict.paid_until, date_of(2027, 1, 1));
  EXPECT_EQ(verdict.first_joined, Instant{60'000});
}

TEST(JudgeFacts, AStrongerProofOutweighsWhoIsHere) {
  const Finding findings[] = {found(in_groups({kHere}, 1), IdType::phone, Proof::named),
                              found(in_groups({kThere}, 2), IdType::card, Proof::scanned)};
  const Verdict verdict = judge(findings, ReplicaFacts{}, kHere);
  EXPECT_EQ(verdict.person, 2u);
  EXPECT_EQ(verdict.here, false);
}

TEST(JudgeFacts, AWeakerProofStaysWeakWhenTheStrongOneFindsNobody) {
  const Finding findings[] = {found(in_groups({kHere}, 1)), kAskedCard};
  EXPECT_EQ(judge(findings, ReplicaFacts{}, kHere).proof, Proof::named);
}

TEST(JudgeFacts, KeepWhatIsKnownOfOneWhoLeft) {
  MemberRecord record = in_groups({}, 42);
  record.friend_of = StaffRef{kHere, 5};
  ReplicaFacts facts;
  facts.checkpoint_applied = true;
  const Finding findings[] = {found(record)};
  const Verdict verdict = judge(findings, facts, kHere);
  EXPECT_EQ(verdict.status, kNot);
  EXPECT_EQ(verdict.person, 42u);
  EXPECT_EQ(verdict.friend_of, (StaffRef{kHere, 5}));
}

}  // namespace
}  // namespace tillside
