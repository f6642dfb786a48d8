#include "pos_adapter/escpos/receipt_settling.h"

#include <algorithm>
#include <cstdlib>
#include <span>
#include <utility>

namespace tillside::escpos {
namespace {

// What the rows come to; all as positive numbers but `goods`, from which returned rows are taken.
struct Sums {
  Minor goods = 0;      // rows that are no discount, as printed
  Minor discounts = 0;  // rows that are one
  Minor off_rows = 0;   // discounts within or beneath other rows
};

// How a net amount comes about.
struct Explanation {
  bool after_discount = false;  // the rows' amounts are what is left behind their discounts
  Minor discount = 0;           // in all
};

struct Printed {
  Minor bill_discount = 0, rounding = 0, added_tax = 0;
};

std::optional<Explanation> explain(Minor net, const Sums& sums, const Printed& printed, Amounts amounts) {
  const Minor base = net - printed.added_tax;
  const Minor rows_off = sums.discounts + sums.off_rows;
  for (const Minor rounding : {Minor{0}, printed.rounding}) {
    for (const Minor bill : {Minor{0}, printed.bill_discount}) {
      if (amounts != Amounts::after_discount && sums.goods - rows_off - bill - rounding == base)
        return Explanation{false, rows_off + bill + rounding};
      if (amounts != Amounts::before_discount && sums.goods - sums.discounts - bill - rounding == base)
        return Explanation{true, rows_off + bill + rounding};
    }
    if (amounts != Amounts::after_discount && printed.bill_discount >= rows_off &&
        sums.goods - printed.bill_discount - rounding == base)
      return Explanation{false, printed.bill_discount + rounding};
  }
  return {};
}

Minor paid_sum(const PaperTenders& paid) {
  Minor sum = 0;
  for (const Tender& tender : paid.tenders) sum += tender.amount;
  return sum;
}

// What may have been to pay, the likeliest first.
std::vector<Minor> candidates(const PaperTotals& totals, const PaperTenders& paid) {
  const Minor change = paid.change.value_or(totals.change.value_or(0));
  std::vector<Minor> nets;
  if (totals.total) return {*totals.total};
  if (totals.received) nets.push_back(*totals.received - change);
  if (totals.sum) {
    const Minor off = std::abs(totals.discount.value_or(0)), rounding = std::abs(totals.rounding.value_or(0));
    const std::vector<Minor> by_sum = {*totals.sum, *totals.sum - off, *totals.sum - off - rounding,
                                       *totals.sum - rounding};
    const Minor tendered = paid_sum(paid);
    // What was tendered decides among them; a receipt that prints half of it does not.
    for (const Minor net : by_sum)
      if (!paid.tenders.empty() && (net == tendered || net == tendered - change)) nets.insert(nets.begin(), net);
    nets.insert(nets.end(), by_sum.begin(), by_sum.end());
  }
  return nets;
}

class Settling {
 public:
  Settling(const std::vector<ItemRow>& rows, const PaperTotals& totals, const PaperTenders& paid,
           const ReceiptTemplate& by, SlipKind kind)
      : rows_(rows), totals_(totals), paid_(paid), by_(by), kind_(kind) {}

  Settled settle() {
    turn_if_refund();
    for (std::size_t at = 0; at < rows_.size(); ++at) add_row(at);
    Printed printed{std::abs(totals_.discount.value_or(0)), std::abs(totals_.rounding.value_or(0)), 0};
    if (!by_.prices_include_tax) printed.added_tax = totals_.tax.value_or(0);
    choose_net(printed);
    fill_tenders();
    if (settled_.gives_back) give_back();
    return std::move(settled_);
  }

 private:
  // A refund is reckoned as the sale it takes back, and turned round at the end.
  void turn_if_refund() {
    const Minor shown = totals_.total.value_or(totals_.sum.value_or(totals_.received.value_or(0)));
    settled_.gives_back = kind_ == SlipKind::returned || (kind_ == SlipKind::sale && shown < 0);
    if (!settled_.gives_back && kind_ != SlipKind::voided) return;
    if (shown < 0 || (shown == 0 && !rows_.empty() && rows_.front().amount.value_or(0) < 0)) {
      for (ItemRow& row : rows_)
        if (row.amount) row.amount = -*row.amount;
      for (std::optional<Minor>* each : {&totals_.total, &totals_.sum, &totals_.received, &totals_.tax})
        if (*each) *each = -**each;
    }
    for (Tender& tender : paid_.tenders) tender.amount = std::abs(tender.amount);
  }

