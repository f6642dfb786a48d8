#include "agent/store/downlink_store.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>

#include "agent/domain/events.h"
#include "agent/platform/files.h"
#include "agent/store/yielding.h"

namespace tillside::store {
namespace {

constexpr const char* kCursor = "cursor";
constexpr const char* kIncarnation = "hq_incarnation";
constexpr const char* kStaff = "staff";
constexpr const char* kSettings = "settings";
constexpr const char* kStoreSettings = "settings.store";  // of this store alone; they go before the chain's
constexpr const char* kKeysPrefix = "keys.";              // and the part's number: its signed document
constexpr const char* kResetSeen =
    "reset_seen";  // numbers of the campaigns that came since a reset began, each ","-ended
constexpr const char* kResetting = "resetting";

bool is_snapshot_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return !name.empty() && name.size() <= 128 && name.front() != '.' && std::all_of(name.begin(), name.end(), plain);
}

bool is_current(Session& session, const wire::Epoch& name) {
  Statement row = session.database().prepare("SELECT epoch,provisional FROM epoch ORDER BY no DESC LIMIT 1");
  return row.step() && row.integer(1) == 0 &&
         row.blob(0) == std::string_view(reinterpret_cast<const char*>(name.data()), name.size());
}

void put_campaign(Session& session, const wire::Change& change) {
  session.database()
      .prepare("INSERT INTO campaign VALUES(?,?) ON CONFLICT(number) DO UPDATE SET body=excluded.body")
      .with(change.campaign, change.campaign_json)
      .run();
  if (session.meta().number(kResetting, 0) == 0) return;
  const std::string seen = session.meta().get(kResetSeen).value_or("");
  session.meta().put(kResetSeen, seen + std::to_string(change.campaign) + ",");
}

template <class Amend>
void amend_identity(Session& session, const std::optional<wire::Identity>& known, Amend amend) {
  auto identity = StoreContact::identity_in(session);
  if (!identity) identity = known;
  if (!identity) return;
  amend(*identity);
  StoreContact::put_identity(session, *identity);
}

// A day more than its validity in any zone. What cannot be read as a coupon of that id says nothing.
void put_coupon(Session& session, const wire::CouponChange& told) {
  const std::int64_t number = coupon_number(told.key, told.serial);
  if (told.gone) return session.told().drop(number);
  const auto body = decode_coupon(told.body);
  if (!body || body->key != told.key || body->serial != told.serial) return;
  ToldCoupon coupon{number, told.person, told.body, told.home, std::nullopt};
  if (told.typed) coupon.typed_mac = told.typed->mac;
  session.told().put(coupon, body->issued_minute + (body->valid_days + 2u) * 24 * 60);
}

// What is recalled and unused goes back in the transaction that tells of it.
void put_quota(Session& session, const wire::QuotaGrant& quota, Instant at) {
  if (!is_current(session, quota.epoch)) return;
  session.issuing().lend(quota.campaign, quota.lent);
  if (!quota.recall) return;
  const auto in_all = session.issuing().return_unused(quota.campaign);
  if (!in_all) return;
  const ReturnedUnits returned{quota.campaign, *in_all};
  std::string event;
  append_returned_event(event, {&returned, 1});
  session.events().append(event, at);
}

void put_change(Session& session, const wire::Change& change, const std::optional<wire::Identity>& known,
                Instant as_of) {
  switch (change.kind) {
    case wire::ChangeKind::campaign:
      return put_campaign(session, change);
    case wire::ChangeKind::staff:
      return session.meta().put(kStaff, wire::write(change));
    case wire::ChangeKind::settings:
      return session.meta().put(change.of_store ? kStoreSettings : kSettings, wire::write(change.settings));
    case wire::ChangeKind::coupon:
      return put_coupon(session, change.coupon);
    case wire::ChangeKind::member_keys:
      return amend_identity(session, known,
                            [&](wire::Identity& identity) { identity.member_keys = change.member_keys; });
    case wire::ChangeKind::quota:
      return put_quota(session, change.quota, as_of);
    case wire::ChangeKind::member:
    case wire::ChangeKind::members_checkpoint:
    case wire::ChangeKind::keys:   // only what good_keys() lets through
    case wire::ChangeKind::yield:  // all of a page together
      return;
  }
}

// Of this till's own, or a coupon of headquarters that was told with this till for its home.
template <class IsOwn>
bool is_home(Session& session, const IsOwn& is_own, const wire::YieldWish& wish) {
  if (wish.key.till != 0) return is_own(wish.key);
  const auto told = session.told().find(coupon_number(wish.key, wish.serial));
  return told && told->home && is_own(*told->home);
}

// Only the till whose key is live answers for it: of an earlier life, or as a copy of a disk, it has nothing to give.
void yield_coupons(Session& session, const std::vector<wire::Change>& changes,
                   const std::optional<wire::Identity>& known, Instant now) {
  const auto asks = [](const wire::Change& change) { return change.kind == wire::ChangeKind::yield; };
  if (std::none_of(changes.begin(), changes.end(), asks)) return;
  auto identity = StoreContact::identity_in(session);
  if (!identity) identity = known;
  if (!identity) return;
  const auto is_own = [&](KeyId key) {
    const auto& earlier = identity->earlier_typed_keys;
    return key.till == identity->till &&
           (key.generation == identity->key_generation ||
            std::any_of(earlier.begin(), earlier.end(),
                        [&](const wire::GenerationKey& one) { return one.generation == key.generation; }));
  };
  std::vector<YieldFact> answers;
  for (const wire::Change& change : changes) {
    if (!asks(change) || !is_home(session, is_own, change.yield)) continue;
    const auto& [key, serial] = change.yield;
    answers.push_back({key.till, key.generation, serial, yield_coupon(session, key, serial)});
  }
  tell_yielded(session, answers, now);
}

// false: no reset is under way.
bool drop_campaigns_not_seen(Session& session) {
  if (session.meta().number(kResetting, 0) == 0) return false;
  const std::string seen = session.meta().get(kResetSeen).value_or("");
  std::set<std::int64_t> kept;
  for (std::size_t at = 0; at < seen.size(); at = seen.find(',', at) + 1) kept.insert(std::atoll(seen.c_str() + at));
  std::vector<std::int64_t> gone;
  Statement rows = session.database().prepare("SELECT number FROM campaign");
  while (rows.step())
    if (!kept.contains(rows.integer(0))) gone.push_back(rows.integer(0));
  Statement drop = session.database().prepare("DELETE FROM campaign WHERE number=?");
  for (const std::int64_t number : gone) drop.with(number).run();
  session.meta().put_number(kResetting, 0);
  session.meta().put(kResetSeen, "");
  return true;
}

bool tells_the_desk(const wire::Change& change) {
  switch (change.kind) {
    case wire::ChangeKind::campaign:
    case wire::ChangeKind::staff:
    case wire::ChangeKind::settings:
    case wire::ChangeKind::member_keys:
    case wire::ChangeKind::keys:
      return true;
    case wire::ChangeKind::member:
    case wire::ChangeKind::members_checkpoint:
    case wire::ChangeKind::quota:  // the desk asks the store how many units are left
    case wire::ChangeKind::yield:
    case wire::ChangeKind::coupon:
      return false;
  }
  return true;
}

bool tells_of_coupons(const wire::DownlinkAnswer& answer) {
  return std::any_of(answer.changes.begin(), answer.changes.end(),
                     [](const wire::Change& change) { return change.kind == wire::ChangeKind::coupon; });
}

// The store's own settings over the chain's.
wire::Settings merged(wire::Settings settings, const wire::Settings& of_store) {
  for (const auto& [name, value] : of_store.other) settings.other[name] = value;
  return settings;
}

Error cannot_write(const std::filesystem::path& file) {
  const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return {full ? ErrorCode::storage_full : ErrorCode::storage_failed, {}, "cannot write " + file.string()};
}

// A part that is held was signed by the key that headquarters had when it came.
Result<KeyPart> read_held_part(const std::string& document, const wire::Identity& identity) {
  auto part = read_key_part(document, identity.chain, identity.hq_key);
  for (const VerifyingKey& earlier : identity.earlier_hq_keys)
    if (!part) part = read_key_part(document, identity.chain, earlier);
  return part;
}

std::string_view signature_in(std::string_view document) {
  return document.substr(document.size() - std::min(document.size(), sizeof(Signature)));
}

}  // namespace

