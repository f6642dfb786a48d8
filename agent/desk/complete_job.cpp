#include <fmt/format.h>

#include "agent/desk/answers.h"
#include "agent/desk/coupon_jobs.h"
#include "agent/desk/issue_coupon.h"
#include "agent/desk/jobs.h"
#include "agent/desk/taking_back.h"
#include "agent/domain/checkout_json.h"

namespace tillside {
namespace {

struct Outcome {
  std::vector<IssuedCoupon> issued;
  std::vector<Earned> not_issued;
  SaleCoupons redeemed;
  std::optional<TakenBack> taken;  // by an exchange
  std::vector<Restored> restored;
};

std::vector<CouponFact> facts_of(const std::vector<IssuedCoupon>& issued) {
  std::vector<CouponFact> facts;
  for (const IssuedCoupon& one : issued) {
    const CouponBody& body = one.body;
    facts.push_back({body.key.generation, body.serial, body.campaign, body.issued_minute, body.staff, body.person});
  }
  return facts;
}

class CompleteJob final : public FilingJob {
 public:
  using FilingJob::FilingJob;

 protected:
  EventKind kind() const override { return EventKind::checkout; }

  void decide(store::Session& session, const Filing& filing, store::FiledCheckout& file) override {
    Outcome outcome;
    outcome.redeemed = redeem_in_sale(session, filed_, file.id);
    Kept kept;
    kept.sale = keep_sale(filed_.checkout);
    returned_before_ = apply_early_returns(session, filed_.checkout, file, kept.sale);
    if (returned_before_) filed_.reply.flags.push_back(Flag::returned_before);
    issue(session, outcome);
    if (takes_back(filed_.checkout)) take_goods_back(session, file, outcome, kept);
    remember(file, outcome, kept);
    tell(session, filing, outcome);
    write_answer(outcome);
    write_happening();
  }

 private:
  void take_goods_back(store::Session& session, const store::FiledCheckout& file, Outcome& outcome, Kept& kept) {
    const TakingBackParts parts{&filed_.checkout, filed_.shop.get(),
                                why_not_issue(filed_.late, filed_.time, filed_.now)};
    TakenBack& taken = outcome.taken.emplace(decide_taking_back(session, parts));
    if (taken.unknown) filed_.reply.flags.push_back(Flag::unknown_original);
    if (taken.over) filed_.reply.flags.push_back(Flag::over_return);
    outcome.restored = carry_out(session, parts, taken, file.id, filed_.now);
    kept.taken = std::move(taken.kept.taken);
    kept.awaiting = std::move(taken.kept.awaiting);
  }

  // What was issued and what was restored are consecutive serials.
  void remember(store::FiledCheckout& file, const Outcome& outcome, Kept& kept) {
    file.coupons = static_cast<std::uint32_t>(outcome.issued.size() + outcome.restored.size());
    if (file.coupons > 0) {
      const CouponBody& first = outcome.issued.empty() ? outcome.restored.front().coupon.body : outcome.issued[0].body;
      file.generation = first.key.generation;
      file.first_serial = first.serial;
    }
    for (const IssuedCoupon& one : outcome.issued) {
      const CouponBody& body = one.body;
      kept.sale.earned.push_back({{body.key.generation, body.serial}, body.campaign, Standing::live, 0});
    }
    for (std::size_t i = 0; i < outcome.redeemed.redeemed.size(); ++i) {
      const RedeemedCoupon& one = outcome.redeemed.redeemed[i];
      const CouponBody& body = outcome.redeemed.bodies[i];
      kept.sale.used.push_back(
          {one.key.till, {one.key.generation, one.serial}, one.campaign, one.value, body.staff, body.person, {}, 0});
    }
    file.kept = pack(kept);
    filed_.reply.coupons = file.coupons;
    filed_.reply.redeemed = static_cast<std::uint32_t>(outcome.redeemed.redeemed.size());
  }

  void tell(store::Session& session, const Filing& filing, const Outcome& outcome) {
    CheckoutFacts told = facts(filing);
    const auto coupons = facts_of(outcome.issued);
    told.coupons = coupons;
    told.redeemed = outcome.redeemed.redeemed;
    const auto unapproved = unapproved_of(outcome.redeemed);
    told.unapproved = unapproved;
    std::vector<ReplacementFact> replacements;
    std::string original;
    if (outcome.taken) {
      tell_taken_back(told, *outcome.taken, outcome.restored, replacements);
      original = outcome.taken->original();
      told.original_identity = original;
    }
    append_event(session, kind(), told);
  }

