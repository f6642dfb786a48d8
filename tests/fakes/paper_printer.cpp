#include "tests/fakes/paper_printer.h"

#define ZX_USE_UTF8 1  // Result::text() as std::string
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

namespace tillside::fakes {
namespace {

using escpos::Kind;

constexpr int kLetterHeight = 24;

int byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}
int number_at(std::string_view bytes, std::size_t at) { return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8; }

void copy(const Picture& from, Picture& to, int left, int top) {
  for (int y = 0; y < from.height && top + y < to.height; ++y)
    for (int x = 0; x < from.width && left + x < to.width; ++x)
      if (from.dark(x, y)) to.at(left + x, top + y) = 0;
}

Picture scaled(const Picture& from, int wide, int high) {
  Picture out(from.width * wide, from.height * high);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) out.at(x, y) = from.dark(x / wide, y / high) ? 0 : 255;
  return out;
}

// Rows of whole bytes, the leftmost dot in the highest bit.
Picture of_rows(std::string_view dots, int row_bytes, int height) {
  Picture out(row_bytes * 8, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < out.width; ++x)
      if ((byte_at(dots, static_cast<std::size_t>(y * row_bytes + x / 8)) >> (7 - x % 8) & 1) != 0) out.at(x, y) = 0;
  return out;
}

// Columns of whole bytes, the topmost dot in the highest bit.
Picture of_columns(std::string_view dots, int width, int column_bytes) {
  Picture out(width, column_bytes * 8);
  for (int x = 0; x < width; ++x)
    for (int y = 0; y < out.height; ++y)
      if ((byte_at(dots, static_cast<std::size_t>(x * column_bytes + y / 8)) >> (7 - y % 8) & 1) != 0) out.at(x, y) = 0;
  return out;
}

Picture of_matrix(const ZXing::BitMatrix& matrix) {
  Picture out(matrix.width(), matrix.height());
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) out.at(x, y) = matrix.get(x, y) ? 0 : 255;
  return out;
}

std::string_view behind(std::string_view bytes, std::size_t count) {
  return bytes.substr(std::min(count, bytes.size()));
}

// What stands behind {A, {B or {C; pairs of digits in C.
std::string code128_text(std::string_view data) {
  std::string text;
  bool pairs = false;
  for (std::size_t at = 0; at < data.size(); ++at) {
    if (data[at] == '{' && at + 1 < data.size()) {
      ++at;
      if (data[at] == '{') text += '{';
      if (data[at] == 'A' || data[at] == 'B') pairs = false;
      if (data[at] == 'C') pairs = true;
    } else if (pairs) {
      const int pair = byte_at(data, at);
      text += {static_cast<char>('0' + pair / 10), static_cast<char>('0' + pair % 10)};
    } else {
      text += data[at];
    }
  }
  return text;
}

std::optional<ZXing::BarcodeFormat> format_of(int m) {
  using ZXing::BarcodeFormat;
  static constexpr std::array kFormats = {BarcodeFormat::UPCA,    BarcodeFormat::UPCE,   BarcodeFormat::EAN13,
                                          BarcodeFormat::EAN8,    BarcodeFormat::Code39, BarcodeFormat::ITF,
                                          BarcodeFormat::Codabar, BarcodeFormat::Code93, BarcodeFormat::Code128};
  const int index = m >= 65 ? m - 65 : m;
  if (index < 0 || index >= static_cast<int>(kFormats.size()) || (m < 65 && m > 6)) return {};
  return kFormats[static_cast<std::size_t>(index)];
}

}  // namespace

void PaperPrinter::reset() {
  line_.clear();
  line_width_ = 0;
  half_ = false;
  kanji_ = true;
  alignment_ = margin_ = 0;
  area_ = paper_dots_;
  spacing_ = 30;
  wide_ = high_ = 1;
  letter_dots_ = 12;
  barcode_height_ = 162;
  barcode_dots_ = symbol_dots_ = 3;
  symbol_level_ = 'L';
}

void PaperPrinter::text(std::uint64_t, std::string_view bytes, bool to_display) {
  if (to_display) return;
  for (const char each : bytes) {
    const bool is_high = static_cast<unsigned char>(each) >= 0x80;
    if (half_ || !(kanji_ && is_high)) {
      letter(half_ ? 24 : letter_dots_, !half_ && each == ' ');
      half_ = false;
    } else {
      half_ = true;
    }
  }
}

void PaperPrinter::letter(int dots_wide, bool blank) {
  Picture box(dots_wide * wide_, kLetterHeight * high_);
  if (!blank) {
    for (int x = 1; x < box.width - 1; ++x) box.at(x, 3) = box.at(x, box.height - 4) = 0;
    for (int y = 3; y < box.height - 3; ++y) box.at(1, y) = box.at(box.width - 2, y) = 0;
  }
  if (line_width_ + box.width > area_) end_line();
  add(std::move(box));
}

