// The print door: whether the relay takes jobs, and whether the printer behind it is there.
#pragma once

#include "agent/config.h"
#include "agent/doctor/finding.h"

namespace tillside::doctor {

// Whether something takes a connection there. Bounded in time.
class Knock {
 public:
  virtual ~Knock() = default;
  virtual bool tcp(const std::string& host, std::uint16_t port) = 0;
};

// Empty where no printer is configured. A line or a device is only looked at, never opened: a job may be on it.
Findings examine_printer(const PrinterSettings& printer, Knock& knock);

}  // namespace tillside::doctor
