#include "agent/desk/desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "agent/desk/answers.h"
#include "agent/desk/coupon_counter.h"
#include "agent/desk/identify.h"
#include "agent/desk/issue_coupon.h"
#include "agent/desk/jobs.h"
#include "agent/desk/taking_back.h"
#include "agent/domain/advice.h"
#include "agent/domain/checkout_json.h"

namespace tillside {
namespace {

constexpr std::int64_t kLateAfter = 15 * kMinute;
constexpr std::string_view kOrdinalKey = "ordinal_reserved";

struct Counters {
  std::atomic<std::uint64_t> advised{0}, completed{0}, duplicates{0}, conflicts{0}, reversed{0}, events{0}, refused{0},
      coupons{0}, redeemed{0};
};

// The showing names this very checkout.
bool is_of(const Showing& showing, const Checkout& checkout) {
  if (checkout.showing_id == showing.id) return true;
  if (checkout.sequence != 0 && showing.sequence == checkout.sequence) return true;
  return !checkout.checkout_id.empty() && showing.checkout_id == checkout.checkout_id;
}

// A till and its POS often share one machine: a document dated by the same wrong clock is not late.
bool is_late(Instant occurred_at, Instant now, Instant wall) {
  return now.ms - occurred_at.ms > kLateAfter && std::abs(wall.ms - occurred_at.ms) > kLateAfter;
}

bool known_answer(std::string_view answer) {
  return answer == "asked" || answer == "declined" || answer == "no_phone" || answer == "in_group";
}

}  // namespace

struct Desk::Inside {
  const Parts parts;
  Showings showings;
  Counters counters;
  std::unique_ptr<OrdinalSource> ordinals;
  CouponCounter coupons;

