// A receipt printer that prints: ESC/POS in, the dots on the paper out, for a scanner or a person to look at.
//
// Letters are boxes of their size, for it has no fonts; pictures of every command (GS v 0, ESC *, GS ( L, GS 8 L, FS p,
// GS /), native QR symbols and native bar codes are drawn dot by dot. Lenient as printers are: what it does not know it
// passes over. Unlike paper.h, which is strict and tells what was asked for, this one shows what comes out. One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pos_adapter/escpos/walker.h"
#include "tests/fakes/picture.h"

namespace tillside::fakes {

class PaperPrinter final : public escpos::Sink {
 public:
  explicit PaperPrinter(int paper_dots = 576) : paper_dots_(paper_dots) { reset(); }

  void feed(std::string_view bytes) { walker_.feed(bytes, *this); }  // any pieces

  // The papers cut off so far, and then what hangs out of the printer when something does. Takes them.
  std::vector<Picture> papers();
  int pulses() const { return pulses_; }  // of the drawer

  void text(std::uint64_t at, std::string_view bytes, bool to_display) override;
  void command(const escpos::Command& command) override;
  void data(std::uint64_t at, std::string_view bytes, bool last) override;

 private:
  void run(std::string_view command);  // whole, to the printer
  void reset();
  void letter(int dots_wide, bool blank);
  void add(Picture piece);
  void end_line();
  void feed_rows(int rows);
  void print(const Picture& picture, int left);
  void print_alone(const Picture& picture);
  void cut();
  int left_for(int width) const;

  void column_image(std::string_view command);
  void raster(std::string_view command);
  void graphics(std::string_view parameters);
  void symbol(std::string_view parameters);
  void barcode(std::string_view command);
  void define_nv(std::string_view command);

  int paper_dots_;
  escpos::Walker walker_;
  std::string begun_;  // a long command, while its data comes
  escpos::Kind kind_ = escpos::Kind::unknown;

  std::vector<Picture> cut_off_;
  Picture paper_;
  int pulses_ = 0;

  std::vector<Picture> line_;
  int line_width_ = 0;
  bool half_ = false;  // the first byte of a CJK letter came
  bool kanji_ = true;
  int alignment_ = 0, margin_ = 0, area_ = 0, spacing_ = 30;
  int wide_ = 1, high_ = 1, letter_dots_ = 12;
  int barcode_height_ = 162, barcode_dots_ = 3, symbol_dots_ = 3;
  char symbol_level_ = 'L';
  std::string symbol_;
  Picture stored_, downloaded_;
  std::vector<Picture> nv_;
};

// What the papers of a stream look like.
std::vector<Picture> printed_papers(std::string_view stream, int paper_dots = 576);

// Every QR symbol and Code 128 that a scanner finds on a picture, from top to bottom.
std::vector<std::string> codes_on(const Picture& picture);

}  // namespace tillside::fakes
