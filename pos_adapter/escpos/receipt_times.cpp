#include "pos_adapter/escpos/receipt_times.h"

#include <array>
#include <utility>

namespace tillside::escpos {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; }

class LocalTime {
 public:
  explicit LocalTime(std::string_view text) : rest_(text) {}

  bool read(std::string_view format) {
    for (std::size_t at = 0; at < format.size(); ++at) {
      if (format[at] == '%' && at + 1 < format.size()) {
        if (!take(format[++at])) return false;
      } else if (format[at] == ' ') {
        take_blanks();
      } else {
        if (rest_.empty() || rest_.front() != format[at]) return false;
        rest_.remove_prefix(1);
      }
    }
    return is_real();
  }

  std::int64_t ms() const {
    const int hour = twelve_hours_ ? hour_ % 12 + (afternoon_ ? 12 : 0) : hour_;
    return date_of(year_, month_, day_).days * kDay + hour * kHour + minute_ * kMinute + second_ * kSecond;
  }

 private:
  bool take(char what) {
    switch (what) {
      case 'Y':
        return number(4, year_) && year_ >= 1000;
      case 'y':
        if (!number(2, year_)) return false;
        year_ += 2000;
        return true;
      case 'm':
        return number(2, month_);
      case 'd':
        return number(2, day_);
      case 'H':
      case 'I':
        return number(2, hour_);
      case 'M':
        return number(2, minute_);
      case 'S':
        return number(2, second_);
      case 'b':
        return month_name();
      case 'p':
        return half_day();
      default:
        return false;
    }
  }

  bool number(int most, int& out) {
    int digits = 0, value = 0;
    while (digits < most && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
      ++digits;
    }
    out = value;
    return digits > 0;
  }

  bool month_name() {
    std::size_t letters = 0;
    while (letters < rest_.size() && lower(rest_[letters]) >= 'a' && lower(rest_[letters]) <= 'z') ++letters;
    if (letters < 3) return false;
    for (std::size_t month = 0; month < kMonths.size(); ++month) {
      if (letters > kMonths[month].size() || !same_letters(kMonths[month].substr(0, letters))) continue;
      month_ = static_cast<int>(month) + 1;
      rest_.remove_prefix(letters);
      return true;
    }
    return false;
  }

  bool same_letters(std::string_view name) const {
    for (std::size_t at = 0; at < name.size(); ++at)
      if (lower(rest_[at]) != name[at]) return false;
    return true;
  }

  bool half_day() {
    using Half = std::pair<std::string_view, bool>;
    for (const auto& [word, is_afternoon] : {Half{"AM", false}, Half{"am", false}, Half{"上午", false},
                                             Half{"PM", true}, Half{"pm", true}, Half{"下午", true}}) {
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(word.size());
      twelve_hours_ = true;
      afternoon_ = is_afternoon;
      return true;
    }
    return false;
  }

  void take_blanks() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }

  bool is_real() const {
    static constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month_ < 1 || month_ > 12 || day_ < 1) return false;
    const bool leap = (year_ % 4 == 0 && year_ % 100 != 0) || year_ % 400 == 0;
    if (day_ > (month_ == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month_ - 1)])) return false;
    return hour_ <= (twelve_hours_ ? 12 : 23) && minute_ <= 59 && second_ <= 60;
  }

  std::string_view rest_;
  int year_ = 1970, month_ = 1, day_ = 1, hour_ = 0, minute_ = 0, second_ = 0;
  bool twelve_hours_ = false, afternoon_ = false;
};

}  // namespace

std::optional<std::int64_t> read_local_time(std::string_view text, std::string_view format) {
  LocalTime time(text);
  if (!time.read(format)) return {};
  return time.ms();
}

}  // namespace tillside::escpos
