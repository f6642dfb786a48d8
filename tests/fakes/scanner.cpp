#include "tests/fakes/scanner.h"

#define ZX_USE_UTF8 1  // Result::text() as std::string
#include <ZXing/ReadBarcode.h>

namespace tillside::fakes {
namespace {

std::optional<std::string> scan(const Picture& picture, ZXing::BarcodeFormat format) {
  const ZXing::ImageView view(picture.luminance.data(), picture.width, picture.height, ZXing::ImageFormat::Lum);
  const ZXing::Result result = ZXing::ReadBarcode(view, ZXing::DecodeHints().setFormats(format));
  return result.isValid() ? std::optional(result.text()) : std::nullopt;
}

}  // namespace

std::optional<std::string> scan_qr(const Picture& picture) { return scan(picture, ZXing::BarcodeFormat::QRCode); }

std::optional<std::string> scan_code128(const Picture& picture) { return scan(picture, ZXing::BarcodeFormat::Code128); }

}  // namespace tillside::fakes
