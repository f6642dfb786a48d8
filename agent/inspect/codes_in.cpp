#include "agent/inspect/codes_in.h"

#define ZX_USE_UTF8 1  // Result::text() as std::string
#include <ZXing/ReadBarcode.h>

#include <algorithm>

namespace tillside::pictures {
namespace {

using ZXing::Binarizer;

class Found {
 public:
  void look(const GrayPicture& picture, Binarizer binarizer) {
    const ZXing::ImageView view(picture.pixels.data(), picture.width, picture.height, ZXing::ImageFormat::Lum);
    const auto hints = ZXing::DecodeHints()
                           .setFormats(ZXing::BarcodeFormat::QRCode | ZXing::BarcodeFormat::Code128)
                           .setBinarizer(binarizer);
    for (const ZXing::Result& result : ZXing::ReadBarcodes(view, hints)) take(result, picture.height);
  }
  std::vector<std::string> texts() && {
    std::sort(all_.begin(), all_.end(), [](const Code& a, const Code& b) { return a.top < b.top; });
    std::vector<std::string> texts;
    texts.reserve(all_.size());
    for (Code& code : all_) texts.push_back(std::move(code.text));
    return texts;
  }
  bool enough() const { return qr_ && bar_; }  // a receipt's coupon has one of each

 private:
  struct Code {
    double top;  // 0 to 1
    std::string text;
  };
  void take(const ZXing::Result& result, int height) {
    if (!result.isValid()) return;
    (result.format() == ZXing::BarcodeFormat::QRCode ? qr_ : bar_) = true;
    std::string text = result.text();
    if (std::any_of(all_.begin(), all_.end(), [&](const Code& code) { return code.text == text; })) return;
    all_.push_back({static_cast<double>(result.position().topLeft().y) / height, std::move(text)});
  }
  std::vector<Code> all_;
  bool qr_ = false, bar_ = false;
};

GrayPicture halved(const GrayPicture& picture) {
  GrayPicture half{picture.width / 2, picture.height / 2, {}};
  half.pixels.reserve(static_cast<std::size_t>(half.width) * static_cast<std::size_t>(half.height));
  for (int y = 0; y < half.height; ++y) {
    const std::uint8_t* upper = picture.pixels.data() + std::size_t{2} * static_cast<std::size_t>(y * picture.width);
    const std::uint8_t* lower = upper + picture.width;
    for (int x = 0; x < 2 * half.width; x += 2)
      half.pixels.push_back(static_cast<std::uint8_t>((upper[x] + upper[x + 1] + lower[x] + lower[x + 1]) / 4));
  }
  return half;
}

// The mean of each pixel and its eight neighbours.
GrayPicture softened(const GrayPicture& picture) {
  GrayPicture soft = picture;
  const auto at = [&](int x, int y) {
    const auto row =
        static_cast<std::size_t>(std::clamp(y, 0, picture.height - 1)) * static_cast<std::size_t>(picture.width);
    return int{picture.pixels[row + static_cast<std::size_t>(std::clamp(x, 0, picture.width - 1))]};
  };
  auto out = soft.pixels.begin();
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      int sum = 0;
      for (int down = -1; down <= 1; ++down) sum += at(x - 1, y + down) + at(x, y + down) + at(x + 1, y + down);
      *out++ = static_cast<std::uint8_t>(sum / 9);
    }
  }
  return soft;
}

GrayPicture inverted(GrayPicture picture) {
  for (std::uint8_t& pixel : picture.pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
  return picture;
}

}  // namespace

std::vector<std::string> codes_in(const GrayPicture& picture) {
  Found found;
  for (const auto& treat :
       {+[](const GrayPicture& seen) { return seen; }, +[](const GrayPicture& seen) { return softened(seen); },
        +[](const GrayPicture& seen) { return halved(seen); },
        +[](const GrayPicture& seen) { return inverted(seen); }}) {
    const GrayPicture seen = treat(picture);
    for (const Binarizer binarizer : {Binarizer::LocalAverage, Binarizer::GlobalHistogram}) {
      found.look(seen, binarizer);
      if (found.enough()) return std::move(found).texts();
    }
  }
  return std::move(found).texts();
}

}  // namespace tillside::pictures