void PaperPrinter::add(Picture piece) {
  line_width_ += piece.width;
  line_.push_back(std::move(piece));
}

int PaperPrinter::left_for(int width) const {
  const int room = std::max(0, area_ - width);
  return margin_ + (alignment_ == 1 ? room / 2 : alignment_ == 2 ? room : 0);
}

void PaperPrinter::feed_rows(int rows) {
  Picture longer(paper_dots_, paper_.height + rows);
  std::copy(paper_.luminance.begin(), paper_.luminance.end(), longer.luminance.begin());
  paper_ = std::move(longer);
}

void PaperPrinter::print(const Picture& picture, int left) {
  const int top = paper_.height;
  feed_rows(picture.height);
  copy(picture, paper_, left, top);
}

void PaperPrinter::print_alone(const Picture& picture) {
  if (!line_.empty()) end_line();
  print(picture, left_for(picture.width));
}

void PaperPrinter::end_line() {
  int height = spacing_;
  for (const Picture& piece : line_) height = std::max(height, piece.height);
  Picture whole(std::max(1, line_width_), height);
  int x = 0;
  for (const Picture& piece : line_) {
    copy(piece, whole, x, height - piece.height);
    x += piece.width;
  }
  print(whole, left_for(line_width_));
  line_.clear();
  line_width_ = 0;
  half_ = false;
}

void PaperPrinter::cut() {
  if (!line_.empty()) end_line();
  if (paper_.height > 0) cut_off_.push_back(std::exchange(paper_, {}));
}

std::vector<Picture> PaperPrinter::papers() {
  cut();
  return std::exchange(cut_off_, {});
}

void PaperPrinter::command(const escpos::Command& command) {
  begun_.clear();
  kind_ = command.to_display ? Kind::display : command.kind;
  if (command.to_display) return;
  begun_ = command.head;
  if (command.whole) run(begun_);
}

void PaperPrinter::data(std::uint64_t, std::string_view bytes, bool last) {
  if (kind_ == Kind::display) return;
  begun_ += bytes;
  if (last) run(begun_);
}

void PaperPrinter::run(std::string_view command) {
  const int n = byte_at(command, 2);
  switch (kind_) {
    case Kind::reset:
      return reset();
    case Kind::line_feed:
      return end_line();
    case Kind::feed_lines:
      end_line();
      return feed_rows(std::max(0, n - 1) * spacing_);
    case Kind::feed_dots:
      if (!line_.empty()) end_line();
      return feed_rows(n);
    case Kind::default_spacing:
      spacing_ = 30;
      return;
    case Kind::line_spacing:
      spacing_ = n;
      return;
    case Kind::align:
      alignment_ = n % 48;
      return;
    case Kind::left_margin:
      margin_ = number_at(command, 2);
      return;
    case Kind::area_width:
      area_ = std::min(number_at(command, 2), paper_dots_);
      return;
    case Kind::size:
      wide_ = (n >> 4 & 7) + 1;
      high_ = (n & 7) + 1;
      return;
    case Kind::print_mode:
      wide_ = (n & 0x20) != 0 ? 2 : 1;
      high_ = (n & 0x10) != 0 ? 2 : 1;
      letter_dots_ = (n & 1) != 0 ? 9 : 12;
      return;
    case Kind::font:
      letter_dots_ = n % 48 == 1 ? 9 : 12;
      return;
    case Kind::kanji_on:
      kanji_ = true;
      return;
    case Kind::kanji_off:
      kanji_ = false;
      return;
    case Kind::tab:
      return letter(8 * letter_dots_ - line_width_ % (8 * letter_dots_), true);
    case Kind::bit_image:
      return column_image(command);
    case Kind::raster:
      return raster(command);
    case Kind::graphics:
      return graphics(behind(command, byte_at(command, 1) == '8' ? 7 : 5));
    case Kind::symbol:
      return symbol(behind(command, 5));
    case Kind::barcode:
      return barcode(command);
    case Kind::barcode_setting:
      if (byte_at(command, 1) == 'h') barcode_height_ = n;
      if (byte_at(command, 1) == 'w') barcode_dots_ = n;
      return;
    case Kind::nv_image:
      return define_nv(command);
    case Kind::print_nv:
      if (n >= 1 && n <= static_cast<int>(nv_.size())) print_alone(nv_[static_cast<std::size_t>(n - 1)]);
      return;
    case Kind::download_image:
      downloaded_ = of_columns(behind(command, 4), n * 8, byte_at(command, 3));
      return;
    case Kind::print_download:
      return print_alone(downloaded_);
    case Kind::cut:
      return cut();
    case Kind::pulse:
    case Kind::pulse_now:
      ++pulses_;
      return;
    default:
      return;
  }
}

// ESC * m nL nH d...: 8 or 24 dots high, at single or double density.
void PaperPrinter::column_image(std::string_view command) {
  const int mode = byte_at(command, 2);
  const int bytes = mode >= 32 ? 3 : 1;
  const Picture picture = of_columns(behind(command, 5), number_at(command, 3), bytes);
  add(scaled(picture, mode % 2 == 0 ? 2 : 1, bytes == 1 ? 3 : 1));
}

