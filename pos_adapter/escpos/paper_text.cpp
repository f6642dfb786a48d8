#include "pos_adapter/escpos/paper_text.h"

#include <algorithm>
#include <utility>

#include "pos_adapter/escpos/paper_layout.h"

namespace tillside::escpos {
namespace {

constexpr std::uint8_t kLetterDots = 12, kSmallLetterDots = 9;  // fonts A and B
constexpr int kTabColumns = 8, kMostTabs = 32;
constexpr int kMostBlankLines = 2;  // kept of a long feed
constexpr int kDotsAnInch = 203;
constexpr std::uint8_t kUtf8OfFsParenC = 2;

int little_endian(const Command& command, std::size_t index) {
  return command.parameter(index) | command.parameter(index + 1) << 8;
}

// ESC \ moves by a signed number.
int signed_little_endian(const Command& command, std::size_t index) {
  return static_cast<std::int16_t>(little_endian(command, index));
}

// A parameter that may be a number or its digit.
int digit_of(std::uint8_t parameter) { return parameter >= '0' ? parameter - '0' : parameter; }

bool has_upper(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; });
}

}  // namespace

PaperText::PaperText(PaperSettings settings) : settings_(std::move(settings)) { reset(); }

void PaperText::reset() {
  ink_ = {};
  ink_.page = settings_.first_page;
  ink_.wide = settings_.kanji;
  tabs_ = nullptr;
  motion_dots_ = 1;
}

void PaperText::text(std::uint64_t, std::string_view bytes, bool to_display) {
  if (to_display || bytes.empty()) return;
  if (std::exchange(returned_, false)) end_line();
  if (!line_.steps.empty() && line_.steps.back().what == Step::What::text && line_.steps.back().ink == ink_ &&
      bytes_ + bytes.size() <= kMaxPaperBytes) {
    line_.steps.back().bytes += bytes;
    bytes_ += bytes.size();
    return;
  }
  add_step({.what = Step::What::text, .ink = ink_, .bytes = std::string(bytes)});
}

void PaperText::command(const Command& command) {
  if (command.to_display) return;
  collecting_ = Collecting::nothing;
  switch (command.kind) {
    case Kind::carriage_return:
      returned_ = !line_.steps.empty();
      return;
    case Kind::tab:
      return add_step({.what = Step::What::tab, .ink = ink_, .tabs = tabs_});
    case Kind::position:
    case Kind::move:
      return move_to(command);
    case Kind::symbol:
      return take_symbol(command);
    case Kind::graphics:
      return take_graphics(command);
    case Kind::barcode:
      take_paper(command);
      collecting_ = command.whole ? Collecting::nothing : Collecting::barcode;
      return;
    case Kind::print_mode:
    case Kind::size:
    case Kind::font:
    case Kind::code_page:
    case Kind::encoding:
    case Kind::reset:
    case Kind::tab_stops:
    case Kind::motion_units:
      return set_letters(command);
    case Kind::kanji_on:
    case Kind::kanji_off:
    case Kind::kanji_system:
    case Kind::kanji_mode:
    case Kind::kanji_quadruple:
      return set_look(command);
    default:
      return take_paper(command);
  }
}

// What prints, feeds or cuts.
void PaperText::take_paper(const Command& command) {
  switch (command.kind) {
    case Kind::line_feed:
      returned_ = false;
      return end_line();
    case Kind::feed_lines:
      return feed(command.parameter(2));
    case Kind::bit_image:
      line_.has_picture = true;
      return;
    case Kind::feed_dots:
    case Kind::feed_back:
    case Kind::form_feed:
    case Kind::print_page:
    case Kind::page_position:
    case Kind::cut:
    case Kind::standard_mode:
    case Kind::line_start:
      if (!line_.steps.empty() || line_.has_picture) end_line();
      return;
    case Kind::raster:
    case Kind::print_download:
    case Kind::print_nv:
    case Kind::bitmap_file:
      return add_mark(PaperLine::Kind::picture, {});
    case Kind::barcode: {
      // GS k m d1..dk NUL, or with m from 65 on: GS k m n d1..dn
      const std::size_t begin = command.parameter(2) >= 'A' ? 4 : 3;
      std::string code(command.head.substr(std::min(begin, command.head.size())));
      while (!code.empty() && code.back() == '\0') code.pop_back();
      return add_mark(PaperLine::Kind::barcode, std::move(code));
    }
    default:
      return;
  }
}

