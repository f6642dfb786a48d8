#include "pos_adapter/journal/mapping.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <type_traits>
#include <utility>

#include "pos_adapter/journal/encoding.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

constexpr std::array<const char*, kFields> kFieldNames = {
    "ticket",   "store_id", "lane_id",    "business_date", "sequence", "occurred_at", "operator_id", "guide_id",
    "customer", "currency", "original",   "line_no",       "sku",      "name",        "category",    "kind",
    "unit",     "quantity", "unit_price", "amount",        "discount", "tax",         "tender_type", "tender_amount"};

Error bad(std::string key, ErrorCode code, std::string detail) { return {code, std::move(key), std::move(detail)}; }

// One table of the file; each key is asked for once, and what was not asked for is unknown.
class Section {
 public:
  Section(const toml::table& file, std::string name) : name_(std::move(name)) {
    const toml::node* node = file.get(name_);
    if (node == nullptr) return;
    table_ = node->as_table();
    if (table_ == nullptr) fail(name_, ErrorCode::wrong_type, "a table is wanted");
  }

  template <class T>
  void take(const char* key, T& target) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if constexpr (std::is_same_v<T, std::vector<std::string>>) {
      take_list(key, *node, target);
    } else if (const auto value = node->value_exact<T>()) {
      target = *value;  // NOLINT(bugprone-optional-value-conversion): a T may be optional, most are not
    } else {
      fail(path(key), ErrorCode::wrong_type, "not a value of the right type");
    }
  }

  // Text that `convert` turns into the target, or refuses.
  template <class T, class Convert>
  void take_word(const char* key, T& target, Convert convert) {
    std::string text;
    if (find(key) == nullptr) return;
    take(key, text);
    if (failure_) return;
    if (auto value = convert(std::string_view(text))) {
      target = *value;  // NOLINT(bugprone-optional-value-conversion): T may be optional itself
    } else {
      fail(path(key), ErrorCode::unknown_value, text.substr(0, 60));
    }
  }

  template <class Visit>
  void each_text(Visit visit) {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
      asked_.emplace_back(key.str());
      const auto value = node.template value_exact<std::string>();
      if (value) {
        visit(std::string(key.str()), *value);
      } else {
        fail(path(std::string(key.str())), ErrorCode::wrong_type, "a text is wanted");
      }
    }
  }

  Failure finish() {
    if (table_ != nullptr)
      for (const auto& [key, node] : *table_)
        if (std::find(asked_.begin(), asked_.end(), key.str()) == asked_.end())
          fail(path(std::string(key.str())), ErrorCode::unknown_value, "no such key");
    return failure_;
  }

  void fail(std::string key, ErrorCode code, std::string detail) {
    if (!failure_) failure_ = bad(std::move(key), code, std::move(detail));
  }
  std::string path(const std::string& key) const { return name_ + "." + key; }

 private:
  const toml::node* find(const char* key) {
    asked_.emplace_back(key);
    return table_ == nullptr ? nullptr : table_->get(key);
  }

  void take_list(const char* key, const toml::node& node, std::vector<std::string>& target) {
    const toml::array* list = node.as_array();
    if (list == nullptr) return fail(path(key), ErrorCode::wrong_type, "a list of texts is wanted");
    target.clear();
    for (const toml::node& one : *list) {
      const auto value = one.value_exact<std::string>();
      if (!value) return fail(path(key), ErrorCode::wrong_type, "a list of texts is wanted");
      target.push_back(*value);
    }
  }

  std::string name_;
  const toml::table* table_ = nullptr;
  std::vector<std::string> asked_;
  Failure failure_;
};

std::optional<char> one_character(std::string_view text) {
  if (text.size() != 1) return {};
  return text.front();
}

std::optional<char> delimiter_of(std::string_view text) {
  return text == "," || text == ";" || text == "\t" ? std::optional(text.front()) : std::nullopt;
}

template <class T>
std::optional<T> optional_of(Result<T> result) {
  if (!result.ok()) return {};
  return *result;
}

