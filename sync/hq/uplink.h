// An uplink body made ready for the ledger: decompressed, digested event by event, each event read.
#pragma once

#include <memory>

#include "sync/hq/ingest_queue.h"
#include "sync/wire/signing.h"

namespace tillside::hq {

// bad_format and others name what is wrong with the batch as a whole; unknown_value: a dictionary that was not shipped.
// An event that cannot be used does not fail the batch: it carries its reason.
Result<std::unique_ptr<OwnedBatch>> prepare_batch(std::string_view body, bool compressed, const wire::Token& token,
                                                  Instant received);

}  // namespace tillside::hq
