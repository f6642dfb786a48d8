// Amounts and quantities as receipts print them: "￥1,234.50元", "-$2.00", "x1", "12.00-".
#pragma once

#include <optional>
#include <string_view>

#include "agent/domain/money.h"

namespace tillside::escpos {

// For one receipt; remembers whether digits were lost.
inline bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

class PaperNumbers {
 public:
  PaperNumbers(Currency currency, char decimal_point, char thousands)
      : currency_(currency), decimal_point_(decimal_point), thousands_(thousands) {}

  // nullopt: no number, or out of range.
  std::optional<Minor> amount(std::string_view text);
  std::optional<Thousandths> quantity(std::string_view text);

  bool rounded() const { return rounded_; }

 private:
  std::optional<std::int64_t> read(std::string_view text, int scale, std::int64_t limit);

  Currency currency_;
  char decimal_point_, thousands_;
  bool rounded_ = false;
};

}  // namespace tillside::escpos
