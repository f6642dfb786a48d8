#include "agent/desk/identify.h"

#include "agent/desk/desk.h"

namespace tillside {

Shopper identify(const Checkout& checkout, const Shop& shop, MemberLookup& members) {
  Shopper shopper;
  std::vector<Finding> findings;
  findings.reserve(checkout.customer_ids.size());
  for (const CustomerId& id : checkout.customer_ids) {
    const auto normal = normalise(id.type, id.value, shop.country_calling_code);
    if (!normal) {
      shopper.malformed = true;
      continue;
    }
    Finding finding{id.type, id.proof, std::nullopt};
    HashedId hashed{id.type, id.proof, {}};
    for (const MemberKey& key : shop.member_keys) {
      hashed.hash = hash_identifier(key, id.type, *normal);
      if (auto record = members.find(hashed.hash)) finding.record = std::move(record);
    }
    if (!shop.member_keys.empty()) shopper.ids.push_back(hashed);
    findings.push_back(std::move(finding));
  }
  shopper.verdict = judge(findings, members.facts(), shop.store_number);
  if (findings.empty() && shopper.malformed) shopper.verdict.status = VerdictStatus::unknown;
  return shopper;
}

}  // namespace tillside
