#include "tests/simulation/till.h"

#include <future>
#include <stdexcept>

#include "agent/reservations.h"
#include "agent/shop_builder.h"
#include "sync/client/enroll.h"

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

template <class Call>
Reply waited(Call call) {
  std::promise<Reply> promise;
  call([&promise](Reply reply) { promise.set_value(std::move(reply)); });
  return promise.get_future().get();
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
    options.batch.level = 1;
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

Till::Till(fs::path folder, std::string lane, const TrueTime& time, Disk& disk, std::unique_ptr<BadLine> line,
           std::uint64_t seed)
    : folder_(std::move(folder)),
      lane_(std::move(lane)),
      disk_(disk),
      clock_(time),
      line_(std::move(line)),
      random_(seed) {}

Till::~Till() = default;

void Till::open() {
  fs::create_directories(folder_);
  clock_.restart();
  parts_ = std::make_unique<Parts>(folder_, clock_, random_, *line_);
}

void Till::close() { parts_.reset(); }

void Till::crash() {
  disk_.cut_power(folder_);
  parts_.reset();
  (void)disk_.power_is_back(folder_, [] { return true; });
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
}

bool Till::all_sent() { return parts_->outbox.waiting().unsent == 0; }

Reply Till::advise(const Checkout& checkout) { return parts_->desk->advise(checkout); }

Reply Till::complete(Checkout checkout) {
  return waited([&](ReplyTo reply) { parts_->desk->complete(std::move(checkout), {}, std::move(reply)); });
}

Reply Till::reverse(Checkout checkout) {
  return waited([&](ReplyTo reply) { parts_->desk->reverse(std::move(checkout), {}, std::move(reply)); });
}

Reply Till::event(Checkout checkout) {
  return waited([&](ReplyTo reply) { parts_->desk->event(std::move(checkout), {}, std::move(reply)); });
}

Reply Till::check(CouponCall call) { return parts_->desk->coupons().check(std::move(call)); }

Reply Till::hold(CouponCall call) {
  return waited([&](ReplyTo reply) { parts_->desk->coupons().hold(std::move(call), std::move(reply)); });
}

Reply Till::release(const std::string& hold_id) {
  return waited([&](ReplyTo reply) { parts_->desk->coupons().release(hold_id, std::move(reply)); });
}

std::int64_t Till::units_left() {
  std::int64_t left = 0;
  (void)parts_->store->writer().run([&](store::Session& session) {
    for (const auto& quota : session.issuing().all()) left += quota.lent - quota.used - quota.returned;
  });
  return left;
}

void Till::copy_to(const fs::path& folder) const { disk_.copy_folder(folder_, folder); }

void Till::replace_by(const fs::path& folder) { disk_.copy_folder(folder, folder_); }

std::shared_ptr<const Shop> Till::shop() const { return parts_->shop.current(); }

}  // namespace tillside::simulation
