#include "qrcode/code128.h"

#include <algorithm>
#include <array>

namespace tillside::qr {
namespace {

// Widths of bar, space, bar, space, bar, space of the characters 0 to 105 of ISO/IEC 15417, table 1; the last is start
// C.
constexpr std::array<std::string_view, 106> kWidths{
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232"};
constexpr std::string_view kStopWidths = "2331112";
constexpr std::size_t kStartC = 105;
constexpr std::size_t kCheckModulus = 103;

bool acceptable(std::string_view digits) {
  return !digits.empty() && digits.size() % 2 == 0 && digits.size() <= kCode128MaxDigits &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

std::vector<std::size_t> characters_of(std::string_view digits) {
  std::vector<std::size_t> characters{kStartC};
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    characters.push_back(static_cast<std::size_t>((digits[at] - '0') * 10 + (digits[at + 1] - '0')));
  }
  return characters;
}

// The start counts once, as does the first character after it; each later one by its place.
std::size_t check_character(const std::vector<std::size_t>& characters) {
  std::size_t sum = characters.front();
  for (std::size_t place = 1; place < characters.size(); ++place) sum += place * characters[place];
  return sum % kCheckModulus;
}

void append_widths(std::vector<bool>& modules, std::string_view widths) {
  bool bar = true;
  for (const char width : widths) {
    modules.insert(modules.end(), static_cast<std::size_t>(width - '0'), bar);
    bar = !bar;
  }
}

}  // namespace

bool Code128::dark(int x) const { return x >= 0 && x < size() && modules_[static_cast<std::size_t>(x)]; }

std::optional<Code128> encode_code128c(std::string_view digits) {
  if (!acceptable(digits)) return std::nullopt;
  std::vector<std::size_t> characters = characters_of(digits);
  characters.push_back(check_character(characters));
  std::vector<bool> modules;
  for (const std::size_t character : characters) append_widths(modules, kWidths[character]);
  append_widths(modules, kStopWidths);
  return Code128(std::move(modules));
}

Bitmap draw(const Code128& barcode, const BarcodeSize& size) {
  const int dots = std::clamp(size.dots_per_module, 1, kMaxDotsPerModule);
  const int quiet = std::clamp(size.quiet_modules, 0, kMaxQuietModules);
  const int height = std::clamp(size.height_dots, 1, kCode128MaxHeightDots);
  Bitmap picture((barcode.size() + 2 * quiet) * dots, height);
  for (int x = 0; x < barcode.size(); ++x) {
    if (barcode.dark(x)) picture.darken((x + quiet) * dots, 0, dots, height);
  }
  return picture;
}

}  // namespace tillside::qr
