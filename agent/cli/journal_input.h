// How the tools read a journal file: its mapping, and what to fill in where file and mapping say nothing.
#pragma once

#include <filesystem>
#include <string>

#include "agent/domain/result.h"
#include "agent/domain/time.h"
#include "pos_adapter/journal/replay.h"

namespace tillside::cli {

struct JournalInput {
  journal::Mapping mapping = journal::default_mapping();
  std::string store_id, lane_id;
  Currency currency;
  StoreZone zone;

  // Refer to this object: it must outlive them.
  journal::Defaults defaults() const;
  // Takes a mapping file, and its zone when it names one. An empty path changes nothing. Errors as load_mapping and
  // load_zone.
  Status take_mapping(const std::filesystem::path& file);
};

}  // namespace tillside::cli
