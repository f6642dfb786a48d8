#include <sodium.h>

#include <algorithm>
#include <tuple>

#include "agent/domain/checkout.h"
#include "agent/domain/json_out.h"

namespace tillside {
namespace {

using json::Array;

constexpr std::string_view kContentVersion = "tillside/content/1";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

void put_customers(Array& content, const Checkout& checkout, WithCustomer customer) {
  Array ids(content.next());
  if (customer == WithCustomer::no) return;
  std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> sorted;
  sorted.reserve(checkout.customer_ids.size());
  for (const auto& id : checkout.customer_ids)
    sorted.emplace_back(name_of(id.type), trimmed(id.value), name_of(id.proof));
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [type, value, proof] : sorted) {
    Array one(ids.next());
    one.text(type);
    one.text(value);
    one.text(proof);
  }
}

void put_ref(Array& one, const OriginalRef& original) {
  one.text(original.checkout_id);
  one.text(original.store_id);
  one.text(original.lane_id);
  one.text(original.business_date ? format_date(*original.business_date) : std::string{});
  one.integer(original.series);
  one.integer(original.sequence);
  if (!original.identity.empty()) one.text(original.identity);
}

void put_line_original(Array& line, const LineOriginal& original) {
  Array one(line.next());
  one.integer(original.line_no);
  Array sale(one.next());
  if (!original.sale.names_nothing()) put_ref(sale, original.sale);
}

void put_lines(Array& content, const Checkout& checkout) {
  Array lines(content.next());
  for (const auto& line : checkout.lines) {
    Array one(lines.next());
    one.integer(line.line_no);
    one.text(line.sku);
    one.text(line.name);
    one.text(line.category);
    one.text(name_of(line.kind));
    one.integer(line.quantity);
    one.text(line.unit);
    one.integer(line.unit_price);
    one.integer(line.amount);
    one.integer(line.discount);
    if (line.original) put_line_original(one, *line.original);
  }
}

void put_totals(Array& content, const Totals& totals) {
  Array one(content.next());
  one.integer(totals.gross);
  one.integer(totals.discount);
  one.integer(totals.tax);
  one.integer(totals.net);
}

void put_tenders(Array& content, const Checkout& checkout) {
  Array tenders(content.next());
  for (const auto& tender : checkout.tenders) {
    Array one(tenders.next());
    one.text(name_of(tender.type));
    one.integer(tender.amount);
  }
}

void put_codes(Array& content, const Checkout& checkout) {
  {
    Array coupons(content.next());
    for (const auto& code : checkout.coupons) coupons.text(code);
  }
  Array discounts(content.next());
  for (const auto& discount : checkout.applied_discounts) {
    Array one(discounts.next());
    one.text(discount.code);
    one.integer(discount.line_no);
    one.integer(discount.amount);
  }
}

void put_original(Array& content, const Checkout& checkout) {
  if (!checkout.original) return content.null();
  Array one(content.next());
  put_ref(one, *checkout.original);
}

std::string compact_date(LocalDate day) {
  std::string text = format_date(day);
  std::erase(text, '-');
  return text;
}

std::string percent_encoded(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain_id({&c, 1})) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

// The buffer is kept, so that a busy till does not allocate for every digest.
std::string& content_buffer() {
  thread_local std::string buffer;
  buffer.clear();
  return buffer;
}

Bytes16 digest_of(std::string_view text, const Bytes32* key) {
  Bytes16 digest;
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     key != nullptr ? key->data() : nullptr, key != nullptr ? key->size() : 0);
  return digest;
}

std::string hex_of_nameless(const Checkout& checkout) {
  std::string& text = content_buffer();
  append_canonical_content(text, checkout, WithCustomer::no);
  text.append("\n").append(checkout.occurred_at_text);
  return to_hex(digest_of(text, nullptr));
}

}  // namespace

void append_canonical_content(std::string& out, const Checkout& checkout, WithCustomer customer) {
  Array content(out);
  content.text(kContentVersion);
  content.text(checkout.checkout_id);
  content.text(name_of(checkout.state));
  content.text(checkout.store_id);
  content.text(checkout.lane_id);
  content.text(format_date(checkout.business_date));
  content.integer(checkout.series);
  content.integer(checkout.sequence);
  content.text(checkout.operator_id);
  content.text(checkout.guide_id);
  content.boolean(checkout.training);
  put_customers(content, checkout, customer);
  content.text(checkout.currency.text());
  content.boolean(checkout.prices_include_tax);
  put_lines(content, checkout);
  put_totals(content, checkout.totals);
  put_tenders(content, checkout);
  put_codes(content, checkout);
  put_original(content, checkout);
}

std::string identity_of(const Checkout& checkout, std::int64_t series, std::uint32_t ordinal) {
  std::string identity;
  identity.reserve(96);
  identity.append(checkout.store_id).append(":").append(checkout.lane_id).append(":");
  identity.append(compact_date(checkout.business_date)).append(":");
  if (checkout.sequence != 0) {
    json::append_integer(identity, series);
    identity.push_back(':');
    json::append_integer(identity, checkout.sequence);
  } else if (!checkout.checkout_id.empty()) {
    identity.append("id:").append(percent_encoded(checkout.checkout_id));
  } else {
    identity.append("d:").append(hex_of_nameless(checkout)).append(":");
    json::append_integer(identity, ordinal);
  }
  return identity.append(":").append(name_of(checkout.state));
}

Bytes16 content_digest(const Checkout& checkout, const Bytes32& key) {
  std::string& text = content_buffer();
  append_canonical_content(text, checkout);
  return digest_of(text, &key);
}

}  // namespace tillside
