#include "agent/desk/redeemer.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/desk/answers.h"
#include "agent/desk/filing.h"
#include "agent/domain/checkout_json.h"
#include "agent/domain/coupon_terms.h"

namespace tillside {
namespace {

constexpr std::uint32_t kSerialStep = 1u << 24;  // typed forms tell the low 24 bits

VerifyingKey public_half(const SigningKey& key) {
  VerifyingKey half;
  std::copy_n(key.begin() + 32, half.size(), half.begin());
  return half;
}

void take_hold(CouponStanding& standing, const store::Hold& hold) {
  standing.mark = hold.state == store::HoldState::held ? CouponStanding::Mark::held : CouponStanding::Mark::asking;
  standing.hold_id = hold.hold_id;
  standing.lane = hold.lane;
}

void look_at_marks(store::Session& session, ShownCoupon& shown) {
  CouponStanding& standing = shown.standing;
  if (session.redeeming().spent(shown.number)) {
    standing.mark = CouponStanding::Mark::spent;
  } else if (standing.mark == CouponStanding::Mark::none) {
    const auto hold = session.redeeming().live_hold(shown.number);
    if (hold) take_hold(standing, *hold);
    if (!hold && session.redeeming().yielded(shown.number)) standing.mark = CouponStanding::Mark::yielded;
  }
}

void take_issued(ShownCoupon& shown, const store::StoredCoupon& coupon) {
  shown.standing.issued = true;
  shown.standing.issued_as = {coupon.body, coupon.signature};
  if (coupon.state == store::CouponState::revoked) shown.standing.mark = CouponStanding::Mark::revoked;
}

void take_told(ShownCoupon& shown, const store::ToldCoupon& told) {
  shown.standing.told = true;
  shown.standing.told_as = told.body;
  shown.standing.told_home = told.home;
}

// Told of one of its own, a till knows it by what it issued: it is the same coupon as its paper.
void take_paper(ShownCoupon& shown) {
  const bool same = shown.standing.issued && shown.standing.issued_as.body == shown.standing.told_as;
  if (same) shown.code.full = shown.standing.issued_as;
}

// Other terms than headquarters told under that number: somebody else has the key.
void look_at_told(store::Session& session, ShownCoupon& shown) {
  const auto told = session.told().find(shown.number);
  if (!told) return;
  take_told(shown, *told);
  if (shown.code.full.body != told->body) shown.doubt = RedeemReason::forged;
}

void look_at_coupon(store::Session& session, const Shop& shop, ShownCoupon& shown) {
  const CouponBody& body = shown.code.body;
  shown.number = store::coupon_number(body.key, body.serial);
  shown.terms = terms_of(shop, body.campaign);
  if (!shop.is_own(body.key) && !shown.standing.told) look_at_told(session, shown);
  if (shop.is_own(body.key) && !shown.standing.issued) {
    if (const auto coupon = session.issuing().find(body.key.generation, body.serial)) take_issued(shown, *coupon);
  }
  look_at_marks(session, shown);
}

bool find_typed(store::Session& session, std::uint8_t generation, const TypedKey& key, ShownCoupon& shown) {
  const TypedCode typed = shown.code.typed;
  for (std::uint64_t serial = typed.serial_low; serial <= 0xFFFF'FFFF; serial += kSerialStep) {
    const auto coupon = session.issuing().find(generation, static_cast<std::uint32_t>(serial));
    if (!coupon && serial != 0) return false;  // serials rise without gaps
    if (!coupon) continue;
    const auto body = decode_coupon(coupon->body);
    if (!body || !typed_matches(typed, *body, key)) continue;
    shown.code.body = *body;
    shown.code.full = {coupon->body, coupon->signature};
    take_issued(shown, *coupon);
    return true;
  }
  return false;
}

// True when one of ours has this typed form; `shown` holds it then.
bool find_typed(store::Session& session, const Shop& shop, ShownCoupon& shown) {
  if (find_typed(session, shop.key.generation, shop.typed_key, shown)) return true;
  return std::any_of(shop.earlier_keys.begin(), shop.earlier_keys.end(), [&](const Shop::EarlierKey& one) {
    return find_typed(session, one.generation, one.typed_key, shown);
  });
}

// A coupon of headquarters that was told here, by its short form.
bool find_told(store::Session& session, const Shop& shop, ShownCoupon& shown) {
  const TypedCode typed = shown.code.typed;
  const auto told = session.told().find_typed(typed.mac, typed.serial_low);
  if (!told) return false;
  shown = look_up(session, shop, *told);
  shown.code.form = ShownCode::Form::typed;
  shown.code.typed = typed;
  return true;
}

void look_up_told_typed(store::Session& session, const Shop& shop, const RedeemParts& parts, ShownCoupon& shown) {
  if (parts.tries != nullptr && !parts.tries->allowed(parts.monotonic_ms)) {
    shown.doubt = RedeemReason::too_many_tries;
  } else if (!find_told(session, shop, shown)) {
    shown.doubt = RedeemReason::needs_network;
    if (parts.tries != nullptr) parts.tries->missed(parts.monotonic_ms);
  }
}

// An id proves nothing: it is for a coupon that is hers, once she has proved who she is.
void look_up_id(store::Session& session, const Shop& shop, const RedeemParts& parts, ShownCoupon& shown) {
  const std::int64_t number = store::coupon_number(shown.code.id_key, shown.code.id_serial);
  const auto told = session.told().find(number);
  if (!told) {
    shown.doubt = RedeemReason::not_a_code;
  } else if (!is_hers(told->person, parts)) {
    shown.doubt = RedeemReason::wrong_person;
  } else {
    shown = look_up(session, shop, *told);
  }
}

void look_up_typed(store::Session& session, const Shop& shop, const RedeemParts& parts, ShownCoupon& shown) {
  shown.typed_till = shown.code.typed.till;
  if (shown.typed_till == 0) return look_up_told_typed(session, shop, parts, shown);
  if (shown.typed_till != shop.key.till || shop.key.till == 0) {
    shown.doubt = RedeemReason::needs_network;
  } else if (parts.tries != nullptr && !parts.tries->allowed(parts.monotonic_ms)) {
    shown.doubt = RedeemReason::too_many_tries;
  } else if (find_typed(session, shop, shown)) {
    look_at_coupon(session, shop, shown);
  } else {
    shown.doubt = RedeemReason::forged;
    if (parts.tries != nullptr) parts.tries->missed(parts.monotonic_ms);
  }
}

ShownCoupon look_up_code(store::Session& session, const Shop& shop, const RedeemParts& parts, const ShownCode& code) {
  ShownCoupon shown;
  shown.code = code;
  if (code.form == ShownCode::Form::typed) {
    look_up_typed(session, shop, parts, shown);
  } else if (code.form == ShownCode::Form::id) {
    look_up_id(session, shop, parts, shown);
  } else {
    look_at_coupon(session, shop, shown);
  }
  return shown;
}

std::pair<const char*, const char*> words_of(const CouponAnswer& answer) {
  if (answer.decision.reason == RedeemReason::none && answer.state == "approved")
    return {"可用，已为本单占用", "Valid, held"};
  if (answer.decision.reason == RedeemReason::none && answer.state == "released") return {"已释放", "Released"};
  if (answer.decision.reason == RedeemReason::none && answer.state == "spent") return {"已核销", "Redeemed"};
  return {reason_words_zh(answer.decision.reason), reason_words_en(answer.decision.reason)};
}

bool tells_the_coupon(RedeemReason reason) {
  switch (reason) {
    case RedeemReason::not_a_code:
    case RedeemReason::forged:
    case RedeemReason::unknown_key:
    case RedeemReason::too_many_tries:
    case RedeemReason::not_ready:
      return false;
    default:
      return true;
  }
}

void append_shown(std::string& out, const ShownCoupon& shown, const Shop& shop) {
  const CouponBody& body = shown.code.body;
  out += fmt::format(R"({{"id":"{}","campaign":{},"kind":"{}","title":)", coupon_id(body), body.campaign,
                     name_of(body.kind));
  if (shown.terms != nullptr) {
    append_title(out, *shown.terms);
  } else {
    out += "null";
  }
  out += ",\"reward\":";
  append_reward(out, shown.terms != nullptr ? shown.terms->reward : reward_of(body), shop.currency);
  const Validity valid = validity_of(body, shop.zone);
  out += fmt::format(R"(,"valid_from":"{}","valid_until":"{}","personal":{},"home_till":{}}})",
                     format_time(valid.from, shop.zone), format_time(valid.until, shop.zone),
                     body.person != 0 ? "true" : "false",
                     shown.standing.told_home ? shown.standing.told_home->till : body.key.till);
}

void append_where(std::string& out, const CouponAnswer& answer) {
  const RedeemDecision& decision = answer.decision;
  const bool here = !answer.lane.empty();
  if (!here && !decision.works_at && !decision.works_online) {
    out += "null";
    return;
  }
  std::string zh, en;
  if (here) {
    zh = fmt::format("在本机 {} 通道的单上", answer.lane);
    en = fmt::format("on a bill of lane {} of this till", answer.lane);
  } else if (decision.works_at && decision.home_is_asked) {
    zh = fmt::format("现在可在 {0} 号收银机使用；{0} 号机答复后其他收银机也可用", *decision.works_at);
    en = fmt::format("at till {0} now, elsewhere once till {0} has answered", *decision.works_at);
  } else if (decision.reason == RedeemReason::ended_epoch) {
    zh = "总部收齐发券收银机的记录后，可在任何联网的收银机使用";
    en = "at any till online, once headquarters has all records of its home";
  } else if (decision.works_at) {
    zh = fmt::format("现在可在 {} 号收银机使用；其他收银机待网络恢复后可用", *decision.works_at);
    en = fmt::format("at till {} now, elsewhere when the network is back", *decision.works_at);
  } else {
    zh = "网络恢复后可用";
    en = "when the network is back";
  }
  out += fmt::format(R"({{"till":{},"lane":)", decision.works_at ? std::to_string(*decision.works_at) : "null");
  if (here) {
    append_json_string(out, answer.lane);
  } else {
    out += "null";
  }
  out += fmt::format(R"(,"online":{},"zh":)", decision.works_online ? "true" : "false");
  append_json_string(out, zh);
  out += ",\"en\":";
  append_json_string(out, en);
  out += '}';
}

}  // namespace

void TypedTries::refill(std::int64_t monotonic_ms) {
  if (at_ms_ != 0) left_ms_ = std::min(left_ms_ + std::max<std::int64_t>(monotonic_ms - at_ms_, 0), kMinute);
  at_ms_ = monotonic_ms;
}

bool TypedTries::allowed(std::int64_t monotonic_ms) {
  const std::lock_guard lock(mutex_);
  refill(monotonic_ms);
  return left_ms_ >= kMinute / kMisses;
}

void TypedTries::missed(std::int64_t monotonic_ms) {
  const std::lock_guard lock(mutex_);
  refill(monotonic_ms);
  left_ms_ = std::max<std::int64_t>(left_ms_ - kMinute / kMisses, 0);
}

ShownCoupon look_up(store::Session& session, const Shop& shop, const RedeemParts& parts, std::string_view text) {
  const std::vector<ShownCode> codes = read_shown_codes(text);
  ShownCoupon first;
  first.doubt = RedeemReason::not_a_code;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    ShownCoupon shown = look_up_code(session, shop, parts, codes[i]);
    if (codes.size() == 1 || is_borne_out(question_of(shown, shop, parts, {}))) return shown;
    if (i == 0) first = std::move(shown);
  }
  return first;
}

