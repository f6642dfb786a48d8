// The agent beside the till: owns its parts, starts and stops them in order.
//
//   folder lock -> store -> members -> keys -> desk -> local API -> journal -> sync
// Stopped the other way round: no door is open while the store closes. Enrolment may happen at any time while it runs.
#pragma once

#include <memory>

#include "agent/config.h"
#include "agent/domain/result.h"

namespace tillside {

class Agent {
 public:
  // conflict: another agent works on this folder. too_new: the database is of a newer version. Damaged databases do
  // not stop it.
  static Result<std::unique_ptr<Agent>> start(Config config);
  ~Agent();

  void run();   // serves the local API until stop()
  void stop();  // any thread or a signal handler's helper; run() returns soon after

 private:
  struct Parts;
  explicit Agent(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tillside
