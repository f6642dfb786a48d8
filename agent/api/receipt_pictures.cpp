#include <algorithm>
#include <optional>
#include <string>

#include "agent/api/receipt.h"
#include "agent/api/text_columns.h"
#include "qrcode/bitmap.h"
#include "qrcode/code128.h"
#include "qrcode/png.h"
#include "qrcode/svg.h"

namespace tillside::api {
namespace {

constexpr int kWidth = 384;
constexpr int kTextSize = 20;  // half of it is a column
constexpr int kLargeSize = 36;
constexpr int kPngDots = 8;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// An SVG document that grows downwards.
class Sheet {
 public:
  void words(const std::vector<ReceiptLine>& lines) {
    for (const ReceiptLine& line : lines) {
      const int size = line.large ? kLargeSize : kTextSize;
      for (const std::string& text : wrapped(line.text, 2 * kWidth / size - 2))
        word(text, size, line.large || line.strong);
    }
  }

  void picture(const std::string& svg, int width, int height) {
    body_ += "<g transform=\"translate(" + std::to_string((kWidth - width) / 2) + "," + std::to_string(y_) + ")\">" +
             svg + "</g>";
    y_ += height + 8;
  }

  void gap() { y_ += 24; }

  std::string document() const {
    const std::string height = std::to_string(y_ + 24);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"384\" height=\"" + height + "\" viewBox=\"0 0 384 " +
           height + "\"><path fill=\"#fff\" d=\"M0 0h384v" + height +
           "H0z\"/><g fill=\"#000\" text-anchor=\"middle\" " +
           "font-family=\"'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif\">" + body_ + "</g></svg>\n";
  }

 private:
  void word(const std::string& text, int size, bool bold) {
    y_ += size + size / 3;
    body_ += "<text x=\"192\" y=\"" + std::to_string(y_) + "\" font-size=\"" + std::to_string(size) + "\"" +
             (bold ? " font-weight=\"700\">" : ">") + escaped(text) + "</text>";
  }

  int y_ = 0;
  std::string body_;
};

// As large as stands on 58 mm paper.
void add_symbol(Sheet& sheet, const std::string& url) {
  const auto symbol = qr::encode_text(url);
  if (!symbol) return;
  const int scale = std::max(1, std::min(qr::kDotsPerModule, kWidth / (symbol->size() + 2 * qr::kQuietModules)));
  const int side = qr::printed_dots(*symbol, scale);
  sheet.picture(qr::svg(*symbol, {.module_size = scale, .title = "QR"}), side, side);
}

std::optional<qr::Code128> barcode_of(const ReceiptBlock& block, const ReceiptLook& look) {
  if (!look.barcode || block.digits.empty()) return std::nullopt;
  return qr::encode_code128c(block.digits);
}

void add_barcode(Sheet& sheet, const qr::Code128& barcode) {
  constexpr qr::BarcodeSvgOptions kOptions;
  const int width = (barcode.size() + 2 * kOptions.quiet_modules) * kOptions.module_size;
  sheet.picture(qr::svg(barcode, kOptions), width, kOptions.height_modules * kOptions.module_size);
}

std::vector<qr::Bitmap> codes_of(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look) {
  std::vector<qr::Bitmap> codes;
  for (const ReceiptBlock& block : blocks) {
    if (const auto symbol = qr::encode_text(block.url)) codes.push_back(qr::draw(*symbol, kPngDots));
    if (const auto barcode = barcode_of(block, look)) codes.push_back(qr::draw(*barcode));
  }
  return codes;
}

void copy(const qr::Bitmap& from, qr::Bitmap& to, int left, int top) {
  for (int y = 0; y < from.height(); ++y) {
    for (int x = 0; x < from.width(); ++x) {
      if (from.dark(x, y)) to.darken(left + x, top + y, 1, 1);
    }
  }
}

qr::Bitmap stacked(const std::vector<qr::Bitmap>& pictures) {
  constexpr int kGap = 16;
  int width = 0, height = 0;
  for (const auto& picture : pictures) {
    width = std::max(width, picture.width());
    height += picture.height() + kGap;
  }
  qr::Bitmap sheet(width, height);
  int top = 0;
  for (const auto& picture : pictures) {
    copy(picture, sheet, (width - picture.width()) / 2, top);
    top += picture.height() + kGap;
  }
  return sheet;
}

}  // namespace

std::string receipt_svg(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look) {
  Sheet sheet;
  if (!blocks.empty() && !look.shop.empty()) sheet.words({{.text = look.shop, .strong = true}});
  for (const ReceiptBlock& block : blocks) {
    sheet.words(block.above);
    add_symbol(sheet, block.url);
    if (const auto barcode = barcode_of(block, look)) add_barcode(sheet, *barcode);
    sheet.words(block.below);
    sheet.gap();
  }
  return sheet.document();
}

std::string receipt_png(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look) {
  return qr::png(stacked(codes_of(blocks, look)));
}

}  // namespace tillside::api
