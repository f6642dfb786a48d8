#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "agent/desk/answers.h"
#include "agent/desk/jobs.h"
#include "agent/domain/checkout_json.h"

namespace tillside {
namespace {

class ReverseJob final : public FilingJob {
 public:
  using FilingJob::FilingJob;

 protected:
  EventKind kind() const override { return EventKind::reversal; }

  void decide(store::Session& session, const Filing& filing, store::FiledCheckout& file) override {
    const auto original = find_original(session);
    std::vector<RevokedCoupon> revoked;
    std::string original_identity;
    if (original) {
      original_identity = identity_of_filed(*original);
      revoked = take_back(session, *original, file);
    } else {
      filed_.reply.flags.push_back(Flag::unknown_original);
    }
    CheckoutFacts told = facts(filing);
    told.revoked = revoked;
    told.original_identity = original_identity;
    append_event(session, kind(), told);
    write_answer(original_identity, revoked);
  }

 private:
  std::optional<store::FiledCheckout> find_original(store::Session& session) {
    const Checkout& checkout = filed_.checkout;
    if (!checkout.original) return checkout.state == CheckoutState::voided ? of_same_number(session) : std::nullopt;
    const OriginalRef& ref = *checkout.original;
    if (ref.sequence != 0) {
      Checkout place = checkout;
      if (!ref.store_id.empty()) place.store_id = ref.store_id;
      if (!ref.lane_id.empty()) place.lane_id = ref.lane_id;
      if (ref.business_date) place.business_date = *ref.business_date;
      place.sequence = ref.sequence;
      if (auto found = at(session, place, ref.series)) return found;
    }
    if (ref.checkout_id.empty()) return std::nullopt;
    return session.checkouts().by_checkout_id(ref.checkout_id, ref.store_id.empty() ? checkout.store_id : ref.store_id);
  }

  // A POS that voids under the sale's own number needs to name no original.
  std::optional<store::FiledCheckout> of_same_number(store::Session& session) {
    if (filed_.checkout.sequence != 0) return at(session, filed_.checkout, filed_.checkout.series);
    if (filed_.checkout.checkout_id.empty()) return std::nullopt;
    return session.checkouts().by_checkout_id(filed_.checkout.checkout_id, filed_.checkout.store_id);
  }

  // Without a series of its own the newest sale of that number is meant.
  static std::optional<store::FiledCheckout> at(store::Session& session, Checkout place, std::int64_t series) {
    for (const CheckoutState state : {CheckoutState::completed, CheckoutState::exchanged}) {
      place.state = state;
      const auto filed = session.checkouts().at_place(place_of(place));
      const auto named =
          std::find_if(filed.begin(), filed.end(), [&](const auto& one) { return one.series == series; });
      if (series != 0 && named != filed.end()) return *named;
      if (series == 0 && !filed.empty()) return filed.back();
    }
    return std::nullopt;
  }

  // "<store>:<lane>:<date>:<series>:<sequence>:<kind>" from the place and series it was filed under.
  static std::string identity_of_filed(const store::FiledCheckout& filed) {
    std::size_t at = 0;
    for (int colons = 0; colons < 3; ++colons) at = filed.place.find(':', at) + 1;
    const bool numbered = at < filed.place.size() && filed.place[at] >= '0' && filed.place[at] <= '9';
    if (!numbered) return filed.place;
    return filed.place.substr(0, at) + std::to_string(filed.series) + ":" + filed.place.substr(at);
  }

  // A coupon falls when the sale is wholly undone, or when what is left of it no longer meets the coupon's minimum.
  std::vector<RevokedCoupon> take_back(store::Session& session, const store::FiledCheckout& original,
                                       const store::FiledCheckout& reversal) {
    const bool whole_void = filed_.checkout.state == CheckoutState::voided;
    const Minor back = std::abs(filed_.checkout.totals.net);
    const Minor refunded = whole_void ? original.net : std::min(original.net, original.refunded + back);
    const Minor left = original.net - refunded;
    session.checkouts().put_refund(original.id, refunded, left <= 0 ? reversal.id : original.reversed_by);
    std::vector<RevokedCoupon> revoked;
    for (std::uint32_t i = 0; i < original.coupons; ++i) {
      const std::uint32_t serial = original.first_serial + i;
      const auto coupon = session.issuing().find(original.generation, serial);
      if (!coupon || coupon->state == store::CouponState::revoked) continue;
      const auto body = decode_coupon(coupon->body);
      if (!body || (left > 0 && left >= minimum_of(body->campaign))) continue;
      session.issuing().revoke(original.generation, serial);
      revoked.push_back({original.generation, serial, body->campaign});
    }
    return revoked;
  }

  Minor minimum_of(std::uint32_t campaign) const {
    for (const Campaign& one : filed_.shop->campaigns) {
      if (one.number == campaign) return one.conditions.min_total.value_or(0);
    }
    return kMaxAmount;
  }

  void write_answer(const std::string& original, const std::vector<RevokedCoupon>& revoked) {
    std::string shared = ",";
    append_text_or_null(shared, "original", original);
    shared += ",\"revoked\":";
    append_revoked(shared, revoked, filed_.shop->key.till);

    std::string& out = filed_.reply.body;
    out += '{';
    append_text_or_null(out, "identity", filed_.reply.identity);
    out += shared;
    out += ",\"restored\":[],\"clawed_back\":0,\"pending\":[],\"flags\":";
    append_flags(out, filed_.reply.flags);
    out += '}';

    std::string& told = filed_.happening;
    told += ',';
    append_text_or_null(told, "lane", filed_.checkout.lane_id);
    told += ',';
    append_text_or_null(told, "identity", filed_.reply.identity);
    told += fmt::format(",\"net\":{}", filed_.checkout.totals.net);
    told += shared;
    filed_.happening_type = "reversed";
  }
};

}  // namespace

std::unique_ptr<store::Job> reverse_job(Filed filed, Happenings& happenings, ReplyTo reply) {
  return std::make_unique<ReverseJob>(std::move(filed), happenings, std::move(reply));
}

}  // namespace tillside
