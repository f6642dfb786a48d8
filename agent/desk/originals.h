// Which remembered sale or reversal a document takes back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/domain/checkout.h"
#include "agent/store/session.h"

namespace tillside {

// What `ref` names, as `checkout` means it: store, lane and date that are left out are its own. Of a number without a
// series the newest. `reversals`: a void or a return may be meant, too.
std::optional<store::FiledCheckout> find_original(store::Session& session, const Checkout& checkout,
                                                  const OriginalRef& ref, bool reversals);
// A POS that voids under the sale's own number needs to name no original.
std::optional<store::FiledCheckout> of_same_number(store::Session& session, const Checkout& checkout);

// "<store>:<lane>:<date>:<series>:<sequence>:<kind>" from the place and series it was filed under.
std::string identity_of_filed(const store::FiledCheckout& filed);

// Every name under which a sale may be awaited: those `ref` gives it, and those it comes by.
std::vector<std::string> names_in(const Checkout& checkout, const OriginalRef& ref);
std::vector<std::string> names_of_same_number(const Checkout& checkout);
std::vector<std::string> names_of_sale(const Checkout& sale, const store::FiledCheckout& file);
// The identity of the first sale that a document names, as far as it says one; empty: it does not.
std::string identity_named(const Checkout& checkout);

}  // namespace tillside
