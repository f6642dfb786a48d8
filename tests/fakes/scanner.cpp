#include "tests/fakes/scanner.h"

#define ZX_USE_UTF8 1  // Result::text() as std::string
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <array>
#include <functional>

namespace tillside::fakes {
namespace {

using ZXing::Binarizer;

std::optional<std::string> scan(const Picture& picture, ZXing::BarcodeFormat format,
                                Binarizer binarizer = Binarizer::LocalAverage) {
  const ZXing::ImageView view(picture.luminance.data(), picture.width, picture.height, ZXing::ImageFormat::Lum);
  const auto hints = ZXing::DecodeHints().setFormats(format).setBinarizer(binarizer);
  const ZXing::Result result = ZXing::ReadBarcode(view, hints);
  return result.isValid() ? std::optional(result.text()) : std::nullopt;
}

// The mean of the square of `side` pixels around each.
Picture softened(const Picture& picture, int side) {
  Picture from = picture, out = picture;
  const int reach = side / 2;
  const auto pass = [&](int right, int down) {
    for (int y = 0; y < from.height; ++y) {
      for (int x = 0; x < from.width; ++x) {
        int sum = 0;
        for (int at = -reach; at <= reach; ++at)
          sum += from.at(std::clamp(x + right * at, 0, from.width - 1), std::clamp(y + down * at, 0, from.height - 1));
        out.at(x, y) = static_cast<std::uint8_t>(sum / side);
      }
    }
  };
  pass(1, 0);
  from = out;
  pass(0, 1);
  return out;
}

Picture halved(Picture picture) {
  Picture out(picture.width / 2, picture.height / 2);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int sum = picture.at(2 * x, 2 * y) + picture.at(2 * x + 1, 2 * y) + picture.at(2 * x, 2 * y + 1) +
                      picture.at(2 * x + 1, 2 * y + 1);
      out.at(x, y) = static_cast<std::uint8_t>(sum / 4);
    }
  }
  return out;
}

// The darkest and the lightest twentieth become black and white.
Picture stretched(const Picture& picture) {
  std::vector<std::uint8_t> sorted = picture.luminance;
  std::sort(sorted.begin(), sorted.end());
  const int low = sorted[sorted.size() / 20],
            high = std::max<int>(low + 1, sorted[sorted.size() - 1 - sorted.size() / 20]);
  Picture out = picture;
  for (std::uint8_t& dot : out.luminance)
    dot = static_cast<std::uint8_t>(std::clamp((dot - low) * 255 / (high - low), 0, 255));
  return out;
}

Picture inverted(Picture picture) {
  for (std::uint8_t& dot : picture.luminance) dot = static_cast<std::uint8_t>(255 - dot);
  return picture;
}

struct Look {
  std::function<Picture(const Picture&)> treat;
  Binarizer binarizer;
};

const std::array<Look, kPatientLooks>& looks() {
  static const auto as_is = [](const Picture& picture) { return picture; };
  static const auto soft = [](int side) { return [side](const Picture& picture) { return softened(picture, side); }; };
  static const std::array<Look, kPatientLooks> all{{
      {as_is, Binarizer::LocalAverage},
      {as_is, Binarizer::GlobalHistogram},
      {soft(3), Binarizer::LocalAverage},
      {soft(3), Binarizer::GlobalHistogram},
      {halved, Binarizer::LocalAverage},
      {stretched, Binarizer::FixedThreshold},
      {[](const Picture& picture) { return stretched(softened(picture, 3)); }, Binarizer::FixedThreshold},
      {soft(5), Binarizer::LocalAverage},
      {soft(5), Binarizer::GlobalHistogram},
      {[](const Picture& picture) { return stretched(softened(picture, 5)); }, Binarizer::FixedThreshold},
      {[](const Picture& picture) { return halved(softened(picture, 3)); }, Binarizer::GlobalHistogram},
      {inverted, Binarizer::LocalAverage},
  }};
  return all;
}

PatientScan scan_patiently(const Picture& picture, ZXing::BarcodeFormat format) {
  PatientScan result;
  for (const Look& look : looks()) {
    ++result.looks;
    result.text = scan(look.treat(picture), format, look.binarizer);
    if (result.text) break;
  }
  return result;
}

}  // namespace

std::optional<std::string> scan_qr(const Picture& picture) { return scan(picture, ZXing::BarcodeFormat::QRCode); }

std::optional<std::string> scan_code128(const Picture& picture) { return scan(picture, ZXing::BarcodeFormat::Code128); }

PatientScan scan_qr_patiently(const Picture& picture) { return scan_patiently(picture, ZXing::BarcodeFormat::QRCode); }

PatientScan scan_code128_patiently(const Picture& picture) {
  return scan_patiently(picture, ZXing::BarcodeFormat::Code128);
}

}  // namespace tillside::fakes
