// Advice: what the cashier is told at "total". Words in Chinese and English, a code for programs.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/domain/campaign_book.h"
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
  nudge,           // a little more would earn one
  manual_key,      // this door cannot take a discount off: the cashier presses a key
};
const char* name_of(PromptCode code);

struct Prompt {
  PromptCode code = PromptCode::invite;
  std::string zh, en;
};

// Which key of the till takes a discount off, by its code: {"B7": "F6 会员折"}.
using ManualKeys = std::map<std::string, std::string, std::less<>>;

// False for doors that only listen (journal, print): nobody takes off there what is advised.
bool can_take_off(const Source& source);

struct Advice {
  bool show_join_qr = false;  // for everyone but members here
  std::vector<Prompt> prompts;
  Judgement judgement;
};

// Pure. `now` only decides staleness (as_of older than 24 hours). coupon_to_come names the first earned campaign, nudge
// the first that a little more would earn, manual_key each benefit that the cashier has to take off by hand.
Advice advise(const Checkout& checkout, const Verdict& verdict, Judgement judgement, const Currency& currency,
              const ManualKeys& keys, Instant now);

// This till may not issue (it is not ready, or was restored): nothing is promised.
void heed_not_ready(Advice& advice);
// Says so when this till's clock cannot be trusted (then no coupon is promised) or is badly wrong.
void heed_clock(Advice& advice, const TrustedTime& time);

}  // namespace tillside
