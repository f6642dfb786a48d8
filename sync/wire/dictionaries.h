// The compression dictionaries shipped with the wire format: id -> bytes. Private to the wire room.
//
// Writers use the newest; readers know every one that was ever shipped. A dictionary is never changed: a better one
// gets a new file events-N.zdict with the id 1700 + N, added here.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tillside::wire {

struct Dictionary {
  std::uint32_t id = 0;
  std::string_view bytes;  // static storage
};

std::span<const Dictionary> shipped_dictionaries();  // newest last; empty ones are left out
const Dictionary* newest_dictionary();               // nullptr: none

}  // namespace tillside::wire
