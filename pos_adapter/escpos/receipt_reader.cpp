#include "pos_adapter/escpos/receipt_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/domain/checkout_draft.h"
#include "pos_adapter/escpos/receipt_items.h"
#include "pos_adapter/escpos/receipt_payment.h"
#include "pos_adapter/escpos/receipt_settling.h"
#include "pos_adapter/escpos/receipt_times.h"

namespace tillside::escpos {
namespace {

constexpr std::int64_t kMaxSequence = (std::int64_t{1} << 53) - 1;

// Which of two kinds counts where a slip says both: a reprinted return is a reprint.
constexpr std::array kByWeight = {SlipKind::training,  SlipKind::reprint,   SlipKind::copy,    SlipKind::suspended,
                                  SlipKind::card_slip, SlipKind::kitchen,   SlipKind::report,  SlipKind::no_sale,
                                  SlipKind::voided,    SlipKind::exchanged, SlipKind::returned};

bool has_replacement(std::string_view text) { return text.find(kReplacement) != std::string_view::npos; }

CheckoutState state_of(SlipKind kind, bool gives_back) {
  switch (kind) {
    case SlipKind::suspended:
      return CheckoutState::suspended;
    case SlipKind::reprint:
      return CheckoutState::reprint;
    case SlipKind::voided:
      return CheckoutState::voided;
    case SlipKind::exchanged:
      return CheckoutState::exchanged;
    default:
      return gives_back ? CheckoutState::returned : CheckoutState::completed;
  }
}

bool counts(SlipKind kind) {
  return kind == SlipKind::sale || kind == SlipKind::returned || kind == SlipKind::voided ||
         kind == SlipKind::exchanged;
}

// What is told of a slip that is no sale: that a numbered receipt was suspended, printed again or rung up in training.
bool is_told(SlipKind kind) {
  return kind == SlipKind::suspended || kind == SlipKind::reprint || kind == SlipKind::training;
}

class Head {
 public:
  Head(const Paper& paper, const ReceiptTemplate& by, std::vector<Use>& uses) {
    for (const Pattern& pattern : by.head)
      for (std::size_t at = 0; at < paper.lines.size(); ++at)
        if (is_text(paper.lines[at])) take(pattern, paper.lines[at].text, uses[at]);
  }

  std::string_view operator[](Part part) const { return values_[static_cast<std::size_t>(part)]; }

 private:
  void take(const Pattern& pattern, std::string_view line, Use& use) {
    const auto found = pattern.find(line);
    if (!found) return;
    for (const auto& [part, value] : *found) {
      std::string_view& slot = values_[static_cast<std::size_t>(part)];
      if (!slot.empty()) continue;
      slot = value;
      use.found.emplace_back(part, value);
      if (use.as == Use::As::nothing) use.as = Use::As::head;
    }
  }

  std::array<std::string_view, kParts> values_{};
};

class ReceiptReading {
 public:
  ReceiptReading(const Paper& paper, const ReceiptTemplate& by, const ReadingDefaults& defaults)
      : paper_(paper),
        by_(by),
        defaults_(defaults),
        currency_(by.currency.value_or(defaults.currency)),
        numbers_(currency_, by.decimal_point, by.thousands) {
    reading_.template_name = by.name;
    reading_.uses.resize(paper.lines.size());
  }

  Reading read() {
    find_kind();
    const ItemBlock items = read_items(paper_, by_, numbers_, reading_.uses);
    // A card terminal's slip may stand below the receipt, on one paper.
    if (reading_.kind == SlipKind::card_slip && !items.rows.empty()) reading_.kind = SlipKind::sale;
    const PaperTotals totals = read_totals(paper_, by_, numbers_, reading_.uses);
    const Head head(paper_, by_, reading_.uses);
    const PaperTenders paid = read_tenders(paper_, items.end, by_, numbers_, reading_.uses);
    const Settled settled = settle(items.rows, totals, paid, by_, reading_.kind);
    for (const Use& use : reading_.uses) reading_.parts += use.found.size();

    if (!settled.has_total && items.rows.empty() && counts(reading_.kind)) {
      reading_.kind = SlipKind::unknown;
      return std::move(reading_);
    }
    if (settled.gives_back && reading_.kind == SlipKind::sale) reading_.kind = SlipKind::returned;
    doubt_amounts(items, totals, paid, settled);
    make_checkout(head, settled);
    judge();
    return std::move(reading_);
  }

