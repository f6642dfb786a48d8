// The desk: where a checkout from any door is judged, remembered and answered. docs/local-api.md shows the answers.
//
// advise() answers from memory and the member replica and writes nothing a checkout waits for. complete(), reverse(),
// event() and prompt() are durable when their reply comes: one SQLite transaction holds the checkout, its coupons, its
// answer and its events. The first answer is kept as text and returned byte for byte for the same content. Threads:
// every call from any thread. Replies of durable calls come on the store's thread and must not block.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/desk/happenings.h"
#include "agent/desk/shop.h"
#include "agent/desk/showings.h"
#include "agent/domain/clock.h"
#include "agent/domain/events.h"
#include "agent/domain/intake.h"
#include "agent/store/store.h"

namespace tillside {

class CouponCounter;
class Grantor;

// What the desk asks of the member replica. Any thread.
class MemberLookup {
 public:
  virtual ~MemberLookup() = default;
  virtual std::optional<MemberRecord> find(const IdHash& hash) = 0;
  virtual ReplicaFacts facts() = 0;
};

struct Reply {
  std::string body;            // a JSON document; empty with an error
  bool duplicate = false;      // the first answer, again
  std::uint32_t coupons = 0;   // issued by this call
  std::uint32_t redeemed = 0;  // redeemed by this call
  std::optional<Error> error;  // bad input, conflict, storage
  std::string identity;        // of what was remembered
  Flags flags;
};
inline Reply refusal(Error error) {
  Reply reply;
  reply.error = std::move(error);
  return reply;
}
using ReplyTo = std::function<void(Reply)>;

struct Door {
  bool as_live = false;  // judge at the document's own time, as if it came in then
};

class Desk final : public CheckoutIntake {
 public:
  struct Parts {
    store::Store* store = nullptr;
    MemberLookup* members = nullptr;
    const ShopWindow* shop = nullptr;
    const Clock* clock = nullptr;
    Happenings* happenings = nullptr;
    const KeyLookup* keys = nullptr;  // null: the directory of the shop
    Grantor* grantor = nullptr;       // null: headquarters is never asked about a coupon
  };
  // All parts outlive the desk.
  explicit Desk(Parts parts);
  ~Desk() override;

  // {"showing_id","verdict","prompts","discounts","usable_coupons","join","coupons_to_come","not_earned","flags"}
  Reply advise(const Checkout& checkout, Door door = {});
  // A durable call is about to come: wakes the writer while its document is still being read. Cheap; harmless when
  // none comes.
  void expect_durable();
  // {"identity","showing_id","sale","verdict","coupons","not_earned","flags"}; a conflict is an error of code conflict.
  void complete(Checkout checkout, Door door, ReplyTo reply);
  // {"identity","original","revoked","restored","clawed_back","pending","flags"}
  void reverse(Checkout checkout, Door door, ReplyTo reply);
  // {"identity","recorded":true,"flags"}
  void event(Checkout checkout, Door door, ReplyTo reply);
  // The cashier's key at a showing: asked, declined, no_phone, in_group. {"recorded":true}
  void prompt(const std::string& showing_id, const std::string& answer, const std::string& operator_id, ReplyTo reply);
  // The door printed nothing of a checkout's coupons: they are revoked, their units given back. {"identity","revoked"}
  void not_printed(std::string identity, ReplyTo reply);

  // Where a coupon is checked, held and released. Lives as long as the desk.
  CouponCounter& coupons();

  // The kept answer of a checkout, by identity or by checkout_id; not_found.
  Result<std::string> answer_of(std::string_view identity_or_checkout_id);

  void deliver(Checkout checkout, bool as_live, std::function<void(Delivery)> done) override;

  // For GET /v1/staff/{id}/referral and the display: the URL a guide shows. not_found, not_ready.
  Result<std::string> badge_url(std::string_view staff_id) const;
  // The join URL of a showing made here; bad_format for anything else.
  Result<std::string> join_url(std::string_view showing_id) const;

  struct Counts {
    std::uint64_t advised = 0, completed = 0, duplicates = 0, conflicts = 0, reversed = 0, events = 0, refused = 0,
                  coupons = 0, redeemed = 0;
  };
  Counts counts() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace tillside