void PaperText::data(std::uint64_t, std::string_view bytes, bool last) {
  const auto append_to = [&](std::string& target) {
    target += bytes.substr(0, kMaxCodeBytes - std::min(target.size(), kMaxCodeBytes));
  };
  switch (collecting_) {
    case Collecting::symbol:
      append_to(symbol_);
      break;
    case Collecting::barcode:
      if (lines_.empty() || lines_.back().kind != PaperLine::Kind::barcode) break;
      append_to(lines_.back().code);
      if (last && lines_.back().code.ends_with('\0')) lines_.back().code.pop_back();
      break;
    case Collecting::tabs:
      append_to(collected_);
      if (last) set_tabs(collected_);
      break;
    case Collecting::nothing:
      break;
  }
  if (last) collecting_ = Collecting::nothing;
}

void PaperText::set_letters(const Command& command) {
  const std::uint8_t n = command.parameter(2);
  switch (command.kind) {
    case Kind::reset:
      if (!line_.steps.empty()) end_line();
      return reset();
    case Kind::print_mode:
      return print_mode(n);
    case Kind::size:
      ink_.width = ink_.kanji_width = static_cast<std::uint8_t>((n >> 4 & 7) + 1);
      ink_.height = ink_.kanji_height = static_cast<std::uint8_t>((n & 7) + 1);
      return;
    case Kind::font:
      ink_.letter_dots = digit_of(n) == 1 ? kSmallLetterDots : kLetterDots;
      return;
    case Kind::code_page:
      ink_.page = page_of(n);
      return;
    case Kind::encoding:  // FS ( C pL pH fn m
      if (digit_of(command.parameter(5)) == 0) ink_.utf8 = digit_of(command.parameter(6)) == kUtf8OfFsParenC;
      return;
    case Kind::motion_units:
      motion_dots_ = n == 0 ? 1 : static_cast<double>(kDotsAnInch) / n;
      return;
    default:  // ESC D n1..nk NUL
      collected_ = command.head.substr(std::min<std::size_t>(2, command.head.size()));
      collecting_ = command.whole ? Collecting::nothing : Collecting::tabs;
      if (command.whole) set_tabs(collected_);
  }
}

void PaperText::print_mode(std::uint8_t n) {
  ink_.letter_dots = (n & 0x01) != 0 ? kSmallLetterDots : kLetterDots;
  ink_.height = (n & 0x10) != 0 ? 2 : 1;
  ink_.width = (n & 0x20) != 0 ? 2 : 1;
  ink_.kanji_height = ink_.height;
  ink_.kanji_width = ink_.width;
}

void PaperText::set_look(const Command& command) {
  const std::uint8_t n = command.parameter(2);
  switch (command.kind) {
    case Kind::kanji_on:
      ink_.kanji = Kanji::on;
      return;
    case Kind::kanji_off:
      ink_.kanji = Kanji::off;
      return;
    case Kind::kanji_mode:
      ink_.kanji_width = (n & 0x04) != 0 ? 2 : 1;
      ink_.kanji_height = (n & 0x08) != 0 ? 2 : 1;
      return;
    case Kind::kanji_quadruple:
      ink_.kanji_width = ink_.kanji_height = (n & 1) != 0 ? 2 : 1;
      return;
    default:
      // ESC 9 n on printers made in China: GBK, UTF-8, Big5. FS C n: JIS, Shift-JIS.
      if (command.head.starts_with("\x1B")) {
        ink_.utf8 = digit_of(n) == 1;
        ink_.wide = digit_of(n) == 3 ? Charset::big5 : Charset::gb18030;
      } else if (digit_of(n) == 1) {
        ink_.wide = Charset::shift_jis;
      }
  }
}

