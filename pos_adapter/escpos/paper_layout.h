// Where letters stand in a line of paper: positions in dots become blanks in a text.
#pragma once

#include <string>
#include <string_view>

namespace tillside::escpos {

// One line, written from left to right. Dots count from the left edge of the printable area.
class PaperLayout {
 public:
  // `utf8` at the cursor. A Latin letter is `letter_dots` wide, a CJK one `wide_dots`. Control characters become
  // blanks.
  void write(std::string_view utf8, int letter_dots, int wide_dots);
  void move_to(int dots) { at_ = dots < 0 ? 0 : dots; }
  int at() const { return at_; }

  std::string line() const;  // without trailing blanks

 private:
  void fill_gap();

  std::string text_;
  int at_ = 0;       // where the next letter goes
  int written_ = 0;  // where the last one ended
};

}  // namespace tillside::escpos
