#include "tests/fakes/paper.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>

namespace tillside::fakes {
namespace {

constexpr unsigned char kNul = 0x00, kEot = 0x04, kEnq = 0x05, kHt = 0x09, kLf = 0x0A, kFf = 0x0C, kCr = 0x0D,
                        kDle = 0x10, kDc4 = 0x14, kCan = 0x18, kEsc = 0x1B, kFs = 0x1C, kGs = 0x1D;

struct Length {
  unsigned char command;
  std::size_t parameters;
};

// Commands whose parameters have a fixed length and which change nothing that this paper records.
constexpr std::array kEscFixed = std::to_array<Length>(
    {{' ', 1},  {'!', 1}, {'$', 2}, {'%', 1}, {'-', 1}, {'2', 0}, {'3', 1}, {'<', 0}, {'=', 1}, {'?', 1}, {'B', 2},
     {'E', 1},  {'G', 1}, {'K', 1}, {'L', 0}, {'M', 1}, {'R', 1}, {'S', 0}, {'T', 1}, {'U', 1}, {'V', 1}, {'W', 8},
     {'\\', 2}, {'c', 2}, {'e', 1}, {'r', 1}, {'t', 1}, {'u', 1}, {'v', 0}, {'{', 1}, {kFf, 0}});
constexpr std::array kGsFixed = std::to_array<Length>(
    {{'!', 1}, {'#', 1},  {'$', 2}, {'/', 1}, {':', 0}, {'B', 1}, {'H', 1}, {'I', 1}, {'L', 2}, {'P', 2}, {'T', 1},
     {'W', 2}, {'\\', 2}, {'^', 3}, {'a', 1}, {'b', 1}, {'c', 0}, {'f', 1}, {'j', 1}, {'r', 1}, {'z', 3}});
constexpr std::array kFsFixed =
    std::to_array<Length>({{'!', 1}, {'&', 0}, {'-', 1}, {'.', 0}, {'C', 1}, {'S', 2}, {'W', 1}, {'p', 2}, {'2', 74}});

template <std::size_t N>
std::optional<std::size_t> fixed_length(const std::array<Length, N>& table, unsigned char command) {
  const auto* const found =
      std::find_if(table.begin(), table.end(), [command](const Length& entry) { return entry.command == command; });
  return found == table.end() ? std::nullopt : std::optional(found->parameters);
}

class Printer {
 public:
  Printer(std::string_view stream, int paper_dots) : stream_(stream), paper_dots_(paper_dots) {}

  Paper print() {
    while (at_ < stream_.size()) step();
    end_line();
    return std::move(paper_);
  }

  const std::vector<RasterCommand>& rasters() const { return rasters_; }

 private:
  void step() {
    start_ = at_;
    switch (const unsigned char byte = take(); byte) {
      case kEsc:
        return escape();
      case kGs:
        return group();
      case kFs:
        return file();
      case kDle:
        return real_time();
      case kLf:
        return line_feed();
      case kNul:
      case kCr:
      case kCan:
      case kFf:
        return;
      case kHt:
        line_.push_back('\t');
        return;
      default:
        character(byte);
    }
  }

  void character(unsigned char byte) {
    if (byte < 0x20) fail("a control character that means nothing");
    line_.push_back(static_cast<char>(byte));
  }

  void line_feed() {
    PaperItem item = item_of(PaperItem::Kind::text);
    item.text = std::exchange(line_, {});
    paper_.items.push_back(std::move(item));
    band_may_follow_ = false;
  }

  void feed() {
    end_line();
    band_may_follow_ = false;
  }

  void end_line() {
    if (!line_.empty()) line_feed();
  }

  void escape() {
    switch (const unsigned char command = take(); command) {
      case '@':
        return reset();
      case 'a':
        alignment_ = take() % 48;
        return;
      case 'i':
      case 'm':
        return cut();
      case 'p':
        skip(3);
        return add(item_of(PaperItem::Kind::drawer));
      case '*':
        return column_picture();
      case 'd':
      case 'J':
        skip(1);
        return feed();
      case 'D':
        return skip_to_nul();
      case '&':
        return user_characters();
      default:
        skip(fixed_or_fail(fixed_length(kEscFixed, command)));
    }
  }

  void group() {
    switch (const unsigned char command = take(); command) {
      case 'v':
        return raster();
      case 'k':
        return barcode();
      case '(':
        return sized_function();
      case '8':
        return skip_long_function();
      case 'V':
        return cut_with_form();
      case 'h':
        barcode_height_ = take();
        return;
      case 'w':
        barcode_dots_ = take();
        return;
      case '*':
        return downloaded_picture();
      default:
        skip(fixed_or_fail(fixed_length(kGsFixed, command)));
    }
  }

