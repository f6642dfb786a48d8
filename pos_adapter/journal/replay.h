// One whole file, from its first byte to its last, as for `tillside replay` and the try-out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>

#include "pos_adapter/journal/reader.h"

namespace tillside::journal {

struct ReplayCounts {
  Format format = Format::json_lines;
  std::uint64_t checkouts = 0, errors = 0, ignored = 0;
};

// Gives each document to `each`, in order, until it answers false. Reads 256 KiB at a time.
// not_found: no such file; bad_format: no format is recognised. Documents with errors are given out too, and counted.
using EachDocument = std::function<bool(Document&&)>;
Result<ReplayCounts> read_all(const std::filesystem::path& path, const Mapping& mapping, const Defaults& defaults,
                              const EachDocument& each);
Result<ReplayCounts> read_all(std::istream& in, const Mapping& mapping, const Defaults& defaults,
                              const EachDocument& each);

}  // namespace tillside::journal
