#include "sync/hq/marks.h"

#include <algorithm>
#include <charconv>

namespace tillside::hq {
namespace {

constexpr std::size_t kMark = 8;

std::string mark(const Bytes32& key, std::string_view purpose, TillNumber till, std::string_view text) {
  const auto mac = keyed_hash(key, std::string(purpose) + std::to_string(till) + "." + std::string(text));
  return to_hex(mac.data(), kMark);
}

std::string contact_mark(const HqKeys& keys, TillNumber till, const wire::Epoch& epoch,
                         const wire::ContactValue& value) {
  const auto text = to_hex(epoch) + "." + std::to_string(value.counter) + "." + to_hex(value.random.data(), kMark);
  return mark(keys.mark_key(), "tillside/contact/v1.", till, text);
}

std::string cursor_mark(const HqKeys& keys, TillNumber till, std::string_view text) {
  return mark(keys.mark_key(), "tillside/cursor/v1.", till, text);
}

bool take_number(std::string_view& text, std::uint64_t& out) {
  if (!text.starts_with('.')) return false;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), out);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

wire::ContactValue make_contact_value(const HqKeys& keys, TillNumber till, const wire::Epoch& epoch,
                                      std::uint64_t counter, const Bytes16& dice) {
  wire::ContactValue value{counter, dice};
  std::array<std::uint8_t, kMark> mac{};
  from_hex(contact_mark(keys, till, epoch, value), mac);
  std::copy(mac.begin(), mac.end(), value.random.begin() + kMark);
  return value;
}

bool is_own(const HqKeys& keys, TillNumber till, const wire::Epoch& epoch, const wire::ContactValue& value) {
  return to_hex(value.random.data() + kMark, kMark) == contact_mark(keys, till, epoch, value);
}

std::string write_cursor(const HqKeys& keys, TillNumber till, const Bytes16& incarnation, const Position& position) {
  const auto text = to_hex(incarnation) + "." + std::to_string(position.chain) + "." + std::to_string(position.store) +
                    "." + std::to_string(position.till);
  return text + "." + cursor_mark(keys, till, text);
}

Result<Cursor> read_cursor(const HqKeys& keys, TillNumber till, std::string_view text) {
  const Error bad{ErrorCode::bad_format, "since", "not a cursor of headquarters"};
  Cursor cursor;
  if (text.size() <= 32 || !from_hex(text.substr(0, 32), cursor.incarnation)) return bad;
  auto rest = text.substr(32);
  auto& [chain, store, own_till] = cursor.position;
  if (!take_number(rest, chain) || !take_number(rest, store) || !take_number(rest, own_till)) return bad;
  if (!rest.empty() && (rest.front() != '.' || rest.size() != 1 + 2 * kMark)) return bad;
  cursor.own = !rest.empty() && rest.substr(1) == cursor_mark(keys, till, text.substr(0, text.size() - rest.size()));
  return cursor;
}

}  // namespace tillside::hq