std::optional<ShownCode> reading_of(std::string_view text, const CouponBytes& coupon) {
  for (const ShownCode& code : read_shown_codes(text)) {
    if (may_be(code, coupon)) return code;
  }
  return std::nullopt;
}

ShownCoupon look_up(store::Session& session, const Shop& shop, const CouponBytes& known) {
  ShownCoupon shown;
  const auto body = decode_coupon(known);
  if (!body) {
    shown.doubt = RedeemReason::not_a_code;
    return shown;
  }
  shown.code.form = ShownCode::Form::full;
  shown.code.full.body = known;
  shown.code.body = *body;
  look_at_coupon(session, shop, shown);
  return shown;
}

ShownCoupon look_up(store::Session& session, const Shop& shop, const store::ToldCoupon& told) {
  ShownCoupon shown;
  take_told(shown, told);
  const auto body = decode_coupon(told.body);
  if (!body) {
    shown.doubt = RedeemReason::not_a_code;
    return shown;
  }
  shown.code.form = ShownCode::Form::id;
  shown.code.id_key = body->key;
  shown.code.id_serial = body->serial;
  shown.code.full = {told.body, {}};  // headquarters takes its own word for the signature
  shown.code.body = *body;
  look_at_coupon(session, shop, shown);
  take_paper(shown);
  return shown;
}

