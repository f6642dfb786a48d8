#include "sync/wire/batch.h"

#include <gtest/gtest.h>

namespace tillside::wire {
namespace {

BatchHead head(std::uint64_t first, std::uint32_t count) {
  return {{1, 2, 3, 4, 5, 6, 7, 8}, first, count, ChainHash{9}, 44};
}

std::string text_of(const std::vector<std::string_view>& events, std::uint64_t first = 101) {
  return write_batch(head(first, static_cast<std::uint32_t>(events.size())), events);
}

std::string field_of(std::string_view text) {
  auto batch = read_batch(text);
  return batch ? "ok" : std::string(name_of(batch.error().code)) + " " + batch.error().field;
}

TEST(Batch, ComesBackAsItWasWritten) {
  const std::string text = text_of({R"({"a":1})", R"({"b":"果"})"});
  EXPECT_EQ(text.substr(0, text.find('\n')),
            R"({"epoch":"0102030405060708","first_seq":101,"count":2,"prev":"09000000000000000000000000000000",)"
            R"("retained_from":44})");
  auto batch = read_batch(text);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->head.epoch, head(1, 1).epoch);
  EXPECT_EQ(batch->head.first_seq, 101u);
  EXPECT_EQ(batch->head.prev, ChainHash{9});
  EXPECT_EQ(batch->head.retained_from, 44u);
  ASSERT_EQ(batch->events.size(), 2u);
  EXPECT_EQ(batch->events[0], R"({"a":1})");
  EXPECT_EQ(batch->events[1], R"({"b":"果"})");
  EXPECT_EQ(batch->events[1].data() + batch->events[1].size() + 1, text.data() + text.size());
}

TEST(Batch, UnknownHeadFieldsAreIgnored) {
  auto batch = read_batch(
      R"({"later":[{}],"epoch":"0102030405060708","first_seq":1,"count":1,"prev":"00000000000000000000000000000000","retained_from":1})"
      "\n{}\n");
  EXPECT_TRUE(batch);
}

TEST(Batch, NamesWhatIsWrong) {
  const std::string good = text_of({"{}", "{}"});
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  EXPECT_EQ(field_of(""), "bad_format head");
  EXPECT_EQ(field_of("{}"), "bad_format head");
  EXPECT_EQ(field_of("{}\n"), "bad_format epoch");
  EXPECT_EQ(field_of("[]\n{}\n"), "bad_format head");
  EXPECT_EQ(field_of("\xff\xfe\n{}\n"), "bad_format head");
  EXPECT_EQ(field_of(with("0102030405060708", "01020304050607")), "bad_format epoch");
  EXPECT_EQ(field_of(with("\"first_seq\":101", "\"first_seq\":0")), "bad_format first_seq");
  EXPECT_EQ(field_of(with("\"first_seq\":101", "\"first_seq\":-1")), "bad_format first_seq");
  EXPECT_EQ(field_of(with("\"first_seq\":101", "\"first_seq\":9223372036854775807")), "bad_format first_seq");
  EXPECT_EQ(field_of(with("\"count\":2", "\"count\":0")), "bad_format count");
  EXPECT_EQ(field_of(with("\"count\":2", "\"count\":1")), "bad_format count");
  EXPECT_EQ(field_of(with("\"count\":2", "\"count\":3")), "bad_format count");
  EXPECT_EQ(field_of(with("\"count\":2", "\"count\":2001")), "bad_format count");
  EXPECT_EQ(field_of(with("\"prev\":\"09", "\"prev\":\"x9")), "bad_format prev");
  EXPECT_EQ(field_of(with("\"retained_from\":44", "\"retained_from\":0")), "bad_format retained_from");
  EXPECT_EQ(field_of(good.substr(0, good.size() - 1)), "bad_format events");
  EXPECT_EQ(field_of(good + "\n"), "bad_format events");
  EXPECT_EQ(field_of(std::string(kMaxBatchBytes + 1, '\n')), "bad_format ");
  EXPECT_EQ(field_of(text_of({std::string(kMaxEventBytes + 1, 'x')})), "bad_format events");
}

TEST(Batch, TheLargestBatchIsTaken) {
  const std::string event(1000, 'x');
  const std::vector<std::string_view> events(kMaxBatchEvents, event);
  auto batch = read_batch(text_of(events));
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->events.size(), kMaxBatchEvents);
}

TEST(Chain, VouchesForTheEventAndAllBeforeIt) {
  const ChainHash zero{};
  const auto one = chain(zero, "a");
  EXPECT_EQ(to_hex(one), "c81ca06ab209cc9bcb84d92fcf0579bb");
  EXPECT_NE(chain(one, "b"), chain(chain(zero, "A"), "b"));
  EXPECT_NE(chain(zero, "ab"), chain(one, "b"));
}

}  // namespace
}  // namespace tillside::wire
