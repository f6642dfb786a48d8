#include "agent/desk/taking_back.h"

#include <algorithm>
#include <cstdlib>

#include "agent/desk/originals.h"

namespace tillside {
namespace {

bool is_returned_line(const Checkout& checkout, const Line& line) {
  if (checkout.state == CheckoutState::returned) return line.kind == LineKind::returned || line.original;
  return line.kind == LineKind::returned && line.original;
}

ReturnedLine returned_line(const Line& line) {
  return {line.line_no,
          line.original ? line.original->line_no : 0,
          std::abs(line.quantity),
          std::abs(line.amount - line.discount),
          line.sku,
          line.category};
}

// Lines of one document that take back from one sale, known or not.
struct Group {
  std::int64_t sale = 0;  // row; 0: not known here
  std::vector<std::string> names;
  std::vector<ReturnedLine> lines;
  Minor told() const {
    Minor sum = 0;
    for (const ReturnedLine& line : lines) sum += line.told;
    return sum;
  }
};

class Deciding {
 public:
  Deciding(store::Session& session, const TakingBackParts& parts)
      : session_(session), checkout_(*parts.checkout), shop_(*parts.shop), why_not_issue_(parts.why_not_issue) {}

  TakenBack decide() && {
    if (!checkout_.training) {
      if (checkout_.state == CheckoutState::voided) {
        void_it();
      } else {
        return_lines();
      }
      for (std::size_t i = 0; i < out_.sales.size(); ++i) settle_sale(i);
    }
    return std::move(out_);
  }

 private:
  void void_it() {
    const auto found = checkout_.original ? find_original(session_, checkout_, *checkout_.original, true)
                                          : of_same_number(session_, checkout_);
    if (!found) {
      out_.unknown = true;
      auto names = checkout_.original ? names_in(checkout_, *checkout_.original) : names_of_same_number(checkout_);
      if (!names.empty()) out_.kept.awaiting.push_back({std::move(names), true, 0, {}});
      return;
    }
    const std::size_t at = open(*found);
    Kept& kept = out_.sales[at].kept;
    if (kept.undone_by == 0 && (!kept.taken.empty() || !kept.awaiting.empty())) {
      const auto taken = kept.taken;  // opening another sale moves what it lies in
      undo(*found, taken);
    }
    if (out_.sales[at].kept.sale.is_sale) note(at, take_back_whole(out_.sales[at].kept.sale));
  }

  void undo(const store::FiledCheckout& reversal, const std::vector<Taken>& taken) {
    out_.undone.push_back(reversal.id);
    for (const Taken& one : taken) {
      const auto sale = session_.checkouts().by_id(one.sale);
      if (sale) note(open(*sale), give_back_to(*sale, one));
    }
  }
  TakingBack give_back_to(const store::FiledCheckout& sale, const Taken& taken) {
    return give_back(out_.sales[open(sale)].kept.sale, taken);
  }

  void return_lines() {
    std::vector<Group> groups = grouped();
    if (checkout_.state == CheckoutState::returned && groups.size() == 1) tell_whole(groups.front());
    for (Group& group : groups) {
      if (group.sale == 0) {
        out_.unknown = true;
        if (!group.names.empty())
          out_.kept.awaiting.push_back({group.names, false, group.told(), std::move(group.lines)});
        continue;
      }
      const auto sale = session_.checkouts().by_id(group.sale);
      const std::size_t at = open(*sale);
      note(at, take_back(out_.sales[at].kept.sale, group.lines, group.told()));
    }
  }

  std::vector<Group> grouped() {
    std::vector<Group> groups;
    for (const Line& line : checkout_.lines) {
      if (is_returned_line(checkout_, line)) group_for(groups, ref_of(line)).lines.push_back(returned_line(line));
    }
    if (groups.empty() && checkout_.state == CheckoutState::returned) group_for(groups, document_ref());
    return groups;
  }

  OriginalRef document_ref() const { return checkout_.original.value_or(OriginalRef{}); }
  OriginalRef ref_of(const Line& line) const {
    return line.original && !line.original->sale.names_nothing() ? line.original->sale : document_ref();
  }

