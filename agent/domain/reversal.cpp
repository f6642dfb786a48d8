#include "agent/domain/reversal.h"

#include <algorithm>
#include <cstdlib>

namespace tillside {
namespace {

__extension__ using Wide = __int128;

bool goods(LineKind kind) { return kind == LineKind::sale || kind == LineKind::deposit || kind == LineKind::fee; }

KeptLine kept_line(const Line& line) {
  KeptLine kept;
  kept.line_no = line.line_no;
  kept.kind = line.kind;
  kept.quantity = line.quantity > 0 ? line.quantity : 1000;
  kept.net = std::max<Minor>(line.amount - line.discount, 0);
  kept.sku = line.sku;
  kept.category = line.category;
  return kept;
}

// The newest earlier line of the same goods that is large enough, else the newest of the same goods.
KeptLine* cancelled_by(const Line& voided, std::vector<KeptLine>& lines) {
  KeptLine* any = nullptr;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (line->sku != voided.sku || line->category != voided.category) continue;
    if (line->quantity >= std::abs(voided.quantity)) return &*line;
    if (any == nullptr) any = &*line;
  }
  return any;
}

void cancel(const Line& voided, std::vector<KeptLine>& lines) {
  KeptLine* line = cancelled_by(voided, lines);
  if (line == nullptr) return;
  line->quantity -= std::min(line->quantity, std::abs(voided.quantity));
  line->net -= std::min(line->net, std::abs(voided.amount - voided.discount));
}

// `whole` x `part` / `of`, rounded half up; 0 <= part <= of.
Minor portion(Minor whole, std::int64_t part, std::int64_t of) {
  return static_cast<Minor>((Wide{2} * whole * part + of) / (Wide{2} * of));
}

Minor line_refund(const KeptLine& line, Minor share) {
  return std::min(share, portion(share, line.back, line.quantity) + line.adjusted);
}

// What is given back so far, kept up to date line by line.
class Running {
 public:
  explicit Running(const KeptSale& sale) : sale_(sale), shares_(shares_of(sale)) {
    for (std::size_t i = 0; i < shares_.size(); ++i) lines_ += line_refund(sale.lines[i], shares_[i]);
  }
  Minor total() const { return std::clamp<Minor>(lines_ + sale_.loose, 0, sale_.worth); }

  // Runs `change` on that line of the sale; what it changed the total by.
  template <class Change>
  Minor step(std::size_t index, Change change) {
    const Minor before = total();
    lines_ -= line_refund(sale_.lines[index], shares_[index]);
    change();
    lines_ += line_refund(sale_.lines[index], shares_[index]);
    return total() - before;
  }

