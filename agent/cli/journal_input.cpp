#include "agent/cli/journal_input.h"

#include "agent/platform/system_clock.h"
#include "agent/platform/zones.h"

namespace tillside::cli {

journal::Defaults JournalInput::defaults() const {
  journal::Defaults defaults;
  defaults.store_id = store_id;
  defaults.lane_id = lane_id;
  defaults.currency = currency;
  defaults.zone = &zone;
  defaults.now = SystemClock().now();
  return defaults;
}

Status JournalInput::take_mapping(const std::filesystem::path& file) {
  if (file.empty()) return {};
  auto loaded = journal::load_mapping(file);
  if (!loaded) return loaded.error();
  mapping = std::move(*loaded);
  if (mapping.zone.empty()) return {};
  auto named = load_zone(mapping.zone);
  if (!named) return named.error();
  zone = std::move(*named);
  return {};
}

}  // namespace tillside::cli
