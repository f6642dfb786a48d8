// A document in the spool, as docs/c-abi.md describes it: one line that says what it is, then its bytes.
//
//   tillside-pos-spool 1 complete 1234 89abcdef\n{"checkout_id":...
//   (version, call, bytes of the document, their CRC-32 in hex)
#pragma once

#include <cstdint>

#include "pos_adapter/plugin/text.h"
#include "pos_adapter/plugin/verbs.h"

namespace tillside::pos {

std::uint32_t crc32(Text text);

class SpoolLine {
 public:
  SpoolLine(Verb verb, Text document);
  Text text() const { return {room_, size_}; }

 private:
  void put(Text text);
  char room_[96];
  std::size_t size_ = 0;
};

// Splits a file into what it says it is and its document. False: torn or damaged.
bool read_spool_file(Text file, Verb& verb, Text& document);

// Names of files: sixteen digits and ".doc".
inline constexpr std::size_t kSpoolName = 21;
void spool_name(std::uint64_t number, char (&name)[kSpoolName]);
bool number_of(const char* name, std::uint64_t& number);

}  // namespace tillside::pos
