// The till's database, tables and migrations. docs/store.md explains each table.
#pragma once

#include <cstdint>
#include <span>

namespace tillside::store {

inline constexpr std::int32_t kTillApplicationId = 0x54534C31;     // "TSL1"
inline constexpr std::int32_t kMembersApplicationId = 0x54534D31;  // "TSM1"

std::span<const char* const> till_migrations();
std::span<const char* const> member_migrations();

}  // namespace tillside::store
