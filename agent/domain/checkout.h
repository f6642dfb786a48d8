// One checkout, the same value from every door (the API, files, print stream, C library).
//
// The JSON form stands in docs/checkout.md; checkout_json.h reads and writes it. Amounts are minor units of `currency`.
// Signs: sale, fee and deposit lines are >= 0, returned and voided lines <= 0 (a voided line cancels an earlier line of
// the same checkout), discount lines <= 0. A refund's totals and tenders are <= 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/ids.h"
#include "agent/domain/member.h"
#include "agent/domain/money.h"
#include "agent/domain/result.h"
#include "agent/domain/time.h"

namespace tillside {

enum class CheckoutState : std::uint8_t {
  total,
  completed,
  suspended,
  resumed,
  voided,
  returned,
  exchanged,
  no_sale,
  reprint,
  sign_on,
  sign_off,
  day_close
};
const char* name_of(CheckoutState state);
std::optional<CheckoutState> checkout_state_of(std::string_view name);

enum class LineKind : std::uint8_t { sale, returned, voided, discount, deposit, fee };
const char* name_of(LineKind kind);
std::optional<LineKind> line_kind_of(std::string_view name);

enum class TenderType : std::uint8_t {
  cash,
  wechat,
  alipay,
  card,
  member_balance,
  voucher,
  cheque,
  credit,
  unionpay,
  digital_yuan,
  other
};
const char* name_of(TenderType type);
std::optional<TenderType> tender_type_of(std::string_view name);

enum class Confidence : std::uint8_t { exact, parsed };  // parsed: read from paper

// Names another checkout: by its identity, by its parts, or by checkout_id alone.
struct OriginalRef {
  std::string checkout_id;
  std::string store_id, lane_id;
  std::optional<LocalDate> business_date;
  std::int64_t series = 0, sequence = 0;
  std::string identity = {};  // as an answer of ours gave it

  bool names_nothing() const { return *this == OriginalRef(); }
  bool operator==(const OriginalRef&) const = default;
};

// Which line of which sale a returned line takes back.
struct LineOriginal {
  OriginalRef sale;          // names_nothing(): the document's own original
  std::int32_t line_no = 0;  // 0: not told
};

struct Line {
  std::int32_t line_no = 0;
  std::string sku, name, category;  // category is a path: "fruit/durian"
  LineKind kind = LineKind::sale;
  Thousandths quantity = 1000;
  std::string unit;
  Minor unit_price = 0;
  Minor amount = 0;    // before `discount`
  Minor discount = 0;  // taken off this line, >= 0 for sale lines
  std::optional<LineOriginal> original = std::nullopt;
};

struct Totals {
  Minor gross = 0, discount = 0, tax = 0, net = 0;  // net = gross - discount, plus tax when prices exclude it
};

struct Tender {
  TenderType type = TenderType::other;
  Minor amount = 0;
};

struct AppliedDiscount {  // what a POS says it took off on our advice
  std::string code;
  std::int32_t line_no = 0;  // 0: the whole bill
  Minor amount = 0;
};

struct Source {
  std::string adapter, pos;
  Confidence confidence = Confidence::exact;
};

struct Checkout {
  std::string checkout_id;  // 0 to 64 printable ASCII characters, as the POS has it
  CheckoutState state = CheckoutState::completed;
  std::string store_id, lane_id;
  LocalDate business_date;
  std::int64_t series = 0, sequence = 0;  // 0 to 2^53-1; sequence 0 is "none"
  Instant occurred_at;
  std::string occurred_at_text;  // the source's own words, for identity when there is no number
  std::string operator_id, guide_id;
  bool training = false;
  std::vector<CustomerId> customer_ids;  // raw; never leaves the process
  Currency currency;
  bool prices_include_tax = true;
  std::vector<Line> lines;
  Totals totals;
  std::vector<Tender> tenders;
  std::vector<std::string> coupons;  // coupon codes shown at the till
  std::vector<AppliedDiscount> applied_discounts;
  std::string showing_id;
  std::optional<OriginalRef> original;
  Source source;

  bool decimals_rounded = false;       // a door rounded a decimal to reach these integers
  bool business_date_assumed = false;  // the document had none: the store's date of occurred_at was taken
  std::uint32_t unknown_fields = 0;    // dropped by name
  std::uint32_t ordinal = 0;           // among equal documents of one source that have neither number nor id
};

// What is odd but accepted. The names travel in answers and events.
enum class Flag : std::uint8_t {
  totals_do_not_add_up,
  tenders_do_not_add_up,
  decimals_rounded,
  unknown_fields_dropped,
  business_date_assumed,
  late,
  restart,
  unknown_original,
  other_store,         // the document's store is not the one this till is enrolled for
  identifier_ignored,  // an identifier of the customer could not be read
  returned_before,     // the sale was taken back before it arrived: it earns nothing
  over_return,         // more was taken back than was sold and not yet returned
  discounts_differ     // what the POS took off on our advice is not what was advised
};
const char* name_of(Flag flag);
using Flags = std::vector<Flag>;

inline constexpr std::size_t kMaxLines = 2000, kMaxTenders = 64, kMaxCustomerIds = 16, kMaxCoupons = 32;
inline constexpr std::size_t kMaxText = 256;  // bytes of a name, category, unit, code
inline constexpr std::int32_t kMaxLineNumber = 1'000'000;

// Ranges, signs by kind, limits, ids, currency (`store_currency`) and unknown values: an Error naming the field, else
// the flags. Totals and tenders that do not add up are accepted and flagged. Pure. The rules, field by field, stand in
// docs/checkout.md. `late`, `restart`, `unknown_original`, `other_store`, `identifier_ignored`, `returned_before`,
// `over_return` and `discounts_differ` are added by whoever remembers checkouts, not here.
Result<Flags> validate(const Checkout& checkout, const Currency& store_currency);

// A sale earns and counts; suspended, training, reprint, no-sale and controls never do. A completed document worth
// nothing (net 0 and no tender of value) is recorded and is no sale; nor is one whose net is below zero.
bool is_sale(const Checkout& checkout);
bool is_reversal(const Checkout& checkout);  // voided or returned, not training

// The identity within which a checkout is remembered once:
//   "<store>:<lane>:<yyyymmdd>:<series>:<sequence>:<kind>"             numbered
//   "<store>:<lane>:<yyyymmdd>:id:<checkout_id, percent-encoded>:<kind>"  sequence 0, an id
//   "<store>:<lane>:<yyyymmdd>:d:<32 hex of content and time text>:<ordinal>:<kind>"   neither
// where kind is the state's name. `series` may differ from the checkout's own when the lane's counter restarted.
// The unkeyed hex leaves customer ids out, so it reveals nothing about them.
std::string identity_of(const Checkout& checkout, std::int64_t series, std::uint32_t ordinal);
inline std::string identity_of(const Checkout& checkout) {
  return identity_of(checkout, checkout.series, checkout.ordinal);
}

// 128-bit digest of the content: the canonical document without times, source, showing_id and dropped fields.
// Keyed (BLAKE2b, 32-byte key made with the database) so that it reveals nothing about a phone number in it.
Bytes16 content_digest(const Checkout& checkout, const Bytes32& key);

// The text that digest is taken over: one line of JSON whose form stands in docs/checkout.md. Appends to `out`.
enum class WithCustomer : bool { no, yes };
void append_canonical_content(std::string& out, const Checkout& checkout, WithCustomer customer = WithCustomer::yes);

// True when `path` is `subtree` or lies below it: in_category("fruit/durian", "fruit"). An empty subtree holds nothing.
bool in_category(std::string_view path, std::string_view subtree);

}  // namespace tillside
