#include <fmt/format.h>

#include <vector>

#include "agent/desk/answers.h"
#include "agent/desk/jobs.h"

namespace tillside {
namespace {

std::vector<std::string_view> parts_of(std::string_view identity) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= identity.size();) {
    const std::size_t colon = std::min(identity.find(':', at), identity.size());
    parts.push_back(identity.substr(at, colon - at));
    at = colon + 1;
  }
  return parts;
}

class NotPrintedJob final : public store::Job {
 public:
  NotPrintedJob(std::string identity, std::shared_ptr<const Shop> shop, Instant now, ReplyTo reply)
      : identity_(std::move(identity)), shop_(std::move(shop)), now_(now), reply_to_(std::move(reply)) {}

  void apply(store::Session& session) override {
    reply_ = {};
    reply_.identity = identity_;
    const auto filed = find_remembered(session, identity_);
    if (!filed) {
      reply_.error = Error{ErrorCode::not_found, "identity", {}};
      return;
    }
    std::vector<RevokedCoupon> revoked;
    for (std::uint32_t i = 0; i < filed->coupons; ++i) {
      const std::uint32_t serial = filed->first_serial + i;
      const auto coupon = session.issuing().find(filed->generation, serial);
      if (!coupon || coupon->state == store::CouponState::revoked) continue;
      const auto body = decode_coupon(coupon->body);
      if (!body) continue;
      session.issuing().revoke(filed->generation, serial);
      // A unit belongs to the epoch that lent it, and a new epoch brings a new generation.
      if (shop_->is_own({shop_->key.till, filed->generation})) session.issuing().give_back(body->campaign);
      revoked.push_back({filed->generation, serial, body->campaign});
    }
    if (!revoked.empty()) {
      std::string event;
      append_revoked_event(event, identity_, "not_printed", revoked);
      session.events().append(event, now_);
    }
    reply_.body += '{';
    append_text_or_null(reply_.body, "identity", identity_);
    reply_.body += ",\"revoked\":";
    append_revoked(reply_.body, revoked, shop_->key.till);
    reply_.body += '}';
  }

  void finished(const std::optional<Error>& error) override {
    if (error) reply_.error = error;
    reply_to_(std::move(reply_));
  }

 private:
  const std::string identity_;
  const std::shared_ptr<const Shop> shop_;
  const Instant now_;
  const ReplyTo reply_to_;
  Reply reply_;
};

}  // namespace

std::unique_ptr<store::Job> not_printed_job(std::string identity, std::shared_ptr<const Shop> shop, Instant now,
                                            ReplyTo reply) {
  return std::make_unique<NotPrintedJob>(std::move(identity), std::move(shop), now, std::move(reply));
}

std::optional<store::FiledCheckout> find_remembered(store::Session& session, std::string_view name) {
  const auto parts = parts_of(name);
  if (parts.size() == 6 && !parts[3].empty() && parts[3][0] >= '0' && parts[3][0] <= '9') {
    const std::string place = fmt::format("{}:{}:{}:{}:{}", parts[0], parts[1], parts[2], parts[4], parts[5]);
    for (auto& filed : session.checkouts().at_place(place)) {
      if (std::to_string(filed.series) == parts[3]) return filed;
    }
  }
  auto filed = session.checkouts().at_place(name);
  if (!filed.empty() && name.find('!') == std::string_view::npos) return filed.front();
  return session.checkouts().by_checkout_id(name, {});
}

void append_revoked(std::string& out, const std::vector<RevokedCoupon>& revoked, TillNumber till) {
  out += '[';
  for (std::size_t i = 0; i < revoked.size(); ++i) {
    CouponBody body;
    body.key = {till, revoked[i].generation};
    body.serial = revoked[i].serial;
    out += fmt::format(R"({}{{"id":"{}","campaign":{}}})", i == 0 ? "" : ",", coupon_id(body), revoked[i].campaign);
  }
  out += ']';
}

}  // namespace tillside
