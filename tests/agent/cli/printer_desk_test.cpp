// What the print door says to the agent, and when it takes a word back.
#include "agent/cli/printer_desk.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <vector>

#include "agent/domain/checkout_json.h"

namespace tillside::cli {
namespace {

using nlohmann::json;

// An agent that knows its lines.
class FakeAgent final : public AgentLine {
 public:
  struct Call {
    std::string path;
    json body;
  };

  bool there = true, holds = false;  // holds: calls wait until released
  bool duplicate = false;
  std::string coupon_state = "free";
  json coupons = json::array({{{"id", "01"}, {"url", "HTTPS://T.EXAMPLE/C/A"}}});
  int complete_status = 200;

  Result<LocalAnswer> get(const std::string& path) override { return call(path, json()); }
  Result<LocalAnswer> post(const std::string& path, std::string_view text) override {
    return call(path, json::parse(text, nullptr, false));
  }
  std::vector<Call> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  int count(const std::string& part) const {
    int found = 0;
    for (const Call& one : calls()) found += one.path.find(part) != std::string::npos ? 1 : 0;
    return found;
  }
  json body_of(const std::string& part) const {
    for (const Call& one : calls()) {
      if (one.path.find(part) != std::string::npos) return one.body;
    }
    return {};
  }
  bool wait_for(const std::string& part, int times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] {
      int found = 0;
      for (const Call& one : calls_) found += one.path.find(part) != std::string::npos ? 1 : 0;
      return found >= times;
    });
  }
  void set_there(bool is) {
    const std::lock_guard lock(mutex_);
    there = is;
  }
  void hold(bool on) {
    const std::lock_guard lock(mutex_);
    holds = on;
    changed_.notify_all();
  }

 private:
  Result<LocalAnswer> call(const std::string& path, json body) {
    std::unique_lock lock(mutex_);
    calls_.push_back({path, std::move(body)});
    changed_.notify_all();
    if (path != "/v1/shop") changed_.wait(lock, [&] { return !holds; });
    if (!there) return Error{ErrorCode::unavailable, {}, "no agent"};
    return answer(path);
  }
  LocalAnswer answer(const std::string& path) const {
    LocalAnswer out;
    out.status = 200;
    if (path == "/v1/shop") {
      out.body =
          R"({"store_id":"0123","time_zone":"Asia/Shanghai","currency":{"code":"CNY","exponent":2},"enrolled":true})";
    } else if (path == "/v1/checkouts/advise") {
      out.body = R"({"showing_id":"4004","join":{"qr":"/v1/qr?showing=4004"}})";
    } else if (path == "/v1/checkouts/complete") {
      out.status = complete_status;
      out.duplicate = duplicate;
      out.body = json{{"identity", "0123:L2:20261122:0:451:completed"}, {"coupons", coupons}}.dump();
    } else if (path == "/v1/coupons/check") {
      out.body = json{{"state", coupon_state}}.dump();
    } else if (path.find("/receipt?") != std::string::npos) {
      out.body = "COUPON";
    } else if (path.rfind("/v1/qr?", 0) == 0) {
      out.body = "SYMBOL";
    } else {
      out.body = "{}";
    }
    return out;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Call> calls_;
};

const std::string kSale =
    "Fruit shop\n"
    "Receipt: 451\n"
    "2026-11-22 09:15:03\n"
    "------------------------------\n"
    "Apple                    10.00\n"
    "Pear                     14.58\n"
    "------------------------------\n"
    "Total                    24.58\n"
    "Cash                     24.58\n";

class PrinterDeskTest : public testing::Test {
 protected:
  FakeAgent agent;
  escpos::TemplateBook book;
  PrinterTalk talk{agent, book, {.lane = "L2"}, [] { return *parse_time("2026-11-22T09:15:10+08:00", StoreZone()); }};