  Group& group_for(std::vector<Group>& groups, const OriginalRef& ref) {
    const auto found = ref.names_nothing() ? std::nullopt : find_original(session_, checkout_, ref, false);
    const auto names = ref.names_nothing() ? std::vector<std::string>{} : names_in(checkout_, ref);
    const std::int64_t sale = found ? found->id : 0;
    for (Group& group : groups)
      if (group.sale == sale && (sale != 0 || group.names == names)) return group;
    return groups.emplace_back(Group{sale, names, {}});
  }

  // A return of one sale whose lines name none of its lines counts by the document's own total.
  void tell_whole(Group& group) const {
    const bool names_lines = std::any_of(group.lines.begin(), group.lines.end(),
                                         [](const ReturnedLine& line) { return line.original != 0; });
    if (names_lines) return;
    if (group.lines.empty()) group.lines.emplace_back();
    ReturnedLine& last = group.lines.back();
    last.told = std::max<Minor>(last.told + std::abs(checkout_.totals.net) - group.told(), 0);
  }

  std::size_t open(const store::FiledCheckout& filed) {
    for (std::size_t i = 0; i < out_.sales.size(); ++i)
      if (out_.sales[i].filed.id == filed.id) return i;
    out_.sales.push_back({filed, identity_of_filed(filed), unpack_kept(filed.kept).value_or(Kept{})});
    before_.push_back(out_.sales.back().kept.sale);
    refunds_.push_back(0);
    return out_.sales.size() - 1;
  }

  void note(std::size_t at, TakingBack taking) {
    refunds_[at] += taking.refund;
    out_.refund += taking.refund;
    out_.over |= taking.over;
    for (const LineRefund& line : taking.lines) out_.lines.push_back({at, line});
    taking.taken.sale = out_.sales[at].filed.id;
    out_.kept.taken.push_back(std::move(taking.taken));
  }

  CouponFacts facts_of(const KeptSerial& coupon, std::uint32_t campaign) {
    CouponFacts facts;
    facts.terms = terms_of(shop_, campaign);
    if (facts.terms != nullptr) facts.worth = highest_worth(*facts.terms);
    if (facts.terms != nullptr) facts.withhold = facts.terms->on_return == OnReturn::withhold;
    if (coupon.serial == 0) return facts;
    const std::int64_t number = store::coupon_number({shop_.key.till, coupon.generation}, coupon.serial);
    const auto spent = session_.redeeming().spent(number);
    const auto stored = session_.issuing().find(coupon.generation, coupon.serial);
    if (stored && stored->state == store::CouponState::revoked) {
      facts.fate = CouponFate::gone;
    } else if (spent) {
      facts.fate = CouponFate::spent;
      facts.value = spent->value;
    } else if (!shop_.is_own({shop_.key.till, coupon.generation}) || session_.redeeming().yielded(number)) {
      facts.fate = CouponFate::out_of_reach;
    }
    return facts;
  }

  void settle_sale(std::size_t at) {
    KeptSale& sale = out_.sales[at].kept.sale;
    if (!sale.is_sale) return;
    std::vector<CouponFacts> earned, replacements;
    for (const KeptEarned& one : sale.earned) earned.push_back(facts_of(one.coupon, one.campaign));
    for (const KeptUsed& one : sale.used) replacements.push_back(facts_of(one.replacement, one.campaign));
    const Settlement settled = settle(sale, earned, replacements, refunds_[at]);
    out_.collected += settled.collected;
    out_.owed += settled.owed;
    tell(at, settled);
  }

  void tell(std::size_t at, const Settlement& settled) {
    const KeptSale& sale = out_.sales[at].kept.sale;
    for (const std::size_t i : settled.revoked) revoke(sale.earned[i].coupon, sale.earned[i].campaign);
    for (const std::size_t i : settled.clawed_back) claw_back(sale.earned[i], sale.earned[i].value);
    for (const std::size_t i : settled.pending)
      pend(sale.earned[i], sale.earned[i].value,
           sale.earned[i].standing == Standing::withheld ? "withheld" : "trusted");
    for (const std::size_t i : settled.earned_again) {
      const KeptEarned& was = before_[at].earned[i];
      if (was.standing == Standing::clawed_back) claw_back(was, -was.value);
      if (was.standing == Standing::withheld || was.standing == Standing::trusted) pend(was, -was.value, "given_back");
    }
    for (std::size_t i = 0; i < settled.replacements_gone.size(); ++i)
      revoke(settled.replacements_gone[i], sale.used[settled.replacement_revoked[i]].campaign);
    for (const std::size_t i : settled.to_reissue) reissue(at, i);
    for (const std::size_t i : settled.to_replace) replace(at, i);
  }