bool may_be(const ShownCode& code, const CouponBytes& coupon) {
  const auto body = decode_coupon(coupon);
  if (!body) return true;
  switch (code.form) {
    case ShownCode::Form::full:
      return code.full.body == coupon;
    case ShownCode::Form::typed:
      return code.typed.till == body->key.till && code.typed.serial_low == (body->serial & 0xFFFFFF);
    case ShownCode::Form::id:
      return code.id_key == body->key && code.id_serial == body->serial;
    case ShownCode::Form::none:
      break;
  }
  return false;
}

RedeemQuestion question_of(const ShownCoupon& shown, const Shop& shop, const RedeemParts& parts,
                           const TrustedTime& time) {
  RedeemQuestion question;
  question.code = &shown.code;
  question.own_key = shop.key;
  for (const auto& one : shop.earlier_keys)
    question.own_earlier = static_cast<std::uint16_t>(question.own_earlier | (1u << one.generation));
  question.own_public = public_half(shop.signing_key);
  question.chain = shop.chain;
  question.keys = parts.keys != nullptr ? parts.keys : shop.keys.get();
  question.terms = shown.terms;
  question.zone = &shop.zone;
  question.time = time;
  question.standing = &shown.standing;
  question.limits = shop.redeem_limits;
  question.may_redeem = shop.may_issue;
  return question;
}

