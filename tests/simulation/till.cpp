#include "tests/simulation/till.h"

#include <optional>
#include <stdexcept>

#include "agent/reservations.h"
#include "agent/shop_builder.h"
#include "sync/client/enroll.h"
#include "tests/simulation/reading.h"

namespace tillside::simulation {
namespace {

namespace fs = std::filesystem;

class Replica final : public MemberLookup {
 public:
  explicit Replica(store::Members& members) : members_(members) {}
  std::optional<MemberRecord> find(const IdHash& hash) override { return members_.find(hash); }
  ReplicaFacts facts() override { return members_.facts(); }

 private:
  store::Members& members_;
};

// The till's second connection, over the same bad line.
class SameLine final : public sync::HqTransport {
 public:
  explicit SameLine(BadLine& line) : line_(line) {}
  Result<Answer> exchange(const Request& request) override { return line_.exchange(request); }
  void cancel() override {}

 private:
  BadLine& line_;
};

template <class T>
T opened(Result<T> result, const char* what) {
  if (!result) throw std::runtime_error(std::string(what) + ": " + result.error().detail);
  return std::move(*result);
}

// One thread: when the call is back, it has been answered.
template <class Call>
Reply answer_of(Call call) {
  std::optional<Reply> answer;
  call([&answer](Reply reply) { answer = std::move(reply); });
  return std::move(answer).value();
}

}  // namespace

struct Till::Parts {
  Parts(const fs::path& folder, TillClock& clock, sync::Random& random, BadLine& line)
      : store(opened(store::Store::open({folder, &clock, 0, {}, {}, true}), "store")),
        members(opened(store::Members::open({folder}), "members")),
        contact(opened(store::StoreContact::open(*store), "contact")),
        downlink(opened(store::StoreDownlink::open(*store, *members, *contact), "downlink")),
        keys(folder),
        outbox(*store),
        replica(*members),
        board(clock, [this](const sync::SyncEvent& event) { told(event); }),
        up(*contact, keys, outbox, token, clock, random, board, up_options()),
        down(*downlink, token, clock, random, board, {.wait_s = 0, .patience = {}}, [] {}),
        reservations([this, &clock] { return board.status().online ? token.live(clock.monotonic_ms()) : std::nullopt; },
                     [&line] { return std::make_unique<SameLine>(line); }, true) {
    if (const auto identity = contact->identity()) (void)sync::follow_identity(*identity, keys);
    rebuild();
    contact->on_identity([this] { rebuild(); });
    downlink->on_change([this] { rebuild(); });
    desk =
        std::make_unique<Desk>(Desk::Parts{store.get(), &replica, &shop, &clock, &happenings, nullptr, &reservations});
  }
  void told(const sync::SyncEvent& event) { contacted |= event.kind == sync::SyncEvent::Kind::contacted; }
  void rebuild() { shop.replace(build_shop(Config{}, *contact, *downlink, keys)); }
  static sync::UplinkOptions up_options() {
    sync::UplinkOptions options;
    options.version = "0.1.0";
    options.linger_ms = 0;
    static wire::Compressor shared(1, true, wire::Compressor::Memory::kept);
    options.batch.compressor = &shared;
    return options;
  }

  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::Members> members;
  std::unique_ptr<store::StoreContact> contact;
  std::unique_ptr<store::StoreDownlink> downlink;
  store::KeyFile keys;
  store::StoreOutbox outbox;
  Replica replica;
  ShopWindow shop;
  Happenings happenings;
  sync::AccessToken token;
  sync::SyncBoard board;
  sync::UplinkTurns up;
  sync::DownlinkTurns down;
  Reservations reservations;
  bool contacted = false;
  std::unique_ptr<Desk> desk;
};

Till::Till(Place place, const TrueTime& time, Disk& disk, std::unique_ptr<BadLine> line, std::uint64_t seed)
    : place_(std::move(place)),
      disk_(disk),
      machine_(disk.machine_of(place_.folder)),
      clock_(time),
      line_(std::move(line)),
      random_(seed),
      luck_(~seed) {}

Till::~Till() = default;

void Till::open() {
  fs::create_directories(folder());
  clock_.restart();
  try {
    parts_ = std::make_unique<Parts>(folder(), clock_, random_, *line_);
  } catch (const std::runtime_error&) {
    if (!restore_power()) throw;
    parts_ = std::make_unique<Parts>(folder(), clock_, random_, *line_);
  }
}

void Till::close() {
  parts_.reset();
  (void)restore_power();
}

void Till::crash() {
  machine_.power = false;
  parts_.reset();
  (void)restore_power();
}

// Closed. False: there was power.
bool Till::restore_power() {
  if (machine_.power) return false;
  ++power_losses_.times;
  power_losses_.writes += disk_.power_is_back(folder(), [this] { return luck_.chance(500); });
  return true;
}

// True: it had lost its power, and is up again.
bool Till::come_back() {
  if (machine_.power) return false;
  crash();
  open();
  return true;
}

// Whoever called got no answer, or one that was given before the power went. A first answer that is only repeated now
// tells no counts.
template <class Call>
Reply Till::made(Call call) {
  Reply reply = call();
  if (!come_back() || !reply.error) return reply;
  reply = call();
  if (reply.duplicate) {
    reply.coupons = times_in(reply.body, "\"url\":\"");
    reply.redeemed = times_in(list_in(reply.body, "redeemed"), "\"id\":\"");
  }
  return reply;
}

void Till::enrol(const std::string& code) {
  auto identity = sync::enroll(code, "0.1.0", *parts_->contact, parts_->keys, *line_, random_);
  if (std::holds_alternative<sync::Trouble>(identity)) throw std::runtime_error("cannot enrol");
  parts_->rebuild();
}

void Till::sync(int most_turns) {
  parts_->up.new_events();
  for (int i = 0; i < most_turns; ++i) {
    if (parts_->up.turn(*line_) > 0) break;
  }
  for (int i = 0; i < most_turns; ++i) {
    if (parts_->down.turn(*line_) > 0) break;
  }
  if (std::exchange(parts_->contacted, false)) {
    parts_->rebuild();
    parts_->desk->coupons().take_up();
  }
  (void)come_back();
}

bool Till::all_sent() { return parts_->outbox.waiting().unsent == 0; }

Reply Till::advise(const Checkout& checkout) {
  return made([&] { return parts_->desk->advise(checkout); });
}

Reply Till::complete(const Checkout& checkout) {
  return made([&] { return answer_of([&](ReplyTo to) { parts_->desk->complete(checkout, {}, std::move(to)); }); });
}

Reply Till::reverse(const Checkout& checkout) {
  return made([&] { return answer_of([&](ReplyTo to) { parts_->desk->reverse(checkout, {}, std::move(to)); }); });
}

Reply Till::event(const Checkout& checkout) {
  return made([&] { return answer_of([&](ReplyTo to) { parts_->desk->event(checkout, {}, std::move(to)); }); });
}

Reply Till::check(CouponCall call) { return parts_->desk->coupons().check(std::move(call)); }

Reply Till::hold(const CouponCall& call) {
  return made([&] { return answer_of([&](ReplyTo to) { parts_->desk->coupons().hold(call, std::move(to)); }); });
}

Reply Till::release(const std::string& hold_id) {
  return made([&] { return answer_of([&](ReplyTo to) { parts_->desk->coupons().release(hold_id, std::move(to)); }); });
}

Reply Till::hand_over(const CouponCall& call) {
  return made([&] { return answer_of([&](ReplyTo to) { parts_->desk->coupons().hand_over(call, std::move(to)); }); });
}

std::int64_t Till::units_left() {
  (void)come_back();
  std::int64_t left = 0;
  (void)parts_->store->writer().run([&](store::Session& session) {
    for (const auto& quota : session.issuing().all()) left += quota.lent - quota.used - quota.returned;
  });
  return left;
}

void Till::copy_to(const fs::path& folder) const { disk_.copy_folder(place_.folder, folder); }

void Till::replace_by(const fs::path& folder) { disk_.copy_folder(folder, place_.folder); }

std::shared_ptr<const Shop> Till::shop() const { return parts_->shop.current(); }

}  // namespace tillside::simulation