// GS v 0 m xL xH yL yH d...
void PaperPrinter::raster(std::string_view command) {
  const int mode = byte_at(command, 3);
  const Picture picture = of_rows(behind(command, 8), number_at(command, 4), number_at(command, 6));
  print_alone(scaled(picture, (mode & 1) + 1, (mode >> 1 & 1) + 1));
}

// m fn ...: function 112 stores rows, 113 columns, 50 prints.
void PaperPrinter::graphics(std::string_view parameters) {
  const int function = byte_at(parameters, 1);
  const int wide = number_at(parameters, 6), high = number_at(parameters, 8);
  const int by_x = std::max(1, byte_at(parameters, 3)), by_y = std::max(1, byte_at(parameters, 4));
  const std::string_view dots = behind(parameters, 10);
  if (function == 112) stored_ = scaled(of_rows(dots, (wide + 7) / 8, high), by_x, by_y);
  if (function == 113) stored_ = scaled(of_columns(dots, wide, (high + 7) / 8), by_x, by_y);
  if (function == 50 || function == 2) print_alone(stored_);
}

// cn fn ...: of cn 49, QR, what Epson's functions 165 to 181 say.
void PaperPrinter::symbol(std::string_view parameters) {
  if (byte_at(parameters, 0) != 49) return;
  const int value = byte_at(parameters, 2);
  switch (byte_at(parameters, 1)) {
    case 67:
      symbol_dots_ = std::max(1, value);
      return;
    case 69:
      symbol_level_ = "LMQH"[value % 4];
      return;
    case 80:
      symbol_ = behind(parameters, 3);
      return;
    case 81:
      break;
    default:
      return;
  }
  if (symbol_.empty()) return;
  const int level = symbol_level_ == 'L' ? 2 : symbol_level_ == 'M' ? 4 : symbol_level_ == 'Q' ? 6 : 8;
  const auto matrix = ZXing::MultiFormatWriter(ZXing::BarcodeFormat::QRCode)
                          .setMargin(0)
                          .setEccLevel(level)
                          .setEncoding(ZXing::CharacterSet::UTF8)
                          .encode(symbol_, 0, 0);
  print_alone(scaled(of_matrix(matrix), symbol_dots_, symbol_dots_));
}

// GS k m d... NUL, or from m 65 on GS k m n d...
void PaperPrinter::barcode(std::string_view command) {
  const int m = byte_at(command, 2);
  std::string data(behind(command, m >= 65 ? 4 : 3));
  if (m < 65 && data.ends_with('\0')) data.pop_back();
  const auto format = format_of(m);
  if (m == 73) data = code128_text(data);
  try {
    if (!format) throw std::invalid_argument("no such bar code");
    const auto matrix = ZXing::MultiFormatWriter(*format).setMargin(0).encode(data, 0, 1);
    print_alone(scaled(of_matrix(matrix), barcode_dots_, barcode_height_));
  } catch (const std::exception&) {
    feed_rows(barcode_height_);  // a bar code that cannot be: real printers print nothing either
  }
}

// FS q n, then n times xL xH yL yH d..., in columns of y bytes.
void PaperPrinter::define_nv(std::string_view command) {
  nv_.clear();
  std::size_t at = 3;
  for (int left = byte_at(command, 2); left > 0; --left) {
    const int wide = number_at(command, at) * 8, column = number_at(command, at + 2);
    nv_.push_back(of_columns(behind(command, at + 4), wide, column));
    at += 4 + static_cast<std::size_t>(wide) * static_cast<std::size_t>(column);
  }
}

std::vector<Picture> printed_papers(std::string_view stream, int paper_dots) {
  PaperPrinter printer(paper_dots);
  printer.feed(stream);
  return printer.papers();
}

// Bar codes are looked for at full size only: zxing-cpp 1.4 ends the program when it meets one again on a smaller
// picture.
std::vector<std::string> codes_on(const Picture& picture) {
  const ZXing::ImageView view(picture.luminance.data(), picture.width, picture.height, ZXing::ImageFormat::Lum);
  const auto symbols = ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true);
  const auto bars =
      ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::Code128).setTryHarder(true).setTryDownscale(false);
  auto results = ZXing::ReadBarcodes(view, symbols);
  for (ZXing::Result& result : ZXing::ReadBarcodes(view, bars)) results.push_back(std::move(result));
  std::sort(results.begin(), results.end(), [](const ZXing::Result& one, const ZXing::Result& other) {
    return one.position().topLeft().y < other.position().topLeft().y;
  });
  std::vector<std::string> codes;
  for (const ZXing::Result& result : results)
    if (result.isValid()) codes.push_back(result.text());
  return codes;
}

}  // namespace tillside::fakes