void PaperText::set_tabs(std::string_view columns) {
  auto tabs = std::make_shared<Tabs>();
  const int letter = ink_.letter_dots * ink_.width;
  for (const char each : columns.substr(0, kMostTabs)) {
    const int column = static_cast<unsigned char>(each);
    if (column == 0 || (!tabs->stops.empty() && column * letter <= tabs->stops.back())) break;
    tabs->stops.push_back(column * letter);
  }
  tabs_ = std::move(tabs);
}

void PaperText::move_to(const Command& command) {
  const bool absolute = command.kind == Kind::position;
  const int units = absolute ? little_endian(command, 2) : signed_little_endian(command, 2);
  if (absolute) returned_ = false;
  add_step({.what = absolute ? Step::What::position : Step::What::move,
            .ink = ink_,
            .dots = static_cast<int>(units * motion_dots_)});
}

// GS ( k pL pH cn fn ...: function 80 stores what the symbol says, 81 prints it.
void PaperText::take_symbol(const Command& command) {
  const int function = command.parameter(6);
  if (function == 80) {
    symbol_ = command.head.substr(std::min<std::size_t>(8, command.head.size()));
    collecting_ = command.whole ? Collecting::nothing : Collecting::symbol;
  }
  if (function == 81) add_mark(PaperLine::Kind::symbol, symbol_);
}

// GS ( L pL pH m fn and GS 8 L p1 p2 p3 p4 m fn: functions 50, 69 and 85 print what others stored.
void PaperText::take_graphics(const Command& command) {
  const int function = command.parameter(command.parameter(1) == '8' ? 8 : 6);
  if (function == 2 || function == 50 || function == 69 || function == 85) add_mark(PaperLine::Kind::picture, {});
}

void PaperText::add_step(Step step) {
  if (bytes_ + step.bytes.size() + 1 > kMaxPaperBytes) {
    truncated_ = true;
    return;
  }
  bytes_ += step.bytes.size() + 1;
  line_.steps.push_back(std::move(step));
}

void PaperText::end_line() {
  if (line_.has_picture && line_.steps.empty()) line_.kind = PaperLine::Kind::picture;
  add_line(std::exchange(line_, {}));
}

void PaperText::feed(int lines) {
  if (lines == 0 && line_.steps.empty()) return;
  end_line();
  for (int more = 1; more < std::min(lines, kMostBlankLines + 1); ++more) end_line();
}

// Bands of a picture are one picture; a longer gap is as good as a short one.
void PaperText::add_line(RawLine line) {
  const auto is_blank = [](const RawLine& one) { return one.kind == PaperLine::Kind::text && one.steps.empty(); };
  const auto same_as_before = [&](std::size_t count, auto alike) {
    return lines_.size() >= count &&
           std::all_of(lines_.end() - static_cast<std::ptrdiff_t>(count), lines_.end(), alike);
  };
  const auto is_picture = [](const RawLine& one) { return one.kind == PaperLine::Kind::picture; };
  if (is_picture(line) && same_as_before(1, is_picture)) return;
  if (is_blank(line) && same_as_before(kMostBlankLines, is_blank)) return;
  if (lines_.size() >= kMaxPaperLines) {
    truncated_ = true;
    return;
  }
  lines_.push_back(std::move(line));
}

void PaperText::add_mark(PaperLine::Kind kind, std::string code) {
  if (!line_.steps.empty() || line_.has_picture) end_line();
  code.resize(std::min(code.size(), kMaxCodeBytes));
  add_line({.kind = kind, .code = std::move(code)});
}

Charset PaperText::page_of(int n) const {
  if (const auto found = settings_.code_pages.find(n); found != settings_.code_pages.end()) return found->second;
  return epson_code_page(n).value_or(settings_.first_page);
}

