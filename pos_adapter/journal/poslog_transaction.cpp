#include "pos_adapter/journal/poslog_transaction.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "pos_adapter/journal/dates.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

// The elements of a Transaction, seen once.
struct Head {
  std::string_view store, lane, sequence, business_day, end_time, begin_time, operator_id, currency, transaction_id,
      training;
  pugi::xml_node retail, control;
};

Head head_of(pugi::xml_node transaction) {
  Head head;
  each_child(transaction, [&](std::string_view name, pugi::xml_node node) {
    const std::string_view text = trimmed(node.text().get());
    if (name == "RetailStoreID")
      head.store = text;
    else if (name == "BusinessUnit")
      head.store = child_text(node, "UnitID");
    else if (name == "WorkstationID")
      head.lane = text;
    else if (name == "SequenceNumber")
      head.sequence = text;
    else if (name == "BusinessDayDate")
      head.business_day = text;
    else if (name == "EndDateTime")
      head.end_time = text;
    else if (name == "BeginDateTime" || name == "POSLogDateTime")
      head.begin_time = text;
    else if (name == "OperatorID")
      head.operator_id = text;
    else if (name == "CurrencyCode")
      head.currency = text;
    else if (name == "TransactionID")
      head.transaction_id = text;
    else if (name == "TrainingModeFlag")
      head.training = text;
    else if (name == "RetailTransaction")
      head.retail = node;
    else if (name == "ControlTransaction")
      head.control = node;
  });
  return head;
}

std::string id_or(std::string id, const std::string& mapped, const std::string& fallback) {
  if (!id.empty()) return id;
  return mapped.empty() ? fallback : mapped;
}

Failure read_times(const Head& head, const Defaults& defaults, Checkout& checkout) {
  const std::string_view text = head.end_time.empty() ? head.begin_time : head.end_time;
  checkout.occurred_at_text = text;
  checkout.occurred_at = defaults.now;
  if (!text.empty()) {
    auto at = parse_time(text, *defaults.zone);
    if (!at.ok()) return Error{ErrorCode::bad_time, "EndDateTime", ""};
    checkout.occurred_at = *at;
  }
  if (head.business_day.empty()) {
    checkout.business_date = defaults.zone->date(checkout.occurred_at);
    checkout.business_date_assumed = true;
    return {};
  }
  auto day = parse_day(head.business_day, "");
  if (!day.ok()) return Error{ErrorCode::bad_time, "BusinessDayDate", ""};
  checkout.business_date = *day;
  return {};
}

Failure read_head(const Head& head, pugi::xml_node transaction, const Mapping& mapping, const Defaults& defaults,
                  Checkout& checkout) {
  checkout.store_id = id_or(renamed(mapping.stores, head.store), mapping.store_id, defaults.store_id);
  checkout.lane_id = id_or(renamed(mapping.lanes, head.lane), mapping.lane_id, defaults.lane_id);
  checkout.checkout_id = head.transaction_id;
  checkout.operator_id = head.operator_id;
  checkout.training = is_true(transaction, "TrainingModeFlag") || head.training == "true" || head.training == "1";
  checkout.source = {"journal", mapping.pos, Confidence::exact};
  checkout.currency = mapping.currency.value_or(defaults.currency);
  if (!head.currency.empty()) {
    auto currency = currency_of(head.currency);
    if (!currency.ok()) return Error{currency.error().code, "CurrencyCode", ""};
    checkout.currency = *currency;
  }
  if (!head.sequence.empty()) {
    auto number = whole_number(head.sequence, "SequenceNumber");
    if (!number.ok()) return number.error();
    checkout.sequence = *number;
  }
  return read_times(head, defaults, checkout);
}

// Words of the standard and of vendors for where a transaction stands.
std::optional<CheckoutState> state_of(std::string_view status) {
  struct Known {
    std::string_view status;
    CheckoutState state;
  };
  static constexpr std::array kWords = {
      Known{"Completed", CheckoutState::completed},
      Known{"Complete", CheckoutState::completed},
      Known{"Finished", CheckoutState::completed},
      Known{"Delivered", CheckoutState::completed},
      Known{"Tendered", CheckoutState::completed},
      Known{"Closed", CheckoutState::completed},
      Known{"Suspended", CheckoutState::suspended},
      Known{"SuspendedDeleted", CheckoutState::voided},
      Known{"SuspendedRetrieved", CheckoutState::resumed},
      Known{"Retrieved", CheckoutState::resumed},
      Known{"Resumed", CheckoutState::resumed},
      Known{"Voided", CheckoutState::voided},
      Known{"PostVoided", CheckoutState::voided},
      Known{"Cancelled", CheckoutState::voided},
      Known{"Canceled", CheckoutState::voided},
      Known{"Failed", CheckoutState::voided},
      Known{"Returned", CheckoutState::returned},
      Known{"Totaled", CheckoutState::total},
      Known{"InProcess", CheckoutState::total},
      Known{"Reprinted", CheckoutState::reprint},
      Known{"Duplicate", CheckoutState::reprint},
  };
  for (const Known& word : kWords)
    if (same_letters(word.status, status)) return word.state;
  return {};
}

