// Reads the same bytes whole and in two pieces: the documents must be the same, in order, within the bytes.
#pragma once

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/checkout_json.h"
#include "pos_adapter/journal/reader.h"

namespace tillside::fuzz {

inline void expect(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "broken: " << what << '\n';
  std::abort();
}

inline std::string read_cut(journal::Format format, const journal::Mapping& mapping, std::string_view bytes,
                            std::size_t cut) {
  static const StoreZone utc("UTC", {});
  journal::Defaults defaults;
  defaults.store_id = "S1";
  defaults.lane_id = "L1";
  defaults.zone = &utc;
  const auto reader = journal::make_reader(format, mapping, defaults);
  std::string told;
  std::uint64_t last = 0;
  const auto take = [&](const journal::Parsed& parsed, std::size_t given) {
    expect(parsed.consumed <= given, "more consumed than given");
    for (const auto& document : parsed.documents) {
      expect(document.begin < document.end && document.end <= bytes.size(), "a document outside the bytes");
      expect(document.end >= last, "documents out of order");
      last = document.end;
      told += std::to_string(document.begin) + "-" + std::to_string(document.end) + " ";
      told +=
          document.checkout.ok() ? write_checkout(*document.checkout, utc) : name_of(document.checkout.error().code);
      if (document.checkout.ok()) (void)validate(*document.checkout, document.checkout->currency);
    }
    return parsed.consumed;
  };
  const std::size_t consumed = take(reader->read(bytes.substr(0, cut), journal::Tail::waits), cut);
  take(reader->read(bytes.substr(consumed), journal::Tail::closed), bytes.size() - consumed);
  return told;
}

// The first byte says where to cut.
inline void same_in_pieces(journal::Format format, const journal::Mapping& mapping, std::string_view input) {
  if (input.empty()) return;
  const std::size_t cut = static_cast<unsigned char>(input.front()) * (input.size() - 1) / 255;
  const std::string_view bytes = input.substr(1);
  expect(read_cut(format, mapping, bytes, cut) == read_cut(format, mapping, bytes, 0), "torn reading differs");
}

}  // namespace tillside::fuzz
