#include "agent/agent.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "agent/api/api.h"
#include "agent/aside.h"
#include "agent/database_line.h"
#include "agent/desk/coupon_counter.h"
#include "agent/desk/replica_lookup.h"
#include "agent/domain/checkout_json.h"
#include "agent/headquarters_line.h"
#include "agent/platform/files.h"
#include "agent/platform/log.h"
#include "agent/platform/system_clock.h"
#include "agent/platform/zones.h"
#include "agent/reservations.h"
#include "agent/shop_builder.h"
#include "agent/status.h"
#include "pos_adapter/journal/follower.h"

namespace tillside {
namespace {

struct JournalDoor {
  journal::RealWaiter waiter;
  std::unique_ptr<journal::Follower> follower;
};

}  // namespace

struct Agent::Parts {
  explicit Parts(Config settings, FolderLock lock) : config(std::move(settings)), folder_lock(std::move(lock)) {}

  Status open();
  Status open_store();
  Status open_api();
  Status open_journal();
  void open_database();
  void rebuild_shop();
  StatusParts status_parts();
  void told(const sync::SyncEvent& event);
  void prune_now_and_then();
  void enrol(const std::string& hq_url, const std::string& code, const ReplyTo& reply);
  void run_aside(std::function<void()> work, const ReplyTo& reply);