 private:
  const KeptSale& sale_;
  const std::vector<Minor> shares_;
  Minor lines_ = 0;
};

void merge(std::vector<LooseGoods>& into, const LooseGoods& goods, Thousandths quantity) {
  const auto same = [&](const LooseGoods& one) { return one.sku == goods.sku && one.category == goods.category; };
  auto found = std::find_if(into.begin(), into.end(), same);
  if (found == into.end()) {
    if (quantity <= 0) return;
    found = into.insert(into.end(), {goods.sku, goods.category, 0});
  }
  found->quantity += quantity;
  if (found->quantity <= 0) into.erase(found);
}

// A line number may stand twice on a careless POS: the one with something left is meant.
KeptLine* named(KeptSale& sale, std::int32_t line_no) {
  KeptLine* found = nullptr;
  for (KeptLine& line : sale.lines) {
    if (line.line_no != line_no) continue;
    if (line.back < line.quantity) return &line;
    if (found == nullptr) found = &line;
  }
  return found;
}

template <class Matches>
bool any_left(const KeptSale& sale, Matches matches) {
  Thousandths left = 0;
  for (const KeptLine& line : sale.lines)
    if (line.kind == LineKind::sale && matches(line.sku, line.category)) left += line.quantity - line.back;
  for (const LooseGoods& one : sale.goods)
    if (matches(one.sku, one.category)) left -= one.quantity;
  return left > 0;
}

LineTaken& taken_at(Taken& taken, std::uint32_t index) {
  for (LineTaken& one : taken.lines)
    if (one.index == index) return one;
  return taken.lines.emplace_back(LineTaken{index, 0, 0});
}

LineRefund take_named(KeptSale& sale, KeptLine& line, const ReturnedLine& returned, Running& running, Taken& taken) {
  const auto index = static_cast<std::uint32_t>(&line - sale.lines.data());
  const Thousandths fits = std::min(returned.quantity, line.quantity - line.back);
  const Minor adjusted = returned.quantity == 0 ? returned.told : 0;  // money given back, the goods kept
  LineTaken& mark = taken_at(taken, index);
  mark.back += fits;
  mark.adjusted += adjusted;
  const Minor amount = running.step(index, [&] {
    line.back += fits;
    line.adjusted += adjusted;
  });
  return {returned.line_no, returned.original, fits, returned.quantity - fits, amount};
}

LineRefund take_loose(KeptSale& sale, const ReturnedLine& returned, const Running& running, Taken& taken) {
  const Minor before = running.total();
  sale.loose += returned.told;
  taken.loose += returned.told;
  if (!returned.sku.empty() || !returned.category.empty()) {
    const LooseGoods goods{returned.sku, returned.category, returned.quantity};
    merge(sale.goods, goods, goods.quantity);
    merge(taken.goods, goods, goods.quantity);
  }
  return {returned.line_no, 0, returned.quantity, 0, running.total() - before};
}

Minor charged(const KeptSale& sale) {
  Minor sum = 0;
  for (const KeptEarned& one : sale.earned) sum += one.value;
  for (const KeptUsed& one : sale.used) sum += one.charged;
  return sum;
}

bool earns(const CouponFacts& facts, const KeptSale& sale) {
  return facts.terms != nullptr && still_earns(facts.terms->conditions, sale);
}

void let_go(KeptEarned& earned, const CouponFacts& facts, std::size_t at, Settlement& out) {
  switch (facts.fate) {
    case CouponFate::gone:
      return;  // it was taken back before, for another reason
    case CouponFate::free:
      earned.standing = Standing::revoked;
      return out.revoked.push_back(at);
    case CouponFate::spent:
      earned.standing = Standing::clawed_back;
      earned.value = facts.value;
      return out.clawed_back.push_back(at);
    case CouponFate::out_of_reach:
      earned.standing = facts.withhold ? Standing::withheld : Standing::trusted;
      earned.value = facts.withhold ? facts.worth : 0;
      return out.pending.push_back(at);
  }
}

void take_up(KeptEarned& earned, std::size_t at, Settlement& out) {
  if (earned.standing == Standing::revoked) out.to_reissue.push_back(at);
  earned.standing = Standing::live;
  earned.value = 0;
  out.earned_again.push_back(at);
}

void settle_used(KeptUsed& used, const CouponFacts& replacement, bool whole, std::size_t at, Settlement& out) {
  const bool replaced = used.replacement.serial != 0;
  if (whole && used.charged != 0) {
    used.charged = 0;  // its replacement was spent, and the sale is back again: that makes up for it
  } else if (whole && !replaced) {
    out.to_replace.push_back(at);
  } else if (!whole && replaced && replacement.fate == CouponFate::free) {
    out.replacements_gone.push_back(used.replacement);
    out.replacement_revoked.push_back(at);
    used.replacement = {};
  } else if (!whole && replaced && replacement.fate == CouponFate::gone) {
    used.replacement = {};
  } else if (!whole && replaced && used.charged == 0) {
    used.charged = replacement.fate == CouponFate::spent ? replacement.value : replacement.worth;
  }
}

}  // namespace

KeptSale keep_sale(const Checkout& checkout) {
  KeptSale sale;
  sale.is_sale = is_sale(checkout);
  if (!sale.is_sale) return sale;
  sale.net = sale.worth = checkout.totals.net;
  for (const Line& line : checkout.lines) {
    if (goods(line.kind)) sale.lines.push_back(kept_line(line));
    if (line.kind == LineKind::voided) cancel(line, sale.lines);
    if (line.kind == LineKind::returned) sale.worth += std::abs(line.amount - line.discount);
  }
  std::erase_if(sale.lines, [](const KeptLine& line) { return line.quantity <= 0; });
  return sale;
}

std::vector<Minor> shares_of(const KeptSale& sale) {
  Minor weights = 0;
  for (const KeptLine& line : sale.lines) weights += line.net;
  const bool even = weights == 0;
  const auto of = even ? static_cast<std::int64_t>(sale.lines.size()) : weights;
  std::vector<Minor> shares;
  shares.reserve(sale.lines.size());
  std::int64_t so_far = 0;
  Minor given = 0;
  for (const KeptLine& line : sale.lines) {
    so_far += even ? 1 : line.net;
    const Minor upto = portion(sale.worth, so_far, of);
    shares.push_back(upto - given);
    given = upto;
  }
  return shares;
}

Minor refund_so_far(const KeptSale& sale) { return Running(sale).total(); }

Minor money_left(const KeptSale& sale) { return sale.net - std::max(refund_so_far(sale), sale.told); }

