// `tillside replay`: a journal file, document by document, through the running agent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "agent/cli/local_client.h"

namespace tillside::cli {

struct ReplayOrder {
  std::vector<std::filesystem::path> files;
  std::filesystem::path mapping;
  std::string lane;        // for documents that name none
  bool as_live = false;    // judged at each document's own time
  bool advise = false;     // ask for advice before each sale, as a POS does at "total"
  std::uint64_t from = 1;  // documents, counted from 1
  std::uint64_t to = UINT64_MAX;
  std::filesystem::path database;  // settings with a [database]: what it holds, in place of files
  std::uint64_t first = 10;        // documents a dry run shows
  bool dry_run = false;            // only show documents as they would be handed in; no agent is asked
  bool describe = false;           // only say what the files hold; no agent is asked
  bool json = false;
};

struct ReplayTally {
  std::uint64_t documents = 0, sales = 0, sales_with_customer = 0, reversals = 0, worthless = 0, lane_events = 0;
  std::uint64_t duplicates = 0, conflicts = 0, refused = 0, unreadable = 0;
  std::uint64_t unknown_originals = 0, coupons = 0, revoked = 0, join_codes = 0;
  std::int64_t net = 0, reversed = 0;  // minor units
  std::map<std::string, std::uint64_t> verdicts, not_earned, flags, coupons_by_campaign;
  std::string example;                // identity of the first checkout that got just one coupon
  std::string first_at, last_at;      // times of the first and the last document, in the zone they were read in
  std::vector<std::string> problems;  // the first 20, "line 12: what"
};

// Prints as it was asked to and returns the exit code: 3 when some documents were not taken.
int replay(LocalClient& agent, const ReplayOrder& order);

}  // namespace tillside::cli
