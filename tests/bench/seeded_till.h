// A till's folder as enrolment and the downlink would have left it: identity, keys, campaigns, staff, quotas, members.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "agent/domain/result.h"

namespace tillside::bench {

struct Seed {
  std::uint64_t members = 0;      // phones +86138 00000000 .. in one snapshot
  std::int64_t lent = 1'000'000;  // units of each campaign
  std::string campaigns_file;     // a JSON array; empty: one next_visit campaign that every sale over 1 yuan earns
  std::string staff_csv;          // empty: a guide E2033
  std::string members_csv;        // instead of `members`: the sample store's list
};

Status seed_till(const std::filesystem::path& folder, const Seed& seed);

std::string phone_of(std::uint64_t member);  // "13800000042"

}  // namespace tillside::bench
