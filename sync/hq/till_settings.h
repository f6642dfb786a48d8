// Settings that headquarters may set for the tills of a store or of the chain, and what their values may be.
#pragma once

#include "sync/hq/json_answers.h"
#include "sync/hq/ledger_types.h"

namespace tillside::hq {

// redeem_cap_count, redeem_cap_value, redeem_ask_above: whole numbers from 0 (docs/redemption.md); manual_key.<code>:
// the key of the till that takes a benefit off, 1 to 40 characters. null takes a setting back. An Error names the
// field.
Result<SettingValues> read_till_settings(const Json& json);

}  // namespace tillside::hq
