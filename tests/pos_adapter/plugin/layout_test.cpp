// The shape of the interface: layouts, versions, buffers, misuse, and what a cashier's screen reads.
#include <gtest/gtest.h>

#include <cstring>

#include "tests/pos_adapter/plugin/agent_under_test.h"
#include "tests/pos_adapter/plugin/fake_agent.h"

namespace tillside::pos_test {
namespace {

// What vendors have compiled in. A change here breaks them all.
static_assert(TILLSIDE_POS_ABI_VERSION == 1);
static_assert(sizeof(tillside_pos_handle) == 8);
static_assert(offsetof(tillside_pos_options, abi_version) == 0 && offsetof(tillside_pos_options, struct_size) == 4);
static_assert(offsetof(tillside_pos_answer, abi_version) == 0 && offsetof(tillside_pos_answer, struct_size) == 4);
static_assert(offsetof(tillside_pos_state, abi_version) == 0 && offsetof(tillside_pos_state, struct_size) == 4);
static_assert(offsetof(tillside_pos_options, socket_path) == 8);
static_assert(offsetof(tillside_pos_options, token_file) == 8 + sizeof(void*));
static_assert(offsetof(tillside_pos_options, spool_folder) == 8 + 2 * sizeof(void*));
static_assert(offsetof(tillside_pos_options, tcp_port) == 8 + 3 * sizeof(void*));
static_assert(offsetof(tillside_pos_options, spool_mib) == 8 + 3 * sizeof(void*) + 20);
static_assert(sizeof(tillside_pos_options) == 8 + 3 * sizeof(void*) + 24);
static_assert(offsetof(tillside_pos_answer, json) == 8 && offsetof(tillside_pos_answer, capacity) == 8 + sizeof(void*));
static_assert(offsetof(tillside_pos_answer, json_size) == 8 + sizeof(void*) + sizeof(size_t));
static_assert(offsetof(tillside_pos_answer, outcome) == 8 + sizeof(void*) + 2 * sizeof(size_t));
static_assert(offsetof(tillside_pos_answer, elapsed_us) == 8 + sizeof(void*) + 2 * sizeof(size_t) + 20);
static_assert(sizeof(tillside_pos_answer) == 8 + sizeof(void*) + 2 * sizeof(size_t) + 24);
static_assert(offsetof(tillside_pos_state, reachable) == 8 && offsetof(tillside_pos_state, spool_failing) == 20);
static_assert(offsetof(tillside_pos_state, delivered) == 24 && offsetof(tillside_pos_state, not_kept) == 40);
static_assert(sizeof(tillside_pos_state) == 48);
static_assert(TILLSIDE_POS_MISUSE == -1 && TILLSIDE_POS_ANSWERED == 0 && TILLSIDE_POS_TAKEN == 1 &&
              TILLSIDE_POS_QUEUED == 2 && TILLSIDE_POS_REFUSED == 3 && TILLSIDE_POS_CARRY_ON == 4 &&
              TILLSIDE_POS_NOT_KEPT == 5);

constexpr std::string_view kAnswer =
    R"({"identity":"x","showing_id":"4004000C0H5NG6ZT0000G8J2W5ZB3V","verdict":{"status":"not_member"},)"
    R"("prompts":[{"code":"invite","zh":"还没进群","en":"Not in \"the\" group\u0021"},{"zh":"二"}],)"
    R"("discounts":[{"amount":1229}],"nothing":null})";

class Layout : public ::testing::Test {
 protected:
  Layout() {
    const tillside_pos_options options = options_for(socket_.c_str(), "");
    tillside_pos_open(&options, &handle, nullptr);
  }
  ~Layout() override { tillside_pos_close(handle, 1000); }

  tillside_pos_answer answer(char* json, std::size_t capacity) const {
    return {TILLSIDE_POS_ABI_VERSION, sizeof(tillside_pos_answer), json, capacity, 0, 0, 0, 0, 0, 0, 0};
  }

  TempFolder folder_;
  const std::string socket_ = folder_ / "agent.sock";
  const FakeAgent fake_{socket_, [](int connection, const Asked&) {
                          FakeAgent::send(connection, FakeAgent::answer(200, kAnswer));
                          return true;
                        }};
  tillside_pos_handle handle = 0;
};

