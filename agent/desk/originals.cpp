#include "agent/desk/originals.h"

#include <algorithm>

#include "agent/desk/filing.h"
#include "agent/desk/jobs.h"

namespace tillside {
namespace {

constexpr CheckoutState kSales[] = {CheckoutState::completed, CheckoutState::exchanged};
constexpr CheckoutState kReversals[] = {CheckoutState::returned, CheckoutState::voided};

Checkout place_in(const Checkout& checkout, const OriginalRef& ref) {
  Checkout place;
  place.store_id = ref.store_id.empty() ? checkout.store_id : ref.store_id;
  place.lane_id = ref.lane_id.empty() ? checkout.lane_id : ref.lane_id;
  place.business_date = ref.business_date.value_or(checkout.business_date);
  place.sequence = ref.sequence;
  return place;
}

std::optional<store::FiledCheckout> at(store::Session& session, Checkout place, std::int64_t series,
                                       std::span<const CheckoutState> states) {
  for (const CheckoutState state : states) {
    place.state = state;
    const auto filed = session.checkouts().at_place(place_of(place));
    const auto named = std::find_if(filed.begin(), filed.end(), [&](const auto& one) { return one.series == series; });
    if (series != 0 && named != filed.end()) return *named;
    if (series == 0 && !filed.empty()) return filed.back();
  }
  return std::nullopt;
}

bool is_of(const store::FiledCheckout& filed, std::span<const CheckoutState> states) {
  return std::find(states.begin(), states.end(), filed.state) != states.end();
}

std::optional<store::FiledCheckout> by_identity(store::Session& session, const std::string& identity, bool reversals) {
  auto filed = find_remembered(session, identity);
  if (!filed || identity_of_filed(*filed) != identity) return std::nullopt;
  if (!is_of(*filed, kSales) && !(reversals && is_of(*filed, kReversals))) return std::nullopt;
  return filed;
}

std::string name_at(Checkout place, CheckoutState state) {
  place.state = state;
  return "p:" + place_of(place);
}

std::string name_by_id(std::string_view store_id, std::string_view checkout_id) {
  return "i:" + std::string(store_id) + ":" + std::string(checkout_id);
}

// An identity without its series is a place.
std::string place_of_identity(const std::string& identity) {
  std::size_t at = 0;
  for (int colons = 0; colons < 3; ++colons) {
    at = identity.find(':', at);
    if (at == std::string::npos) return identity;
    ++at;
  }
  if (at >= identity.size() || identity[at] < '0' || identity[at] > '9') return identity;
  const std::size_t end = identity.find(':', at);
  return end == std::string::npos ? identity : identity.substr(0, at) + identity.substr(end + 1);
}

}  // namespace

std::optional<store::FiledCheckout> find_original(store::Session& session, const Checkout& checkout,
                                                  const OriginalRef& ref, bool reversals) {
  if (!ref.identity.empty()) return by_identity(session, ref.identity, reversals);
  if (ref.sequence != 0) {
    if (auto sale = at(session, place_in(checkout, ref), ref.series, kSales)) return sale;
    if (auto undone = reversals ? at(session, place_in(checkout, ref), ref.series, kReversals) : std::nullopt) {
      const bool itself = undone->place == place_of(checkout);
      if (!itself) return undone;
    }
  }
  if (ref.checkout_id.empty()) return std::nullopt;
  const std::string& store = ref.store_id.empty() ? checkout.store_id : ref.store_id;
  if (auto sale = session.checkouts().by_checkout_id(ref.checkout_id, store)) return sale;
  return reversals ? session.checkouts().return_by_checkout_id(ref.checkout_id, store) : std::nullopt;
}

std::optional<store::FiledCheckout> of_same_number(store::Session& session, const Checkout& checkout) {
  if (checkout.sequence != 0) {
    if (auto sale = at(session, checkout, checkout.series, kSales)) return sale;
    return at(session, checkout, checkout.series, std::span(kReversals).first(1));
  }
  if (checkout.checkout_id.empty()) return std::nullopt;
  if (auto sale = session.checkouts().by_checkout_id(checkout.checkout_id, checkout.store_id)) return sale;
  return session.checkouts().return_by_checkout_id(checkout.checkout_id, checkout.store_id);
}

std::string identity_of_filed(const store::FiledCheckout& filed) {
  std::size_t at = 0;
  for (int colons = 0; colons < 3; ++colons) at = filed.place.find(':', at) + 1;
  const bool numbered = at < filed.place.size() && filed.place[at] >= '0' && filed.place[at] <= '9';
  if (!numbered) return filed.place;
  return filed.place.substr(0, at) + std::to_string(filed.series) + ":" + filed.place.substr(at);
}

std::vector<std::string> names_in(const Checkout& checkout, const OriginalRef& ref) {
  std::vector<std::string> names;
  if (!ref.identity.empty()) names.push_back("p:" + place_of_identity(ref.identity));
  if (ref.identity.empty() && ref.sequence != 0)
    for (const CheckoutState state : kSales) names.push_back(name_at(place_in(checkout, ref), state));
  if (!ref.checkout_id.empty())
    names.push_back(name_by_id(ref.store_id.empty() ? checkout.store_id : ref.store_id, ref.checkout_id));
  return names;
}

std::vector<std::string> names_of_same_number(const Checkout& checkout) {
  std::vector<std::string> names;
  if (checkout.sequence != 0) {
    for (const CheckoutState state : kSales) names.push_back(name_at(checkout, state));
  } else if (!checkout.checkout_id.empty()) {
    names.push_back(name_by_id(checkout.store_id, checkout.checkout_id));
  }
  return names;
}

std::vector<std::string> names_of_sale(const Checkout& sale, const store::FiledCheckout& file) {
  std::vector<std::string> names{"p:" + file.place};
  if (!sale.checkout_id.empty()) names.push_back(name_by_id(sale.store_id, sale.checkout_id));
  return names;
}

std::string identity_named(const Checkout& checkout) {
  const OriginalRef* ref = checkout.original ? &*checkout.original : nullptr;
  for (const Line& line : checkout.lines) {
    if (ref != nullptr) break;
    if (line.original && !line.original->sale.names_nothing()) ref = &line.original->sale;
  }
  if (ref == nullptr) return {};
  if (!ref->identity.empty()) return ref->identity;
  if (ref->sequence == 0) return {};
  Checkout place = place_in(checkout, *ref);
  place.state = CheckoutState::completed;
  return identity_of(place, ref->series, 0);
}

}  // namespace tillside
