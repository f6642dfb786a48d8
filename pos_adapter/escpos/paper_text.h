// What stands on the paper: the walker's text runs and commands as lines of UTF-8.
//
// Tabs, absolute and relative positions become blanks, so that columns stand apart as they do on paper; large letters
// take their room but are written once. Pictures, QR symbols and bar codes are lines of their own. Lines longer than
// the paper is wide are left whole: what a POS meant as one line is easier to read as one.
//
// The encoding is settled when the paper is taken, for all of it together: where the POS said nothing (FS &, FS ., FS (
// C) and the settings say nothing, the bytes themselves are judged (guess_wide). Memory is bounded by kMaxPaperBytes
// and kMaxPaperLines; what comes behind is dropped and Paper::truncated says so. One thread at a time; never throws but
// std::bad_alloc.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pos_adapter/escpos/code_pages.h"
#include "pos_adapter/escpos/walker.h"

namespace tillside::escpos {

class PaperLayout;

inline constexpr std::size_t kMaxPaperBytes = 256 << 10;  // of text, as sent
inline constexpr std::size_t kMaxPaperLines = 4000;
inline constexpr std::size_t kMaxCodeBytes = 512;  // kept of what a QR symbol or bar code says

// How a POS and its printer write; [paper] of a receipt template.
struct PaperSettings {
  std::optional<Charset> charset;          // all text is in it, whatever the commands say
  Charset kanji = Charset::gb18030;        // what FS & turns on
  Charset first_page = Charset::cp437;     // the code page after ESC @
  std::map<int, Charset> code_pages = {};  // numbers of ESC t that mean something else than on an Epson
};

struct PaperLine {
  enum class Kind : std::uint8_t { text, picture, symbol, barcode };
  Kind kind = Kind::text;
  std::string text = {};  // UTF-8 without trailing blanks; of a symbol or bar code what it says; of a picture empty
  bool large = false;     // something in it is at least twice as high or wide
};
inline bool is_text(const PaperLine& line) { return line.kind == PaperLine::Kind::text && !line.text.empty(); }

struct Paper {
  std::vector<PaperLine> lines;
  bool truncated = false;
  std::optional<Charset> guessed = {};  // what the bytes were taken for, where nobody said
};

class PaperText final : public Sink {
 public:
  explicit PaperText(PaperSettings settings = {});

  void text(std::uint64_t at, std::string_view bytes, bool to_display) override;
  void command(const Command& command) override;
  void data(std::uint64_t at, std::string_view bytes, bool last) override;

  // All lines since the last take, an unfinished one included. What the printer was set to goes on.
  Paper take();
  bool empty() const { return lines_.empty() && line_.steps.empty(); }  // nothing to take

 private:
  enum class Kanji : std::uint8_t { unsaid, on, off };
  struct Tabs {
    std::vector<int> stops;  // dots, rising
  };
  struct Ink {  // how letters are written
    Kanji kanji = Kanji::unsaid;
    bool utf8 = false;
    Charset page = Charset::cp437;
    Charset wide = Charset::gb18030;
    std::uint8_t width = 1, height = 1, kanji_width = 1, kanji_height = 1;
    std::uint8_t letter_dots = 12;  // of a Latin letter at normal width
    bool operator==(const Ink&) const = default;
  };
  struct Step {
    enum class What : std::uint8_t { text, tab, position, move };
    What what = What::text;
    Ink ink;
    std::string bytes = {};
    int dots = 0;
    std::shared_ptr<const Tabs> tabs = nullptr;
  };
  struct RawLine {
    PaperLine::Kind kind = PaperLine::Kind::text;
    std::vector<Step> steps = {};
    std::string code = {};
    bool has_picture = false;
  };
  void set_look(const Command& command);
  void set_letters(const Command& command);
  void move_to(const Command& command);
  void take_paper(const Command& command);
  void take_symbol(const Command& command);
  void take_graphics(const Command& command);
  void reset();
  void print_mode(std::uint8_t n);
  void set_tabs(std::string_view columns);
  void add_step(Step step);
  void end_line();
  void feed(int lines);
  void add_line(RawLine line);
  void add_mark(PaperLine::Kind kind, std::string code);
  Charset page_of(int n) const;
  std::optional<Charset> guess() const;
  Charset charset_of_ink(const Ink& ink, std::optional<Charset> guessed) const;
  void lay(PaperLayout& layout, const Step& step, std::optional<Charset> guessed) const;
  static int next_tab(const Step& step, int at, int every);
  PaperLine printed(const RawLine& line, std::optional<Charset> guessed) const;

  PaperSettings settings_;
  Ink ink_;
  std::shared_ptr<const Tabs> tabs_;
  double motion_dots_ = 1;  // of a horizontal motion unit
  RawLine line_;
  std::vector<RawLine> lines_;
  std::size_t bytes_ = 0;
  bool truncated_ = false;
  bool returned_ = false;  // CR came, and nothing since

  enum class Collecting : std::uint8_t { nothing, symbol, barcode, tabs };
  Collecting collecting_ = Collecting::nothing;
  std::string collected_;
  std::string symbol_;  // what GS ( k stored
};

// The papers of a stream that is no live one, a sample or a test: each ends with a cut, the last with the stream.
// Without those that say nothing.
std::vector<Paper> read_papers(std::string_view stream, const PaperSettings& settings = {});

}  // namespace tillside::escpos