  void file() {
    switch (const unsigned char command = take(); command) {
      case '(':
        take();
        skip(take_le16());
        return;
      case 'q':
        return stored_pictures();
      case 'g':
        return user_memory();
      default:
        skip(fixed_or_fail(fixed_length(kFsFixed, command)));
    }
  }

  void real_time() {
    switch (take()) {
      case kEot:
        return skip_status();
      case kEnq:
        return skip(1);
      case kDc4:
        return skip(take() == 8 ? 7 : 2);
      default:
        fail("a real-time command");
    }
  }

  void skip_status() {
    const unsigned char kind = take();
    if (kind == 7 || kind == 8 || kind == 18) skip(1);
  }

  void reset() {
    line_.clear();
    alignment_ = 0;
    barcode_height_ = 162;
    barcode_dots_ = 3;
    stored_qr_ = {};
    qr_dots_ = 3;
    qr_level_ = 'L';
  }

  void cut() {
    end_line();
    add(item_of(PaperItem::Kind::cut));
  }

  void cut_with_form() {
    const unsigned char form = take();
    if (form >= 65) skip(1);
    cut();
  }

  void column_picture() {
    const unsigned char mode = take();
    const std::size_t columns = take_le16();
    skip(columns * (mode >= 32 ? 3U : 1U));
  }

  void user_characters() {
    const std::size_t bytes_high = take();
    const unsigned first = take();
    const unsigned last = take();
    for (unsigned code = first; code <= last; ++code) skip(bytes_high * take());
  }

  void downloaded_picture() {
    const std::size_t wide = take();
    const std::size_t high = take();
    skip(wide * high * 8);
  }

  void stored_pictures() {
    for (unsigned left = take(); left > 0; --left) {
      const std::size_t wide = take_le16();
      skip(wide * take_le16() * 8);
    }
  }

  void user_memory() {
    const unsigned char kind = take();
    skip(5);
    const std::size_t count = take_le16();
    if (kind == '1') skip(count);
  }

  void skip_long_function() {
    take();
    const std::size_t low = take_le16();
    const std::size_t high = take_le16();
    skip(high << 16 | low);
  }

  void raster() {
    if (take() != '0') fail("GS v other than 0");
    const unsigned char mode = take();
    if (mode != 0 && mode != 48) fail("GS v 0 in a mode other than normal");
    const auto row_bytes = static_cast<int>(take_le16());
    const auto lines = static_cast<int>(take_le16());
    if (row_bytes == 0 || lines == 0) fail("GS v 0 without dots");
    if (!line_.empty()) fail("GS v 0 in the middle of a line");
    const std::string_view dots = take(static_cast<std::size_t>(row_bytes) * static_cast<std::size_t>(lines));
    rasters_.push_back({row_bytes, lines, at_ - start_});
    add_band(band_of(dots, row_bytes, lines));
  }

  Picture band_of(std::string_view dots, int row_bytes, int lines) const {
    Picture band(std::min(row_bytes * 8, paper_dots_), lines);
    for (int y = 0; y < lines; ++y) {
      for (int x = 0; x < band.width; ++x) {
        const auto byte = static_cast<unsigned char>(dots[static_cast<std::size_t>(y * row_bytes + x / 8)]);
        if ((byte & 0x80U >> (static_cast<unsigned>(x) % 8U)) != 0) band.at(x, y) = 0;
      }
    }
    return band;
  }

  void add_band(Picture band) {
    if (band_may_follow_ && paper_.items.back().picture.width == band.width) {
      Picture& picture = paper_.items.back().picture;
      picture.luminance.insert(picture.luminance.end(), band.luminance.begin(), band.luminance.end());
      picture.height += band.height;
      return;
    }
    PaperItem item = item_of(PaperItem::Kind::picture);
    item.picture = std::move(band);
    add(std::move(item));
    band_may_follow_ = true;
  }

  void barcode() {
    const unsigned char system = take();
    if (system < 65) return skip_to_nul();
    const std::string_view data = take(take());
    if (system == 73) add_code128(data);
  }

  void add_code128(std::string_view data) {
    PaperItem item = item_of(PaperItem::Kind::code128);
    item.text = code128_text(data);
    item.dots_per_module = barcode_dots_;
    item.height_dots = barcode_height_;
    add(std::move(item));
  }

  std::string code128_text(std::string_view data) const {
    std::string text;
    char set = 0;
    for (std::size_t at = 0; at < data.size(); ++at) {
      if (data[at] == '{' && at + 1 < data.size()) {
        set = data[++at];
      } else if (set == 'C') {
        text += pair_text(static_cast<unsigned char>(data[at]));
      } else {
        text.push_back(data[at]);
      }
    }
    if (set == 0) fail("GS k 73 without a code set");
    return text;
  }

