// From the identifiers named at a checkout to hashes and a verdict. The raw values go no further than this.
#pragma once

#include <vector>

#include "agent/desk/shop.h"
#include "agent/domain/checkout.h"
#include "agent/domain/events.h"
#include "agent/domain/member.h"

namespace tillside {

class MemberLookup;

struct Shopper {
  std::vector<HashedId> ids;  // under the newest member key
  Verdict verdict;
  bool malformed = false;  // an identifier that could not be read was left out
};

// Looks each identifier up under every live member key.
Shopper identify(const Checkout& checkout, const Shop& shop, MemberLookup& members);

}  // namespace tillside
