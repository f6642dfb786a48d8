#include <string>

#include "agent/api/gb18030.h"
#include "agent/api/receipt.h"
#include "agent/api/text_columns.h"
#include "agent/api/western_text.h"
#include "qrcode/code128.h"
#include "qrcode/escpos.h"

namespace tillside::api {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kKanjiOn = "\x1C&"sv;
constexpr std::string_view kWestern =
    "\x1C.\x1B"
    "t\x10"sv;
constexpr std::string_view kLeft =
    "\x1B"
    "a\0"sv;
constexpr std::string_view kCentre =
    "\x1B"
    "a\1"sv;
constexpr std::string_view kNormal = "\x1D!\0"sv;
constexpr std::string_view kDouble = "\x1D!\x11"sv;
constexpr std::string_view kStrong =
    "\x1B"
    "E\1"sv;
constexpr std::string_view kPlain =
    "\x1B"
    "E\0"sv;
constexpr int kDotsPerColumn = 12;  // of font A

class Block {
 public:
  Block(int paper_dots, Letters letters, std::string& out)
      : paper_dots_(paper_dots), columns_(paper_dots / kDotsPerColumn), letters_(letters), out_(out) {}

  Status words(const std::vector<ReceiptLine>& lines) {
    out_ += kCentre;
    for (const ReceiptLine& line : lines) {
      if (Status done = line_of(line); !done) return done;
    }
    out_ += kLeft;
    return {};
  }

  void rule() { out_.append(static_cast<std::size_t>(columns_), '-') += "\n"; }

  Status symbol(const std::string& url, bool native) {
    const auto symbol = qr::encode_text(url);
    const auto dots = symbol ? qr::dots_per_module_for(*symbol, paper_dots_) : std::nullopt;
    if (!dots) return Error{ErrorCode::out_of_range, "format", "the symbol is wider than the paper"};
    return native ? own_symbol(url, *dots) : picture(qr::draw(*symbol, *dots));
  }

  Status barcode(const std::string& digits) {
    const auto barcode = qr::encode_code128c(digits);
    if (!barcode) return Error{ErrorCode::internal, {}, "no bar code of these digits"};
    return picture(qr::draw(*barcode));
  }

 private:
  // The printer leaves no quiet zone of its own: empty lines above and below.
  Status own_symbol(const std::string& url, int dots) {
    const auto commands = qr::escpos_native_qr(url, dots);
    if (!commands) return Error{ErrorCode::out_of_range, "qr", "no symbol of the printer's own for this address"};
    out_.append(kCentre).append("\n").append(*commands).append("\n").append(kLeft);
    return {};
  }

  Result<std::string> letters_of(const std::string& text) const {
    if (letters_ == Letters::chinese) return to_gb18030(text);
    return to_windows1252(text).value_or(std::string());
  }

  Status line_of(const ReceiptLine& line) {
    if (letters_ == Letters::western && !to_windows1252(line.text)) return {};
    if (line.large) out_ += kDouble;
    if (line.strong) out_ += kStrong;
    for (const std::string& text : wrapped(line.text, line.large ? columns_ / 2 : columns_)) {
      const auto bytes = letters_of(text);
      if (!bytes) return bytes.error();
      out_ += *bytes + "\n";
    }
    if (line.strong) out_ += kPlain;
    if (line.large) out_ += kNormal;
    return {};
  }

  Status picture(const qr::Bitmap& picture) {
    const auto raster = qr::escpos_raster(picture, {.paper_dots = paper_dots_});
    if (!raster) return Error{ErrorCode::out_of_range, "format", "the code is wider than the paper"};
    out_ += *raster;
    return {};
  }

  const int paper_dots_;
  const int columns_;
  const Letters letters_;
  std::string& out_;
};

Status print(const ReceiptBlock& content, const ReceiptLook& look, Block& block) {
  if (Status done = block.words(content.above); !done) return done;
  if (Status done = block.symbol(content.url, look.native_qr); !done) return done;
  if (look.barcode && !content.digits.empty()) {
    if (Status done = block.barcode(content.digits); !done) return done;
  }
  return block.words(content.below);
}

}  // namespace

Result<std::string> receipt_escpos(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look, int paper_dots) {
  std::string out;
  if (blocks.empty()) return out;
  Block page(paper_dots, look.letters, out);
  out.append(look.letters == Letters::western ? kWestern : kKanjiOn).append("\n");
  page.rule();
  const bool has_head = !look.shop.empty() && (look.letters == Letters::chinese || to_windows1252(look.shop));
  if (has_head) {
    if (Status done = page.words({{.text = look.shop, .strong = true}}); !done) return done.error();
    page.rule();
  }
  for (const ReceiptBlock& block : blocks) {
    if (&block != &blocks.front()) page.rule();
    if (Status done = print(block, look, page); !done) return done.error();
  }
  page.rule();
  return out;
}

}  // namespace tillside::api
