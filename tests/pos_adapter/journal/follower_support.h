// A folder of its own, a desk that remembers, a clock that stands still: what the follower's tests live in.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "pos_adapter/journal/follower.h"
#include "tests/fakes/fake_intake.h"
#include "tests/fakes/fake_waiter.h"
#include "tests/pos_adapter/journal/support.h"

namespace tillside::journal::testing {

class FollowerTest : public ::testing::Test {
 protected:
  FollowerTest() {
    static int number = 0;
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder = std::filesystem::temp_directory_path() /
             ("tillside-journal-" + std::string(info->name()) + "-" + std::to_string(++number) + "-" +
              std::to_string(reinterpret_cast<std::uintptr_t>(this)));
    std::filesystem::create_directories(folder);
    config.defaults = defaults();
    config.mapping.ticket_ends = TicketEnds::idle;
  }
  ~FollowerTest() override {
    follower.reset();
    std::error_code gone;
    std::filesystem::remove_all(folder, gone);
  }

  // A new process: nothing is left but the checkpoints.
  void restart() {
    follower.reset();
    follower = std::make_unique<Follower>(config, intake, checkpoints, clock, waiter,
                                          [this](const FollowerNote& note) { notes.push_back(note); });
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
  }
  void append(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary | std::ios::app) << text;
  }
  std::string read_file(const std::string& name) const {
    std::ifstream in(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(folder / name); }

  // One line of JSON: checkout number `sequence` worth `net`.
  static std::string line(int sequence, int net = 100) {
    const std::string amount = std::to_string(net);
    return R"({"state":"completed","lane_id":"L1","business_date":"2026-11-22","sequence":)" +
           std::to_string(sequence) +
           R"(,"occurred_at":"2026-11-22T09:00:00Z","lines":[{"line_no":1,"sku":"a","amount":)" + amount +
           R"(}],"totals":{"gross":)" + amount + R"(,"net":)" + amount + "}}\n";
  }
  static std::string lines(int first, int last) {
    std::string out;
    for (int sequence = first; sequence <= last; ++sequence) out += line(sequence);
    return out;
  }

  // Sequences in the order of their recording.
  std::vector<std::int64_t> recorded() const {
    std::vector<std::int64_t> out;
    for (const std::string& identity : intake.order()) out.push_back(intake.checkout(identity).sequence);
    return out;
  }
  static std::vector<std::int64_t> numbers(int first, int last) {
    std::vector<std::int64_t> out;
    for (int number = first; number <= last; ++number) out.push_back(number);
    return out;
  }
  int noted(FollowerNote::Kind kind) const {
    int count = 0;
    for (const FollowerNote& note : notes) count += note.kind == kind ? 1 : 0;
    return count;
  }

  std::filesystem::path folder;
  FollowerConfig config;
  fakes::FakeIntake intake;
  fakes::FakeCheckpoints checkpoints;
  fakes::VirtualClock clock;
  fakes::FakeWaiter waiter{clock};
  std::vector<FollowerNote> notes;
  std::unique_ptr<Follower> follower;
};

}  // namespace tillside::journal::testing
