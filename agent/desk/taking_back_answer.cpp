#include <fmt/format.h>

#include "agent/desk/jobs.h"
#include "agent/desk/taking_back.h"
#include "agent/domain/checkout_json.h"

namespace tillside {
namespace {

template <class Coupon>
std::string id_of(const Coupon& coupon) {
  CouponBody body;
  body.key = {coupon.till, coupon.generation};
  body.serial = coupon.serial;
  return coupon_id(body);
}

template <class Range, class Append>
void append_list(std::string& out, std::string_view name, const Range& range, Append append) {
  out += fmt::format(R"(,"{}":[)", name);
  bool first = true;
  for (const auto& item : range) {
    if (!first) out += ',';
    append(item);
    first = false;
  }
  out += ']';
}

void append_restored(std::string& out, const TakenBack& taken, std::span<const Restored> restored, const Shop& shop) {
  if (restored.empty() && !taken.to_issue.empty()) {
    return append_list(out, "restored", taken.to_issue,
                       [&](const CouponToIssue& one) { append_promise(out, *one.campaign, shop); });
  }
  append_list(out, "restored", restored, [&](const Restored& one) { append_coupon(out, one.coupon, shop); });
}

void append_refund(std::string& out, const TakenBack& taken) {
  out += fmt::format(R"(,"refund":{{"amount":{},"pay_out":{})", taken.refund, taken.refund - taken.collected);
  append_list(out, "lines", taken.lines, [&](const RefundLine& one) {
    const LineRefund& line = one.line;
    out += fmt::format(R"({{"line_no":{},"original":)", line.line_no);
    append_json_string(out, taken.sales[one.sale].identity);
    out += fmt::format(R"(,"original_line_no":{},"quantity":"{}","over":"{}","amount":{}}})",
                       line.original == 0 ? "null" : std::to_string(line.original), format_quantity(line.quantity),
                       format_quantity(line.over), line.amount);
  });
  out += '}';
}

}  // namespace

std::string preview_taking_back(store::Session& reader, const TakingBackParts& parts) {
  reader.refresh();
  std::string out = "{";
  append_taken_back(out, decide_taking_back(reader, parts), {}, *parts.shop);
  return out += '}';
}

void append_taken_back(std::string& out, const TakenBack& taken, std::span<const Restored> restored, const Shop& shop) {
  append_text_or_null(out, "original", taken.original());
  out += ",\"revoked\":";
  append_revoked(out, taken.revoked, shop.key.till);
  append_restored(out, taken, restored, shop);
  out += fmt::format(R"(,"clawed_back":{},"owed":{})", taken.collected, taken.owed);
  append_list(out, "claw_backs", taken.clawed_back, [&](const ClawedBack& one) {
    out += fmt::format(R"({{"id":"{}","campaign":{},"value":{}}})", id_of(one), one.campaign, one.value);
  });
  append_list(out, "pending", taken.pending, [&](const PendingCoupon& one) {
    out += fmt::format(R"({{"id":"{}","campaign":{},"value":{},"reason":"{}"}})", id_of(one), one.campaign, one.value,
                       one.reason);
  });
  append_refund(out, taken);
}

}  // namespace tillside
