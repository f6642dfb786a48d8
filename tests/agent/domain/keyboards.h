// What a keyboard-wedge scanner types: it sends the keys of a US keyboard, and the computer reads them with its own
// layout.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tillside::samples {

// The characters of the 47 keys from left to right, row by row, as UTF-8 with a blank between them.
struct Layout {
  std::string_view plain, shifted;
};

inline constexpr Layout kUs{
    R"(` 1 2 3 4 5 6 7 8 9 0 - = q w e r t y u i o p [ ] \ a s d f g h j k l ; ' z x c v b n m , . /)",
    R"(~ ! @ # $ % ^ & * ( ) _ + Q W E R T Y U I O P { } | A S D F G H J K L : " Z X C V B N M < > ?)"};
inline constexpr Layout kAzerty{
    R"(² & é " ' ( - è _ ç à ) = a z e r t y u i o p ^ $ * q s d f g h j k l m ù w x c v b n , ; : !)",
    R"(² 1 2 3 4 5 6 7 8 9 0 ° + A Z E R T Y U I O P ¨ £ µ Q S D F G H J K L M % W X C V B N ? . / §)"};
inline constexpr Layout kQwertz{
    R"(^ 1 2 3 4 5 6 7 8 9 0 ß ´ q w e r t z u i o p ü + # a s d f g h j k l ö ä y x c v b n m , . -)",
    R"(° ! " § $ % & / ( ) = ? ` Q W E R T Z U I O P Ü * ' A S D F G H J K L Ö Ä Y X C V B N M ; : _)"};
inline constexpr Layout kBelgian{
    R"(² & é " ' ( § è ! ç à ) - a z e r t y u i o p ^ $ µ q s d f g h j k l m ù w x c v b n , ; : =)",
    R"(³ 1 2 3 4 5 6 7 8 9 0 ° _ A Z E R T Y U I O P ¨ * £ Q S D F G H J K L M % W X C V B N ? . / +)"};
inline constexpr Layout kCzech{
    R"(; + ě š č ř ž ý á í é = ´ q w e r t z u i o p ú ) ¨ a s d f g h j k l ů § y x c v b n m , . -)",
    R"(° 1 2 3 4 5 6 7 8 9 0 % ˇ Q W E R T Z U I O P / ( ' A S D F G H J K L " ! Y X C V B N M ? : _)"};
// Letters and digits where a US keyboard has them, the signs elsewhere.
inline constexpr Layout kNordic{
    R"(§ 1 2 3 4 5 6 7 8 9 0 + ´ q w e r t y u i o p å ¨ ' a s d f g h j k l ö ä z x c v b n m , . -)",
    R"(½ ! " # ¤ % & / ( ) = ? ` Q W E R T Y U I O P Å ^ * A S D F G H J K L Ö Ä Z X C V B N M ; : _)"};
inline constexpr Layout kDvorak{
    R"(` 1 2 3 4 5 6 7 8 9 0 [ ] ' , . p y f g c r l / = \ a o e u i d h t n s - ; q j k x b m w v z)",
    R"(~ ! @ # $ % ^ & * ( ) { } " < > P Y F G C R L ? + | A O E U I D H T N S _ : Q J K X B M W V Z)"};

inline std::string next_key(std::string_view& row) {
  const std::size_t end = row.find(' ');
  std::string key(row.substr(0, end));
  row.remove_prefix(end == std::string_view::npos ? row.size() : end + 1);
  return key;
}

// `text` of US characters as `layout` shows it.
inline std::string typed_through(const Layout& layout, std::string_view text) {
  std::map<std::string, std::string> shown;
  for (auto [us, other] : {std::pair{kUs.plain, layout.plain}, std::pair{kUs.shifted, layout.shifted}}) {
    while (!us.empty()) {
      const std::string key = next_key(us);
      shown[key] = next_key(other);
    }
    if (!other.empty()) throw std::logic_error("a layout of more than 47 keys");
  }
  std::string typed;
  for (const char c : text) typed += shown.at(std::string(1, c));
  return typed;
}

}  // namespace tillside::samples
