// Looks at every page of a database while others use it, after a stop that was not clean.
//
// It reads table by table on a connection of its own, so that no reader stays open for long and the WAL stays short.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "agent/store/sqlite.h"

namespace tillside::store {

class PageCheck {
 public:
  // `done` hears once, on a thread of this object's own, of the first damage, or "" when all was sound; nothing when it
  // was ended early or could not read for another reason than damage.
  using Done = std::function<void(const std::string& damage)>;
  PageCheck(std::unique_ptr<Database> reader, Done done);
  ~PageCheck();  // ends it early
  PageCheck(const PageCheck&) = delete;
  PageCheck& operator=(const PageCheck&) = delete;

 private:
  void run(const Done& done);

  std::unique_ptr<Database> reader_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace tillside::store
