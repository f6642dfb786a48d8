// POSLog: whatever bytes a till leaves, nothing crashes, and a torn tail changes nothing.
#include "tests/fuzz/journal/pieces.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tillside;
  fuzz::same_in_pieces(journal::Format::poslog, journal::default_mapping(),
                       {reinterpret_cast<const char*>(data), size});
  return 0;
}
