// What is printed below a receipt: the coupons of a checkout's kept answer, and the join code where it is asked for.
//
// The answer is kept without pictures; every format is drawn anew from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/money.h"
#include "agent/domain/result.h"
#include "qrcode/symbol.h"

namespace tillside::api {

// Of the printer, and with it the words: Chinese with English beside them, or English alone.
enum class Letters : std::uint8_t { chinese, western };

struct ReceiptLine {
  std::string text;  // UTF-8, unwrapped
  bool large = false;
  bool strong = false;
};

// One code and the words around it.
struct ReceiptBlock {
  std::string coupon_id;  // empty: no coupon
  std::vector<ReceiptLine> above;
  std::string url;                 // what the QR symbol says
  std::vector<ReceiptLine> below;  // the typed code first, where there is one
  std::string digits;              // of the Code 128; empty: none
};

struct KeptAnswer {
  std::vector<ReceiptBlock> coupons;
  std::string showing_id;    // empty: none
  bool member_here = false;  // nothing to invite her to
};

// Of what complete issued, and what an exchange or a reversal restored. bad_json: the answer of neither. `currency`: of
// the shop, for the words of a coupon's value.
//
// A coupon reads from top to bottom: headline, its value in large letters, terms; the QR symbol; the typed code in
// fours, the dates, how to use it.
Result<KeptAnswer> read_answer(std::string_view answer, const Currency& currency, Letters letters);

ReceiptBlock join_block(std::string url, Letters letters);

struct ReceiptLook {
  bool barcode = false;    // the typed code also as Code 128, for shops whose scanners are lasers
  bool native_qr = false;  // ESC/POS: the printer's own QR commands, for printers known to have them
  std::string shop = {};   // the line at the head of it all, between rules; empty: none
  Letters letters = Letters::chinese;
};

// ESC/POS for paper of that many dots (qr::kPaper58Dots, qr::kPaper80Dots): GB18030 text in Kanji mode, the codes as
// raster, or native QR where asked for. Begins left aligned at normal size and leaves the printer so, with Kanji mode
// on, as printers sold in China are after ESC @. Does not reset, feed to the cutter or cut. Empty without blocks. In
// western letters Kanji mode is off instead, code page 16 (Windows-1252) is chosen, and a line that it has no letters
// for is left out.
Result<std::string> receipt_escpos(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look, int paper_dots);

// UTF-8 with the symbol in half blocks.
std::string receipt_text(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look);

// One picture of words and codes, 384 units wide.
std::string receipt_svg(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look);

// The codes alone, one below the other: a picture of words needs a font, which a till may lack.
std::string receipt_png(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look);

}  // namespace tillside::api
