// The token of a store's manager: it may make vouchers for her store and see them. Kept as a hash only.
#pragma once

#include <string>
#include <string_view>

#include "sync/hq/hq_keys.h"

namespace tillside::hq {

inline constexpr std::string_view kStoreTokenPrefix = "ts-store-";

std::string new_store_token();  // random
inline Bytes32 token_hash(const HqKeys& keys, std::string_view token) { return keyed_hash(keys.code_key(), token); }

}  // namespace tillside::hq