  struct Answers {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::uint64_t, escpos::PaperAnswer> all;
    escpos::PaperAnswer wait_for(std::uint64_t number) {
      std::unique_lock lock(mutex);
      EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return all.count(number) > 0; }));
      return all[number];
    }
  } answers;
  std::unique_ptr<PrinterDesk> desk;

  void open() {
    desk = std::make_unique<PrinterDesk>(
        talk,
        [this](std::uint64_t number, escpos::PaperAnswer answer) {
          const std::lock_guard lock(answers.mutex);
          answers.all[number] = std::move(answer);
          answers.changed.notify_all();
        },
        [](std::string_view) {}, std::chrono::milliseconds(10));
  }
  static escpos::PaperReceipt receipt(std::uint64_t number, const std::string& bytes,
                                      escpos::ReceiptEnd end = escpos::ReceiptEnd::cut) {
    return {.number = number, .bytes = bytes, .begin = escpos::PrinterState(), .end = end};
  }
};

TEST_F(PrinterDeskTest, ASaleIsAdvisedCompletedAndItsBlockFetched) {
  open();
  desk->ask(receipt(1, kSale));
  EXPECT_EQ(answers.wait_for(1).block, "COUPON");
  desk->outcome(1, true);
  desk.reset();
  const json sale = agent.body_of("/complete");
  EXPECT_EQ(sale["source"]["adapter"], "print");
  EXPECT_EQ(sale["source"]["confidence"], "parsed");
  EXPECT_EQ(sale["totals"]["net"], 2458);
  EXPECT_EQ(sale["lane_id"], "L2");
  EXPECT_EQ(sale["sequence"], 451);
  EXPECT_EQ(sale["showing_id"], "4004");
  EXPECT_EQ(agent.body_of("/advise")["state"], "total");
  EXPECT_EQ(agent.count("/not_printed"), 0);
}

TEST_F(PrinterDeskTest, ABlockThatCameTooLateIsTakenBack) {
  agent.hold(true);
  open();
  desk->ask(receipt(1, kSale));
  ASSERT_TRUE(agent.wait_for("/advise"));
  desk->outcome(1, false);  // the wire did not wait
  agent.hold(false);
  EXPECT_TRUE(agent.wait_for("/not_printed"));
  EXPECT_EQ(agent.calls().back().path, "/v1/checkouts/0123:L2:20261122:0:451:completed/not_printed");
}

TEST_F(PrinterDeskTest, ABlockThatFoundNoPlaceIsTakenBack) {
  open();
  desk->ask(receipt(1, kSale));
  answers.wait_for(1);
  desk->outcome(1, false);
  EXPECT_TRUE(agent.wait_for("/not_printed"));
}

TEST_F(PrinterDeskTest, WithoutCouponsThereIsNothingToTakeBack) {
  agent.coupons = json::array();
  open();
  desk->ask(receipt(1, kSale));
  EXPECT_EQ(answers.wait_for(1).block, "COUPON");  // the join code
  desk->outcome(1, false);
  desk.reset();
  EXPECT_EQ(agent.count("/not_printed"), 0);
}

TEST_F(PrinterDeskTest, ADeadAgentGetsItsSalesLaterAndNothingIsPrinted) {
  open();
  ASSERT_TRUE(agent.wait_for("/v1/shop"));
  desk->ask(receipt(1, kSale));
  answers.wait_for(1);
  desk->outcome(1, true);
  agent.set_there(false);
  desk->ask(receipt(2, kSale));
  EXPECT_EQ(answers.wait_for(2).block, "");
  desk->outcome(2, false);
  ASSERT_TRUE(agent.wait_for("/complete", 3));  // said again and again
  agent.set_there(true);
  EXPECT_TRUE(agent.wait_for("/not_printed"));
}

