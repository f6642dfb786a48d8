// Decimal texts of a document into integers, remembering whether any lost digits.
#pragma once

#include <string>
#include <string_view>

#include "agent/domain/money.h"
#include "agent/domain/result.h"

namespace tillside::journal {

// For one document. Blank text reads as 0 of either kind.
class Decimals {
 public:
  explicit Decimals(Currency currency) : currency_(currency) {}

  // `field` goes into the Error.
  Result<Minor> amount(std::string_view text, std::string_view field);
  Result<Thousandths> quantity(std::string_view text, std::string_view field);
  // quantity x unit price, from the texts, rounded once; that alone is no lost digit of the document.
  Result<Minor> product(std::string_view quantity, std::string_view unit_price, std::string_view field);

  bool rounded() const { return rounded_; }

 private:
  Result<std::int64_t> read(std::string_view text, int scale, std::int64_t limit, std::string_view field);

  Currency currency_;
  bool rounded_ = false;
};

std::string_view trimmed(std::string_view text);

// A whole number of digits only, 0 to 2^53-1.
Result<std::int64_t> whole_number(std::string_view text, std::string_view field);

}  // namespace tillside::journal
