// What a scanned or typed text is, as far as the text alone tells: no key, no agent, no network.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/domain/coupon.h"
#include "agent/domain/referral.h"

namespace tillside::cli {

struct CodeReading {
  enum class What { unknown, coupon, typed, referral, badge };
  What what = What::unknown;
  std::string form;  // url, bare, typed, digits, token; empty when unknown
  std::string host;  // of a url, as it was printed; empty when the signs were garbled
  std::optional<CouponText> code;
  std::optional<CouponBody> coupon;  // without a value: the body is none of version 1, see `field`
  std::optional<TypedCode> typed;
  std::optional<Referral> referral;  // also of a badge
  std::string field;                 // of the body, where it does not decode
  std::string why_zh, why_en;        // what is wrong with it, empty when nothing is
  std::string hint_zh, hint_en;      // what may have happened on its way, empty when nothing shows
};

const char* name_of(CodeReading::What what);

CodeReading read_code(std::string_view text);

}  // namespace tillside::cli