  const Config config;
  FolderLock folder_lock;
  SystemClock clock;
  ShopWindow shop;
  std::mutex shop_mutex;  // the newest rebuilt shop is the one shown
  Happenings happenings;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::Members> members;
  std::unique_ptr<store::StoreContact> contact;
  std::unique_ptr<store::StoreDownlink> downlink;
  std::unique_ptr<store::KeyFile> keys;
  std::unique_ptr<store::StoreOutbox> outbox;
  std::unique_ptr<ReplicaLookup> lookup;
  std::unique_ptr<Reservations> reservations;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<HeadquartersLine> line;
  std::unique_ptr<api::LocalApi> api;
  StoreZone journal_zone;
  std::unique_ptr<JournalDoor> journal;
  std::unique_ptr<DatabaseLine> database;
  std::uint64_t set_aside = 0;
  std::atomic<std::int64_t> next_prune_ms{0};
  std::unique_ptr<Aside> aside = std::make_unique<Aside>();
};

Result<std::unique_ptr<Agent>> Agent::start(Config config) {
  if (Status folder = make_private_folder(config.folder); !folder) return folder.error();
  auto lock = FolderLock::take(config.folder);
  if (!lock) return lock.error();
  auto parts = std::make_unique<Parts>(std::move(config), std::move(*lock));
  if (Status opened = parts->open(); !opened) return opened.error();
  return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

Agent::Agent(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Agent::~Agent() {
  Parts& parts = *parts_;
  if (parts.reservations) parts.reservations->stop();
  if (parts.line) parts.line->stop();
  parts.aside.reset();
  if (parts.journal) parts.journal->follower->stop();
  parts.database.reset();
  parts.api.reset();
  parts.journal.reset();
  parts.line.reset();
  parts.desk.reset();
}

Status Agent::Parts::open() {
  if (Status status = open_store(); !status) return status;
  reservations = std::make_unique<Reservations>(
      [this]() -> std::optional<std::string> { return line ? line->live_token() : std::nullopt; },
      [this]() -> std::unique_ptr<sync::HqTransport> { return line ? line->connect() : nullptr; });
  desk = std::make_unique<Desk>(
      Desk::Parts{store.get(), lookup.get(), &shop, &clock, &happenings, nullptr, reservations.get()});
  line = std::make_unique<HeadquartersLine>(
      HeadquartersLine::Parts{store.get(), contact.get(), keys.get(), outbox.get(), downlink.get(), &clock}, config,
      [this](const sync::SyncEvent& event) { told(event); });
  if (Status status = open_api(); !status) return status;
  // Files wait where they are until it is known which store they are of.
  if (shop.current()->enrolled) {
    if (Status status = open_journal(); !status) return status;
    open_database();
  }
  line->start();
  rebuild_shop();  // the key ring may have followed the identity just now
  log::info("agent", "ready",
            {{"port", std::to_string(api->tcp_port())}, {"till", std::to_string(shop.current()->key.till)}});
  return {};
}

Status Agent::Parts::open_store() {
  store::Store::Options options;
  options.folder = config.folder;
  options.clock = &clock;
  options.on_damage = [](const std::string& what) {
    log::error("store", "the database is damaged: it is set aside at the next start", {{"what", what}});
  };
  auto opened = store::Store::open(std::move(options));
  if (!opened) return opened.error();
  store = std::move(*opened);
  auto replica = store::Members::open({config.folder});
  if (!replica) return replica.error();
  members = std::move(*replica);
  auto contacts = store::StoreContact::open(*store);
  if (!contacts) return contacts.error();
  contact = std::move(*contacts);
  auto shelf = store::StoreDownlink::open(*store, *members, *contact);
  if (!shelf) return shelf.error();
  downlink = std::move(*shelf);
  keys = std::make_unique<store::KeyFile>(config.folder);
  outbox = std::make_unique<store::StoreOutbox>(*store);
  lookup = std::make_unique<ReplicaLookup>(*members);
  for (const std::string& name : store->set_aside())
    log::error("store", "a damaged file was set aside", {{"file", name}});
  for (const std::string& name : members->set_aside())
    log::warn("members", "a damaged file was set aside", {{"file", name}});
  set_aside = store->set_aside().size() + members->set_aside().size();
  rebuild_shop();
  contact->on_identity([this] { rebuild_shop(); });
  downlink->on_change([this] { rebuild_shop(); });
  return {};
}

void Agent::Parts::rebuild_shop() {
  const std::lock_guard lock(shop_mutex);
  shop.replace(build_shop(config, *contact, *downlink, *keys));
}

StatusParts Agent::Parts::status_parts() {
  return {desk.get(),    &shop,          store.get(), outbox.get(),
          members.get(), line->status(), set_aside,   downlink->refused_keys()};
}

Status Agent::Parts::open_api() {
  api::ApiParts parts;
  parts.desk = desk.get();
  parts.shop = &shop;
  parts.clock = &clock;
  parts.happenings = &happenings;
  parts.status = [this] { return report(status_parts()); };
  parts.describe = [this](const ReplyTo& reply) {
    run_aside(
        [this, reply] {
          Reply answer;
          answer.body = describe(status_parts());
          reply(std::move(answer));
        },
        reply);
  };
  parts.enrol = [this](const std::string& hq, const std::string& code, const ReplyTo& reply) {
    run_aside([=, this] { enrol(hq, code, reply); }, reply);
  };
  api::ApiOptions options;
  options.folder = config.folder;
  options.tcp_port = config.port;
  options.unix_socket = config.socket;
  options.hosts = config.hosts;
  options.origins = config.origins;
  options.trusted_users = config.trusted_users;
  options.receipt = {config.receipt_shop, config.receipt_barcode, config.receipt_qr == "native",
                     config.receipt_letters == "western"};
  options.on_fault = [](std::string_view what) { log::warn("api", what); };
  auto opened = api::LocalApi::open(std::move(parts), std::move(options));
  if (!opened) return opened.error();
  api = std::move(*opened);
  if (config.port_file.empty()) return {};
  return write_private_file(config.port_file, std::to_string(api->tcp_port()) + "\n");
}

Status Agent::Parts::open_journal() {
  if (config.drop_folder.empty() && config.appended_files.empty()) return {};
  journal::FollowerConfig follow;
  follow.drop_folder = config.drop_folder;
  follow.appended_files = config.appended_files;
  follow.as_live = config.journal_as_live;
  if (!config.mapping.empty()) {
    auto mapping = journal::load_mapping(config.mapping);
    if (!mapping) return mapping.error();
    follow.mapping = std::move(*mapping);
  }
  const auto now = shop.current();
  journal_zone = now->zone;
  if (!follow.mapping.zone.empty()) {
    auto zone = load_zone(follow.mapping.zone);
    if (!zone) return zone.error();
    journal_zone = std::move(*zone);
  }
  follow.defaults.store_id = now->store_id;
  follow.defaults.lane_id = config.journal_lane;
  follow.defaults.currency = now->currency;
  follow.defaults.zone = &journal_zone;
  journal = std::make_unique<JournalDoor>();
  journal->follower = std::make_unique<journal::Follower>(std::move(follow), *desk, *store, clock, journal->waiter,
                                                          [](const journal::FollowerNote& note) {
                                                            log::warn("journal", journal::name_of(note.kind),
                                                                      {{"file", note.file},
                                                                       {"line", std::to_string(note.line)},
                                                                       {"field", note.error.field},
                                                                       {"why", name_of(note.error.code)}});
                                                          });
  journal->follower->start();
  return {};
}

// A database that cannot be set up is said, and stops no other door.
void Agent::Parts::open_database() {
  if (!config.database.configured()) return;
  auto opened = DatabaseLine::open(config.database, *shop.current(), {desk.get(), store.get(), &clock});
  if (opened) {
    database = std::move(*opened);
    return;
  }
  const Error& error = opened.error();
  log::error("database", "cannot start", {{"field", error.field}, {"why", error.detail}});
}

void Agent::Parts::told(const sync::SyncEvent& event) {
  using Kind = sync::SyncEvent::Kind;
  const bool loud = event.kind != Kind::uploaded && event.kind != Kind::downloaded && event.kind != Kind::contacted;
  if (loud)
    log::info("sync", sync::name_of(event.kind), {{"count", std::to_string(event.count)}, {"code", event.code}});
  if (event.kind == Kind::contacted || event.kind == Kind::fenced || event.kind == Kind::readmitted) rebuild_shop();
  if (event.kind == Kind::contacted && desk) desk->coupons().take_up();
  if (event.kind == Kind::uploaded || event.kind == Kind::kept) prune_now_and_then();
  happenings.tell("status", status_line(status_parts()));
}

// Acknowledged events are kept for sending again, as long as headquarters asks for, and no longer.
void Agent::Parts::prune_now_and_then() {
  const std::int64_t now = clock.monotonic_ms();
  std::int64_t due = next_prune_ms.load();
  if (now < due || !next_prune_ms.compare_exchange_strong(due, now + kHour)) return;
  aside->run([this] {
    const auto pruned = outbox->prune(downlink->settings().event_retention_days, store->time().now().now);
    if (!pruned) log::warn("store", "events could not be pruned", {{"why", pruned.error().detail}});
  });
}

// Headquarters may be slow, and so may counting: neither holds up a door.
void Agent::Parts::enrol(const std::string& hq_url, const std::string& code, const ReplyTo& reply) {
  Reply answer;
  auto identity = line->enrol(hq_url, code);
  if (identity) {
    answer.body = "{\"till\":" + std::to_string(identity->till) + ",\"store_id\":";
    append_json_string(answer.body, identity->store_id);
    answer.body += ",\"store_name\":";
    append_json_string(answer.body, identity->store_name);
    answer.body += '}';
    log::info("agent", "enrolled", {{"till", std::to_string(identity->till)}});
    if (Status opened = open_journal(); !opened)
      log::error("journal", "cannot start", {{"why", opened.error().detail}});
    open_database();
  } else {
    answer.error = identity.error();
  }
  reply(std::move(answer));
}

void Agent::Parts::run_aside(std::function<void()> work, const ReplyTo& reply) {
  if (aside->run(std::move(work))) return;
  Reply busy;
  busy.error = Error{ErrorCode::unavailable, {}, "too many of these at once"};
  reply(std::move(busy));
}

void Agent::run() { parts_->api->run(); }
void Agent::stop() { parts_->api->stop(); }

}  // namespace tillside
