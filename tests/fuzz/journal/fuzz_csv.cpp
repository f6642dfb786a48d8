// CSV: whatever bytes a till leaves, under a mapping that uses everything, nothing crashes, and a torn tail changes
// nothing. JSON lines go the same way.
#include "tests/fuzz/journal/pieces.h"

namespace {

const tillside::journal::Mapping& mapping() {
  static const auto parsed = tillside::journal::parse_mapping(
      "[formats]\noccurred_at = \"%Y-%m-%d %H:%M:%S\"\n"
      "[customer]\nstrip_suffix = \".0\"\n"
      "[cancellation]\nticket_prefix = \"C\"\n"
      "[lines]\ndiscount_skus = [\"D\"]\nfee_skus = [\"POST\"]\n");
  return *parsed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tillside;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  fuzz::same_in_pieces(journal::Format::csv, mapping(), input);
  fuzz::same_in_pieces(journal::Format::json_lines, mapping(), input);
  return 0;
}
