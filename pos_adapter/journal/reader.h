// Journals into checkouts: JSON lines, CSV with a mapping, ARTS POSLog XML, NAXML-POSJournal XML.
//
// A Reader takes the bytes of one file in order, in any pieces, and gives out whole documents. A torn tail waits for
// its rest. A document that cannot be read becomes an Error with its place and never holds up those behind it. Memory
// is bounded: a document over kMaxDocument bytes is refused and skipped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/checkout.h"
#include "agent/domain/result.h"
#include "agent/domain/time.h"
#include "pos_adapter/journal/mapping.h"

namespace tillside::journal {

inline constexpr std::size_t kMaxDocument = 1 << 20;  // bytes of a line, a CSV record or a Transaction element
inline constexpr std::size_t kHeadBytes = 64 << 10;   // a CSV header row ends within
inline constexpr int kMaxXmlDepth = 64;

enum class Format : std::uint8_t { json_lines, csv, poslog };  // poslog: any XML; its root tells which
const char* name_of(Format format);

// From the content: `{` begins JSON lines, `<` XML, other text is CSV. A byte order mark and blanks are passed over.
// not_found: nothing but blanks so far. bad_format: neither (NUL bytes, UTF-16, a JSON array).
Result<Format> detect(std::string_view head);

// What to fill in where neither the document nor the mapping says.
struct Defaults {
  std::string store_id, lane_id;
  Currency currency;
  const StoreZone* zone = nullptr;  // of times without an offset; required; must outlive the reader
  Instant now;                      // for documents without a time
};

// One document and its place in the file.
struct Document {
  std::uint64_t begin = 0, end = 0;  // byte offsets; once answered, reading may go on from `end`
  std::uint64_t line = 0;            // of its first byte, from 1; for an Error in a CSV ticket, of the bad row
  std::uint64_t next_line = 0;       // of the byte at `end`
  Result<Checkout> checkout;
};

enum class Tail : std::uint8_t {
  waits,   // more may come at any time
  idle,    // nothing came for a while: a CSV ticket whose rows are whole is complete
  closed,  // nothing more will come: what is left is a document or an error
};

struct Parsed {
  std::vector<Document> documents;
  std::size_t consumed = 0;   // of the bytes given; hand the rest in again, followed by what has come since
  std::uint64_t ignored = 0;  // elements that are no checkout (tender and inventory controls)
};

// One thread at a time.
class Reader {
 public:
  virtual ~Reader() = default;
  // `bytes` follow what was consumed before. After Tail::closed only destruction is allowed.
  virtual Parsed read(std::string_view bytes, Tail tail) = 0;
  virtual void set_now(Instant now) = 0;  // Defaults::now from here on
};

// Where to begin. Anywhere but the beginning, `offset` and `line` are a Document's `end` and `next_line`, and `head`
// the file's first bytes.
struct Start {
  std::uint64_t offset = 0, line = 1;
  std::string_view head;
};

// The mapping is copied. A CSV whose header lacks the ticket's column gives one Error and then nothing.
std::unique_ptr<Reader> make_reader(Format format, const Mapping& mapping, const Defaults& defaults,
                                    const Start& start = {});

}  // namespace tillside::journal
