#include "agent/domain/redemption.h"

#include <sodium.h>

#include <algorithm>

#include "agent/domain/scan_layouts.h"
#include "agent/domain/scanned_text.h"

namespace tillside {
namespace {

using Reason = RedeemReason;

RedeemDecision refused(Reason reason, bool works_online = false) {
  RedeemDecision decision;
  decision.reason = reason;
  decision.works_online = works_online;
  return decision;
}

RedeemDecision at_home_only(Reason reason, TillNumber home) {
  RedeemDecision decision = refused(reason, true);
  if (home != 0) decision.works_at = home;
  return decision;
}

std::uint32_t big_endian(const std::array<std::uint8_t, 7>& bytes, std::size_t from, std::size_t to) {
  std::uint32_t number = 0;
  for (std::size_t i = from; i < to; ++i) number = (number << 8) | bytes[i];
  return number;
}

bool same_signed(const CouponText& a, const CouponText& b) {
  return sodium_memcmp(a.body.data(), b.body.data(), a.body.size()) == 0 &&
         sodium_memcmp(a.signature.data(), b.signature.data(), a.signature.size()) == 0;
}

// A key of this till's present life.
bool is_own(const RedeemQuestion& question, KeyId key) {
  if (question.own_key.till == 0 || key.till != question.own_key.till) return false;
  return key == question.own_key || ((question.own_earlier >> key.generation) & 1u) != 0;
}

bool is_own(const RedeemQuestion& question) {
  const KeyId key = question.code->body.key;
  return is_own(question, key) && (key == question.own_key || question.standing->issued);
}

// Who decides it alone: its issuer, or the till that headquarters named for a coupon of its own.
std::optional<KeyId> home_of(const RedeemQuestion& question) {
  const KeyId issuer = question.code->body.key;
  if (issuer.till != 0) return issuer;
  return question.standing->told ? question.standing->told_home : std::nullopt;
}

bool home_is_here(const RedeemQuestion& question) {
  const auto home = home_of(question);
  return home && (home->till == question.code->body.key.till ? is_own(question) : is_own(question, *home));
}

bool holds(const RedeemQuestion& question, const VerifyingKey& key) {
  const CouponText& text = question.code->full;
  return verify_coupon(text.body, text.signature, question.chain, key);
}

// A till knows what it issued itself: a serial it never gave was signed by somebody who has its key.
Reason doubt_of_own(const RedeemQuestion& question) {
  const CouponStanding& standing = *question.standing;
  if (standing.issued && question.code->form == ShownCode::Form::typed) return Reason::none;
  if (standing.issued && same_signed(question.code->full, standing.issued_as)) return Reason::none;
  return holds(question, question.own_public) && !standing.issued ? Reason::beyond_ceiling : Reason::forged;
}

// Its short form was compared with what headquarters told, its id came from somebody who proved who she is.
bool is_vouched_for(const RedeemQuestion& question) {
  return question.standing->told && question.code->form != ShownCode::Form::full &&
         question.code->full.body == question.standing->told_as;
}

Reason doubt_of_foreign(const RedeemQuestion& question) {
  const CouponBody& body = question.code->body;
  if (is_vouched_for(question)) return Reason::none;
  const auto facts = question.keys == nullptr ? std::nullopt : question.keys->find(body.key);
  if (!facts) return Reason::unknown_key;
  if (!holds(question, facts->key)) return Reason::forged;
  if (question.keys->expired(body.key, question.time.now)) return Reason::directory_expired;
  const bool good = judge_key(*facts, body.serial, from_code_minutes(body.issued_minute)) == KeyFinding::good;
  return good ? Reason::none : Reason::beyond_ceiling;
}

bool agree(const Campaign& terms, const CouponBody& body) {
  const std::int64_t value = terms.reward.type == RewardType::amount_off    ? terms.reward.amount
                             : terms.reward.type == RewardType::percent_off ? terms.reward.basis_points
                                                                            : terms.reward.item;
  return terms.number == body.campaign && terms.kind == body.kind && terms.reward.type == body.reward &&
         value == body.value && terms.reward.min_spend == body.min_spend;
}

RedeemDecision judge_origin(const RedeemQuestion& question) {
  const Reason doubt = is_own(question) ? doubt_of_own(question) : doubt_of_foreign(question);
  // The keys of an ended epoch may be gone: headquarters has them.
  const CouponBody& body = question.code->body;
  const bool earlier_life = body.key.till == question.own_key.till && body.key.generation < question.own_key.generation;
  if (doubt == Reason::unknown_key && earlier_life) return refused(Reason::ended_epoch, true);
  return refused(doubt, doubt == Reason::unknown_key || doubt == Reason::directory_expired);
}

RedeemDecision judge_standing(const RedeemQuestion& question) {
  const CouponStanding& standing = *question.standing;
  const bool ours = !question.hold_id.empty() && question.hold_id == standing.hold_id;
  switch (standing.mark) {
    case CouponStanding::Mark::spent:
      return refused(Reason::spent);
    case CouponStanding::Mark::revoked:
      return refused(Reason::revoked);
    case CouponStanding::Mark::held:
      return refused(ours ? Reason::none : Reason::held);
    case CouponStanding::Mark::asking:
      return refused(ours ? Reason::none : Reason::asking);
    case CouponStanding::Mark::yielded:
      return refused(question.reachable ? Reason::none : Reason::yielded, !question.reachable);
    case CouponStanding::Mark::none:
      break;
  }
  return refused(Reason::none);
}

RedeemDecision judge_terms(const RedeemQuestion& question) {
  if (question.terms == nullptr) return refused(Reason::unknown_campaign, true);
  return refused(agree(*question.terms, question.code->body) ? Reason::none : Reason::forged);
}

RedeemDecision judge_time(const RedeemQuestion& question) {
  if (!question.time.known) return refused(Reason::clock, true);
  const Validity valid = validity_of(question.code->body, *question.zone);
  if (question.time.now < valid.from) return refused(Reason::not_yet);
  return refused(question.time.now > valid.until ? Reason::expired : Reason::none);
}

bool alone(const Campaign& terms, const Bill& bill) {
  if (terms.reward.type == RewardType::item) return true;
  return std::none_of(bill.used.begin(), bill.used.end(), [&](const Campaign* other) {
    return other->number == terms.number || (!terms.group.empty() && terms.group == other->group);
  });
}

// With Reason::none: what it takes off.
RedeemDecision judge_bill(const RedeemQuestion& question) {
  const Campaign& terms = *question.terms;
  RedeemDecision decision;
  if (question.bill == nullptr) {
    decision.discount = worth_of(terms.reward);
    return decision;
  }
  const Bill& bill = *question.bill;
  const std::uint32_t person = question.code->body.person;
  const bool hers = person == 0 || (person == bill.person && bill.proof >= Proof::scanned);
  if (!hers) return refused(Reason::wrong_person);
  if (!alone(terms, bill)) return refused(Reason::not_with_others);
  const Discount off = discount_of(terms.reward, bill);
  decision.discount = off.amount;
  decision.missing = off.missing;
  if (off.missing > 0) {
    decision.reason = Reason::min_spend;
  } else if (off.amount == 0 && terms.kind != CampaignKind::pickup) {
    decision.reason = Reason::nothing_to_discount;
  }
  return decision;
}

bool is_yielded(const RedeemQuestion& question) { return question.standing->mark == CouponStanding::Mark::yielded; }

RedeemDecision approved(RedeemDecision bill) {
  bill.ruling = Ruling::approve;
  return bill;
}

RedeemDecision asked(const RedeemQuestion& question, RedeemDecision bill) {
  const auto home = home_of(question);
  const CouponBody& body = question.code->body;
  if (question.reachable) {
    bill.ruling = Ruling::ask;
    bill.policy = question.time.trusted ? body.policy : Policy::strict;
    return bill;
  }
  if (home_is_here(question)) return refused(Reason::needs_network, true);
  if (!home) return at_home_only(Reason::needs_network, 0);
  if (home->till == question.own_key.till) return refused(Reason::ended_epoch, true);
  return at_home_only(Reason::needs_network, home->till);
}

RedeemDecision judge_at_home(const RedeemQuestion& question, RedeemDecision bill) {
  if (bill.discount > question.limits.ask_above) return asked(question, bill);
  const bool full = question.caps.count + 1 > question.limits.cap_count ||
                    question.caps.value + bill.discount > question.limits.cap_value;
  return full ? refused(Reason::cap, true) : approved(bill);
}

}  // namespace

ShownCode read_shown_code(std::string_view text) {
  ShownCode code;
  if (const auto full = read_coupon_text(text)) {
    if (const auto body = decode_coupon(full->body)) {
      code.form = ShownCode::Form::full;
      code.full = *full;
      code.body = *body;
    }
  } else if (const auto typed = read_typed(text)) {
    code.form = ShownCode::Form::typed;
    code.typed = *typed;
  } else if (std::array<std::uint8_t, 7> id{}; from_hex(text, id)) {
    code.form = ShownCode::Form::id;
    code.id_key = KeyId::from_packed(big_endian(id, 0, 3));
    code.id_serial = big_endian(id, 3, 7);
  }
  return code;
}

std::vector<ShownCode> read_shown_codes(std::string_view text) {
  std::vector<ShownCode> codes;
  if (const ShownCode as_it_stands = read_shown_code(text); as_it_stands.form != ShownCode::Form::none)
    codes.push_back(as_it_stands);
  const auto clean = clean_scan(text);
  if (!clean || (!codes.empty() && !is_garbled_url(*clean))) return codes;
  for (const std::string& reading : undo_layouts(*clean)) {
    const ShownCode code = read_shown_code(reading);
    const bool signed_or_typed = code.form == ShownCode::Form::full || code.form == ShownCode::Form::typed;
    const bool known = std::any_of(codes.begin(), codes.end(), [&](const ShownCode& one) {
      return one.form == code.form && one.full.body == code.full.body && one.full.signature == code.full.signature &&
             one.typed == code.typed;
    });
    if (signed_or_typed && !known) codes.push_back(code);
  }
  return codes;
}

bool is_borne_out(const RedeemQuestion& question) {
  const Reason doubt = judge_origin(question).reason;
  return doubt != Reason::forged && doubt != Reason::unknown_key;
}

RedeemDecision judge_redemption(const RedeemQuestion& question) {
  if (question.code->form == ShownCode::Form::none) return refused(Reason::not_a_code);
  if (!question.may_redeem) return refused(Reason::not_ready, true);
  for (const auto judge : {judge_origin, judge_standing, judge_terms, judge_time}) {
    if (RedeemDecision decision = judge(question); decision.reason != Reason::none) return decision;
  }
  const RedeemDecision bill = judge_bill(question);
  if (bill.reason != Reason::none) return bill;
  return home_is_here(question) && !is_yielded(question) ? judge_at_home(question, bill) : asked(question, bill);
}

RedeemDecision judge_held(const RedeemQuestion& question) {
  if (!question.may_redeem) return refused(Reason::not_ready, true);
  if (RedeemDecision terms = judge_terms(question); terms.reason != Reason::none) return terms;
  const RedeemDecision bill = judge_bill(question);
  return bill.reason == Reason::none ? approved(bill) : bill;
}

}  // namespace tillside
