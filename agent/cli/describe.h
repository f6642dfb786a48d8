// `tillside replay --describe`: what a journal file holds, without an agent.
#pragma once

#include "agent/cli/replay.h"

namespace tillside::cli {

// Prints the formats, documents, stores, currencies, lanes and business dates; exit code 3 when some could not be read.
int describe(const ReplayOrder& order);

}  // namespace tillside::cli
