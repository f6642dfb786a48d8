// What a chain's own files mean: the mapping file (TOML) of the journal door.
//
// CSV and databases need it; XML and JSON lines take only `constants`, `stores` and `lanes` from it. The page with
// every key and a worked example is docs/journal.md; installer/sample_store/online-retail.toml is one in use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/checkout.h"
#include "agent/domain/result.h"

namespace tillside::journal {

// The fields a CSV column can fill.
enum class Field : std::uint8_t {
  ticket,  // required: rows of one ticket stand together
  store_id,
  lane_id,
  business_date,
  sequence,  // default: the digits of the ticket
  occurred_at,
  operator_id,
  guide_id,
  customer,
  currency,
  original,  // ticket of the sale that a return reverses
  line_no,
  sku,
  name,
  category,
  kind,  // sale, returned, voided, discount, deposit, fee; blank is sale
  unit,
  quantity,  // default 1
  unit_price,
  amount,    // default: quantity x unit price
  discount,  // taken off this line
  tax,       // of this line
  tender_type,
  tender_amount,
};
inline constexpr std::size_t kFields = static_cast<std::size_t>(Field::tender_amount) + 1;
const char* name_of(Field field);
std::optional<Field> field_of(std::string_view name);

enum class Encoding : std::uint8_t { utf8, latin1, gb18030 };
enum class TicketEnds : std::uint8_t { next, idle };  // when is the last ticket of an appended file complete

struct Mapping {
  // [file]
  Encoding encoding = Encoding::utf8;
  char delimiter = 0;               // , ; or tab; 0: found in the header
  std::vector<std::string> header;  // names of the columns of a file that has no header row
  TicketEnds ticket_ends = TicketEnds::next;
  std::int64_t idle_ms = 30'000;

  // [constants], for documents that do not say
  std::string store_id, lane_id, pos;
  std::optional<Currency> currency;
  std::string zone;  // IANA name; whoever calls makes the StoreZone and hands it in Defaults
  std::optional<bool> prices_include_tax;
  std::optional<TenderType> tender;  // the whole net was paid so, where a file does not tell

  // [stores], [lanes]: how the POS writes an id -> ours
  using Names = std::map<std::string, std::string, std::less<>>;
  Names stores, lanes;

  // [columns]: default, each field under its own name
  std::vector<std::string> columns = std::vector<std::string>(kFields);  // by Field
  bool columns_named = false;                                            // the file has [columns]
  std::string dates;           // of occurred_at, with %Y %y %m %d %H %I %M %S %p; empty: RFC 3339 or with a blank
  std::string business_dates;  // of business_date; empty: YYYY-MM-DD
  char decimal_point = '.';
  char thousands = 0;  // a mark between thousands, 0 for none
  bool amounts_are_minor = false;

  // [customer]
  IdType customer_type = IdType::card;
  Proof customer_proof = Proof::scanned;
  std::string customer_strip_suffix;         // "17850.0" is "17850" with ".0"
  std::vector<std::string> customer_nobody;  // values that name nobody

  // [cancellation]: a ticket so marked reverses a sale
  std::string cancel_prefix;  // of the ticket
  std::string cancel_column;  // or a column with one of these values
  std::vector<std::string> cancel_values;
  CheckoutState cancel_state = CheckoutState::returned;  // or voided

  // [lines]
  std::vector<std::string> discount_skus, fee_skus, deposit_skus;

  const std::string& column(Field field) const { return columns[static_cast<std::size_t>(field)]; }
};

// Our id for the POS's; its own where it is not renamed.
std::string renamed(const Mapping::Names& names, std::string_view name);

// A mapping without a file: CSV columns named as the fields.
Mapping default_mapping();

// An unknown key, a wrong type or value: bad_format, missing_field or unknown_value, with the key as the field.
Result<Mapping> parse_mapping(std::string_view toml);
Result<Mapping> load_mapping(const std::filesystem::path& path);  // not_found when it cannot be read

}  // namespace tillside::journal
