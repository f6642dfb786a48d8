// Any bytes as a frame: never more than was allowed, and always room behind the end. The same bytes as a text must come
// back from their own compression.
#include <algorithm>
#include <cstdlib>

#include "sync/wire/compress.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace tillside::wire;
  constexpr std::size_t kMost = 1 << 16;
  static Decompressor reader;
  std::string frame(reinterpret_cast<const char*>(data), size);
  constexpr char kMagic[] = "\x28\xb5\x2f\xfd";
  if (size > 4 && (frame[0] & 1) != 0) std::copy_n(kMagic, 4, frame.begin());
  const auto text = reader.decompress(frame, kMost);
  if (text && (text->size() > kMost || text->capacity() < text->size() + 64)) std::abort();

  const auto back = reader.decompress(Compressor(3).compress(frame), size);
  if (!back || *back != frame) std::abort();
  return 0;
}
