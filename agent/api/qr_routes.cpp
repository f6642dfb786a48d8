#include <string>

#include "agent/api/handlers.h"
#include "qrcode/escpos.h"
#include "qrcode/png.h"
#include "qrcode/svg.h"
#include "qrcode/text_blocks.h"

namespace tillside::api {
namespace {

constexpr int kPngDots = 8;

http::Response bytes_response(std::string type, std::string body) {
  http::Response response;
  response.content_type = std::move(type);
  response.body = std::move(body);
  return response;
}

// As large as the paper allows, centred. Raster: printers draw it alike.
Result<http::Response> on_paper(const qr::Symbol& symbol, int paper_dots) {
  const auto dots = qr::dots_per_module_for(symbol, paper_dots);
  auto raster = dots ? qr::escpos_raster(qr::draw(symbol, *dots), {.paper_dots = paper_dots}) : std::nullopt;
  if (!raster) return Error{ErrorCode::out_of_range, "format", "the symbol is wider than the paper"};
  return bytes_response("application/vnd.escpos", *std::move(raster));
}

Result<http::Response> shown_as(const std::string& format, const qr::Symbol& symbol, std::string_view title) {
  if (format == "svg") return bytes_response("image/svg+xml", qr::svg(symbol, {.module_size = 8, .title = title}));
  if (format == "png") return bytes_response("image/png", qr::png(qr::draw(symbol, kPngDots)));
  if (format == "text") return bytes_response("text/plain; charset=utf-8", qr::text_blocks(symbol));
  if (format == "escpos" || format == "escpos58") return on_paper(symbol, qr::kPaper58Dots);
  if (format == "escpos80") return on_paper(symbol, qr::kPaper80Dots);
  return Error{ErrorCode::unknown_value, "format", "svg, png, text, escpos58 or escpos80"};
}

}  // namespace

void send_symbol(Context& context, Call& call, const std::string& url, std::string_view title) {
  const auto symbol = context.symbols.get(url);
  if (!symbol) return call.fail({ErrorCode::internal, {}, "no symbol for this address"});
  auto response = shown_as(call.request().query_value_or("format", "svg"), *symbol, title);
  response ? call.send(std::move(response).value()) : call.fail(response.error());
}

void qr_code(Context& context, Call call) {
  const auto showing = call.request().query_value("showing");
  const auto staff = call.request().query_value("staff");
  if (!showing && !staff) return call.fail({ErrorCode::missing_field, "showing", "or staff"});
  const auto url = showing ? context.desk().join_url(*showing) : context.desk().badge_url(*staff);
  if (!url) return call.fail(url.error());
  if (call.request().query_value_or("words", "0") == "1") return send_invitation(context, call, *url);
  send_symbol(context, call, *url, "扫码加入会员群 · Scan to join");
}

}  // namespace tillside::api