Result<std::unique_ptr<StoreDownlink>> StoreDownlink::open(Store& store, Members& members, StoreContact& contact) {
  std::unique_ptr<StoreDownlink> downlink(new StoreDownlink(store, members, contact));
  if (Status folder = make_private_folder(downlink->snapshots_); !folder) return folder.error();
  if (Status loaded = downlink->load(); !loaded) return loaded.error();
  return downlink;
}

StoreDownlink::StoreDownlink(Store& store, Members& members, StoreContact& contact)
    : store_(store), members_(members), contact_(contact), snapshots_(store.folder() / "snapshots") {}

// What is called from nothing must be stored as nothing before its first page: a crash in the middle starts it again.
std::string StoreDownlink::cursor() {
  members_.mend();
  std::string cursor;
  const Status read = store_.read([&](Session& session) { cursor = session.meta().get(kCursor).value_or(""); });
  if (!read || cursor.empty() || !members_.needs_everything()) return cursor;
  const Status cleared = store_.writer().run([](Session& session) { session.meta().put(kCursor, ""); });
  return cleared ? std::string() : cursor;
}

Status StoreDownlink::apply(const wire::DownlinkAnswer& answer) {
  std::string before;
  Status done = store_.read([&](Session& session) { before = session.meta().get(kCursor).value_or(""); });
  if (!done) return done;
  const bool from_nothing = answer.reset || before.empty();
  done = members_.apply(answer.changes, {from_nothing, answer.more, answer.as_of});
  if (!done) return done;
  if (!from_nothing && answer.changes.empty() && answer.cursor == before) return {};
  bool reset_ended = false;
  if (done = put_page(answer, from_nothing, reset_ended); !done) return done;
  const auto& changes = answer.changes;
  const bool keys = std::any_of(changes.begin(), changes.end(), [](const wire::Change& change) {
    return change.kind == wire::ChangeKind::member_keys;
  });
  if (keys) done = contact_.reload();
  const bool only_marks = std::none_of(changes.begin(), changes.end(), tells_the_desk);
  if (only_marks && !reset_ended) return done;
  if (Status loaded = load(); !loaded) return loaded;
  changed_.call();
  return done;
}