bool nothing_left(const KeptSale& sale) {
  if (sale.worth > 0 && std::max(refund_so_far(sale), sale.told) >= sale.worth) return true;
  const auto all_back = [](const KeptLine& line) { return line.back >= line.quantity; };
  return !sale.lines.empty() && std::all_of(sale.lines.begin(), sale.lines.end(), all_back);
}

bool still_earns(const Conditions& conditions, const KeptSale& sale) {
  if (nothing_left(sale)) return false;
  if (conditions.min_total && money_left(sale) < *conditions.min_total) return false;
  const auto& skus = conditions.skus;
  const auto of_skus = [&](const std::string& sku, const std::string&) {
    return std::find(skus.begin(), skus.end(), sku) != skus.end();
  };
  if (!skus.empty() && !any_left(sale, of_skus)) return false;
  const auto& subtrees = conditions.categories;
  return subtrees.empty() || std::any_of(subtrees.begin(), subtrees.end(), [&](const std::string& subtree) {
           return any_left(sale, [&](const auto&, const auto& category) { return in_category(category, subtree); });
         });
}

TakingBack take_back(KeptSale& sale, std::span<const ReturnedLine> lines, Minor told) {
  TakingBack out;
  Running running(sale);
  for (const ReturnedLine& returned : lines) {
    KeptLine* line = returned.original == 0 ? nullptr : named(sale, returned.original);
    const LineRefund refund = line != nullptr ? take_named(sale, *line, returned, running, out.taken)
                                              : take_loose(sale, returned, running, out.taken);
    out.over |= refund.over > 0 || (line == nullptr && returned.told > refund.amount);
    out.refund += refund.amount;
    out.lines.push_back(refund);
  }
  sale.told += told;
  out.taken.told = told;
  return out;
}

TakingBack take_back_whole(KeptSale& sale) {
  TakingBack out;
  Running running(sale);
  for (std::size_t i = 0; i < sale.lines.size(); ++i) {
    KeptLine& line = sale.lines[i];
    const Thousandths left = line.quantity - line.back;
    if (left == 0) continue;
    const Minor amount = running.step(i, [&] { line.back = line.quantity; });
    out.taken.lines.push_back({static_cast<std::uint32_t>(i), left, 0});
    out.lines.push_back({line.line_no, line.line_no, left, 0, amount});
    out.refund += amount;
  }
  const Minor rest = sale.worth - running.total();  // of a sale without lines
  sale.loose += rest;
  out.taken.loose = rest;
  out.refund += rest;
  out.taken.told = std::max<Minor>(sale.net - sale.told, 0);
  sale.told += out.taken.told;
  return out;
}

TakingBack give_back(KeptSale& sale, const Taken& taken) {
  TakingBack out;
  Running running(sale);
  const Minor before = running.total();
  for (const LineTaken& one : taken.lines) {
    if (one.index >= sale.lines.size()) continue;
    KeptLine& line = sale.lines[one.index];
    const Thousandths back = std::clamp(one.back, line.back - line.quantity, line.back);
    const Minor amount = running.step(one.index, [&] {
      line.back -= back;
      line.adjusted = std::max<Minor>(line.adjusted - one.adjusted, 0);
    });
    out.taken.lines.push_back({one.index, -back, -one.adjusted});
    out.lines.push_back({line.line_no, line.line_no, -back, 0, amount});
  }
  for (const LooseGoods& one : taken.goods) {
    merge(sale.goods, one, -one.quantity);
    out.taken.goods.push_back({one.sku, one.category, -one.quantity});
  }
  sale.loose = std::max<Minor>(sale.loose - taken.loose, 0);
  sale.told = std::max<Minor>(sale.told - taken.told, 0);
  out.taken.loose = -taken.loose;
  out.taken.told = -taken.told;
  out.refund = running.total() - before;
  return out;
}

Settlement settle(KeptSale& sale, std::span<const CouponFacts> earned, std::span<const CouponFacts> replacements,
                  Minor refund) {
  Settlement out;
  for (std::size_t i = 0; i < sale.earned.size(); ++i) {
    const bool live = sale.earned[i].standing == Standing::live;
    const bool holds = earns(earned[i], sale);
    if (live && !holds) let_go(sale.earned[i], earned[i], i, out);
    if (!live && holds) take_up(sale.earned[i], i, out);
  }
  const bool whole = nothing_left(sale);
  for (std::size_t i = 0; i < sale.used.size(); ++i) settle_used(sale.used[i], replacements[i], whole, i, out);

  const Minor due = charged(sale);
  const Minor collected = std::min(due, sale.collected + std::max<Minor>(refund, 0));
  out.collected = collected - sale.collected;
  out.owed = due - collected;
  sale.collected = collected;
  return out;
}

}  // namespace tillside
