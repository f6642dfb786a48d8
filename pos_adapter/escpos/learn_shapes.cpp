#include "pos_adapter/escpos/learn_shapes.h"

#include <algorithm>
#include <cstdlib>

#include "agent/domain/money.h"
#include "pos_adapter/escpos/receipt_amounts.h"

namespace tillside::escpos {
namespace {

using Number = NumberTail::Number;

constexpr std::int64_t kMostValue = 1'000'000'000'000;
constexpr std::string_view kTimes[] = {"x", "X", "*", "@", "×"};

std::string_view last_word(std::string_view line) {
  const auto blank = line.find_last_of(' ');
  return blank == std::string_view::npos ? line : line.substr(blank + 1);
}

std::string_view without_blanks_behind(std::string_view line) {
  const auto last = line.find_last_not_of(' ');
  return last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1);
}

bool is_times(std::string_view word) {
  return std::find(std::begin(kTimes), std::end(kTimes), word) != std::end(kTimes);
}

std::string_view without_times(std::string_view word, bool& found) {
  for (const std::string_view sign : kTimes) {
    if (!word.starts_with(sign)) continue;
    found = true;
    return word.substr(sign.size());
  }
  return word;
}

// "￥12.50", "-3", "1.235kg", "x2": a number with at most a few letters around it.
std::optional<Number> number_of(std::string_view word) {
  Number number;
  number.text = word;
  const std::string_view body = without_times(word, number.times_before);
  const auto first = body.find_first_of("0123456789"), last = body.find_last_of("0123456789");
  if (first > 4 || body.size() - last > 7) return {};
  if (body.substr(0, first).find_first_of("#:/.") != std::string_view::npos) return {};
  std::string plain;
  for (const char letter : body.substr(first, last - first + 1)) {
    if (letter == ',') continue;
    if (!is_digit(letter) && letter != '.') return {};
    plain += letter;
  }
  const auto point = plain.find('.');
  number.decimals = point == std::string::npos ? 0 : static_cast<int>(plain.size() - point - 1);
  number.has_unit = last + 1 < body.size() && body.substr(last + 1) != "元";
  const auto read = read_decimal(plain, 3, kMostValue);
  if (!read || number.decimals > 3) return {};
  number.value = body.substr(0, first).find('-') == std::string_view::npos ? read->value : -read->value;
  return number;
}

bool looks_like_money(const Number& number) { return number.decimals == 2 && !number.has_unit; }
bool looks_like_quantity(const Number& number) {
  return number.has_unit || number.decimals == 0 || number.decimals == 3;
}

bool multiplies(const Number& one, const Number& other, const Number& product) {
  if (std::abs(one.value) > kMaxQuantity / 1000 || std::abs(other.value) > kMaxQuantity / 1000) return false;
  const std::int64_t exact = one.value * other.value / 1000;
  return product.value != 0 && std::abs(std::abs(exact) - std::abs(product.value)) <= 5;
}

struct Votes {
  int quantity_first = 0, price_first = 0, name_above = 0, times = 0;
};

// Of the last three numbers of a line.
bool vote(const NumberTail& tail, Votes& votes) {
  const std::size_t count = tail.numbers.size();
  if (count < 3) return false;
  const Number &one = tail.numbers[count - 3], &other = tail.numbers[count - 2], &product = tail.numbers[count - 1];
  if (!multiplies(one, other, product) || !looks_like_money(product)) return false;
  if (looks_like_quantity(one) && looks_like_money(other)) ++votes.quantity_first;
  if (looks_like_money(one) && looks_like_quantity(other)) ++votes.price_first;
  if (tail.words.empty()) ++votes.name_above;
  if (one.times_before || other.times_before) ++votes.times;
  return true;
}

bool is_count_and_amount(const NumberTail& tail) {
  const std::size_t count = tail.numbers.size();
  return count == 2 && !tail.words.empty() && looks_like_quantity(tail.numbers[0]) && looks_like_money(tail.numbers[1]);
}

}  // namespace

NumberTail number_tail(std::string_view line) {
  NumberTail tail;
  tail.words = without_blanks_behind(line);
  while (!tail.words.empty()) {
    const std::string_view word = last_word(tail.words);
    if (is_times(word)) {
      if (tail.numbers.empty()) break;
      tail.numbers.front().times_before = true;
    } else {
      const auto number = number_of(word);
      if (!number) break;
      tail.numbers.insert(tail.numbers.begin(), *number);
    }
    tail.words = without_blanks_behind(tail.words.substr(0, tail.words.size() - word.size()));
  }
  const auto first = tail.words.find_first_not_of(' ');
  tail.words.remove_prefix(std::min(first, tail.words.size()));
  return tail;
}

std::optional<RowShape> find_rows(const Paper& paper) {
  RowShape shape, counted;
  Votes votes;
  for (std::size_t at = 0; at < paper.lines.size(); ++at) {
    if (paper.lines[at].kind != PaperLine::Kind::text) continue;
    const NumberTail tail = number_tail(paper.lines[at].text);
    if (vote(tail, votes)) shape.lines.push_back(at);
    if (is_count_and_amount(tail)) counted.lines.push_back(at);
  }
  if (!shape.lines.empty()) {
    shape.quantity_first = votes.quantity_first > votes.price_first;
    shape.name_above = 2 * votes.name_above > static_cast<int>(shape.lines.size());
    shape.times = votes.times > 0;
    return shape;
  }
  counted.has_price = false;
  if (counted.lines.empty()) return {};
  return counted;
}

std::vector<std::string> row_patterns(const RowShape& shape) {
  const std::string price = "(?P<unit_price>{{amount}})";
  const std::string quantity = R"((?P<quantity>{{quantity}})\s*(?P<unit>[^\s\d.]{1,8})?)";
  const std::string gap = shape.times ? R"(\s*[xX×*@]?\s*)" : R"(\s+)";
  std::string numbers = shape.quantity_first ? quantity + gap + price : price + gap + quantity;
  if (!shape.has_price) numbers = quantity;
  numbers += R"(\s+(?P<amount>{{money}})\s*$)";
  const std::string begin = R"(^\s*(?:\d{1,3}[.、]?\s+)?(?:(?P<sku>\d{6,14})\s+)?)";
  std::vector<std::string> patterns;
  if (shape.name_above) patterns.push_back(R"(^\s*(?:(?P<sku>\d{6,14})\s+)?)" + numbers);
  patterns.push_back(begin + R"((?P<name>\S(?:.*?\S)??)\s+)" + numbers);
  if (shape.name_above) {
    patterns.emplace_back(R"(^\s*(?P<sku>\d{6,14})\s*$)");
    patterns.push_back(begin + R"((?P<name>\S.*)$)");
  }
  return patterns;
}

std::string as_pattern(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const char letter : text) {
    if (letter == ' ') {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) out += "\\s+";
    blank = false;
    const bool is_mark =
        letter > 0x20 && letter < 0x7F && std::string_view("\\^$.|?*+()[]{}-").find(letter) != std::string_view::npos;
    if (letter == '\'') {
      out += "\\x27";
    } else {
      if (is_mark) out += '\\';
      out += letter;
    }
  }
  return out;
}

}  // namespace tillside::escpos