// Of all bytes above 0x7F that no command settled.
std::optional<Charset> PaperText::guess() const {
  if (settings_.charset) return {};
  std::string unsettled;
  for (const RawLine& line : lines_) {
    for (const Step& step : line.steps) {
      if (step.ink.kanji != Kanji::off && !step.ink.utf8 && has_upper(step.bytes)) unsettled += step.bytes + "\n";
    }
  }
  return guess_wide(unsettled);
}

Charset PaperText::charset_of_ink(const Ink& ink, std::optional<Charset> guessed) const {
  if (settings_.charset) return *settings_.charset;
  if (ink.utf8) return Charset::utf8;
  if (ink.kanji == Kanji::off) return ink.page;
  if (guessed) return *guessed;
  return ink.kanji == Kanji::on ? ink.wide : ink.page;
}

void PaperText::lay(PaperLayout& layout, const Step& step, std::optional<Charset> guessed) const {
  const Ink& ink = step.ink;
  const int letter_dots = ink.letter_dots * ink.width;
  switch (step.what) {
    case Step::What::text:
      return layout.write(to_utf8(step.bytes, charset_of_ink(ink, guessed)), letter_dots,
                          2 * kLetterDots * ink.kanji_width);
    case Step::What::tab:
      return layout.move_to(next_tab(step, layout.at(), kTabColumns * letter_dots));
    case Step::What::position:
      return layout.move_to(step.dots);
    case Step::What::move:
      return layout.move_to(layout.at() + step.dots);
  }
}

// Behind the last stop a tab does nothing.
int PaperText::next_tab(const Step& step, int at, int every) {
  if (step.tabs == nullptr) return (at / every + 1) * every;
  const auto stop = std::upper_bound(step.tabs->stops.begin(), step.tabs->stops.end(), at);
  return stop == step.tabs->stops.end() ? at : *stop;
}

PaperLine PaperText::printed(const RawLine& line, std::optional<Charset> guessed) const {
  if (line.kind != PaperLine::Kind::text) return {.kind = line.kind, .text = to_utf8(line.code, Charset::utf8)};
  PaperLine out;
  PaperLayout layout;
  for (const Step& step : line.steps) {
    lay(layout, step, guessed);
    const Ink& ink = step.ink;
    out.large = out.large || std::max({ink.width, ink.height, ink.kanji_width, ink.kanji_height}) > 1;
  }
  out.text = layout.line();
  return out;
}

Paper PaperText::take() {
  if (!line_.steps.empty() || line_.has_picture) end_line();
  returned_ = false;
  Paper paper;
  paper.truncated = std::exchange(truncated_, false);
  paper.guessed = guess();
  paper.lines.reserve(lines_.size());
  for (const RawLine& line : lines_) paper.lines.push_back(printed(line, paper.guessed));
  lines_.clear();
  bytes_ = 0;
  return paper;
}

namespace {

// Begins a new paper behind every cut.
class Cutter final : public Sink {
 public:
  explicit Cutter(const PaperSettings& settings) : text_(settings) {}

  void text(std::uint64_t at, std::string_view bytes, bool to_display) override { text_.text(at, bytes, to_display); }
  void command(const Command& command) override {
    text_.command(command);
    if (command.kind == Kind::cut) take();
  }
  void data(std::uint64_t at, std::string_view bytes, bool last) override { text_.data(at, bytes, last); }

  void take() {
    Paper paper = text_.take();
    const bool says_something = std::any_of(paper.lines.begin(), paper.lines.end(), [](const PaperLine& line) {
      return line.kind == PaperLine::Kind::text && !line.text.empty();
    });
    if (says_something) papers.push_back(std::move(paper));
  }

  std::vector<Paper> papers;

 private:
  PaperText text_;
};

}  // namespace

std::vector<Paper> read_papers(std::string_view stream, const PaperSettings& settings) {
  Cutter cutter(settings);
  Walker walker;
  walker.feed(stream, cutter);
  walker.finish(cutter);
  cutter.take();
  return std::move(cutter.papers);
}

}  // namespace tillside::escpos