// What the flags and the status say of the whole; completed when they say nothing.
Result<CheckoutState> stated(pugi::xml_node transaction, pugi::xml_node retail) {
  if (is_true(transaction, "CancelFlag") || is_true(transaction, "VoidFlag") || is_true(retail, "CancelFlag"))
    return CheckoutState::voided;
  auto status = attribute_text(retail, "TransactionStatus");
  if (status.empty()) status = attribute_text(transaction, "TransactionStatus");
  if (status.empty()) status = child_text(retail, "TransactionStatus");
  if (status.empty()) return CheckoutState::completed;
  const auto state = state_of(local_name(status));
  if (!state) return Error{ErrorCode::unknown_value, "TransactionStatus", ""};
  return *state;
}

void take_link(pugi::xml_node link, const Mapping& mapping, Checkout& checkout) {
  const auto reason = attribute_text(link, "ReasonCode");
  const bool voids = mentions(reason, "void") || mentions(reason, "cancel");
  if (voids && checkout.state == CheckoutState::completed) checkout.state = CheckoutState::voided;
  if (voids || mentions(reason, "return") || mentions(reason, "refund") || mentions(reason, "exchange"))
    checkout.original = read_link(link, mapping);
}

Failure read_part(std::string_view name, pugi::xml_node node, RetailWork& work) {
  if (name == "LineItem") return read_line_item(node, work);
  if (name == "Total") return read_total(node, work);
  if (name == "TransactionLink")
    take_link(node, work.mapping, work.checkout);
  else if (name == "Customer")
    take_customer(node, Proof::named, work.checkout);
  else if (name == "LoyaltyAccount" || name == "LoyaltyMembership")
    take_customer(node, Proof::scanned, work.checkout);
  else if (name == "Associate" && work.checkout.guide_id.empty())
    work.checkout.guide_id = child_text(node, "AssociateID");
  return {};
}

Failure read_retail(const Head& head, pugi::xml_node transaction, const Mapping& mapping, Checkout& checkout) {
  auto state = stated(transaction, head.retail);
  if (!state.ok()) return state.error();
  checkout.state = *state;
  Decimals decimals(checkout.currency);
  RetailWork work(checkout, decimals, mapping);
  Failure error;
  each_child(head.retail, [&](std::string_view name, pugi::xml_node node) {
    if (!error) error = read_part(name, node, work);
  });
  if (error) return error;
  settle_retail(work);
  checkout.decimals_rounded = decimals.rounded();
  return {};
}

std::optional<CheckoutState> control_state(pugi::xml_node control) {
  std::optional<CheckoutState> state;
  each_child(control, [&](std::string_view name, pugi::xml_node) {
    if (name == "OperatorSignOn" || name == "SessionStart")
      state = CheckoutState::sign_on;
    else if (name == "OperatorSignOff")
      state = CheckoutState::sign_off;
    else if (name == "NoSale")
      state = CheckoutState::no_sale;
    else if (name == "BusinessEOD" || name == "StoreEOD" || name == "EndOfDay" || name == "BusinessDayClose")
      state = CheckoutState::day_close;
    else if (mentions(name, "Reprint"))
      state = CheckoutState::reprint;
  });
  return state;
}

}  // namespace

std::optional<OriginalRef> read_link(pugi::xml_node link, const Mapping& mapping) {
  OriginalRef original;
  std::string_view day;
  each_child(link, [&](std::string_view name, pugi::xml_node node) {
    const std::string_view text = own_text(node);
    if (name == "RetailStoreID")
      original.store_id = renamed(mapping.stores, text);
    else if (name == "BusinessUnit")
      original.store_id = renamed(mapping.stores, child_text(node, "UnitID"));
    else if (name == "WorkstationID")
      original.lane_id = renamed(mapping.lanes, text);
    else if (name == "TransactionID")
      original.checkout_id = text;
    else if (name == "SequenceNumber")
      original.sequence = whole_number(text, "").ok() ? *whole_number(text, "") : 0;
    else if (name == "BusinessDayDate" || (name == "BeginDateTime" && day.empty()))
      day = text;
  });
  const auto date = parse_day(day, "");
  if (date.ok()) original.business_date = *date;
  const bool placed = !original.lane_id.empty() && original.sequence != 0 && original.business_date;
  if (!placed && original.checkout_id.empty()) return {};
  if (!placed) original.sequence = 0;
  return original;
}

std::optional<Result<Checkout>> read_transaction(pugi::xml_node transaction, const Mapping& mapping,
                                                 const Defaults& defaults) {
  const Head head = head_of(transaction);
  if (!head.retail && !head.control) return {};
  Checkout checkout;
  Failure error = read_head(head, transaction, mapping, defaults, checkout);
  if (error) return Result<Checkout>(*error);
  if (head.retail) {
    error = read_retail(head, transaction, mapping, checkout);
    if (error) return Result<Checkout>(*error);
  } else {
    const auto state = control_state(head.control);
    if (!state) return {};
    checkout.state = *state;
  }
  return Result<Checkout>(std::move(checkout));
}

}  // namespace tillside::journal