  void revoke(const KeptSerial& coupon, std::uint32_t campaign) {
    out_.revoked.push_back({coupon.generation, coupon.serial, campaign});
  }
  void claw_back(const KeptEarned& earned, Minor value) {
    out_.clawed_back.push_back(
        {shop_.key.till, earned.coupon.generation, earned.coupon.serial, earned.campaign, value});
  }
  void pend(const KeptEarned& earned, Minor value, const char* reason) {
    out_.pending.push_back(
        {shop_.key.till, earned.coupon.generation, earned.coupon.serial, earned.campaign, value, reason});
  }

  void reissue(std::size_t at, std::size_t index) {
    const KeptEarned& earned = out_.sales[at].kept.sale.earned[index];
    CouponFor whom;
    const auto stored = session_.issuing().find(earned.coupon.generation, earned.coupon.serial);
    if (const auto body = stored ? decode_coupon(stored->body) : Result<CouponBody>(Error{})) {
      whom = {body->staff, body->person};
    }
    want({at, false, index, terms_of(shop_, earned.campaign), whom},
         {shop_.key.till, earned.coupon.generation, earned.coupon.serial, earned.campaign, 0, {}});
  }

  void replace(std::size_t at, std::size_t index) {
    const KeptUsed& used = out_.sales[at].kept.sale.used[index];
    want({at, true, index, terms_of(shop_, used.campaign), {used.staff, used.person}},
         {used.till, used.coupon.generation, used.coupon.serial, used.campaign, used.value, {}});
  }

  void want(CouponToIssue wanted, PendingCoupon otherwise) {
    otherwise.reason = why_not(wanted);
    if (otherwise.reason.empty()) {
      out_.to_issue.push_back(wanted);
    } else {
      out_.pending.push_back(std::move(otherwise));
    }
  }

  std::string why_not(const CouponToIssue& wanted) {
    if (wanted.campaign == nullptr) return "unknown_campaign";
    if (wanted.campaign->stopped) return "stopped";
    if (!shop_.may_issue) return "not_ready";
    if (*why_not_issue_ != '\0') return why_not_issue_;
    const auto same = [&](const CouponToIssue& one) { return one.campaign->number == wanted.campaign->number; };
    const auto planned = std::count_if(out_.to_issue.begin(), out_.to_issue.end(), same);
    return session_.issuing().left(wanted.campaign->number) > planned ? "" : "quota_used_up";
  }