Failure read_file(const toml::table& file, Mapping& mapping) {
  Section section(file, "file");
  section.take_word("encoding", mapping.encoding, [](std::string_view text) { return optional_of(encoding_of(text)); });
  section.take_word("delimiter", mapping.delimiter, delimiter_of);
  section.take("header", mapping.header);
  section.take_word("ticket_ends", mapping.ticket_ends, [](std::string_view text) -> std::optional<TicketEnds> {
    if (text == "next") return TicketEnds::next;
    return text == "idle" ? std::optional(TicketEnds::idle) : std::nullopt;
  });
  std::int64_t idle_seconds = mapping.idle_ms / 1000;
  section.take("idle_seconds", idle_seconds);
  if (idle_seconds < 1 || idle_seconds > 86'400)
    section.fail("file.idle_seconds", ErrorCode::out_of_range, "1 to 86400");
  mapping.idle_ms = idle_seconds * 1000;
  return section.finish();
}

Failure read_constants(const toml::table& file, Mapping& mapping) {
  Section section(file, "constants");
  section.take("store_id", mapping.store_id);
  section.take("lane_id", mapping.lane_id);
  section.take("pos", mapping.pos);
  section.take("zone", mapping.zone);
  section.take_word("currency", mapping.currency, [](std::string_view text) { return optional_of(currency_of(text)); });
  section.take_word("tender", mapping.tender, tender_type_of);
  bool include_tax = true;
  const toml::node_view<const toml::node> said = file["constants"]["prices_include_tax"];
  section.take("prices_include_tax", include_tax);
  if (said) mapping.prices_include_tax = include_tax;
  return section.finish();
}

Failure read_names(const toml::table& file, const char* name, std::map<std::string, std::string, std::less<>>& names) {
  Section section(file, name);
  section.each_text([&](std::string key, std::string value) { names[std::move(key)] = std::move(value); });
  return section.finish();
}

// A file that names its columns names them all: what it leaves out is not there.
Failure read_columns(const toml::table& file, Mapping& mapping) {
  Section section(file, "columns");
  mapping.columns_named = file.contains("columns");
  if (mapping.columns_named) mapping.columns.assign(kFields, "");
  section.each_text([&](const std::string& key, const std::string& value) {
    const auto field = field_of(key);
    if (!field) return section.fail(section.path(key), ErrorCode::unknown_value, "no such field");
    mapping.columns[static_cast<std::size_t>(*field)] = value;
  });
  if (mapping.column(Field::ticket).empty())
    section.fail("columns.ticket", ErrorCode::missing_field, "which column holds the ticket's number?");
  return section.finish();
}

Failure read_formats(const toml::table& file, Mapping& mapping) {
  Section section(file, "formats");
  section.take("occurred_at", mapping.dates);
  section.take("business_date", mapping.business_dates);
  section.take_word("decimal_point", mapping.decimal_point, one_character);
  section.take_word("thousands", mapping.thousands, one_character);
  section.take("amounts_are_minor", mapping.amounts_are_minor);
  return section.finish();
}

Failure read_customer(const toml::table& file, Mapping& mapping) {
  Section section(file, "customer");
  section.take_word("type", mapping.customer_type, id_type_of);
  section.take_word("proof", mapping.customer_proof, proof_of);
  section.take("strip_suffix", mapping.customer_strip_suffix);
  section.take("nobody", mapping.customer_nobody);
  return section.finish();
}

Failure read_cancellation(const toml::table& file, Mapping& mapping) {
  Section section(file, "cancellation");
  section.take("ticket_prefix", mapping.cancel_prefix);
  section.take("column", mapping.cancel_column);
  section.take("values", mapping.cancel_values);
  section.take_word("state", mapping.cancel_state, [](std::string_view text) -> std::optional<CheckoutState> {
    if (text == "returned") return CheckoutState::returned;
    return text == "voided" ? std::optional(CheckoutState::voided) : std::nullopt;
  });
  return section.finish();
}

Failure read_lines(const toml::table& file, Mapping& mapping) {
  Section section(file, "lines");
  section.take("discount_skus", mapping.discount_skus);
  section.take("fee_skus", mapping.fee_skus);
  section.take("deposit_skus", mapping.deposit_skus);
  return section.finish();
}

Failure check_sections(const toml::table& file) {
  static constexpr std::array<std::string_view, 9> kKnown = {"file",    "constants", "stores",       "lanes", "columns",
                                                             "formats", "customer",  "cancellation", "lines"};
  for (const auto& [key, node] : file)
    if (std::find(kKnown.begin(), kKnown.end(), key.str()) == kKnown.end())
      return bad(std::string(key.str()), ErrorCode::unknown_value, "no such table");
  return {};
}

Failure fill(const toml::table& file, Mapping& mapping) {
  if (auto failure = check_sections(file)) return failure;
  for (const auto part :
       {read_file, read_constants, read_columns, read_formats, read_customer, read_cancellation, read_lines})
    if (auto failure = part(file, mapping)) return failure;
  if (auto failure = read_names(file, "stores", mapping.stores)) return failure;
  return read_names(file, "lanes", mapping.lanes);
}

}  // namespace

const char* name_of(Field field) { return kFieldNames[static_cast<std::size_t>(field)]; }

std::optional<Field> field_of(std::string_view name) {
  for (std::size_t field = 0; field < kFields; ++field)
    if (name == kFieldNames[field]) return static_cast<Field>(field);
  return {};
}

std::string renamed(const Mapping::Names& names, std::string_view name) {
  const auto found = names.find(name);
  return found == names.end() ? std::string(name) : found->second;
}

Mapping default_mapping() {
  Mapping mapping;
  for (std::size_t field = 0; field < kFields; ++field) mapping.columns[field] = kFieldNames[field];
  return mapping;
}

Result<Mapping> parse_mapping(std::string_view text) {
  try {
    Mapping mapping = default_mapping();
    if (auto failure = fill(toml::parse(text), mapping)) return *failure;
    return mapping;
  } catch (const toml::parse_error& problem) {
    const auto line = std::to_string(problem.source().begin.line);
    return Error{ErrorCode::bad_format, "line " + line, std::string(problem.description())};
  }
}

Result<Mapping> load_mapping(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::not_found, "", "cannot read " + path.filename().string()};
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return parse_mapping(text);
}

}  // namespace tillside::journal
