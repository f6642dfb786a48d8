// zstd with a dictionary trained on till events and shipped with the wire format.
//
// The dictionary is embedded in both programs (sync/wire/events-1.zdict, made by sync/wire/train_dictionary.sh from
// days of sample events that are never measured). Frames name the dictionary they need; readers know every shipped one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside::wire {

// One thread at a time.
class Compressor {
 public:
  // What zstd takes and works out from the dictionary: given back after each call, as a till's batch is small and rare,
  // or kept (about a MiB at level 9).
  enum class Memory : std::uint8_t { given_back, kept };
  // without a dictionary: for a receiver that said it knows none of ours (415, code "unknown_dictionary").
  explicit Compressor(int level = 9, bool with_dictionary = true, Memory memory = Memory::given_back);
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
  // Refuses (bad_format) what is not one whole zstd frame; unknown_value what needs a dictionary that was not shipped
  // (answer 415 with code "unknown_dictionary"); out_of_range beyond max_bytes, also when the frame lies about its
  // size. The result has 64 readable bytes behind its end (capacity), for simdjson.
  Result<std::string> decompress(std::string_view frame, std::size_t max_bytes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::uint32_t shipped_dictionary_id();  // of the newest, which Compressor uses; 0: none

}  // namespace tillside::wire
