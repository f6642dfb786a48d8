#include "agent/desk/happenings.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

namespace tillside {
namespace {

struct Screen {
  std::vector<nlohmann::json> seen;
  Happenings::Listener listener() {
    return [this](const Happenings::Message& message) { seen.push_back(nlohmann::json::parse(*message)); };
  }
};

TEST(Happenings, AScreenResumesWhereItWas) {
  Happenings happenings;
  happenings.tell("advised", ",\"lane\":\"L1\"");
  happenings.tell("completed", "");
  Screen screen;
  happenings.listen(1, screen.listener());
  ASSERT_EQ(screen.seen.size(), 1u);
  EXPECT_EQ(screen.seen[0]["type"], "completed");
  happenings.tell("lane", "");
  EXPECT_EQ(screen.seen.back()["id"], 3);
}

TEST(Happenings, AScreenThatMissedTooMuchIsToldToStartAfresh) {
  Happenings happenings;
  for (std::size_t i = 0; i < Happenings::kKept + 10; ++i) happenings.tell("advised", "");
  Screen screen;
  happenings.listen(1, screen.listener());
  EXPECT_EQ(screen.seen.front()["type"], "resync");
  EXPECT_EQ(screen.seen.size(), Happenings::kKept + 1);
  Screen future;
  happenings.listen(999'999, future.listener());
  EXPECT_EQ(future.seen.front()["type"], "resync") << "ids of another run";
}

TEST(Happenings, EveryScreenSeesTheSameOrder) {
  Happenings happenings;
  Screen one, two;
  happenings.listen(0, one.listener());
  happenings.listen(0, two.listener());
  std::thread other([&] {
    for (int i = 0; i < 500; ++i) happenings.tell("a", "");
  });
  for (int i = 0; i < 500; ++i) happenings.tell("b", "");
  other.join();
  ASSERT_EQ(one.seen.size(), 1000u);
  EXPECT_EQ(one.seen, two.seen);
  for (std::size_t i = 1; i < one.seen.size(); ++i) EXPECT_EQ(one.seen[i]["id"], one.seen[i - 1]["id"].get<int>() + 1);
}

TEST(Happenings, AForgottenListenerHearsNothing) {
  Happenings happenings;
  Screen screen;
  const auto id = happenings.listen(0, screen.listener());
  happenings.forget(id);
  happenings.tell("a", "");
  EXPECT_TRUE(screen.seen.empty());
}

}  // namespace
}  // namespace tillside