TEST_F(Layout, ADocumentComesWholeOrNotAtAll) {
  for (const std::size_t capacity : {std::size_t{0}, std::size_t{1}, kAnswer.size() - 1, kAnswer.size()}) {
    std::string buffer(kAnswer.size() + 8, '#');
    tillside_pos_answer small = answer(capacity == 0 ? nullptr : buffer.data(), capacity);
    EXPECT_EQ(tillside_pos_complete(handle, "{}", 2, 0, &small), TILLSIDE_POS_TAKEN) << "the outcome stands";
    EXPECT_EQ(small.too_small, 1);
    EXPECT_EQ(small.json_size, kAnswer.size());
    EXPECT_EQ(buffer[0], capacity == 0 ? '#' : '\0');
    EXPECT_EQ(buffer.find_first_not_of('#', 1), std::string::npos) << "nothing else was written";
  }
  std::string buffer(kAnswer.size() + 1, '#');
  tillside_pos_answer exact = answer(buffer.data(), buffer.size());
  EXPECT_EQ(tillside_pos_complete(handle, "{}", 2, 0, &exact), TILLSIDE_POS_TAKEN);
  EXPECT_EQ(exact.too_small, 0);
  EXPECT_STREQ(buffer.c_str(), std::string(kAnswer).c_str());
  EXPECT_GT(exact.elapsed_us, 0U);
}

TEST_F(Layout, WhoWantsTheOutcomeOnlyPassesNoAnswer) {
  EXPECT_EQ(tillside_pos_complete(handle, "{}", 2, 0, nullptr), TILLSIDE_POS_TAKEN);
}

TEST_F(Layout, MisuseIsNamedAndDoesNothing) {
  char buffer[64] = "#";
  tillside_pos_answer said = answer(buffer, sizeof buffer);
  EXPECT_EQ(tillside_pos_complete(handle, nullptr, 0, 0, &said), TILLSIDE_POS_MISUSE);
  EXPECT_EQ(said.why, TILLSIDE_POS_WHY_NULL);
  for (const char* text : {"", "  ", "[]", "7", "{", "}", "{\"a\":1"}) {
    EXPECT_EQ(tillside_pos_complete(handle, text, std::strlen(text), 0, &said), TILLSIDE_POS_MISUSE) << text;
    EXPECT_EQ(said.why, TILLSIDE_POS_WHY_NO_OBJECT);
    EXPECT_EQ(buffer[0], '\0');
  }
  const std::string large = "{\"x\":\"" + std::string(TILLSIDE_POS_DOCUMENT_MOST, 'y') + "\"}";
  EXPECT_EQ(tillside_pos_complete(handle, large.data(), large.size(), 0, &said), TILLSIDE_POS_MISUSE);
  EXPECT_EQ(said.why, TILLSIDE_POS_WHY_TOO_LARGE);
  EXPECT_EQ(tillside_pos_complete(handle + 2, "{}", 2, 0, &said), TILLSIDE_POS_MISUSE);
  EXPECT_EQ(said.why, TILLSIDE_POS_WHY_HANDLE);
  EXPECT_TRUE(fake_.asked().empty());
  EXPECT_EQ(tillside_pos_complete(handle, " \xEF\xBB\xBF{}", 6, 0, &said), TILLSIDE_POS_MISUSE)
      << "a mark in the middle";
  EXPECT_EQ(tillside_pos_complete(handle, "\xEF\xBB\xBF {} \n", 8, 0, &said), TILLSIDE_POS_TAKEN) << "a mark in front";
}

TEST_F(Layout, VersionsAreNegotiated) {
  tillside_pos_answer said = answer(nullptr, 0);
  said.abi_version = 2;
  EXPECT_EQ(tillside_pos_complete(handle, "{}", 2, 0, &said), TILLSIDE_POS_MISUSE) << "newer than the library";
  said.abi_version = 0;
  EXPECT_EQ(tillside_pos_complete(handle, "{}", 2, 0, &said), TILLSIDE_POS_MISUSE) << "forgotten";
  said = answer(nullptr, 0);
  said.struct_size = 16;
  EXPECT_EQ(tillside_pos_complete(handle, "{}", 2, 0, &said), TILLSIDE_POS_MISUSE) << "smaller than it ever was";
  EXPECT_TRUE(fake_.asked().empty());
  struct {  // of a header to come
    tillside_pos_answer known;
    std::uint64_t added;
  } newer = {answer(nullptr, 0), 4711};
  newer.known.struct_size = sizeof newer;
  EXPECT_EQ(tillside_pos_complete(handle, "{}", 2, 0, &newer.known), TILLSIDE_POS_TAKEN);
  EXPECT_EQ(newer.known.json_size, kAnswer.size());
  EXPECT_EQ(newer.added, 4711U) << "what the library does not know it leaves alone";
}

TEST_F(Layout, OptionsOfAnOlderHeaderEndEarlier) {
  struct {
    std::uint32_t abi_version, struct_size;
    const char* socket_path;
  } older = {TILLSIDE_POS_ABI_VERSION, sizeof older, socket_.c_str()};
  tillside_pos_handle second = 0;
  ASSERT_EQ(tillside_pos_open(reinterpret_cast<const tillside_pos_options*>(&older), &second, nullptr),
            TILLSIDE_POS_ANSWERED);
  EXPECT_EQ(tillside_pos_advise(second, "{}", 2, 0, nullptr), TILLSIDE_POS_ANSWERED);
  tillside_pos_close(second, 1000);
}

