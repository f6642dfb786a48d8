// Many tills and one headquarters through bad days: the house's invariants after every run. A failing run prints its
// seed; TILLSIDE_SIMULATION_SEED replays it, TILLSIDE_SIMULATION_STORE_DAYS makes it longer.
#include "tests/simulation/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "agent/platform/log.h"
#include "agent/platform/random.h"

namespace tillside::simulation {
namespace {

namespace fs = std::filesystem;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string text_from_environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? "" : text;
}

// TILLSIDE_SIMULATION_WITHOUT=disks,restores leaves those faults out, to find what a failing seed needs;
// TILLSIDE_SIMULATION_MORE=copies makes the rare ones frequent.
void choose(Faults& faults) {
  const std::string without = text_from_environment("TILLSIDE_SIMULATION_WITHOUT");
  const std::string more = text_from_environment("TILLSIDE_SIMULATION_MORE");
  if (more.find("copies") != std::string::npos) faults.disk_copied = 60;
  if (more.find("disks") != std::string::npos) faults.disk_rolled_back = 60;
  if (more.find("restores") != std::string::npos) faults.headquarters_restored = 400;
  const auto named = [&](const char* name) { return without.find(name) != std::string::npos; };
  if (named("lines")) faults.request_lost = faults.answer_lost = faults.delivered_twice = faults.delivered_late = 0;
  if (named("partitions")) faults.partition = 0;
  if (named("crashes"))
    faults.till_crash = faults.headquarters_crash = faults.power_cut = faults.headquarters_power_cut = 0;
  if (named("clocks")) faults.clock_back = faults.clock_ahead = 0;
  if (named("copies")) faults.disk_copied = 0;
  if (named("disks")) faults.disk_rolled_back = 0;
  if (named("restores")) faults.headquarters_restored = 0;
}

class Simulation : public ::testing::Test {
 protected:
  void SetUp() override {
    log::set_level("error");
    const fs::path memory = fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
    folder = memory / ("tillside-simulation-" + to_hex(random_bytes<Bytes16>()));
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  Outcome run(Plan plan) {
    const auto begin = std::chrono::steady_clock::now();
    Outcome outcome = Chain(plan, folder / std::to_string(++runs)).run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("seed %llu: %zu tills, %llu store-days in %.1f s\n", static_cast<unsigned long long>(plan.seed),
                plan.tills, static_cast<unsigned long long>(outcome.store_days), took.count());
    for (const auto& [what, count] : outcome.tally.all())
      std::printf("  %-40s %llu\n", what.c_str(), static_cast<unsigned long long>(count));
    return outcome;
  }

  fs::path folder;
  int runs = 0;
};

TEST_F(Simulation, BadDaysBreakNoInvariant) {
  Plan plan;
  plan.seed = from_environment("TILLSIDE_SIMULATION_SEED", 20261122);
  const auto store_days = from_environment("TILLSIDE_SIMULATION_STORE_DAYS", 100);
  plan.tills = store_days >= 2000 ? 1000 : 20;
  plan.days = static_cast<int>(store_days / plan.tills);
  if (plan.tills >= 1000) plan.joins = 40;  // each is told to every till
  choose(plan.faults);
  const Outcome outcome = run(plan);
  EXPECT_THAT(outcome.violations, ::testing::IsEmpty()) << "seed " << plan.seed;
  for (const char* fault :
       {"line cut", "till crashed", "request lost", "answer lost", "delivered twice", "delivered late",
        "clock set back", "clock set ahead", "headquarters crashed", "power lost", "power lost at headquarters"})
    EXPECT_GT(outcome.tally.of(fault), 0u) << fault << " never happened";
  EXPECT_GE(outcome.tally.of("checkouts"), 100 * outcome.store_days);
  EXPECT_GE(outcome.tally.of("coupons redeemed"), 20 * outcome.store_days);
  for (const char* what : {"coupons issued", "redeemed elsewhere", "redeemed with the line cut", "holds released",
                           "held coupons brought later", "sales voided", "returns", "strict coupons redeemed elsewhere",
                           "refused: spent", "refused: home_only", "refused: needs_network", "refused: revoked",
                           "welcomed", "welcomes redeemed", "vouchers made", "vouchers handed over",
                           "vouchers handed over by another till than their home", "vouchers handed over, asked again"})
    EXPECT_GT(outcome.tally.of(what), 0u) << what << " never happened";
  EXPECT_GT(outcome.tally.of("verdict: not a member"), 0u);
}

TEST_F(Simulation, DisksThatAreCopiedAndPutBackBreakNoInvariant) {
  Plan plan;
  plan.seed = from_environment("TILLSIDE_SIMULATION_SEED", 5);
  plan.tills = 10;
  plan.days = 6;
  plan.stretch = 2;
  plan.faults.disk_copied = plan.faults.disk_rolled_back = 80;
  plan.faults.disk_backed_up = 400;
  const Outcome outcome = run(plan);
  EXPECT_THAT(outcome.violations, ::testing::IsEmpty()) << "seed " << plan.seed;
  EXPECT_GT(outcome.tally.of("disk copied"), 0u);
  EXPECT_GT(outcome.tally.of("disk rolled back"), 0u);
}

// Tills that go on from their backups; their newer disks are called gone, and come back when others have redeemed what
// they had out.
Plan gone_disks() {
  Plan plan;
  plan.tills = 8;
  plan.days = 10;
  plan.stretch = 2;
  plan.brought_elsewhere = 300;
  plan.exposure_a_day = 20;
  plan.faults.disk_copied = plan.faults.headquarters_restored = 0;
  plan.faults.disk_rolled_back = 150;
  plan.faults.disk_backed_up = 400;
  plan.faults.disk_gone = 1000;
  return plan;
}

TEST_F(Simulation, DisksThatAreCalledGoneAndComeBackBreakNoInvariant) {
  Plan plan = gone_disks();
  plan.seed = from_environment("TILLSIDE_SIMULATION_SEED", 3);
  const Outcome outcome = run(plan);
  EXPECT_THAT(outcome.violations, ::testing::IsEmpty()) << "seed " << plan.seed;
  for (const char* what : {"disks called gone", "gone disks found again", "gone disks fenced",
                           "units of gone disks that came back", "doubles named of disks called gone"})
    EXPECT_GT(outcome.tally.of(what), 0u) << what << " never happened";
}

TEST_F(Simulation, AHeadquartersThatIsRestoredBreaksNoInvariant) {
  Plan plan;
  plan.seed = from_environment("TILLSIDE_SIMULATION_SEED", 5);
  plan.tills = 8;
  plan.days = 8;
  plan.stretch = 2;
  plan.faults.headquarters_restored = 500;
  plan.faults.disk_copied = plan.faults.disk_rolled_back = 0;
  const Outcome outcome = run(plan);
  EXPECT_THAT(outcome.violations, ::testing::IsEmpty()) << "seed " << plan.seed;
  EXPECT_GT(outcome.tally.of("headquarters restored"), 0u);
}

TEST_F(Simulation, TheSameSeedGivesTheSameRun) {
  Plan plan;
  plan.seed = 7;
  plan.tills = 4;
  plan.days = 2;
  plan.checkouts_a_day = 20;
  EXPECT_EQ(run(plan).tally.all(), run(plan).tally.all());
}

Plan defective(Defect defect) {
  Plan plan;
  plan.seed = 11;
  plan.tills = 6;
  plan.days = 6;
  plan.checkouts_a_day = 60;
  plan.defect = defect;
  plan.faults.partition = 500;
  plan.faults.disk_copied = plan.faults.disk_rolled_back = plan.faults.headquarters_restored = 0;
  return plan;
}

TEST_F(Simulation, CatchesAnAcknowledgementBeforeTheDisk) {
  EXPECT_THAT(run(defective(Defect::acknowledges_before_durable)).violations,
              ::testing::Contains(::testing::HasSubstr("lost: ")));
}

TEST_F(Simulation, CatchesUnitsReclaimedByTimeOut) {
  EXPECT_THAT(run(defective(Defect::reclaims_by_timeout)).violations,
              ::testing::Contains(::testing::HasSubstr("the budget of ")));
}

// Shoppers who leave what they hold for later, and whose coupons are photographed by others meanwhile.
Plan slow_shoppers(Defect defect) {
  Plan plan = defective(defect);
  plan.coupons_brought = 500;
  plan.pictures_brought = plan.brought_elsewhere = 400;
  plan.held_for_later = plan.photographed = 900;
  plan.exposure_a_day = 20;
  plan.faults.partition = 100;
  return plan;
}

TEST_F(Simulation, CatchesAHoldThatLapsesAtTheGrantor) {
  EXPECT_THAT(run(slow_shoppers(Defect::hold_lapses_at_grantor)).violations,
              ::testing::Contains(::testing::HasSubstr("headquarters granted a coupon twice: ")));
}

Plan joiners(Defect defect) {
  Plan plan = defective(defect);
  plan.joins = 1000;
  return plan;
}

TEST_F(Simulation, CatchesAWelcomeThatIsForgotten) {
  EXPECT_THAT(run(joiners(Defect::welcomes_again)).violations,
              ::testing::Contains(::testing::HasSubstr("somebody was welcomed twice: ")));
}

Plan flash_sale(Defect defect) {
  Plan plan = slow_shoppers(defect);
  plan.voucher_orders = 500;
  plan.vouchers_brought = 1000;
  plan.faults.partition = 400;
  return plan;
}

TEST_F(Simulation, CatchesAGrantOfWhatItsHomeKeeps) {
  EXPECT_THAT(run(flash_sale(Defect::grants_what_home_keeps)).violations,
              ::testing::Contains(::testing::HasSubstr("a strict coupon was redeemed twice: ")));
}

TEST_F(Simulation, CatchesExposureThatStaysWithADiskThatIsGone) {
  Plan plan = gone_disks();
  plan.seed = 5;
  plan.defect = Defect::keeps_gone_exposure;
  EXPECT_THAT(run(plan).violations, ::testing::Contains(::testing::HasSubstr("exposure of a disk that is gone ")));
}

TEST_F(Simulation, TheSoundVersionsOfTheDefectiveRunsHold) {
  EXPECT_THAT(run(defective(Defect::none)).violations, ::testing::IsEmpty());
  EXPECT_THAT(run(slow_shoppers(Defect::none)).violations, ::testing::IsEmpty());
  EXPECT_THAT(run(joiners(Defect::none)).violations, ::testing::IsEmpty());
  EXPECT_THAT(run(flash_sale(Defect::none)).violations, ::testing::IsEmpty());
}

}  // namespace
}  // namespace tillside::simulation
