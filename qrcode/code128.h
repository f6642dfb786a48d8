// Code 128, code set C (ISO/IEC 15417): pairs of digits as bars, for scanners that read one dimension only.
//
// start C, one character for each two digits, a check character modulo 103, stop: 11 modules each, 13 for the stop.
// The 24 digits of a coupon's typed form are 167 modules: 334 dots at 2 dots a module, 374 with the quiet zones, which
// fits 58 mm paper.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "qrcode/bitmap.h"

namespace tillside::qr {

inline constexpr int kCode128QuietModules = 10;  // light modules left and right
inline constexpr int kCode128DotsPerModule = 2;  // 0.25 mm
inline constexpr int kCode128HeightDots = 80;    // 10 mm
inline constexpr int kCode128MaxHeightDots = 1000;
inline constexpr std::size_t kCode128MaxDigits = 80;

class Code128 {
 public:
  explicit Code128(std::vector<bool> modules) : modules_(std::move(modules)) {}

  int size() const { return static_cast<int>(modules_.size()); }  // modules from first to last bar, without quiet zones
  bool dark(int x) const;                                         // light outside

  bool operator==(const Code128&) const = default;

 private:
  std::vector<bool> modules_;
};

// Nothing unless `digits` is an even number of decimal digits, 2 to kCode128MaxDigits of them.
std::optional<Code128> encode_code128c(std::string_view digits);

struct BarcodeSize {
  int dots_per_module = kCode128DotsPerModule;  // 1 to kMaxDotsPerModule
  int height_dots = kCode128HeightDots;         // 1 to kCode128MaxHeightDots
  int quiet_modules = kCode128QuietModules;     // 0 to kMaxQuietModules
};

// The bars with quiet zones left and right (none above or below). Values out of range are taken as the nearer bound.
Bitmap draw(const Code128& barcode, const BarcodeSize& size = {});

}  // namespace tillside::qr
