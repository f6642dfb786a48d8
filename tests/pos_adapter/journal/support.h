// What the journal's tests share: zones, mappings, reading in pieces, the real inputs where they are.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/checkout_json.h"
#include "pos_adapter/journal/reader.h"

namespace tillside::journal::testing {

inline const StoreZone& utc() {
  static const StoreZone zone("UTC", {});
  return zone;
}

inline Defaults defaults() {
  Defaults out;
  out.store_id = "S1";
  out.lane_id = "L1";
  out.zone = &utc();
  out.now = Instant{1'700'000'000'000};
  return out;
}

// Reads `bytes` in pieces that end at `cuts`, handing the unconsumed rest in again, closed at the end.
inline std::vector<Document> read_in_pieces(Format format, const Mapping& mapping, std::string_view bytes,
                                            const std::vector<std::size_t>& cuts = {}) {
  const auto reader = make_reader(format, mapping, defaults());
  std::vector<Document> documents;
  std::size_t consumed = 0;
  const auto feed = [&](std::size_t end, Tail tail) {
    Parsed parsed = reader->read(bytes.substr(consumed, end - consumed), tail);
    consumed += parsed.consumed;
    for (Document& document : parsed.documents) documents.push_back(std::move(document));
  };
  for (std::size_t cut : cuts) feed(cut, Tail::waits);
  feed(bytes.size(), Tail::closed);
  return documents;
}

// A comparable text of everything read: content, places, errors.
inline std::string told(const std::vector<Document>& documents) {
  std::string out;
  for (const Document& document : documents) {
    out += std::to_string(document.begin) + "-" + std::to_string(document.end) + " line " +
           std::to_string(document.line) + " ";
    out += document.checkout.ok()
               ? write_checkout(*document.checkout, utc())
               : std::string(name_of(document.checkout.error().code)) + " " + document.checkout.error().field;
    out += "\n";
  }
  return out;
}

inline std::filesystem::path source_dir() { return TILLSIDE_SOURCE_DIR; }

// Files that are not part of the project; empty where they are not.
inline std::filesystem::path shared_data() {
  const char* named = std::getenv("TILLSIDE_SHARED_DATA");
  const std::filesystem::path path = named ? std::filesystem::path(named) : source_dir() / ".." / "shared" / "data";
  return std::filesystem::is_directory(path) ? path : std::filesystem::path();
}

}  // namespace tillside::journal::testing
