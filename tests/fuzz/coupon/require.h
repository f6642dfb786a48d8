#pragma once

#include <cstdlib>

// Ends the run, so that libFuzzer keeps the input.
inline void require(bool holds) {
  if (!holds) std::abort();
}