  store::Session& session_;
  const Checkout& checkout_;
  const Shop& shop_;
  const char* const why_not_issue_;
  TakenBack out_;
  std::vector<KeptSale> before_;  // parallel to out_.sales
  std::vector<Minor> refunds_;
};

Restored restore(const IssuedCoupon& coupon, TillNumber till, const KeptSerial& instead_of) {
  const CouponBody& body = coupon.body;
  Restored restored;
  restored.coupon = coupon;
  restored.fact.coupon = {body.key.generation, body.serial, body.campaign, body.issued_minute, body.staff, body.person};
  restored.fact.till = till;
  restored.fact.generation = instead_of.generation;
  restored.fact.serial = instead_of.serial;
  return restored;
}

void write_into(KeptSale& sale, const CouponToIssue& wanted, const KeptSerial& fresh) {
  if (wanted.replaces) {
    sale.used[wanted.index].replacement = fresh;
  } else {
    sale.earned[wanted.index].coupon = fresh;
  }
}

std::vector<Restored> issue_wanted(store::Session& session, const Shop& shop, TakenBack& taken, Instant now) {
  std::vector<Restored> restored;
  for (const CouponToIssue& wanted : taken.to_issue) {
    KeptSale& sale = taken.sales[wanted.sale].kept.sale;
    const KeptSerial instead_of = wanted.replaces ? sale.used[wanted.index].coupon : sale.earned[wanted.index].coupon;
    const TillNumber till = wanted.replaces ? sale.used[wanted.index].till : shop.key.till;
    std::optional<IssuedCoupon> coupon;
    if (session.issuing().take(wanted.campaign->number)) {
      coupon = issue_coupon(session, shop, *wanted.campaign, wanted.whom, now);
      if (!coupon) session.issuing().give_back(wanted.campaign->number);
    }
    if (!coupon) {
      taken.pending.push_back(
          {till, instead_of.generation, instead_of.serial, wanted.campaign->number, 0, "not_ready"});
      continue;
    }
    write_into(sale, wanted, {coupon->body.key.generation, coupon->body.serial});
    restored.push_back(restore(*coupon, till, instead_of));
  }
  return restored;
}

bool is_for(const Awaiting& awaiting, const std::vector<std::string>& names) {
  return std::any_of(awaiting.names.begin(), awaiting.names.end(), [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

}  // namespace

bool takes_back(const Checkout& checkout) {
  if (checkout.state == CheckoutState::voided || checkout.state == CheckoutState::returned) return true;
  return std::any_of(checkout.lines.begin(), checkout.lines.end(),
                     [&](const Line& line) { return is_returned_line(checkout, line); });
}

void tell_taken_back(CheckoutFacts& told, const TakenBack& taken, std::span<const Restored> restored,
                     std::vector<ReplacementFact>& replacements) {
  for (const Restored& one : restored) replacements.push_back(one.fact);
  told.revoked = taken.revoked;
  told.clawed_back = taken.clawed_back;
  told.pending = taken.pending;
  told.replacements = replacements;
  told.collected = taken.collected;
}

// A replayed document brings its own time, perhaps of a dead clock: what a code cannot carry is not issued.
const char* why_not_issue(bool late, const TrustedTime& time, Instant now) {
  if (late) return "late";
  return time.trusted && now >= from_code_minutes(1) ? "" : "clock";
}

TakenBack decide_taking_back(store::Session& session, const TakingBackParts& parts) {
  return Deciding(session, parts).decide();
}

std::vector<Restored> carry_out(store::Session& session, const TakingBackParts& parts, TakenBack& taken,
                                std::int64_t document, Instant now) {
  for (const RevokedCoupon& coupon : taken.revoked) session.issuing().revoke(coupon.generation, coupon.serial);
  auto restored = issue_wanted(session, *parts.shop, taken, now);
  for (SaleTakenFrom& sale : taken.sales) {
    if (std::find(taken.undone.begin(), taken.undone.end(), sale.filed.id) != taken.undone.end())
      sale.kept.undone_by = document;
    session.checkouts().put_kept(sale.filed.id, pack(sale.kept));
  }
  for (const Awaiting& awaiting : taken.kept.awaiting)
    for (const std::string& name : awaiting.names) session.checkouts().await(name, document);
  return restored;
}

bool apply_early_returns(store::Session& session, const Checkout& checkout, const store::FiledCheckout& file,
                         KeptSale& sale) {
  const auto names = names_of_sale(checkout, file);
  bool any = false;
  for (const std::int64_t id : session.checkouts().awaiting(names)) {
    const auto reversal = session.checkouts().by_id(id);
    auto kept = reversal ? unpack_kept(reversal->kept) : std::nullopt;
    if (!kept || kept->undone_by != 0) continue;
    for (const Awaiting& awaiting : kept->awaiting) {
      if (!is_for(awaiting, names)) continue;
      TakingBack taking = awaiting.whole ? take_back_whole(sale) : take_back(sale, awaiting.lines, awaiting.told);
      taking.taken.sale = file.id;
      kept->taken.push_back(std::move(taking.taken));
      session.checkouts().no_longer_await(awaiting.names);
      any = true;
    }
    std::erase_if(kept->awaiting, [&](const Awaiting& awaiting) { return is_for(awaiting, names); });
    session.checkouts().put_kept(id, pack(*kept));
  }
  return any;
}

}  // namespace tillside
