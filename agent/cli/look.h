// `tillside replay --dry-run`: the first documents of a file or a database as they would be handed in. Nothing is.
#pragma once

#include "agent/cli/replay.h"

namespace tillside::cli {

// Identifiers of customers are shown by type only, unless as JSON. Exit code 3 when some could not be read.
int look(const ReplayOrder& order);

}  // namespace tillside::cli