RedeemDecision judge_shown(const ShownCoupon& shown, const RedeemQuestion& question) {
  if (shown.doubt == RedeemReason::none) return judge_redemption(question);
  RedeemDecision decision;
  decision.reason = shown.doubt;
  decision.works_online = shown.doubt == RedeemReason::needs_network;
  if (decision.works_online && shown.typed_till != 0) decision.works_at = shown.typed_till;
  return decision;
}

bool is_held_by(const ShownCoupon& shown, const store::Hold& hold) {
  return shown.doubt == RedeemReason::none && shown.code.full.body == hold.coupon;
}

std::string bill_name(const Checkout& checkout) {
  if (!checkout.checkout_id.empty()) return "id:" + checkout.store_id + ":" + checkout.checkout_id;
  if (checkout.sequence == 0) return {};
  return "no:" + lane_day_of(checkout) + ":" + std::to_string(checkout.sequence);
}

bool may_be_same_bill(std::string_view a, std::string_view b) { return a == b || a.substr(0, 3) != b.substr(0, 3); }

void append_coupon_answer(std::string& out, const CouponAnswer& answer, const ShownCoupon& shown, const Shop& shop) {
  const RedeemDecision& decision = answer.decision;
  const bool refused = decision.reason != RedeemReason::none;
  const auto [zh, en] = words_of(answer);
  out += fmt::format(R"({{"state":"{}","reason":{},"zh":)", answer.state,
                     refused ? fmt::format("\"{}\"", name_of(decision.reason)) : "null");
  append_json_string(out, zh);
  out += ",\"en\":";
  append_json_string(out, en);
  out += ",\"coupon\":";
  const bool known = shown.number != 0 && tells_the_coupon(decision.reason);
  if (known) {
    append_shown(out, shown, shop);
  } else {
    out += "null";
  }
  out += fmt::format(R"(,"discount":{},"missing":{},"works_at":)", refused ? 0 : decision.discount, decision.missing);
  append_where(out, answer);
  out += ',';
  append_text_or_null(out, "hold_id", answer.hold_id);
  out += '}';
}

}  // namespace tillside
