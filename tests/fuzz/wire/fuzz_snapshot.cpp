// Any bytes as a snapshot, fed whole and byte by byte: both must find the same.
#include <cstdlib>

#include "sync/wire/snapshot.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

namespace {

std::pair<bool, int> read(std::string_view bytes, std::size_t piece) {
  int rows = 0;
  tillside::wire::SnapshotReader reader([&](const tillside::IdHash&, std::string_view) {
    ++rows;
    return tillside::Status{};
  });
  bool good = true;
  for (; !bytes.empty() && good; bytes.remove_prefix(std::min(piece, bytes.size())))
    good = reader.feed(bytes.substr(0, piece)).ok();
  (void)reader.finish(static_cast<std::uint64_t>(rows), {});
  return {good, rows};
}

}  // namespace

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (size >= 8 && (data[0] & 1) != 0) bytes.replace(0, 8, tillside::wire::kSnapshotMagic);
  if (read(bytes, bytes.size() + 1) != read(bytes, 1)) std::abort();
  return 0;
}
