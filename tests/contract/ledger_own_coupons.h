// Coupons that headquarters issues itself: what every ledger promises. Instantiated like LedgerContract.
#pragma once

#include "tests/contract/ledger_contract.h"

namespace tillside::test {

class LedgerOwnCoupons : public LedgerContract {
 protected:
  void SetUp() override;
  Result<std::vector<hq::OwnCoupon>> make(const std::string& order, std::uint32_t count, std::uint32_t campaign = 1,
                                          std::optional<std::uint32_t> limit = {});
  std::size_t welcome(const hq::JoinFact& fact);
  std::vector<wire::CouponChange> told(const std::string& store = "0123");
  TillNumber till = 0;
};

}  // namespace tillside::test
