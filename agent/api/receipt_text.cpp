#include "agent/api/receipt.h"
#include "qrcode/text_blocks.h"

namespace tillside::api {
namespace {

void append_lines(std::string& out, const std::vector<ReceiptLine>& lines) {
  for (const ReceiptLine& line : lines) out += line.text + "\n";
}

}  // namespace

std::string receipt_text(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look) {
  std::string out;
  if (!blocks.empty() && !look.shop.empty()) out += look.shop + "\n";
  for (const ReceiptBlock& block : blocks) {
    if (!out.empty()) out += "\n";
    append_lines(out, block.above);
    if (const auto symbol = qr::encode_text(block.url)) out += qr::text_blocks(*symbol);
    append_lines(out, block.below);
  }
  return out;
}

}  // namespace tillside::api
