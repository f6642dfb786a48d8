// tillside-inspect: reads a PNG or JPEG from standard input and writes the text of each code in it, a line each.
// `tillside coupon inspect` runs it. Exit codes: 0 read (also when there is no code in it), 1 no picture it knows.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>

#include "agent/inspect/codes_in.h"

int main() {
  const std::string file{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  const auto picture = tillside::pictures::read_picture(file);
  if (!picture) {
    std::fputs("tillside-inspect: 不是完好的 PNG 或 JPEG 图片 · not a sound PNG or JPEG picture\n", stderr);
    return 1;
  }
  for (std::string text : tillside::pictures::codes_in(*picture)) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::printf("%s\n", text.c_str());
  }
  return 0;
}
