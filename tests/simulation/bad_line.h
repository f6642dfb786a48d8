// The line between one till and headquarters, as bad as the dice want it.
#pragma once

#include <optional>

#include "tests/simulation/dice.h"
#include "tests/simulation/headquarters.h"

namespace tillside::simulation {

class BadLine final : public sync::HqTransport {
 public:
  BadLine(Headquarters& headquarters, Dice& dice, const Faults& faults, Tally& tally, Defect& defect)
      : headquarters_(headquarters), dice_(dice), faults_(faults), tally_(tally), defect_(defect) {}

  Result<Answer> exchange(const Request& request) override;
  void cancel() override {}

  bool cut = false;
  bool perfect = false;  // at the end everybody must be heard

 private:
  bool happens(const char* what, std::uint64_t in_thousand);

  Headquarters& headquarters_;
  Dice& dice_;
  const Faults& faults_;
  Tally& tally_;
  Defect& defect_;
  std::optional<Request> late_;  // an uplink or a reservation still on its way, to arrive after newer ones
};

}  // namespace tillside::simulation