  explicit Inside(Parts with)
      : parts(with),
        coupons({with.store, with.members, with.shop, with.clock, with.happenings, with.keys, with.grantor}) {}
  void start_ordinals();
  void reserve_ordinals(std::uint32_t upto);
  Result<Filed> prepare(Checkout&& checkout, Door door);
  Flags own_flags(const Checkout& checkout, const Shop& shop, const Shopper& shopper) const;
  std::optional<Showing> showing_for(const Checkout& checkout, const Shop& shop, const Shopper& shopper,
                                     const Advice& advice, Instant now);
  std::string preview(const Checkout& checkout, const Shop& shop, Door door) const;
  void tell_unfinished(const Showing& showing);
  std::shared_ptr<SignatureAhead> foresee(const Filed& filed) const;
  ReplyTo keeping(Showing showing, bool own, ReplyTo reply);
  ReplyTo counted(std::atomic<std::uint64_t>& counter, ReplyTo reply);
  void submit(std::unique_ptr<store::Job> job) { parts.store->writer().submit(std::move(job)); }
};

Desk::Desk(Parts parts) : inside_(std::make_unique<Inside>(parts)) { inside_->start_ordinals(); }

Desk::~Desk() {
  for (const auto& [lane, showing] : inside_->showings.take_all()) inside_->tell_unfinished(showing);
  (void)inside_->parts.store->writer().run([](store::Session&) {});  // every job that refers to this desk is done
}

void Desk::Inside::start_ordinals() {
  std::uint32_t first = 1;
  (void)parts.store->writer().run([&](store::Session& session) {
    first = static_cast<std::uint32_t>(session.meta().number(kOrdinalKey, 1));
    session.meta().put_number(kOrdinalKey, first + OrdinalSource::kBlock);
  });
  ordinals = std::make_unique<OrdinalSource>(first, first + OrdinalSource::kBlock,
                                             [this](std::uint32_t upto) { reserve_ordinals(upto); });
}

void Desk::Inside::reserve_ordinals(std::uint32_t upto) {
  class Reserve final : public store::Job {
   public:
    Reserve(OrdinalSource& source, std::uint32_t upto) : source_(source), upto_(upto) {}
    void apply(store::Session& session) override { session.meta().put_number(kOrdinalKey, upto_); }
    void finished(const std::optional<Error>& error) override { source_.reserved(error ? 0 : upto_); }

   private:
    OrdinalSource& source_;
    const std::uint32_t upto_;
  };
  submit(std::make_unique<Reserve>(*ordinals, upto));
}

Flags Desk::Inside::own_flags(const Checkout& checkout, const Shop& shop, const Shopper& shopper) const {
  Flags flags;
  if (shop.enrolled && checkout.store_id != shop.store_id) flags.push_back(Flag::other_store);
  if (shopper.malformed) flags.push_back(Flag::identifier_ignored);
  return flags;
}

Result<Filed> Desk::Inside::prepare(Checkout&& checkout, Door door) {
  Filed filed;
  filed.shop = parts.shop->current();
  auto flags = validate(checkout, filed.shop->currency);
  if (!flags) return flags.error();
  filed.flags = std::move(*flags);
  filed.shopper = identify(checkout, *filed.shop, *parts.members);
  for (const Flag flag : own_flags(checkout, *filed.shop, filed.shopper)) filed.flags.push_back(flag);
  filed.time = parts.store->time().now();
  filed.redeeming = coupons.redeeming(filed.shopper);
  filed.now = door.as_live ? checkout.occurred_at : filed.time.now;
  filed.late = !door.as_live && is_late(checkout.occurred_at, filed.time.now, parts.clock->now());
  if (filed.late) filed.flags.push_back(Flag::late);
  filed.digest = content_digest(checkout, parts.store->content_key());
  filed.checkout = std::move(checkout);
  return filed;
}

// The showing this checkout already has, or a new one when a code is to be shown.
std::optional<Showing> Desk::Inside::showing_for(const Checkout& checkout, const Shop& shop, const Shopper& shopper,
                                                 const Advice& advice, Instant now) {
  const bool join = advice.show_join_qr;
  std::optional<Showing> showing = showings.find(checkout);
  if (!showing) {
    const auto ordinal = shop.enrolled ? ordinals->next() : std::nullopt;
    if (!ordinal) return std::nullopt;
    std::optional<StaffNumber> friend_here;
    const auto& friend_of = shopper.verdict.friend_of;
    if (friend_of && friend_of->store == shop.store_number) friend_here = friend_of->staff;
    showing.emplace();
    showing->fact = {*ordinal, code_minutes(now), shop.roster.credited(checkout.guide_id, friend_here), join};
    showing->id = encode_referral({.checkout = true,
                                   .till_or_store = shop.key.till,
                                   .staff = showing->fact.staff,
                                   .minute = showing->fact.minute,
                                   .ordinal = *ordinal},
                                  shop.referral_key);
    showing->lane_id = checkout.lane_id;
    showing->date = checkout.business_date;
  }
  showing->fact.join_shown |= join;
  showing->verdict = shopper.verdict.status;
  showing->advised = advised_off(checkout, advice.judgement.discounts);
  if (checkout.sequence != 0) showing->sequence = checkout.sequence;
  if (!checkout.checkout_id.empty()) showing->checkout_id = checkout.checkout_id;
  if (auto unfinished = showings.put(*showing)) tell_unfinished(*unfinished);
  return showing;
}

// What taking it back would do, or null while the store cannot be read.
std::string Desk::Inside::preview(const Checkout& checkout, const Shop& shop, Door door) const {
  const TrustedTime time = parts.store->time().now();
  const Instant now = door.as_live ? checkout.occurred_at : time.now;
  const bool late = now.ms - checkout.occurred_at.ms > kLateAfter;
  std::string told = "null";
  (void)parts.store->read([&](store::Session& reader) {
    told = preview_taking_back(reader, {&checkout, &shop, why_not_issue(late, time, now)});
  });
  return told;
}

void Desk::Inside::tell_unfinished(const Showing& showing) {
  std::string event;
  append_showing_event(event, showing.lane_id, showing.date, showing.fact, showing.verdict);
  submit(event_job(std::move(event), parts.store->time().now().now, {}, [](const Reply&) {}));
}

// The coupon this sale will earn first when nobody comes between; null where that is unlikely or of no use.
std::shared_ptr<SignatureAhead> Desk::Inside::foresee(const Filed& filed) const {
  static const bool two_cores = std::thread::hardware_concurrency() > 1;  // the asking reads a file: 8 µs
  if (!two_cores || filed.late || parts.store->writer().queued() > 0) return nullptr;
  const auto first = std::find_if(filed.earned.begin(), filed.earned.end(),
                                  [](const Earned& earned) { return earned.reason == NotEarned::none; });
  if (first == filed.earned.end() || !filed.shop->may_issue) return nullptr;
  const std::uint32_t serial = parts.store->foreseen_serial(filed.shop->key.generation);
  const CouponFor whom{credited_staff(filed), 0};
  const auto bytes = encode_coupon(coupon_body(*filed.shop, *first->campaign, whom, serial, filed.now));
  return bytes && serial != 0 ? std::make_shared<SignatureAhead>(*bytes) : nullptr;
}

// A failed write completes nothing: the showing it took is still open. A repeat ends its own showing, but not one that
// may be the next checkout's.
ReplyTo Desk::Inside::keeping(Showing showing, bool own, ReplyTo reply) {
  return [this, showing = std::move(showing), own, reply = std::move(reply)](Reply answer) {
    if (answer.error || (answer.duplicate && !own)) {
      if (const auto pushed_out = showings.give_back(showing)) tell_unfinished(*pushed_out);
    }
    reply(std::move(answer));
  };
}

ReplyTo Desk::Inside::counted(std::atomic<std::uint64_t>& counter, ReplyTo reply) {
  return [this, &counter, reply = std::move(reply)](Reply answer) {
    if (answer.error) {
      ++(answer.error->code == ErrorCode::conflict ? counters.conflicts : counters.refused);
    } else {
      ++(answer.duplicate ? counters.duplicates : counter);
      counters.coupons += answer.coupons;
      counters.redeemed += answer.redeemed;
    }
    reply(std::move(answer));
  };
}

Reply Desk::advise(const Checkout& checkout, Door door) {
  const auto shop = inside_->parts.shop->current();
  auto flags = validate(checkout, shop->currency);
  if (!flags) {
    ++inside_->counters.refused;
    return refusal(flags.error());
  }
  const TrustedTime time = inside_->parts.store->time().now();
  const Instant now = door.as_live ? checkout.occurred_at : time.now;
  const Shopper shopper = identify(checkout, *shop, *inside_->parts.members);
  const auto units = inside_->parts.store->with_units();
  Advice advice = tillside::advise(checkout, shopper.verdict,
                                   shop->book.judge(shop->campaigns, checkout, shopper.verdict, shop->zone, now,
                                                    shop->may_issue ? units.get() : nullptr),
                                   shop->currency, shop->manual_keys, now);
  if (!shop->may_issue) heed_not_ready(advice);
  if (shop->enrolled) heed_clock(advice, time);
  const bool undoes = checkout.state == CheckoutState::voided || checkout.state == CheckoutState::returned;
  if (undoes) advice = {};  // a refund invites nobody
  const auto showing = undoes ? std::nullopt : inside_->showing_for(checkout, *shop, shopper, advice, now);
  for (const Flag flag : inside_->own_flags(checkout, *shop, shopper)) flags->push_back(flag);

  std::string shown;  // what the answer and the screens share
  shown.reserve(768);
  shown += ',';
  append_text_or_null(shown, "showing_id", showing ? showing->id : std::string());
  shown += ",\"verdict\":";
  append_verdict(shown, shopper.verdict, *shop);
  shown += ",\"prompts\":";
  append_prompts(shown, advice.prompts);
  shown += ",\"join\":";
  append_join(shown, *shop, showing && advice.show_join_qr ? showing->id : std::string());
  shown += ",\"coupons_to_come\":[";
  bool first = true;
  for (const Earned& earned : advice.judgement.coupons) {
    if (earned.reason != NotEarned::none) continue;
    if (!first) shown += ',';
    append_promise(shown, *earned.campaign, *shop);
    first = false;
  }
  shown += "],\"discounts\":";
  append_discounts(shown, advice.judgement.discounts, checkout.source, *shop);
  shown += ",\"not_earned\":";
  append_not_earned(shown, advice.judgement);

  Reply reply;
  reply.body.reserve(shown.size() + 96);
  reply.body += "{\"usable_coupons\":";
  if (undoes) {
    reply.body += "[]";
  } else {
    inside_->coupons.append_usable(reply.body, checkout, shopper, *shop, time);
  }
  const std::size_t listed = reply.body.size();
  reply.body += shown;
  if (takes_back(checkout)) reply.body += ",\"reversal\":" + inside_->preview(checkout, *shop, door);
  reply.body += ",\"flags\":";
  append_flags(reply.body, *flags);
  reply.body += '}';
  reply.flags = std::move(*flags);
  ++inside_->counters.advised;

  std::string told = ",";
  append_text_or_null(told, "lane", checkout.lane_id);
  told += ',';
  append_text_or_null(told, "checkout_id", checkout.checkout_id);
  told += fmt::format(",\"net\":{},\"lines\":{}", checkout.totals.net, checkout.lines.size());
  constexpr std::string_view kNone = "{\"usable_coupons\":[]";
  if (listed > kNone.size()) told.append(1, ',').append(reply.body, 1, listed - 1);
  told += shown;
  if (!undoes) inside_->parts.happenings->tell("advised", told);
  return reply;
}

void Desk::expect_durable() { inside_->parts.store->writer().expect(); }

void Desk::complete(Checkout checkout, Door door, ReplyTo reply) {
  if (checkout.state == CheckoutState::total) checkout.state = CheckoutState::completed;
  if (checkout.state != CheckoutState::completed && checkout.state != CheckoutState::exchanged) {
    ++inside_->counters.refused;
    return reply(refusal({ErrorCode::unknown_value, "state", "complete takes completed or exchanged"}));
  }
  auto filed = inside_->prepare(std::move(checkout), door);
  if (!filed) {
    ++inside_->counters.refused;
    return reply(refusal(filed.error()));
  }
  filed->showing = inside_->showings.take(filed->checkout, filed->shop->key.till, filed->shop->referral_key);
  if (filed->showing && filed->showing->advised) {
    const Reconciled off = reconcile(*filed->showing->advised, filed->checkout);
    if (off.differs) filed->flags.push_back(Flag::discounts_differ);
    filed->inferred_off = off.inferred;
  }
  if (filed->showing)
    reply = inside_->keeping(*filed->showing, is_of(*filed->showing, filed->checkout), std::move(reply));
  const auto shop = filed->shop;
  const auto units = inside_->parts.store->with_units();
  filed->earned = shop->book.coupons(shop->campaigns, filed->checkout, filed->shopper.verdict, shop->zone, filed->now,
                                     shop->may_issue ? units.get() : nullptr);
  const auto ahead = filed->ahead = inside_->foresee(*filed);
  inside_->submit(complete_job(std::move(*filed), *inside_->parts.happenings,
                               inside_->counted(inside_->counters.completed, std::move(reply))));
  if (ahead) ahead->sign(shop->chain, shop->signing_key);
}

void Desk::reverse(Checkout checkout, Door door, ReplyTo reply) {
  if (checkout.state != CheckoutState::voided && checkout.state != CheckoutState::returned) {
    ++inside_->counters.refused;
    return reply(refusal({ErrorCode::unknown_value, "state", "reverse takes voided or returned"}));
  }
  auto filed = inside_->prepare(std::move(checkout), door);
  if (!filed) {
    ++inside_->counters.refused;
    return reply(refusal(filed.error()));
  }
  inside_->submit(reverse_job(std::move(*filed), *inside_->parts.happenings,
                              inside_->counted(inside_->counters.reversed, std::move(reply))));
}

void Desk::event(Checkout checkout, Door door, ReplyTo reply) {
  switch (checkout.state) {
    case CheckoutState::total:
    case CheckoutState::completed:
    case CheckoutState::exchanged:
    case CheckoutState::voided:
    case CheckoutState::returned:
      ++inside_->counters.refused;
      return reply(refusal({ErrorCode::unknown_value, "state", "not an event of a lane"}));
    default:
      break;
  }
  auto filed = inside_->prepare(std::move(checkout), door);
  if (!filed) {
    ++inside_->counters.refused;
    return reply(refusal(filed.error()));
  }
  if (filed->checkout.state == CheckoutState::day_close) {
    if (auto unfinished = inside_->showings.close_lane(filed->checkout.lane_id)) inside_->tell_unfinished(*unfinished);
  }
  inside_->submit(lane_event_job(std::move(*filed), *inside_->parts.happenings,
                                 inside_->counted(inside_->counters.events, std::move(reply))));
}

void Desk::prompt(const std::string& showing_id, const std::string& answer, const std::string& operator_id,
                  ReplyTo reply) {
  const auto shop = inside_->parts.shop->current();
  const auto token = verify_referral(showing_id, shop->referral_key);
  const bool ours = token && token->checkout && token->till_or_store == shop->key.till;
  if (!ours) return reply(refusal({ErrorCode::not_found, "showing_id", {}}));
  if (!known_answer(answer)) return reply(refusal({ErrorCode::unknown_value, "answer", answer.substr(0, 32)}));
  if (!operator_id.empty() && !is_plain_id(operator_id)) {
    return reply(refusal({ErrorCode::bad_format, "operator_id", {}}));
  }
  const Instant now = inside_->parts.store->time().now().now;
  std::string event;
  append_prompt_event(event, token->ordinal, answer, now, operator_id);
  Happenings* happenings = inside_->parts.happenings;
  std::string told = ",\"showing_id\":\"" + showing_id + "\",\"answer\":\"" + answer + '"';
  inside_->submit(event_job(std::move(event), now, "{\"recorded\":true}",
                            [happenings, told = std::move(told), reply = std::move(reply)](Reply answered) {
                              if (!answered.error) happenings->tell("prompted", told);
                              reply(std::move(answered));
                            }));
}

CouponCounter& Desk::coupons() { return inside_->coupons; }

Result<std::string> Desk::answer_of(std::string_view name) {
  std::optional<store::FiledCheckout> filed;
  const Status read =
      inside_->parts.store->read([&](store::Session& session) { filed = find_remembered(session, name); });
  if (!read) return read.error();
  if (!filed) return Error{ErrorCode::not_found, "identity", {}};
  return std::move(filed->answer);
}

void Desk::not_printed(std::string identity, ReplyTo reply) {
  inside_->submit(not_printed_job(std::move(identity), inside_->parts.shop->current(),
                                  inside_->parts.store->time().now().now, std::move(reply)));
}

void Desk::deliver(Checkout checkout, bool as_live, std::function<void(Delivery)> done) {
  const Door door{as_live};
  ReplyTo reply = [done = std::move(done)](Reply answered) {
    Delivery delivery;
    delivery.identity = std::move(answered.identity);
    delivery.flags = std::move(answered.flags);
    delivery.error = std::move(answered.error);
    if (!delivery.error) {
      delivery.kind = answered.duplicate ? Delivery::Kind::duplicate : Delivery::Kind::recorded;
    } else if (delivery.error->code == ErrorCode::conflict) {
      delivery.kind = Delivery::Kind::conflict;
    } else {
      const ErrorCode code = delivery.error->code;
      const bool passing = code == ErrorCode::storage_full || code == ErrorCode::storage_failed ||
                           code == ErrorCode::unavailable || code == ErrorCode::internal;
      delivery.kind = passing ? Delivery::Kind::later : Delivery::Kind::refused;
    }
    done(std::move(delivery));
  };
  switch (checkout.state) {
    case CheckoutState::total:
      return reply({});
    case CheckoutState::completed:
    case CheckoutState::exchanged:
      return complete(std::move(checkout), door, std::move(reply));
    case CheckoutState::voided:
    case CheckoutState::returned:
      return reverse(std::move(checkout), door, std::move(reply));
    default:
      return event(std::move(checkout), door, std::move(reply));
  }
}

Result<std::string> Desk::badge_url(std::string_view staff_id) const {
  const auto shop = inside_->parts.shop->current();
  const Staff* staff = shop->roster.find(staff_id);
  if (staff == nullptr) return Error{ErrorCode::not_found, "staff_id", {}};
  if (!staff->active) return Error{ErrorCode::refused, "staff_id", "has left"};
  if (staff->badge_token.empty())
    return Error{ErrorCode::not_ready, "staff_id", "no badge token from headquarters yet"};
  return referral_url(shop->host, staff->badge_token);
}

Result<std::string> Desk::join_url(std::string_view showing_id) const {
  const auto shop = inside_->parts.shop->current();
  const auto token = verify_referral(showing_id, shop->referral_key);
  if (!token) return token.error();
  return referral_url(shop->host, showing_id);
}

Desk::Counts Desk::counts() const {
  const Counters& counters = inside_->counters;
  return {counters.advised, counters.completed, counters.duplicates, counters.conflicts, counters.reversed,
          counters.events,  counters.refused,   counters.coupons,    counters.redeemed};
}

}  // namespace tillside
