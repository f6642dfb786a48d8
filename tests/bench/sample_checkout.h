// The checkouts a bench sends: one plausible document, told apart by its number and its customer.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "tests/bench/seeded_till.h"

namespace tillside::bench {

// `now`: RFC 3339. `lane` keeps concurrent callers' numbers apart.
inline std::string sample_checkout(const char* state, int lane, std::uint64_t sequence, std::uint64_t member,
                                   const std::string& now) {
  return fmt::format(
      R"({{"checkout_id":"0123-L{0}-{1:08}","state":"{2}","store_id":"0123","lane_id":"L{0}","business_date":"2026-11-22",)"
      R"("series":0,"sequence":{1},"occurred_at":"{3}","operator_id":"E1007","guide_id":"E2033","training":false,)"
      R"("customer":{{"ids":[{{"type":"phone","value":"{4}","proof":"named"}}]}},"currency":"CNY","prices_include_tax":true,)"
      R"("lines":[{{"line_no":1,"sku":"6901234567892","name":"榴莲","category":"fruit/durian","kind":"sale","quantity":"1.235",)"
      R"("unit":"kg","unit_price":1990,"amount":2458,"discount":0}},{{"line_no":2,"sku":"6901234567908","name":"红富士苹果",)"
      R"("category":"fruit/apple","kind":"sale","quantity":"2","unit":"件","unit_price":5000,"amount":10000,"discount":0}}],)"
      R"("totals":{{"gross":12458,"discount":0,"tax":0,"net":12458}},"tenders":[{{"type":"wechat","amount":12458}}],)"
      R"("source":{{"adapter":"http","pos":"bench 1","confidence":"exact"}}}})",
      lane, sequence, state, now, phone_of(member));
}

}  // namespace tillside::bench