 private:
  void find_kind() {
    reading_.kind = SlipKind::sale;
    for (const SlipKind kind : kByWeight) {
      if (by_.of(kind).empty()) continue;
      for (std::size_t at = 0; at < paper_.lines.size(); ++at) {
        if (!is_text(paper_.lines[at]) || !any_matches(by_.of(kind), paper_.lines[at].text)) continue;
        reading_.kind = kind;
        reading_.uses[at].as = Use::As::kind;
        return;
      }
    }
  }

  void doubt(Doubt doubt) {
    if (std::find(reading_.doubts.begin(), reading_.doubts.end(), doubt) == reading_.doubts.end())
      reading_.doubts.push_back(doubt);
  }

  void doubt_amounts(const ItemBlock& items, const PaperTotals& totals, const PaperTenders& paid,
                     const Settled& settled) {
    if (!settled.has_total) doubt(Doubt::no_total);
    if (totals.differ) doubt(Doubt::totals_differ);
    if (items.unreadable || totals.unreadable || paid.unreadable) doubt(Doubt::unreadable_amount);
    if (settled.lines.empty()) {
      if (by_.needs_items) doubt(Doubt::no_items);
    } else if (settled.has_total && !settled.adds_up) {
      doubt(Doubt::lines_do_not_add_up);
    }
    if (paper_.truncated) doubt(Doubt::truncated);
    if (is_garbled()) doubt(Doubt::garbled);
  }

  // One strange character in a name is a strange name; in every second line it is the wrong encoding.
  bool is_garbled() const {
    std::size_t used = 0, garbled = 0;
    for (std::size_t at = 0; at < paper_.lines.size(); ++at) {
      if (reading_.uses[at].found.empty()) continue;
      ++used;
      garbled += has_replacement(paper_.lines[at].text) ? 1 : 0;
    }
    return garbled * 2 > used;
  }

  void make_checkout(const Head& head, const Settled& settled) {
    if (!counts(reading_.kind) && !is_told(reading_.kind)) return;
    CheckoutDraft draft;
    Checkout& checkout = draft.checkout;
    checkout.state = state_of(reading_.kind, settled.gives_back);
    draft.has_state = true;
    checkout.training = reading_.kind == SlipKind::training;
    checkout.currency = currency_;
    checkout.prices_include_tax = by_.prices_include_tax && !settled.tax_added;
    checkout.source = {"print", (defaults_.pos.empty() ? by_.title : defaults_.pos).substr(0, kMaxText),
                       Confidence::parsed};
    checkout.lines = settled.lines;
    checkout.tenders = settled.tenders;
    draft.totals = {settled.totals.gross, settled.totals.discount, settled.totals.tax, settled.totals.net};
    checkout.decimals_rounded = numbers_.rounded();
    take_people(head, checkout);
    take_number(head, checkout);
    take_original(head, checkout);
    take_time(head, draft);
    if (is_told(reading_.kind) && checkout.checkout_id.empty()) return;
    finish(std::move(draft));
  }

