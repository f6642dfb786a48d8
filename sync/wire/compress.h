// zstd with a dictionary trained on till events and shipped with the wire format.
//
// The dictionary is embedded in both programs (sync/wire/events-1.zdict, made by sync/wire/train_dictionary.sh from
// days of sample events that are never measured). Frames name the dictionary they need; readers know every shipped one.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside::wire {

// Reusable contexts; one thread at a time.
class Compressor {
 public:
  explicit Compressor(int level = 9);
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  std::string compress(std::string_view text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class Decompressor {
 public:
  Decompressor();
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  // Refuses (bad_format) what is not one whole zstd frame or needs an unknown dictionary; out_of_range beyond
  // max_bytes, also when the frame lies about its size. The result has 64 readable bytes behind its end (capacity), for
  // simdjson.
  Result<std::string> decompress(std::string_view frame, std::size_t max_bytes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::uint32_t shipped_dictionary_id();

}  // namespace tillside::wire
