// The serial scanner of `tillside scanner`. Its line is only looked at, never opened: the scanner is on it.
#pragma once

#include "agent/config.h"
#include "agent/doctor/finding.h"

namespace tillside::doctor {

// Empty where none is configured.
Findings examine_scanner(const ScannerSettings& scanner);

}  // namespace tillside::doctor