  void take_number(const Head& head, Checkout& checkout) {
    checkout.store_id = defaults_.store_id;
    checkout.lane_id = defaults_.lane_id;
    const std::string_view lane = head[Part::lane];
    if (const auto known = by_.lanes.find(lane); known != by_.lanes.end()) {
      checkout.lane_id = known->second;
    } else if (checkout.lane_id.empty()) {
      checkout.lane_id = std::string(lane);
    }
    const std::string_view number = head[Part::number];
    const bool is_printable = std::all_of(number.begin(), number.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (number.empty() || number.size() > 64 || !is_printable) {
      if (by_.needs_number) doubt(Doubt::no_number);
      return;
    }
    checkout.checkout_id = number;
    checkout.sequence = sequence_of(head[Part::sequence].empty() ? number : head[Part::sequence]);
  }

  // "XS000451" is 451; "12-34" has no running number to be told from it.
  static std::int64_t sequence_of(std::string_view number) {
    number.remove_prefix(std::min(number.find_first_of("0123456789"), number.size()));
    std::int64_t sequence = 0;
    for (const char digit : number) {
      if (digit < '0' || digit > '9' || sequence > kMaxSequence / 10) return 0;
      sequence = sequence * 10 + (digit - '0');
    }
    return sequence > kMaxSequence ? 0 : sequence;
  }

  void take_original(const Head& head, Checkout& checkout) {
    const std::string_view original = head[Part::original];
    const bool undoes = reading_.kind == SlipKind::returned || reading_.kind == SlipKind::voided ||
                        reading_.kind == SlipKind::exchanged;
    if (!undoes || original.empty() || original.size() > 64) return;
    checkout.original.emplace();
    checkout.original->checkout_id = original;
  }

  void take_people(const Head& head, Checkout& checkout) {
    checkout.operator_id = id_of(head[Part::operator_id], by_.operators);
    checkout.guide_id = id_of(head[Part::guide], by_.guides);
    take_member(head[Part::member_phone], IdType::phone, checkout);
    if (head[Part::member_card] != head[Part::member_phone])
      take_member(head[Part::member_card], IdType::card, checkout);
  }

  std::string id_of(std::string_view printed, const std::map<std::string, std::string, std::less<>>& known) {
    if (const auto found = known.find(printed); found != known.end()) return found->second;
    if (is_plain_id(printed)) return std::string(printed);
    reading_.name_dropped = reading_.name_dropped || !printed.empty();
    return {};
  }

  void take_member(std::string_view value, IdType type, Checkout& checkout) {
    if (value.empty()) return;
    if (value.find('*') != std::string_view::npos || value.find("＊") != std::string_view::npos) {
      reading_.member_masked = true;
    } else {
      checkout.customer_ids.push_back({type, std::string(value.substr(0, kMaxText)), by_.member_proof});
    }
  }

  void take_time(const Head& head, CheckoutDraft& draft) {
    const StoreZone& zone = *defaults_.zone;
    std::string text(head[Part::moment]);
    if (text.empty() && !head[Part::date].empty()) {
      text = head[Part::date];
      if (!head[Part::time].empty()) text.append(" ").append(head[Part::time]);
    }
    if (text.empty() && !head[Part::time].empty())
      text = format_date(zone.date(defaults_.now)).append(" ").append(head[Part::time]);
    if (text.empty()) return;
    for (const std::string& format : by_.time_formats) {
      const auto local = read_local_time(text, format);
      if (!local) continue;
      draft.occurred_at = format_time(zone.at_local(*local), zone);
      draft.occurred_at_text = text.substr(0, kMaxText);
      return;
    }
    doubt(Doubt::unreadable_time);
  }

  void finish(CheckoutDraft&& draft) {
    auto finished =
        finish_checkout(std::move(draft), {defaults_.store_id, defaults_.currency, defaults_.zone, defaults_.now});
    if (!finished) return refuse(finished.error());
    auto flags = validate(*finished, defaults_.currency);
    if (!flags) refuse(flags.error());
    if (flags) reading_.flags = *std::move(flags);
    reading_.checkout = *std::move(finished);
  }

  void refuse(const Error& error) {
    reading_.refusal = error;
    doubt(Doubt::refused);
  }

  void judge() {
    if (!counts(reading_.kind)) {
      reading_.certainty = Certainty::not_a_sale;
    } else {
      reading_.certainty = reading_.doubts.empty() ? Certainty::sure : Certainty::unsure;
    }
  }

  const Paper& paper_;
  const ReceiptTemplate& by_;
  const ReadingDefaults& defaults_;
  Currency currency_;
  PaperNumbers numbers_;
  Reading reading_;
};

struct DoubtWords {
  const char *name, *zh, *en;
};

// By Doubt.
constexpr std::array kDoubts = {
    DoubtWords{"no_total", "没有读到合计", "no total was found"},
    DoubtWords{"no_number", "没有读到小票号", "no receipt number was found"},
    DoubtWords{"no_items", "没有读到商品行", "no rows of goods were found"},
    DoubtWords{"lines_do_not_add_up", "商品行加起来不等于合计", "the rows of goods do not add up to the total"},
    DoubtWords{"totals_differ", "有两个不同的合计", "there are two different totals"},
    DoubtWords{"unreadable_amount", "有金额读不懂", "an amount could not be read"},
    DoubtWords{"unreadable_time", "日期时间读不懂", "the date or time could not be read"},
    DoubtWords{"garbled", "乱码，编码可能不对", "garbled letters: the encoding may be wrong"},
    DoubtWords{"truncated", "小票太长，没有读全", "the receipt is longer than is kept"},
    DoubtWords{"refused", "不合单据的规则", "it breaks a rule of the document"}};

const DoubtWords& words_of(Doubt doubt) { return kDoubts[static_cast<std::size_t>(doubt)]; }

}  // namespace

const char* name_of(Certainty certainty) {
  if (certainty == Certainty::sure) return "sure";
  return certainty == Certainty::unsure ? "unsure" : "not_a_sale";
}

const char* name_of(Doubt doubt) { return words_of(doubt).name; }
const char* zh_words(Doubt doubt) { return words_of(doubt).zh; }
const char* en_words(Doubt doubt) { return words_of(doubt).en; }

Reading read_receipt(const Paper& paper, const ReceiptTemplate& by, const ReadingDefaults& defaults) {
  return ReceiptReading(paper, by, defaults).read();
}

}  // namespace tillside::escpos