std::vector<const wire::KeysChange*> StoreDownlink::good_keys(const wire::DownlinkAnswer& answer) {
  std::vector<const wire::KeysChange*> good;
  const auto identity = contact_.identity();
  std::optional<KeyDirectory> directory;
  for (const wire::Change& change : answer.changes) {
    if (change.kind != wire::ChangeKind::keys || !identity) continue;
    if (!directory) directory = *keys();
    auto part = read_key_part(change.keys.document, identity->chain, identity->hq_key);
    if (!part || part->part != change.keys.part) {
      ++refused_keys_;
      continue;
    }
    const auto kept = std::make_shared<const KeyPart>(std::move(*part));
    verified_.insert_or_assign(std::string(signature_in(change.keys.document)), kept);
    if (directory->take(kept, answer.hq_incarnation)) good.push_back(&change.keys);
  }
  return good;
}

// Null: not signed by headquarters.
std::shared_ptr<const KeyPart> StoreDownlink::held_part(const std::string& document, const wire::Identity& identity) {
  const auto known = verified_.find(signature_in(document));
  if (known != verified_.end()) return known->second;
  auto part = read_held_part(document, identity);
  return part ? std::make_shared<const KeyPart>(std::move(*part)) : nullptr;
}

std::shared_ptr<const KeyDirectory> StoreDownlink::load_keys(const std::vector<std::string>& documents) {
  auto directory = std::make_shared<KeyDirectory>();
  const auto identity = contact_.identity();
  if (!identity) return directory;
  auto trusted = identity->earlier_hq_keys;
  trusted.push_back(identity->hq_key);
  if (trusted != verified_by_) verified_.clear();
  verified_by_ = std::move(trusted);
  decltype(verified_) held;
  for (const std::string& document : documents) {
    const auto part = held_part(document, *identity);
    if (!part) continue;
    directory->take(part, part->incarnation);
    held.emplace(signature_in(document), part);
  }
  verified_ = std::move(held);
  return directory;
}

Status StoreDownlink::put_page(const wire::DownlinkAnswer& answer, bool from_nothing, bool& reset_ended) {
  const auto known = contact_.identity();
  const auto keys = good_keys(answer);
  const Instant now = store_.time().now().now;
  for (const wire::Change& change : answer.changes)
    if (change.kind == wire::ChangeKind::coupon && change.coupon.person != 0)
      store_.persons().add(change.coupon.person);
  return store_.writer().run([&](Session& session) {
    for (const wire::KeysChange* part : keys)
      session.meta().put(kKeysPrefix + std::to_string(part->part), part->document);
    if (from_nothing) {
      session.meta().put_number(kResetting, 1);
      session.meta().put(kResetSeen, "");
    }
    if (from_nothing) {
      session.meta().put(kStoreSettings, "");
      session.told().begin_stream();
    }
    for (const wire::Change& change : answer.changes) put_change(session, change, known, answer.as_of);
    yield_coupons(session, answer.changes, known, now);
    reset_ended = !answer.more && drop_campaigns_not_seen(session);
    if (reset_ended) session.told().end_stream();
    if (tells_of_coupons(answer)) session.told().drop_ended(code_minutes(store_.time().now().now));
    session.meta().put(kCursor, answer.cursor);
    session.meta().put(kIncarnation, {reinterpret_cast<const char*>(answer.hq_incarnation.data()), 16});
  });
}

