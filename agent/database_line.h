// The agent's database door with what it stands on: its zone, its pauses, the program that reads for it, its log.
#pragma once

#include <memory>

#include "agent/config.h"
#include "agent/desk/shop.h"
#include "agent/domain/clock.h"
#include "agent/domain/intake.h"

namespace tillside {

class DatabaseLine {
 public:
  struct Parts {
    CheckoutIntake* intake = nullptr;
    CheckpointStore* checkpoints = nullptr;
    const Clock* clock = nullptr;
  };
  // Started. Errors as set_up_database and load_zone.
  static Result<std::unique_ptr<DatabaseLine>> open(const journal::DatabaseSettings& settings, const Shop& shop,
                                                    const Parts& parts);
  ~DatabaseLine();  // stops; `parts` must outlive it

 private:
  struct Impl;
  explicit DatabaseLine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tillside
