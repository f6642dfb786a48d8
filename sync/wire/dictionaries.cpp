#include "sync/wire/dictionaries.h"

#include <zstd.h>

#include <vector>

namespace tillside::embedded {
std::string_view events_1_zdict();
}

namespace tillside::wire {
namespace {

std::vector<Dictionary> load() {
  std::vector<Dictionary> dictionaries;
  for (auto bytes : {embedded::events_1_zdict()}) {
    const unsigned id = ZSTD_getDictID_fromDict(bytes.data(), bytes.size());
    if (id != 0) dictionaries.push_back({id, bytes});
  }
  return dictionaries;
}

}  // namespace

std::span<const Dictionary> shipped_dictionaries() {
  static const std::vector<Dictionary> dictionaries = load();
  return dictionaries;
}

const Dictionary* newest_dictionary() {
  const auto all = shipped_dictionaries();
  return all.empty() ? nullptr : &all.back();
}

}  // namespace tillside::wire
