// The desk's JSON, written straight out. docs/local-api.md shows each. Appenders add a value without a trailing comma.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "agent/desk/shop.h"
#include "agent/domain/advice.h"
#include "agent/domain/checkout.h"
#include "agent/domain/coupon.h"
#include "agent/domain/member.h"

namespace tillside {

void append_verdict(std::string& out, const Verdict& verdict, const Shop& shop);
void append_flags(std::string& out, std::span<const Flag> flags);
void append_prompts(std::string& out, std::span<const Prompt> prompts);
// {"url","qr"} of a showing, or null.
void append_join(std::string& out, const Shop& shop, std::string_view showing_id);
// [{"code","campaign","line_no","quantity","amount","reason":{"zh","en"},"manual_key"}]: what to take off, by line.
void append_discounts(std::string& out, std::span<const AdvisedDiscount> discounts, const Source& door,
                      const Shop& shop);
// [{"campaign","title","reason","zh","en"}]: the campaigns that give nothing here, in order, and why.
void append_not_earned(std::string& out, const Judgement& judgement);
// {"campaign","title","reward"}
void append_promise(std::string& out, const Campaign& campaign, const Shop& shop);

// {"zh","en"}
void append_title(std::string& out, const Campaign& campaign);
// {"type","zh","en","value","min_spend"}
void append_reward(std::string& out, const Reward& reward, const Currency& currency);

struct IssuedCoupon {
  CouponBody body;
  CouponBytes bytes{};
  Signature signature{};
  const Campaign* campaign = nullptr;
};
// {"id","campaign","title","reward","url","typed","digits","valid_from","valid_until"}
void append_coupon(std::string& out, const IssuedCoupon& coupon, const Shop& shop);

// Appends "name":"text" (escaped), or "name":null when empty.
void append_text_or_null(std::string& out, std::string_view name, std::string_view text);

}  // namespace tillside
