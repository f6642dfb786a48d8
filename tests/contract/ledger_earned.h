// Coupons that tills issued to members: what every ledger promises. Instantiated like LedgerContract.
#pragma once

#include "tests/contract/ledger_own_coupons.h"

namespace tillside::test {

class LedgerEarned : public LedgerOwnCoupons {
 protected:
  void SetUp() override;
  StoreNumber number_of(const std::string& id);
  // Whose phone hashes to what till_events.cpp makes of that mark.
  hq::MemberRow member(std::uint8_t mark, const std::vector<std::string>& stores);
  void join(const hq::MemberRow& row);
  void send(const TillEvents& events);
  void tell();
  void tell(Instant now);
  std::size_t live(const std::string& store = "0123");
};

}  // namespace tillside::test