// A door that started before its agent could not read a receipt yet, and forgot the sale.
TEST_F(PrinterDeskTest, ASaleFromBeforeTheAgentWasEverThereIsToldOnceItIs) {
  agent.there = false;
  open();
  desk->ask(receipt(1, kSale));
  EXPECT_EQ(answers.wait_for(1).block, "");
  desk->outcome(1, false);
  EXPECT_EQ(agent.count("/complete"), 0);
  agent.set_there(true);
  ASSERT_TRUE(agent.wait_for("/complete"));
  const json sold = agent.body_of("/complete");
  EXPECT_EQ(sold["sequence"], 451);
  EXPECT_EQ(sold["totals"]["net"], 2458);
  EXPECT_TRUE(agent.wait_for("/not_printed")) << "what it earned is on no paper";
}

TEST_F(PrinterDeskTest, WhatIsNoSaleIsNotToldLaterEither) {
  agent.there = false;
  open();
  desk->ask(receipt(1, "Kitchen\n2 x noodles\n"));
  desk->ask(receipt(2, kSale));
  answers.wait_for(2);
  agent.set_there(true);
  ASSERT_TRUE(agent.wait_for("/not_printed"));
  EXPECT_EQ(agent.count("/v1/checkouts/"), 2);  // the sale's complete and its not_printed
}

TEST_F(PrinterDeskTest, ADeadAgentAtTheStart) {
  agent.there = false;
  open();
  desk->ask(receipt(1, kSale));
  EXPECT_EQ(answers.wait_for(1).block, "");
  agent.set_there(true);
  desk->ask(receipt(2, kSale));
  EXPECT_EQ(answers.wait_for(2).block, "COUPON");
}

TEST_F(PrinterDeskTest, AReprintBearsItsCouponsAsLongAsTheyHold) {
  agent.duplicate = true;
  open();
  desk->ask(receipt(1, kSale));
  EXPECT_EQ(answers.wait_for(1).block, "COUPON");
  agent.coupon_state = "refused";
  desk->ask(receipt(2, kSale));
  EXPECT_EQ(answers.wait_for(2).block, "");
}

TEST_F(PrinterDeskTest, AConflictPrintsNothing) {
  agent.complete_status = 409;
  open();
  desk->ask(receipt(1, kSale));
  EXPECT_EQ(answers.wait_for(1).block, "");
}

TEST_F(PrinterDeskTest, WhatIsUnsureGetsTheJoinCodeAndIsNoSale) {
  open();
  desk->ask(receipt(1, "Fruit shop\nReceipt: 451\nApple                    10.00\nTotal                    24.58\n"));
  EXPECT_NE(answers.wait_for(1).block.find("SYMBOL"), std::string::npos);
  EXPECT_EQ(agent.count("/complete"), 0);
}

TEST_F(PrinterDeskTest, WhatIsNoReceiptGetsNothing) {
  open();
  desk->ask(receipt(1, "Good morning\n"));
  EXPECT_EQ(answers.wait_for(1).block, "");
  EXPECT_EQ(agent.count("/complete") + agent.count("/advise"), 0);
}

TEST_F(PrinterDeskTest, APauseBeforeTheTotalIsNotTheEnd) {
  open();
  desk->ask(receipt(1, "Fruit shop\nReceipt: 451\nApple                    10.00\n", escpos::ReceiptEnd::idle));
  EXPECT_TRUE(answers.wait_for(1).goes_on);
  desk->ask(receipt(2, kSale, escpos::ReceiptEnd::idle));
  EXPECT_EQ(answers.wait_for(2).block, "COUPON");
}

TEST_F(PrinterDeskTest, FloodsAreBoundedAndTheDeskEnds) {
  agent.hold(true);
  open();
  for (std::uint64_t number = 1; number <= 1000; ++number) {
    desk->ask(receipt(number, kSale));
    desk->outcome(number, false);
  }
  agent.hold(false);
  desk.reset();
  EXPECT_LE(agent.count("/complete"), static_cast<int>(PrinterDesk::kQueuedAtMost) + 2);
}

}  // namespace
}  // namespace tillside::cli
