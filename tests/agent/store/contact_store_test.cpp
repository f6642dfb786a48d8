#include "agent/store/contact_store.h"

#include "agent/platform/files.h"
#include "agent/store/outbox.h"
#include "tests/agent/store/support.h"

namespace tillside::store {
namespace {

using namespace test;

wire::Identity identity_with(std::uint8_t epoch, std::uint8_t generation = 0) {
  wire::Identity identity;
  identity.till = 12;
  identity.store_id = "0123";
  identity.store_number = 123;
  identity.store_name = "试验店";
  identity.zone = "Asia/Shanghai";
  identity.currency = "CNY";
  identity.country_calling_code = "86";
  identity.public_host = "t.example.cn";
  identity.epoch = epoch_of(epoch);
  identity.key_generation = generation;
  return identity;
}

wire::EnrollAnswer enrolment() {
  wire::EnrollAnswer answer;
  answer.identity = identity_with(1);
  answer.contact.counter = 1;
  answer.contact.random.fill(9);
  return answer;
}

wire::ContactAnswer answer_with(wire::ContactOutcome outcome, std::uint64_t counter) {
  wire::ContactAnswer answer;
  answer.outcome = outcome;
  answer.contact.counter = counter;
  answer.hq_incarnation.fill(3);
  return answer;
}

std::unique_ptr<StoreContact> must_open_contact(Store& store) {
  auto contact = StoreContact::open(store);
  EXPECT_TRUE(contact);
  return contact ? std::move(*contact) : nullptr;
}

Bytes16 nonce_of(std::uint8_t byte) {
  Bytes16 nonce{};
  nonce.fill(byte);
  return nonce;
}

TEST(StoreContact, KnowsNothingBeforeEnrolmentAndEverythingAfter) {
  TempFolder folder;
  {
    auto store = must_open(folder.path());
    auto contact = must_open_contact(*store);
    EXPECT_FALSE(contact->identity());
    EXPECT_FALSE(contact->may_issue());
    int told = 0;
    contact->on_identity([&told] { ++told; });
    append_events(*store, 2, "before");
    ASSERT_TRUE(contact->enrolled(enrolment()));
    EXPECT_EQ(told, 1);
    EXPECT_TRUE(contact->may_issue());
    EXPECT_EQ(count(*store, "SELECT count(*) FROM epoch"), 1) << "the provisional epoch takes the name";
  }
  auto store = must_open(folder.path());
  auto contact = must_open_contact(*store);
  ASSERT_TRUE(contact->identity());
  EXPECT_EQ(contact->identity()->store_name, "试验店");
  EXPECT_TRUE(contact->may_issue());
  EXPECT_EQ(contact->begin_contact(nonce_of(1))->contact.counter, 1u);
  EXPECT_EQ(fs::status(folder / "identity.json").permissions() & fs::perms::all,
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST(StoreContact, HeadquartersNewestKeyIsKeptWithThoseBefore) {
  TempFolder folder;
  VerifyingKey first{1}, second{2}, third{3};
  {
    auto store = must_open(folder.path());
    auto contact = must_open_contact(*store);
    auto enrolled = enrolment();
    enrolled.identity.hq_key = first;
    ASSERT_TRUE(contact->enrolled(enrolled));
    auto answer = answer_with(wire::ContactOutcome::honest, 2);
    answer.hq_keys = {{1, second, {}}};
    answer.certificate = "by the second";
    ASSERT_TRUE(contact->contacted(answer));
    auto fenced = answer_with(wire::ContactOutcome::fenced, 1);
    fenced.identity = identity_with(2, 1);
    fenced.identity->hq_key = third;
    ASSERT_TRUE(contact->contacted(fenced));
  }
  auto store = must_open(folder.path());
  auto contact = must_open_contact(*store);
  EXPECT_EQ(contact->identity()->hq_key, third);
  EXPECT_EQ(contact->identity()->earlier_hq_keys, (std::vector{first, second}));
  EXPECT_EQ(contact->identity()->certificate, "");
}

TEST(StoreContact, EpochsLeftByAReadmissionAreNamed) {
  TempFolder folder;
  {
    auto store = must_open(folder.path());
    auto contact = must_open_contact(*store);
    auto enrolled = enrolment();
    enrolled.identity.certificate = "of the first";
    ASSERT_TRUE(contact->enrolled(enrolled));
    EXPECT_TRUE(contact->begin_contact(nonce_of(1))->left.empty());
    append_events(*store, 3, "before");
    auto fenced = answer_with(wire::ContactOutcome::fenced, 1);
    fenced.identity = identity_with(2, 1);
    fenced.identity->certificate = "of the second";
    ASSERT_TRUE(contact->contacted(fenced));
    EXPECT_TRUE(contact->begin_contact(nonce_of(1))->left.empty()) << "another copy goes on under it";
    append_events(*store, 2, "second");
    auto readmitted = answer_with(wire::ContactOutcome::readmitted, 1);
    readmitted.identity = identity_with(3, 2);
    ASSERT_TRUE(contact->contacted(readmitted));
  }
  auto store = must_open(folder.path());
  auto contact = must_open_contact(*store);
  const auto left = contact->begin_contact(nonce_of(2))->left;
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].certificate, "of the second");
  EXPECT_EQ(left[0].last_seq, 2u);
}

TEST(StoreContact, AContactWithoutAnAnswerIsRepeatedWithItsNonce) {
  TempFolder folder;
  {
    auto store = must_open(folder.path());
    auto contact = must_open_contact(*store);
    ASSERT_TRUE(contact->enrolled(enrolment()));
    EXPECT_EQ(contact->begin_contact(nonce_of(5))->request_nonce, nonce_of(5));
  }
  auto store = must_open(folder.path());
  auto contact = must_open_contact(*store);
  EXPECT_EQ(contact->begin_contact(nonce_of(6))->request_nonce, nonce_of(5));
  ASSERT_TRUE(contact->contacted(answer_with(wire::ContactOutcome::honest, 2)));
  const auto next = contact->begin_contact(nonce_of(7));
  EXPECT_EQ(next->request_nonce, nonce_of(7));
  EXPECT_EQ(next->contact.counter, 2u);
  EXPECT_EQ(contact->identity()->hq_incarnation, nonce_of(3));
}

TEST(StoreContact, AFenceBeginsAnEpochAndFreezesTheOldQuota) {
  TempFolder folder;
  auto store = must_open(folder.path());
  auto contact = must_open_contact(*store);
  ASSERT_TRUE(contact->enrolled(enrolment()));
  ASSERT_TRUE(store->writer().run([](Session& session) { session.issuing().lend(1, 10); }));
  append_events(*store, 2, "of the first epoch ");
  auto answer = answer_with(wire::ContactOutcome::fenced, 20);
  answer.identity = identity_with(2, 1);
  ASSERT_TRUE(contact->contacted(answer));
  EXPECT_EQ(contact->identity()->key_generation, 1);
  EXPECT_TRUE(contact->may_issue());
  ASSERT_TRUE(store->writer().run([](Session& session) { EXPECT_EQ(session.issuing().left(1), 0); }));
  append_events(*store, 1, "of the second epoch ");
  {
    StoreOutbox outbox(*store);
    EXPECT_EQ(outbox.next_batch(10, 1000)->head.epoch, epoch_of(1)) << "sent under the name they were born with";
    ASSERT_TRUE(outbox.acknowledged(epoch_of(1), 2));
    EXPECT_EQ(outbox.next_batch(10, 1000)->head.epoch, epoch_of(2));
  }
  ASSERT_TRUE(contact->contacted(answer)) << "the same answer again";
  EXPECT_EQ(count(*store, "SELECT count(*) FROM epoch"), 2);
}

TEST(StoreContact, ADatabaseSetAsideStillKnowsWhoItIsButMayNotIssue) {
  TempFolder folder;
  {
    auto store = must_open(folder.path());
    ASSERT_TRUE(must_open_contact(*store)->enrolled(enrolment()));
  }
  write_file(folder / "tillside.db", "rubbish");
  auto store = must_open(folder.path());
  ASSERT_FALSE(store->set_aside().empty());
  auto contact = must_open_contact(*store);
  ASSERT_TRUE(contact->identity());
  EXPECT_EQ(contact->identity()->till, 12u);
  EXPECT_FALSE(contact->may_issue());
  EXPECT_EQ(contact->begin_contact(nonce_of(1))->contact, wire::ContactValue{});
  auto answer = answer_with(wire::ContactOutcome::fenced, 30);
  answer.identity = identity_with(2, 1);
  ASSERT_TRUE(contact->contacted(answer));
  EXPECT_TRUE(contact->may_issue());
  EXPECT_EQ(count(*store, "SELECT count(*) FROM epoch"), 1);
  StoreOutbox outbox(*store);
  EXPECT_EQ(outbox.next_batch(10, 1000)->events.size(), 1u) << "the incident goes out under the new epoch";
}

TEST(StoreContact, ARestoredDatabaseWaitsForItsContact) {
  TempFolder folder;
  {
    auto store = must_open(folder.path());
    ASSERT_TRUE(must_open_contact(*store)->enrolled(enrolment()));
    ASSERT_TRUE(store->writer().run([](Session& session) { StoreContact::mark_restored(session); }));
  }
  auto store = must_open(folder.path());
  auto contact = must_open_contact(*store);
  EXPECT_FALSE(contact->may_issue());
  ASSERT_TRUE(contact->contacted(answer_with(wire::ContactOutcome::honest, 2)));
  EXPECT_TRUE(contact->may_issue());
}

// A crash after the commit and before the file: the database is the truth and the file follows.
TEST(StoreContact, AnOlderIdentityFileIsMendedFromTheDatabase) {
  TempFolder folder;
  std::string old_file;
  {
    auto store = must_open(folder.path());
    auto contact = must_open_contact(*store);
    ASSERT_TRUE(contact->enrolled(enrolment()));
    old_file = *read_file(folder / "identity.json");
    auto answer = answer_with(wire::ContactOutcome::fenced, 20);
    answer.identity = identity_with(2, 1);
    ASSERT_TRUE(contact->contacted(answer));
  }
  write_file(folder / "identity.json", old_file);
  auto store = must_open(folder.path());
  EXPECT_EQ(must_open_contact(*store)->identity()->epoch, epoch_of(2));
  EXPECT_EQ(wire::read_identity(*read_file(folder / "identity.json"))->epoch, epoch_of(2));
}

TEST(StoreContact, ARubbishIdentityFileIsAsGoodAsNone) {
  TempFolder folder;
  write_file(folder / "identity.json", "{");
  auto store = must_open(folder.path());
  auto contact = must_open_contact(*store);
  EXPECT_FALSE(contact->identity());
  ASSERT_TRUE(contact->enrolled(enrolment()));
  EXPECT_TRUE(wire::read_identity(*read_file(folder / "identity.json")));
}

}  // namespace
}  // namespace tillside::store