  std::string pair_text(unsigned pair) const {
    if (pair > 99) fail("GS k 73: a pair above 99 in code set C");
    return {static_cast<char>('0' + pair / 10), static_cast<char>('0' + pair % 10)};
  }

  void sized_function() {
    const unsigned char family = take();
    const std::string_view parameters = take(take_le16());
    if (family == 'k' && parameters.size() >= 3 && parameters[0] == '1') qr_function(parameters);
  }

  void qr_function(std::string_view parameters) {
    switch (parameters[1]) {
      case 'A':
        return expect(parameters.size() == 4 && parameters[2] == '2' && parameters[3] == 0);
      case 'C':
        qr_dots_ = parameters[2];
        return expect(parameters.size() == 3);
      case 'E':
        return set_level(parameters);
      case 'P':
        return store_qr(parameters);
      case 'Q':
        return print_qr(parameters);
      default:
        fail("an unknown QR function");
    }
  }

  void set_level(std::string_view parameters) {
    expect(parameters.size() == 3 && '0' <= parameters[2] && parameters[2] <= '3');
    qr_level_ = "LMQH"[parameters[2] - '0'];
  }

  void store_qr(std::string_view parameters) {
    expect(parameters.size() > 3 && parameters[2] == '0');
    stored_qr_ = std::string(parameters.substr(3));
  }

  void print_qr(std::string_view parameters) {
    expect(parameters.size() == 3 && parameters[2] == '0' && !stored_qr_.empty());
    PaperItem item = item_of(PaperItem::Kind::qr);
    item.text = stored_qr_;
    item.dots_per_module = qr_dots_;
    item.level = qr_level_;
    add(std::move(item));
  }

  PaperItem item_of(PaperItem::Kind kind) const {
    PaperItem item{kind};
    item.alignment = alignment_;
    return item;
  }

  void add(PaperItem item) {
    paper_.items.push_back(std::move(item));
    band_may_follow_ = false;
  }

  unsigned char take() {
    if (at_ >= stream_.size()) fail("a command cut short");
    return static_cast<unsigned char>(stream_[at_++]);
  }

  std::string_view take(std::size_t count) {
    if (stream_.size() - at_ < count) fail("a command cut short");
    at_ += count;
    return stream_.substr(at_ - count, count);
  }

  void skip(std::size_t count) { take(count); }

  void skip_to_nul() {
    while (take() != kNul) {
    }
  }

  std::size_t take_le16() {
    const std::size_t low = take();
    return low | static_cast<std::size_t>(take()) << 8;
  }

  std::size_t fixed_or_fail(std::optional<std::size_t> length) const {
    if (!length) fail("an unknown command");
    return *length;
  }

  void expect(bool good) const {
    if (!good) fail("a QR function with wrong parameters");
  }

  [[noreturn]] void fail(const std::string& what) const {
    std::string words = what + " at byte " + std::to_string(start_) + ":";
    for (const char byte : stream_.substr(start_, 8)) {
      const auto value = static_cast<unsigned char>(byte);
      words += {' ', "0123456789abcdef"[value >> 4], "0123456789abcdef"[value & 15]};
    }
    throw std::runtime_error(words);
  }

  std::string_view stream_;
  int paper_dots_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;  // of the command being read

  Paper paper_;
  std::vector<RasterCommand> rasters_;
  bool band_may_follow_ = false;  // the last item is a picture and nothing moved the paper since

  std::string line_;
  int alignment_ = 0;
  int barcode_height_ = 162;
  int barcode_dots_ = 3;
  std::string stored_qr_;
  int qr_dots_ = 3;
  char qr_level_ = 'L';
};

}  // namespace

std::vector<PaperItem> Paper::of(PaperItem::Kind kind) const {
  std::vector<PaperItem> found;
  std::copy_if(items.begin(), items.end(), std::back_inserter(found),
               [kind](const PaperItem& item) { return item.kind == kind; });
  return found;
}

std::vector<std::string> Paper::lines() const {
  std::vector<std::string> lines;
  for (const PaperItem& item : of(PaperItem::Kind::text)) lines.push_back(item.text);
  return lines;
}

std::vector<Picture> Paper::pictures() const {
  std::vector<Picture> pictures;
  for (const PaperItem& item : of(PaperItem::Kind::picture)) pictures.push_back(item.picture);
  return pictures;
}

Paper print_on_paper(std::string_view stream, int paper_dots) { return Printer(stream, paper_dots).print(); }

std::vector<RasterCommand> raster_commands(std::string_view stream) {
  Printer printer(stream, 576);
  printer.print();
  return printer.rasters();
}

}  // namespace tillside::fakes
