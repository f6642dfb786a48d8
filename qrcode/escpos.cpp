#include "qrcode/escpos.h"

#include <algorithm>

#include "qrcode/code128.h"

namespace tillside::qr {
namespace {

constexpr char kGs = '\x1d';
constexpr std::size_t kRasterHeader = 8;
constexpr int kWidest = 0xFFFF;
constexpr std::size_t kMostQrBytes = 7089;

void append_le16(std::string& out, std::size_t value) {
  out.push_back(static_cast<char>(value & 0xFFU));
  out.push_back(static_cast<char>(value >> 8 & 0xFFU));
}

int lines_in_a_command(std::size_t row_bytes) {
  const std::size_t fitting = (kRasterCommandBytes - kRasterHeader) / row_bytes;
  return static_cast<int>(std::clamp<std::size_t>(fitting, 1, kRasterCommandLines));
}

void append_band(std::string& out, const Bitmap& picture, int first, int lines) {
  out.append({kGs, 'v', '0', '\0'});
  append_le16(out, picture.row_bytes());
  append_le16(out, static_cast<std::size_t>(lines));
  for (int y = first; y < first + lines; ++y) out.append(picture.row(y));
}

std::string bands_of(const Bitmap& picture) {
  const int most = lines_in_a_command(picture.row_bytes());
  std::string out;
  for (int y = 0; y < picture.height(); y += most) append_band(out, picture, y, std::min(most, picture.height() - y));
  return out;
}

// GS ( k pL pH cn fn parameters, where pL pH count cn and all that follows it; cn 49 is QR.
void append_qr_function(std::string& out, char function, std::string_view parameters) {
  out.append({kGs, '(', 'k'});
  append_le16(out, parameters.size() + 2);
  out.append({'1', function}).append(parameters);
}

std::string digit_pairs(std::string_view digits) {
  std::string pairs;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    pairs.push_back(static_cast<char>((digits[at] - '0') * 10 + (digits[at + 1] - '0')));
  }
  return pairs;
}

bool within(int value, int low, int high) { return low <= value && value <= high; }

}  // namespace

std::optional<std::string> escpos_raster(const Bitmap& picture, const RasterOptions& options) {
  if (picture.width() == 0 || picture.height() == 0 || picture.width() > kWidest) return std::nullopt;
  if (options.paper_dots == 0) return bands_of(picture);
  if (picture.width() > options.paper_dots) return std::nullopt;
  const int left = (options.paper_dots - picture.width()) / 2;
  return bands_of(shifted(picture, left));
}

std::optional<std::string> escpos_native_qr(std::string_view text, int dots_per_module) {
  if (text.empty() || text.size() > kMostQrBytes || !within(dots_per_module, 1, 16)) return std::nullopt;
  const char dots = static_cast<char>(dots_per_module);
  std::string out;
  append_qr_function(out, 'A', {"2\0", 2});
  append_qr_function(out, 'C', {&dots, 1});
  append_qr_function(out, 'E', "1");
  append_qr_function(out, 'P', std::string("0").append(text));
  append_qr_function(out, 'Q', "0");
  return out;
}

std::optional<std::string> escpos_native_code128c(std::string_view digits, const NativeBarcodeOptions& options) {
  if (!encode_code128c(digits)) return std::nullopt;
  if (!within(options.dots_per_module, 2, 6) || !within(options.height_dots, 1, 255)) return std::nullopt;
  const std::string data = "{C" + digit_pairs(digits);
  std::string out{kGs, 'h', static_cast<char>(options.height_dots)};
  out.append({kGs, 'w', static_cast<char>(options.dots_per_module)});
  out.append({kGs, 'H', '\0'});
  out.append({kGs, 'k', 'I', static_cast<char>(data.size())}).append(data);
  return out;
}

}  // namespace tillside::qr
