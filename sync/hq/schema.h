// The ledger's tables and their forward-only migrations (PRAGMA user_version).
#pragma once

#include "agent/domain/result.h"
#include "sync/hq/sqlite_db.h"

namespace tillside::hq {

int schema_version();  // the newest this program knows

// Brings an older or empty file up to schema_version(), each step in its own transaction. too_new, naming both
// versions, for a file that a newer program has written; such a file is left as it is.
Status migrate(Database& db);

}  // namespace tillside::hq