  void issue(store::Session& session, Outcome& outcome) {
    const Shop& shop = *filed_.shop;
    for (Earned earned : filed_.earned) {
      if (earned.reason == NotEarned::none && returned_before_) earned.reason = NotEarned::returned_before;
      if (earned.reason == NotEarned::none && filed_.late) earned.reason = NotEarned::late;
      if (earned.reason == NotEarned::none && !shop.may_issue) earned.reason = NotEarned::not_ready;
      if (earned.reason == NotEarned::none && *why_not_issue(false, filed_.time, filed_.now) != '\0')
        earned.reason = NotEarned::clock;
      if (earned.reason == NotEarned::none && !session.issuing().take(earned.campaign->number)) {
        earned.reason = NotEarned::quota_used_up;
      }
      if (earned.reason == NotEarned::none) {
        if (auto coupon = issue_coupon(session, shop, *earned.campaign, {credited_staff(filed_), 0}, filed_.now,
                                       filed_.ahead.get())) {
          outcome.issued.push_back(*coupon);
          continue;
        }
        session.issuing().give_back(earned.campaign->number);
        earned.reason = NotEarned::not_ready;
      }
      outcome.not_issued.push_back(earned);
    }
  }

  void append_common(std::string& out, const Outcome& outcome) const {
    out += "\"sale\":";
    out += is_sale(filed_.checkout) ? "true" : "false";
    out += ",\"verdict\":";
    append_verdict(out, filed_.shopper.verdict, *filed_.shop);
    out += ",\"coupons\":[";
    for (std::size_t i = 0; i < outcome.issued.size(); ++i) {
      if (i > 0) out += ',';
      append_coupon(out, outcome.issued[i], *filed_.shop);
    }
    out += "],";
    append_sale_coupons(out, outcome.redeemed);
    if (!outcome.taken) return;
    out += ",\"taken_back\":{";
    append_taken_back(out, *outcome.taken, outcome.restored, *filed_.shop);
    out += '}';
  }

  void write_answer(const Outcome& outcome) {
    std::string& out = filed_.reply.body;
    out.reserve(1024);
    out += '{';
    append_text_or_null(out, "identity", filed_.reply.identity);
    out += ',';
    append_text_or_null(out, "showing_id", filed_.showing ? filed_.showing->id : std::string());
    out += ',';
    common_from_ = out.size();
    append_common(out, outcome);
    common_until_ = out.size();
    out += ",\"not_earned\":[";
    for (std::size_t i = 0; i < outcome.not_issued.size(); ++i) {
      append_withheld(out, outcome.not_issued[i], i == 0);
    }
    out += "],\"flags\":";
    append_flags(out, filed_.reply.flags);
    out += '}';
  }

  // What advise has explained goes without words: this answer is kept for ever.
  static void append_withheld(std::string& out, const Earned& withheld, bool first) {
    out += fmt::format(R"({}{{"campaign":{},"reason":"{}")", first ? "" : ",", withheld.campaign->number,
                       name_of(withheld.reason));
    const bool by_the_till = withheld.reason == NotEarned::late || withheld.reason == NotEarned::quota_used_up ||
                             withheld.reason == NotEarned::not_ready || withheld.reason == NotEarned::clock;
    if (by_the_till)
      out += fmt::format(R"(,"zh":"{}","en":"{}")", outcome_words_zh(withheld), outcome_words_en(withheld));
    out += '}';
  }

  void write_happening() {
    std::string& out = filed_.happening;
    out += ',';
    append_text_or_null(out, "lane", filed_.checkout.lane_id);
    out += ',';
    append_text_or_null(out, "identity", filed_.reply.identity);
    out += ',';
    append_text_or_null(out, "checkout_id", filed_.checkout.checkout_id);
    out += ",\"net\":";
    out += std::to_string(filed_.checkout.totals.net);
    out += ',';
    out.append(filed_.reply.body, common_from_, common_until_ - common_from_);
  }

  bool returned_before_ = false;
  std::size_t common_from_ = 0, common_until_ = 0;  // of the answer: what the screens are told, too
};

}  // namespace

StaffNumber credited_staff(const Filed& filed) {
  if (filed.showing) return filed.showing->fact.staff;
  const auto& friend_of = filed.shopper.verdict.friend_of;
  std::optional<StaffNumber> here;
  if (friend_of && friend_of->store == filed.shop->store_number) here = friend_of->staff;
  return filed.shop->roster.credited(filed.checkout.guide_id, here);
}

std::unique_ptr<store::Job> complete_job(Filed filed, Happenings& happenings, ReplyTo reply) {
  return std::make_unique<CompleteJob>(std::move(filed), happenings, std::move(reply));
}

}  // namespace tillside
