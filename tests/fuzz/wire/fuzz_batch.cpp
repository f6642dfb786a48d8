// Any bytes as a batch: what is taken must be what it says, and be written again the same.
#include <cstdlib>

#include "sync/wire/batch.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace tillside::wire;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto batch = read_batch(text);
  if (!batch) return 0;
  if (batch->events.size() != batch->head.count || batch->events.empty()) std::abort();
  const std::string again = write_batch(batch->head, batch->events);
  const auto reread = read_batch(again);
  if (!reread || reread->events != batch->events || reread->head.prev != batch->head.prev) std::abort();
  return 0;
}
