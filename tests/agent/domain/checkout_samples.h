// A checkout as the contract shows it, and the reader's usual surroundings.
#pragma once

#include <string>

#include "agent/domain/checkout_json.h"

namespace tillside {

inline const std::string kContractDocument = R"({
  "checkout_id": "0123-L2-20261122-000451",
  "state": "total",
  "store_id": "0123", "lane_id": "L2", "business_date": "2026-11-22", "series": 0, "sequence": 451,
  "occurred_at": "2026-11-22T09:15:03.120+08:00",
  "operator_id": "E1007", "guide_id": "E2033", "training": false,
  "customer": {"ids": [{"type": "phone", "value": "13800138000", "proof": "named"}]},
  "currency": "CNY", "prices_include_tax": true,
  "lines": [{"line_no": 1, "sku": "6901234567892", "name": "榴莲", "category": "fruit/durian", "kind": "sale",
             "quantity": "1.235", "unit": "kg", "unit_price": 1990, "amount": 2458, "discount": 0}],
  "totals": {"gross": 2458, "discount": 0, "tax": 0, "net": 2458},
  "tenders": [{"type": "wechat", "amount": 2458}],
  "coupons": [], "applied_discounts": [],
  "showing_id": null, "original": null,
  "source": {"adapter": "http", "pos": "acme 4.2", "confidence": "exact"}
})";

inline CheckoutReader::Defaults usual_defaults() {
  static const StoreZone zone;
  CheckoutReader::Defaults defaults;
  defaults.store_id = "0123";
  defaults.zone = &zone;
  defaults.now = Instant{1'795'310'103'000};  // 2026-11-22T01:15:03Z
  return defaults;
}

inline Result<Checkout> read_document(std::string_view json) {
  CheckoutReader reader;
  return reader.read(json, usual_defaults());
}

inline Checkout contract_checkout() { return read_document(kContractDocument).value(); }

}  // namespace tillside
