// An ESC/POS printer's paper: what a stream of commands puts on it, in the order it comes out.
//
// The printer walks every command by its length, as a real one does, and takes nothing on trust: a command it does not
// know, or one cut short, ends the reading with std::runtime_error that names the command and its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/fakes/picture.h"

namespace tillside::fakes {

struct PaperItem {
  enum class Kind {
    text,     // a printed line: its bytes as sent (the stream's own encoding), without the line feed
    picture,  // raster; bands of the same width right below each other are one picture
    qr,       // printed by the printer's own QR commands
    code128,  // printed by the printer's own GS k 73
    cut,
    drawer,  // a kick of the cash drawer
  };
  Kind kind;
  std::string text = {};    // text: the line; qr and code128: the content
  Picture picture = {};     // picture only
  int dots_per_module = 0;  // qr and code128
  int height_dots = 0;      // code128
  char level = 0;           // qr: L M Q H
  int alignment = 0;        // ESC a when it was printed: 0 left, 1 centre, 2 right
};

struct Paper {
  std::vector<PaperItem> items;

  std::vector<std::string> lines() const;  // of all text items
  std::vector<Picture> pictures() const;   // of all picture items
  std::vector<PaperItem> of(PaperItem::Kind kind) const;
};

// Raster wider than `paper_dots` loses what does not fit, as on a real printer. Text is not wrapped.
Paper print_on_paper(std::string_view stream, int paper_dots = 576);

// The raster commands of a stream one by one, to look at what the printer is asked to buffer.
struct RasterCommand {
  int row_bytes;
  int lines;
  std::size_t command_bytes;  // header included
};
std::vector<RasterCommand> raster_commands(std::string_view stream);

}  // namespace tillside::fakes
