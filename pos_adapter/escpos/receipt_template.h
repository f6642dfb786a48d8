// How one POS lays out its receipts: a TOML file of regular expressions with named parts.
//
// The page with every key and a worked example is docs/receipt-templates.md; those we ship stand in templates/. A
// template is a value; const use from any thread.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/checkout.h"
#include "agent/domain/result.h"
#include "pos_adapter/escpos/paper_text.h"
#include "pos_adapter/escpos/receipt_pattern.h"

namespace tillside::escpos {

// What kind of slip a paper is. All but the first four are no sale and undo none.
enum class SlipKind : std::uint8_t {
  sale,
  returned,
  voided,
  exchanged,
  training,
  reprint,    // 补打
  suspended,  // 挂单
  kitchen,    // 厨打
  report,     // 日结, 交班
  card_slip,  // what a card terminal prints: 签购单
  copy,       // the shop's own copy: 存根联
  no_sale,    // the drawer was opened
  unknown     // nothing that a receipt has
};
inline constexpr std::size_t kSlipKinds = static_cast<std::size_t>(SlipKind::unknown) + 1;
const char* name_of(SlipKind kind);
std::optional<SlipKind> slip_kind_of(std::string_view name);

// One way in which the rows of goods may stand; [[items]].
struct ItemLayout {
  Patterns begin;  // the line above the first row; empty: the top of the paper
  Patterns end;    // the first line below the last row; empty: the first line with a total
  Patterns rows;   // the first that matches a line decides
  Patterns ignore;
};

// How a line discount and its row's amount stand to each other.
enum class Amounts : std::uint8_t { automatic, before_discount, after_discount };

struct ReceiptTemplate {
  std::string name, title;
  std::string extends;  // of another: its patterns come behind these, its settings where these are silent

  PaperSettings paper;

  // [money]
  std::optional<Currency> currency;  // nullopt: the store's
  char decimal_point = '.';
  char thousands = ',';
  bool prices_include_tax = true;

  std::vector<std::string> time_formats;  // [time] formats, with %Y %y %m %b %d %H %I %M %S %p

  // [recognise]: this template reads papers on which each of `all`, one of `any` and none of `not` stands. Without the
  // first two it is a general one, tried where no other fits.
  Patterns recognise_all, recognise_any, recognise_not;
  bool is_general() const { return recognise_all.empty() && recognise_any.empty(); }

  std::array<Patterns, kSlipKinds> kinds;  // [kind], by SlipKind
  Patterns head;                           // [head] patterns
  Patterns totals;                         // [totals] patterns
  std::vector<ItemLayout> items;           // [[items]], the first whose beginning is on the paper
  Amounts amounts = Amounts::automatic;    // [goods] amounts
  // [goods], of a row's name. A discount row belongs to the row above unless its name says that it is the bill's.
  Patterns discount_names, bill_discount_names, void_names, fee_names, deposit_names;

  // [tenders]
  Patterns tender_rows;
  std::vector<std::pair<TenderType, Patterns>> tender_types;  // by the tender's name; else TenderType::other

  Proof member_proof = Proof::named;  // [member] proof

  // [lanes], [operators], [guides]: as printed -> ours
  std::map<std::string, std::string, std::less<>> lanes, operators, guides;

  // [require]
  bool needs_number = true, needs_items = true;

  const Patterns& of(SlipKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
};

// An unknown key, a wrong type or value, an expression that is none: the key as the field. `bases`: the texts of the
// templates it extends, the nearest first.
Result<ReceiptTemplate> parse_template(std::string_view toml, std::span<const std::string_view> bases = {});

// Only the names, without the patterns: to know in which order to parse. bad_format with the line.
struct TemplateNames {
  std::string name, extends;
};
Result<TemplateNames> template_names(std::string_view toml);

}  // namespace tillside::escpos
