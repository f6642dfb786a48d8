// Advice: what the cashier is told at "total". Words in Chinese and English, a code for programs.
#pragma once

#include <string>
#include <vector>

#include "agent/domain/campaign.h"
#include "agent/domain/checkout.h"
#include "agent/domain/member.h"
#include "agent/domain/trusted_clock.h"

namespace tillside {

enum class PromptCode : std::uint8_t {
  invite,          // not a member: ask her to scan
  invite_softly,   // unknown: "if she is not in the group yet ..."
  ask_phone,       // unidentified: ask for a phone number or show the code
  welcome_back,    // member here
  invite_here,     // member of another store's group only
  stale,           // the replica is older than a day: the verdict may be out of date
  coupon_to_come,  // this checkout will earn a coupon
  check_clock,     // this till's clock is not to be trusted: no coupons; or it is, and is wrong all the same
};
const char* name_of(PromptCode code);

struct Prompt {
  PromptCode code = PromptCode::invite;
  std::string zh, en;
};

struct Advice {
  bool show_join_qr = false;  // for everyone but members here
  std::vector<Prompt> prompts;
  std::vector<Earned> coupons;  // judge_campaigns' outcome for this basket
};

// Pure. `now` only decides staleness (as_of older than 24 hours). coupon_to_come names the first earned campaign.
Advice advise(const Checkout& checkout, const Verdict& verdict, const std::vector<Campaign>& campaigns,
              const StoreZone& zone, Instant now);

// Says so when this till's clock cannot be trusted (then no coupon is promised) or is badly wrong.
void heed_clock(Advice& advice, const TrustedTime& time);

}  // namespace tillside
