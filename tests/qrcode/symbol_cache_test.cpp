#include "qrcode/symbol_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/qrcode/samples.h"

namespace tillside::qr {
namespace {

std::string text_of(int number) { return "HTTPS://A.CN/R/" + std::to_string(number); }

TEST(SymbolCache, GivesTheSameSymbolAgain) {
  SymbolCache cache(4);
  const auto first = cache.get("TILL");
  ASSERT_TRUE(first);
  EXPECT_EQ(cache.get("TILL"), first);
  EXPECT_EQ(*first, *encode_text("TILL"));
}

TEST(SymbolCache, LetsTheLeastRecentlyAskedGo) {
  SymbolCache cache(2);
  const auto one = cache.get("1");
  const auto two = cache.get("2");
  EXPECT_EQ(cache.get("1"), one);
  cache.get("3");  // 2 goes
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_EQ(cache.get("1"), one);
  EXPECT_NE(cache.get("2"), two);
  EXPECT_EQ(*two, *encode_text("2"));  // and is still the caller's
}

TEST(SymbolCache, NeverGrowsBeyondItsCapacity) {
  SymbolCache cache(8);
  for (int i = 0; i < 100; ++i) cache.get(text_of(i));
  EXPECT_EQ(cache.size(), 8U);
}

TEST(SymbolCache, WithoutCapacityOnlyEncodes) {
  SymbolCache cache(0);
  EXPECT_TRUE(cache.get("TILL"));
  EXPECT_EQ(cache.size(), 0U);
}

TEST(SymbolCache, DoesNotRememberWhatCannotBeEncoded) {
  SymbolCache cache(2);
  EXPECT_EQ(cache.get(""), nullptr);
  EXPECT_EQ(cache.get(std::string(5000, 'A')), nullptr);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(SymbolCache, UsesItsOptions) {
  SymbolCache cache(2, {.min_version = 5, .mask = 1});
  EXPECT_EQ(cache.get("TILL")->version(), 5);
  EXPECT_EQ(cache.get("TILL")->mask(), 1);
}

TEST(SymbolCache, ServesManyThreads) {
  SymbolCache cache(5);
  std::vector<Symbol> expected;
  for (int i = 0; i < 10; ++i) expected.push_back(*encode_text(text_of(i)));
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 4; ++seed) {
    threads.emplace_back([&, seed] {
      Dice dice(seed);
      std::uniform_int_distribution<int> any(0, 9);
      for (int i = 0; i < 500; ++i) {
        const int number = any(dice);
        if (*cache.get(text_of(number)) != expected[static_cast<std::size_t>(number)] || cache.size() > 5) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(cache.size(), 5U);
}

}  // namespace
}  // namespace tillside::qr
