// Snapshots of all members as files tills can resume.
#pragma once

#include <filesystem>

#include "sync/hq/ledger.h"

namespace tillside::hq {

// Writes "members-<digest>.snap" into `folder` from one consistent view and tells what it is. Older snapshots but the
// newest two are removed: a till may be in the middle of one.
Result<wire::MembersCheckpoint> write_snapshot(Ledger& ledger, const std::filesystem::path& folder);

}  // namespace tillside::hq