TEST_F(Layout, WrongOptionsAreNamed) {
  const auto why_of = [](tillside_pos_options options) {
    tillside_pos_handle none = 0;
    int32_t why = 0;
    EXPECT_EQ(tillside_pos_open(&options, &none, &why), TILLSIDE_POS_MISUSE);
    EXPECT_EQ(none, 0U);
    return why;
  };
  const tillside_pos_options good = options_for(socket_.c_str(), "");
  tillside_pos_options wrong = good;
  wrong.abi_version = 9;
  EXPECT_EQ(why_of(wrong), TILLSIDE_POS_WHY_VERSION);
  wrong = good;
  wrong.struct_size = 4;
  EXPECT_EQ(why_of(wrong), TILLSIDE_POS_WHY_SIZE);
  const std::string long_path(200, 'x');
  wrong = good;
  wrong.socket_path = long_path.c_str();
  EXPECT_EQ(why_of(wrong), TILLSIDE_POS_WHY_OPTION);
  wrong = good;
  wrong.tcp_port = 65536;
  EXPECT_EQ(why_of(wrong), TILLSIDE_POS_WHY_OPTION);
  wrong = good;
  wrong.language = 2;
  EXPECT_EQ(why_of(wrong), TILLSIDE_POS_WHY_OPTION);
  EXPECT_EQ(tillside_pos_open(&good, nullptr, nullptr), TILLSIDE_POS_MISUSE);
}

TEST_F(Layout, EveryWhyHasWords) {
  for (int why = -1; why < 64; ++why) ASSERT_NE(tillside_pos_why_text(why), nullptr);
  EXPECT_STRNE(tillside_pos_why_text(TILLSIDE_POS_WHY_SLOW), tillside_pos_why_text(63));
  EXPECT_EQ(tillside_pos_abi_version(), TILLSIDE_POS_ABI_VERSION);
}

TEST_F(Layout, ACashiersScreenNeedsNoParser) {
  const char* json = kAnswer.data();
  const std::size_t size = kAnswer.size();
  char out[64];
  EXPECT_EQ(tillside_pos_verdict(json, size), TILLSIDE_POS_VERDICT_NOT_MEMBER);
  EXPECT_EQ(tillside_pos_verdict("{\"verdict\":{\"status\":\"else\"}}", 29), TILLSIDE_POS_VERDICT_NONE);
  EXPECT_EQ(tillside_pos_verdict(nullptr, 5), TILLSIDE_POS_VERDICT_NONE);
  EXPECT_EQ(tillside_pos_showing_id(json, size, out, sizeof out), 30);
  EXPECT_STREQ(out, "4004000C0H5NG6ZT0000G8J2W5ZB3V");
  EXPECT_EQ(tillside_pos_prompt(json, size, 0, 0, out, sizeof out), 12);
  EXPECT_STREQ(out, "还没进群");
  EXPECT_EQ(tillside_pos_prompt(json, size, 0, 1, out, sizeof out), 19);
  EXPECT_STREQ(out, "Not in \"the\" group!");
  EXPECT_EQ(tillside_pos_prompt(json, size, 1, 1, out, sizeof out), -1);
  EXPECT_STREQ(out, "");
  EXPECT_EQ(tillside_pos_prompt(json, size, 2, 0, out, sizeof out), -1);
  EXPECT_EQ(tillside_pos_prompt(json, size, SIZE_MAX, 0, out, sizeof out), -1);
  EXPECT_EQ(tillside_pos_text(json, size, "nothing", out, sizeof out), -1);
  EXPECT_EQ(tillside_pos_text(json, size, "discounts[0]", out, sizeof out), 15);
  EXPECT_STREQ(out, "{\"amount\":1229}");
  EXPECT_EQ(tillside_pos_integer(json, size, "discounts[0].amount", -7), 1229);
  EXPECT_EQ(tillside_pos_integer(json, size, "discounts[1].amount", -7), -7);
  EXPECT_EQ(tillside_pos_count(json, size, "prompts"), 2U);
  EXPECT_EQ(tillside_pos_count(json, size, "verdict"), 0U);
  EXPECT_EQ(tillside_pos_showing_id(json, size, out, 30), 30) << "no room for the zero";
  EXPECT_STREQ(out, "");
  EXPECT_EQ(tillside_pos_showing_id(json, size, nullptr, 0), 30) << "a question for the size";
  EXPECT_EQ(tillside_pos_showing_id(json, size, out, 31), 30);
}

}  // namespace
}  // namespace tillside::pos_test