  void add_row(std::size_t at) {
    const ItemRow& row = rows_[at];
    if (!row.amount) return;
    LineDraft draft;
    Line& line = draft.line;
    line.kind = kind_of_row(row, std::span(rows_).first(at), by_);
    line.name = row.name.substr(0, kMaxText);
    line.sku = row.sku.substr(0, kMaxText);
    line.unit = row.unit.substr(0, kMaxText);
    line.quantity = std::abs(row.quantity.value_or(1000));
    line.unit_price = std::abs(row.unit_price.value_or(0));
    line.amount = *row.amount;
    line.discount = row.discount;
    draft.has_amount = true;
    if (line.kind == LineKind::discount) {
      line.amount = -std::abs(line.amount);
      line.discount = 0;
      sums_.discounts -= line.amount;
    } else {
      if (line.kind == LineKind::returned || line.kind == LineKind::voided) turn_back(line);
      sums_.goods += line.amount;
      sums_.off_rows += line.discount;
    }
    if (auto finished = finish_line(std::move(draft), settled_.lines.size()))
      settled_.lines.push_back(*std::move(finished));
  }

  static void turn_back(Line& line) {
    line.amount = -std::abs(line.amount);
    line.quantity = -std::abs(line.quantity);
    line.unit_price = std::abs(line.unit_price);
    line.discount = -std::abs(line.discount);
  }

  // Where the rows fall short of the total by just the tax that was printed, it stands on top of them, whatever the
  // template says.
  void choose_net(const Printed& printed) {
    const std::vector<Minor> nets = candidates(totals_, paid_);
    settled_.has_total = !nets.empty();
    settled_.totals.tax = totals_.tax.value_or(0);
    settled_.tax_added = printed.added_tax != 0;
    if (explains(nets, printed) || printed.added_tax != 0 || settled_.totals.tax == 0) return;
    Printed with_tax = printed;
    with_tax.added_tax = settled_.totals.tax;
    settled_.tax_added = explains(nets, with_tax);
    if (!settled_.tax_added) (void)explains(nets, printed);
  }

  // Fills the totals by the first that the rows explain. None: by the likeliest.
  bool explains(const std::vector<Minor>& nets, const Printed& printed) {
    for (const Minor net : nets) {
      const auto explanation = explain(net, sums_, printed, by_.amounts);
      if (!explanation) continue;
      if (explanation->after_discount) put_discounts_back();
      settled_.adds_up = true;
      settled_.totals.net = net;
      settled_.totals.discount = explanation->discount;
      settled_.totals.gross = net - printed.added_tax + explanation->discount;
      return true;
    }
    settled_.totals.net = nets.empty() ? 0 : nets.front();
    settled_.totals.discount = sums_.discounts + sums_.off_rows + (settled_.lines.empty() ? printed.bill_discount : 0);
    settled_.totals.gross = settled_.totals.net - printed.added_tax + settled_.totals.discount;
    return false;
  }

  void put_discounts_back() {
    for (Line& line : settled_.lines)
      if (line.kind != LineKind::discount) line.amount += line.discount;
  }

  void fill_tenders() {
    const Minor net = settled_.totals.net;
    const Minor change = paid_.change.value_or(totals_.change.value_or(0));
    settled_.tenders = without_change(paid_.tenders, change, net);
    if (settled_.tenders.empty() && paid_.whole && settled_.has_total) settled_.tenders.push_back({*paid_.whole, net});
    // Change is given in cash, so what was handed over was cash too.
    if (settled_.tenders.empty() && totals_.received && change > 0 && *totals_.received > change)
      settled_.tenders.push_back({TenderType::cash, *totals_.received - change});
  }

  void give_back() {
    std::erase_if(settled_.lines, [](const Line& line) { return line.kind == LineKind::discount; });
    for (Line& line : settled_.lines) {
      line.kind = LineKind::returned;
      turn_back(line);
    }
    Totals& totals = settled_.totals;
    totals = {-totals.gross, -totals.discount, -totals.tax, -totals.net};
    for (Tender& tender : settled_.tenders) tender.amount = -tender.amount;
  }

  std::vector<ItemRow> rows_;
  PaperTotals totals_;
  PaperTenders paid_;
  const ReceiptTemplate& by_;
  SlipKind kind_;
  Sums sums_;
  Settled settled_;
};

}  // namespace

Settled settle(const std::vector<ItemRow>& rows, const PaperTotals& totals, const PaperTenders& paid,
               const ReceiptTemplate& by, SlipKind kind) {
  return Settling(rows, totals, paid, by, kind).settle();
}

}  // namespace tillside::escpos
