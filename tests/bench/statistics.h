// The two numbers every program here reports.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tillside::bench {

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}
inline double p50_us(std::vector<std::int64_t> ns) {
  std::sort(ns.begin(), ns.end());
  return static_cast<double>(ns[ns.size() / 2]) / 1000;
}

}  // namespace tillside::bench
