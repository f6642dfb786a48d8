// The owner's token: a file beside the ledger (owner.token, mode 0600), made at the first start.
#pragma once

#include <filesystem>
#include <string>

#include "agent/domain/result.h"

namespace tillside::hq {

inline constexpr const char* kOwnerTokenFile = "owner.token";

// Reads it, or makes it from 256 random bits.
Result<std::string> owner_token(const std::filesystem::path& data);

}  // namespace tillside::hq
