#include "agent/domain/scan_layouts.h"

#include <algorithm>
#include <array>
#include <map>

#include "agent/domain/scanned_text.h"

namespace tillside {
namespace {

constexpr std::size_t kLongest = 512;

// The characters of 47 keys from left to right, row by row, as UTF-8 with a blank between them.
struct Layout {
  std::string_view plain, shifted;
};

constexpr Layout kUs{
    R"(` 1 2 3 4 5 6 7 8 9 0 - = q w e r t y u i o p [ ] \ a s d f g h j k l ; ' z x c v b n m , . /)",
    R"(~ ! @ # $ % ^ & * ( ) _ + Q W E R T Y U I O P { } | A S D F G H J K L : " Z X C V B N M < > ?)"};

constexpr std::array kForeign = {
    // French
    Layout{R"(² & é " ' ( - è _ ç à ) = a z e r t y u i o p ^ $ * q s d f g h j k l m ù w x c v b n , ; : !)",
           R"(~ 1 2 3 4 5 6 7 8 9 0 ° + A Z E R T Y U I O P ¨ £ µ Q S D F G H J K L M % W X C V B N ? . / §)"},
    // Belgian
    Layout{R"(² & é " ' ( § è ! ç à ) - a z e r t y u i o p ^ $ µ q s d f g h j k l m ù w x c v b n , ; : =)",
           R"(³ 1 2 3 4 5 6 7 8 9 0 ° _ A Z E R T Y U I O P ¨ * £ Q S D F G H J K L M % W X C V B N ? . / +)"},
    // German
    Layout{R"(^ 1 2 3 4 5 6 7 8 9 0 ß ´ q w e r t z u i o p ü + # a s d f g h j k l ö ä y x c v b n m , . -)",
           R"(° ! " § $ % & / ( ) = ? ` Q W E R T Z U I O P Ü * ' A S D F G H J K L Ö Ä Y X C V B N M ; : _)"},
    // Czech
    Layout{R"(; + ě š č ř ž ý á í é = ´ q w e r t z u i o p ú ) ¨ a s d f g h j k l ů § y x c v b n m , . -)",
           R"(° 1 2 3 4 5 6 7 8 9 0 % ˇ Q W E R T Z U I O P / ( ' A S D F G H J K L " ! Y X C V B N M ? : _)"},
    // Dvorak
    Layout{R"(` 1 2 3 4 5 6 7 8 9 0 [ ] ' , . p y f g c r l / = \ a o e u i d h t n s - ; q j k x b m w v z)",
           R"(~ ! @ # $ % ^ & * ( ) { } " < > P Y F G C R L ? + | A O E U I D H T N S _ : Q J K X B M W V Z)"}};

using Meaning = std::map<std::string_view, char>;  // a character of the layout -> of the US keyboard

std::string_view take_key(std::string_view& row) {
  const std::string_view key = row.substr(0, row.find(' '));
  row.remove_prefix(std::min(row.size(), key.size() + 1));
  return key;
}

void add_row(Meaning& meaning, std::string_view us, std::string_view foreign) {
  while (!us.empty()) {
    const char meant = take_key(us).front();
    const std::string_view shown = take_key(foreign);
    const bool is_digit = shown.front() >= '0' && shown.front() <= '9';
    meaning.emplace(shown, is_digit ? shown.front() : meant);
  }
}

Meaning meaning_of(const Layout& layout) {
  Meaning meaning;
  add_row(meaning, kUs.plain, layout.plain);
  add_row(meaning, kUs.shifted, layout.shifted);
  return meaning;
}

const std::array<Meaning, kForeign.size()>& meanings() {
  static const auto all = [] {
    std::array<Meaning, kForeign.size()> made;
    for (std::size_t i = 0; i < made.size(); ++i) made.at(i) = meaning_of(kForeign.at(i));
    return made;
  }();
  return all;
}

std::size_t length_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return end - at;
}

std::string undone(std::string_view text, const Meaning& meaning) {
  std::string us;
  us.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view shown = text.substr(at, length_at(text, at));
    const auto found = meaning.find(shown);
    found == meaning.end() ? us.append(shown) : us.append(1, found->second);
    at += shown.size();
  }
  return us;
}

}  // namespace

std::vector<std::string> undo_layouts(std::string_view clean) {
  std::vector<std::string> readings;
  if (clean.size() > kLongest) return readings;
  for (const Meaning& meaning : meanings()) {
    std::string us = undone(clean, meaning);
    const bool known = us == clean || std::find(readings.begin(), readings.end(), us) != readings.end();
    if (!known) readings.push_back(std::move(us));
  }
  return readings;
}

bool is_garbled_url(std::string_view clean) {
  if (!drop_word_front(clean, "HTTPS") && !drop_word_front(clean, "HTTP")) return false;
  return !clean.starts_with("://");
}

}  // namespace tillside
