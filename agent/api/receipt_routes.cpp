#include <string>

#include "agent/api/handlers.h"
#include "agent/api/receipt.h"
#include "qrcode/print_size.h"

namespace tillside::api {
namespace {

http::Response bytes_response(std::string type, std::string body) {
  http::Response response;
  response.content_type = std::move(type);
  response.body = std::move(body);
  return response;
}

Result<http::Response> on_paper(const std::vector<ReceiptBlock>& blocks, const ReceiptLook& look, int paper_dots) {
  auto bytes = receipt_escpos(blocks, look, paper_dots);
  if (!bytes) return bytes.error();
  return bytes_response("application/vnd.escpos", *std::move(bytes));
}

Result<http::Response> shown_as(const std::string& format, const std::vector<ReceiptBlock>& blocks,
                                const ReceiptLook& look) {
  if (format == "escpos58") return on_paper(blocks, look, qr::kPaper58Dots);
  if (format == "escpos80") return on_paper(blocks, look, qr::kPaper80Dots);
  if (format == "text") return bytes_response("text/plain; charset=utf-8", receipt_text(blocks, look));
  if (format == "svg") return bytes_response("image/svg+xml", receipt_svg(blocks, look));
  if (format == "png") return bytes_response("image/png", receipt_png(blocks, look));
  return Error{ErrorCode::unknown_value, "format", "escpos58, escpos80, text, svg or png"};
}

bool is_asked(const Call& call, std::string_view name, bool otherwise = false) {
  return call.request().query_value_or(name, otherwise ? "1" : "0") == "1";
}

// What the settings say, unless the call says otherwise.
ReceiptLook look_of(const Context& context, const Call& call) {
  const ReceiptSettings& settings = context.options.receipt;
  ReceiptLook look;
  look.barcode = is_asked(call, "barcode", settings.barcode);
  look.native_qr = call.request().query_value_or("qr", settings.native_qr ? "native" : "raster") == "native";
  const char* letters = settings.western ? "western" : "chinese";
  const bool western = call.request().query_value_or("letters", letters) == "western";
  look.letters = western ? Letters::western : Letters::chinese;
  look.shop = settings.shop.empty() ? context.shop()->store_name : settings.shop;
  return look;
}

// only=<coupon id>: that coupon alone.
void keep_only(std::vector<ReceiptBlock>& blocks, const Call& call) {
  const auto only = call.request().query_value("only");
  if (only) std::erase_if(blocks, [&](const ReceiptBlock& block) { return block.coupon_id != *only; });
}

// The coupons, and with join=1 the join code for whoever is not in this store's group.
std::vector<ReceiptBlock> blocks_of(Context& context, const Call& call, Letters letters, KeptAnswer kept) {
  std::vector<ReceiptBlock> blocks = std::move(kept.coupons);
  if (!is_asked(call, "join") || kept.member_here || kept.showing_id.empty()) return blocks;
  if (auto url = context.desk().join_url(kept.showing_id)) blocks.push_back(join_block(*std::move(url), letters));
  return blocks;
}

http::Response nothing_to_print() {
  http::Response response;
  response.status = 204;
  return response;
}

}  // namespace

void send_invitation(Context& context, Call& call, std::string url) {
  std::vector<ReceiptBlock> blocks;
  const ReceiptLook look = look_of(context, call);
  blocks.push_back(join_block(std::move(url), look.letters));
  auto shown = shown_as(call.request().query_value_or("format", "svg"), blocks, look);
  shown ? call.send(std::move(shown).value()) : call.fail(shown.error());
}

void receipt(Context& context, Call call) {
  const auto answer = context.desk().answer_of(call.part());
  if (!answer) return call.fail(answer.error());
  const ReceiptLook look = look_of(context, call);
  auto kept = read_answer(*answer, context.shop()->currency, look.letters);
  if (!kept) return call.fail({ErrorCode::not_found, "identity", "an event has no receipt"});
  auto blocks = blocks_of(context, call, look.letters, *std::move(kept));
  keep_only(blocks, call);
  auto shown = shown_as(call.request().query_value_or("format", "text"), blocks, look);
  if (!shown) return call.fail(shown.error());
  call.send(blocks.empty() ? nothing_to_print() : std::move(shown).value());
}

}  // namespace tillside::api
