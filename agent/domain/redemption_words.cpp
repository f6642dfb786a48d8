#include <array>

#include "agent/domain/redemption.h"

namespace tillside {
namespace {

struct Words {
  const char* name;
  const char* zh;
  const char* en;
};

constexpr std::array<Words, kRedeemReasons> kWords = {{
    {"none", "可用", "Valid"},
    {"not_a_code", "这不是本店的券码，或已损坏，请重扫或手工输入短码",
     "Not a coupon of ours, or damaged: scan again or type the short code"},
    {"forged", "券码验证不通过，不能使用", "This code does not hold: do not accept it"},
    {"unknown_key", "本机还不认识发券的收银机，请联网后再试",
     "Issued by a till not known here yet: try again when online"},
    {"beyond_ceiling", "该券不在有效发放范围内，不能使用", "This coupon was never issued properly: do not accept it"},
    {"directory_expired", "本机的验券资料已过期，请联网后再试",
     "This till's list of keys is out of date: try again when online"},
    {"unknown_campaign", "本机还没有该活动的规则，请联网后再试",
     "This till does not know the campaign yet: try again when online"},
    {"not_yet", "该券还没到可用时间", "This coupon is not valid yet"},
    {"expired", "该券已过期", "This coupon has expired"},
    {"clock", "本机时间不可信，请联网校时后再试", "This till's clock cannot be trusted: try again when online"},
    {"min_spend", "消费金额还没达到用券门槛", "The bill is below the coupon's minimum"},
    {"nothing_to_discount", "本单没有可用该券的商品", "Nothing on this bill is covered by the coupon"},
    {"wrong_person", "该券仅限本人使用，请顾客出示会员码", "For one person only: ask her to show her member code"},
    {"spent", "该券已使用过", "This coupon has been used"},
    {"held", "该券正被另一单占用，请先释放或接管", "Another bill has this coupon: release it or take it over"},
    {"revoked", "该券已作废", "This coupon was revoked"},
    {"yielded", "该券已转由总部核销，请联网后再试", "Headquarters decides this coupon now: try again when online"},
    {"ended_epoch", "发该券的收银机已更换数据，由总部联网核销，请稍后再试",
     "From before its till's data was replaced: headquarters decides it, try again when online"},
    {"needs_network", "现在联系不上总部，本机不能核销该券",
     "Headquarters does not answer: this till cannot accept it now"},
    {"asking", "正在询问总部，请稍候再试", "Headquarters is being asked: try again in a moment"},
    {"no_exposure", "该券的异地核销额度暂已用完，已请发券的收银机交由总部核销，请稍后再试",
     "No more redemptions away from home for now: its home has been asked to let it go, try again in a while"},
    {"home_only", "该券要先由发券的收银机交给总部，已经去要了，请稍后再试",
     "Its home till must let it go first and has been asked: try again in a while"},
    {"cap", "本机离线核销已达上限，请联网后再试", "This till has accepted as much as it may offline: go online first"},
    {"not_with_others", "该券不能与本单已用的优惠同用", "Cannot be used together with another discount on this bill"},
    {"too_many_tries", "手工输入错误次数过多，请扫码或一分钟后再试",
     "Too many wrong codes typed: scan it, or wait a minute"},
    {"not_ready", "本机还没与总部联系，暂不能核销", "This till has not been in contact with headquarters yet"},
    {"training", "培训单不核销券", "A training bill redeems nothing"},
}};

const Words& words_of(RedeemReason reason) { return kWords.at(static_cast<std::size_t>(reason)); }

}  // namespace

const char* name_of(RedeemReason reason) { return words_of(reason).name; }
const char* reason_words_zh(RedeemReason reason) { return words_of(reason).zh; }
const char* reason_words_en(RedeemReason reason) { return words_of(reason).en; }

std::optional<RedeemReason> redeem_reason_of(std::string_view name) {
  for (int i = 0; i < kRedeemReasons; ++i) {
    if (name == kWords.at(static_cast<std::size_t>(i)).name) return static_cast<RedeemReason>(i);
  }
  return std::nullopt;
}

}  // namespace tillside
