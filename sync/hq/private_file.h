// Small files only their owner may read.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside::hq {

std::optional<std::string> read_file(const std::filesystem::path& file);  // nullopt: not there, or not readable
// Written whole or not at all, mode 0600, durable on return.
Status write_private_file(const std::filesystem::path& file, std::string_view content);

}  // namespace tillside::hq
