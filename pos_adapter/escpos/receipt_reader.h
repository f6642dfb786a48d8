// A receipt's lines into the Checkout they tell of, and how sure that is.
//
// A receipt is not the truth: what it does not print is not invented. A split tender of which only the cash half was
// printed is read as it stands, and flagged by validate(). Where the lines do not add up to the total, or the number is
// missing, the reading is unsure: good enough to invite the shopper, never to issue a coupon. Pure; any thread; never
// throws but std::bad_alloc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/domain/checkout.h"
#include "pos_adapter/escpos/paper_text.h"
#include "pos_adapter/escpos/receipt_template.h"

namespace tillside::escpos {

enum class Certainty : std::uint8_t {
  sure,
  unsure,     // Reading::doubts say why: only the join code may be printed
  not_a_sale  // suspended, reprint, kitchen, report ...: nothing is printed
};
const char* name_of(Certainty certainty);

// Why a reading is unsure.
enum class Doubt : std::uint8_t {
  no_total,
  no_number,
  no_items,
  lines_do_not_add_up,
  totals_differ,      // two amounts that both claim to be the total
  unreadable_amount,  // a part that should be an amount is none
  unreadable_time,
  garbled,    // characters that the encoding does not have stand in what was read
  truncated,  // the paper was longer than is kept
  refused     // the checkout breaks a rule of the document: Reading::refusal
};
const char* name_of(Doubt doubt);
const char* zh_words(Doubt doubt);
const char* en_words(Doubt doubt);

// What a reading was made from; for whoever teaches a template.
struct Use {
  enum class As : std::uint8_t { nothing, kind, head, total, item, tender, ignored };
  As as = As::nothing;
  Found found = {};  // views into Paper::lines
};

struct ReadingDefaults {
  std::string store_id, lane_id;
  Currency currency;
  const StoreZone* zone = nullptr;  // required; must outlive the call
  Instant now;
  std::string pos;  // source.pos; empty: the template's title
};

struct Reading {
  Certainty certainty = Certainty::not_a_sale;
  SlipKind kind = SlipKind::unknown;
  std::string template_name;
  // As far as it could be read. Of what is no sale: the event (state suspended, reprint, day_close, no_sale) where the
  // slip bears a number or is a report, else nothing.
  std::optional<Checkout> checkout;
  std::vector<Doubt> doubts;
  std::optional<Error> refusal;
  Flags flags;                 // of validate(), when that accepted it
  bool member_masked = false;  // "138****8000" stood there: nobody is named
  bool name_dropped = false;   // an operator or guide whose name is no id, and no table of the template knows
  std::vector<Use> uses;       // one for each line of the paper
  std::size_t parts = 0;       // how many parts were read
};

// `paper` must outlive what is looked at of Reading::uses.
Reading read_receipt(const Paper& paper, const ReceiptTemplate& by, const ReadingDefaults& defaults);

}  // namespace tillside::escpos