Status StoreDownlink::load() {
  std::vector<std::string> campaigns, keys;
  std::string staff, settings, of_store, incarnation;
  Status read = store_.read([&](Session& session) {
    campaigns.clear();
    keys.clear();
    Statement rows = session.database().prepare("SELECT body FROM campaign ORDER BY number");
    while (rows.step()) campaigns.emplace_back(rows.text(0));
    Statement parts = session.database().prepare("SELECT v FROM meta WHERE k>='keys.' AND k<'keys/'");
    while (parts.step()) keys.emplace_back(parts.blob(0));
    staff = session.meta().get(kStaff).value_or("");
    settings = session.meta().get(kSettings).value_or("");
    of_store = session.meta().get(kStoreSettings).value_or("");
    incarnation = session.meta().get(kIncarnation).value_or("");
  });
  if (!read) return read;
  Shelf shelf;
  shelf.keys = load_keys(keys);
  for (const std::string& body : campaigns) {
    if (auto campaign = parse_campaign(body))
      shelf.campaigns.push_back(std::move(*campaign));
    else
      ++shelf.unreadable;
  }
  std::sort(shelf.campaigns.begin(), shelf.campaigns.end(), goes_before);
  if (auto change = wire::read_change(staff)) shelf.roster = StaffRoster(std::move(change->staff));
  if (auto parsed = wire::read_settings(settings)) shelf.settings = std::move(*parsed);
  if (auto parsed = wire::read_settings(of_store)) shelf.settings = merged(std::move(shelf.settings), *parsed);
  std::copy_n(incarnation.begin(), std::min(incarnation.size(), shelf.hq_incarnation.size()),
              shelf.hq_incarnation.begin());
  const std::lock_guard lock(mutex_);
  shelf_ = std::move(shelf);
  return {};
}

std::optional<wire::MembersCheckpoint> StoreDownlink::wanted_snapshot() { return members_.wanted(); }

std::filesystem::path StoreDownlink::piece_file(const std::string& name) const { return snapshots_ / (name + ".part"); }

std::uint64_t StoreDownlink::snapshot_bytes(const std::string& name) {
  if (!is_snapshot_name(name)) return 0;
  std::error_code error;
  const auto bytes = std::filesystem::file_size(piece_file(name), error);
  return error ? 0 : bytes;
}

void StoreDownlink::drop_other_pieces(const std::string& name) const {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(snapshots_, error)) {
    std::error_code ignored;
    if (entry.path() != piece_file(name)) std::filesystem::remove(entry.path(), ignored);
  }
}

Status StoreDownlink::snapshot_piece(const std::string& name, std::uint64_t offset, std::string_view bytes) {
  if (!is_snapshot_name(name)) return Error{ErrorCode::bad_format, {}, "a snapshot by a name that is none"};
  const auto file = piece_file(name);
  const std::uint64_t there = snapshot_bytes(name);
  if (offset > there) return Error{ErrorCode::out_of_range, {}, "a snapshot's piece beyond what is there"};
  std::error_code error;
  const auto wanted = members_.wanted();
  if (wanted && wanted->snapshot == name && offset + bytes.size() > wanted->bytes) {
    std::filesystem::remove(file, error);
    return Error{ErrorCode::bad_format, {}, "a snapshot longer than promised"};
  }
  if (there == 0) drop_other_pieces(name);
  if (offset < there) std::filesystem::resize_file(file, offset, error);
  if (error) return Error{ErrorCode::storage_failed, {}, "cannot shorten " + file.string()};
  errno = 0;
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  return out ? Status() : Status(cannot_write(file));
}

Status StoreDownlink::snapshot_done(const wire::MembersCheckpoint& checkpoint) {
  if (!is_snapshot_name(checkpoint.snapshot))
    return Error{ErrorCode::bad_format, {}, "a snapshot by a name that is none"};
  const auto file = piece_file(checkpoint.snapshot);
  const Status imported = members_.import_snapshot(file, checkpoint);
  std::error_code error;
  if (imported || imported.error().code == ErrorCode::bad_format) std::filesystem::remove(file, error);
  return imported;
}

std::vector<Campaign> StoreDownlink::campaigns() const {
  const std::lock_guard lock(mutex_);
  return shelf_.campaigns;
}
std::size_t StoreDownlink::unreadable_campaigns() const {
  const std::lock_guard lock(mutex_);
  return shelf_.unreadable;
}
StaffRoster StoreDownlink::roster() const {
  const std::lock_guard lock(mutex_);
  return shelf_.roster;
}
wire::Settings StoreDownlink::settings() const {
  const std::lock_guard lock(mutex_);
  return shelf_.settings;
}
std::shared_ptr<const KeyDirectory> StoreDownlink::keys() const {
  const std::lock_guard lock(mutex_);
  return shelf_.keys;
}
Bytes16 StoreDownlink::hq_incarnation() const {
  const std::lock_guard lock(mutex_);
  return shelf_.hq_incarnation;
}

}  // namespace tillside::store
