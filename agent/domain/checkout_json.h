// The checkout's JSON document, read without a DOM (simdjson on demand) and written straight out.
//
// Reading: unknown enum values are refused by name; unknown fields are dropped and counted; numbers where the contract
// wants integers may not be fractions; depth over 32 is too_deep; bytes that are not UTF-8 are invalid_utf8. Amount
// fields also take a decimal TEXT ("28.3253") which is rounded half away from zero to the currency's exponent, and sets
// decimals_rounded when digits were lost. Null means absent. Duplicate keys: the last wins.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/domain/checkout.h"

namespace tillside {

// Owns the parser's buffers; reuse it. One thread at a time.
class CheckoutReader {
 public:
  CheckoutReader();
  ~CheckoutReader();
  CheckoutReader(const CheckoutReader&) = delete;
  CheckoutReader& operator=(const CheckoutReader&) = delete;

  struct Defaults {
    std::string store_id;             // for documents that leave store_id out
    Currency currency;                // for documents that leave currency out
    const StoreZone* zone = nullptr;  // for times without an offset and missing business dates; required
    Instant now;                      // for documents without occurred_at
  };

  // `padded_json` must be followed by at least 64 readable bytes (their content does not matter).
  Result<Checkout> read_padded(std::string_view padded_json, const Defaults& defaults);
  // Copies first; for callers without padding.
  Result<Checkout> read(std::string_view json, const Defaults& defaults);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The full document, one line, fields in the contract's order; what read() takes back. Optional empties left out.
std::string write_checkout(const Checkout& checkout, const StoreZone& zone);

// Appends a JSON string literal with quotes and escapes. Invalid UTF-8 is replaced by U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace tillside
