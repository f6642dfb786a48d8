#include "agent/store/store.h"

#include <algorithm>

#include "agent/domain/events.h"
#include "agent/platform/files.h"
#include "agent/platform/random.h"
#include "agent/store/schema.h"

namespace tillside::store {
namespace {

// After damage was met: pages that cannot be read are found now, not in the middle of a sale.
void check(Database& database) {
  Statement statement = database.prepare("PRAGMA quick_check(1)");
  if (statement.step() && statement.text(0) != "ok")
    throw SqliteFailure{11 /* SQLITE_CORRUPT */, std::string(statement.text(0))};
}

bool was_stopped_cleanly(const std::filesystem::path& file) {
  std::error_code error;
  return !std::filesystem::exists(file.string() + "-wal", error);
}

bool was_emptied(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::file_size(file, error) == 0 && !error;
}

void remove_companions(const std::filesystem::path& file, std::vector<std::string>& names, std::string_view what) {
  for (const char* suffix : {"-wal", "-shm"}) {
    const std::filesystem::path companion = file.string() + suffix;
    std::error_code error;
    if (!std::filesystem::exists(companion, error)) continue;
    if (auto moved = set_aside(companion, what)) names.push_back(moved->filename().string());
  }
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(Options options) {
  if (Status folder = make_private_folder(options.folder); !folder) return folder.error();
  std::unique_ptr<Store> store(new Store(std::move(options)));
  Status opened = store->open_database();
  if (!opened && opened.error().code == ErrorCode::bad_format) {
    store->close();
    auto moved = tillside::set_aside(store->file_, "damaged");
    if (!moved) return moved.error();
    store->set_aside_.push_back(moved->filename().string());
    remove_companions(store->file_, store->set_aside_, "damaged");
    store->unmark(store->damage_mark());
    store->unmark(store->unchecked_mark());
    opened = store->open_database();
  }
  if (!opened) return opened.error();
  return store;
}

Store::Store(Options options)
    : options_(std::move(options)), file_(options_.folder / "tillside.db"), time_(*options_.clock) {}

Store::~Store() { close(); }

// The writing connection goes last: it alone may checkpoint and take the WAL away.
void Store::close() {
  page_check_.reset();
  keep_time();
  writer_.reset();
  read_session_.reset();
  read_database_.reset();
  session_.reset();
  database_.reset();
}

void Store::keep_time() {
  if (!writer_ || !time_.now().known) return;
  time_.keep_soon();
  (void)writer_->run([](Session&) {});
}

std::filesystem::path Store::damage_mark() const { return file_.string() + ".suspect"; }
void Store::mark_damage() const { (void)write_private_file(damage_mark(), ""); }
std::filesystem::path Store::unchecked_mark() const { return file_.string() + ".unchecked"; }
void Store::unmark(const std::filesystem::path& mark) const {
  std::error_code error;
  std::filesystem::remove(mark, error);
}
bool Store::damage_found() const {
  std::error_code error;
  return std::filesystem::exists(damage_mark(), error);
}

// The mark outlives a stop before the end: then the next start looks again.
void Store::check_pages_meanwhile() {
  (void)write_private_file(unchecked_mark(), "");
  page_check_ = std::make_unique<PageCheck>(open_reader(1024), [this](const std::string& damage) {
    if (!damage.empty()) mark_damage();
    unmark(unchecked_mark());
    if (!damage.empty() && options_.on_damage) options_.on_damage(damage);
  });
}

Status Store::open_database() {
  if (was_emptied(file_)) return Error{ErrorCode::bad_format, {}, "the database is an empty file"};
  try {
    const bool suspect = damage_found();
    const bool unchecked = !was_stopped_cleanly(file_) || std::filesystem::exists(unchecked_mark());
    OpenOptions how;
    how.cache_kib = 1024;
    database_ = std::make_unique<Database>(file_, how);
    if (suspect) check(*database_);
    unmark(damage_mark());
    if (Status migrated = migrate(*database_, kTillApplicationId, till_migrations(), file_); !migrated) return migrated;
    database_->run("PRAGMA wal_autocheckpoint=2000");
    if (Status prepared = prepare_new(); !prepared) return prepared;
    session_ = std::make_unique<Session>(*database_);
    session_->on_events([this] {
      if (options_.on_events) options_.on_events();
      new_events_.call();
    });
    time_.load(session_->meta());
    for (const std::uint32_t person : session_->told().persons()) persons_.add(person);
    session_->on_commit([this](Session& session) { time_.keep(session.meta()); });
    const std::string key = session_->meta().get("content_key").value_or("");
    std::copy_n(key.begin(), std::min(key.size(), content_key_.size()), content_key_.begin());
    Writer::Options writing{options_.folder / "reserve", options_.reserve_bytes, [this] { mark_damage(); },
                            options_.on_callers_thread};
    writer_ = std::make_unique<Writer>(*session_, std::move(writing));
    read_database_ = open_reader(256);
    read_session_ = std::make_unique<Session>(*read_database_);
    if (unchecked && !options_.on_callers_thread) check_pages_meanwhile();
    return {};
  } catch (const SqliteFailure& failure) {
    if (failure.corrupt()) return Error{ErrorCode::bad_format, {}, failure.message};
    return failure.error();
  }
}

Status Store::prepare_new() {
  if (database_->integer("SELECT count(*) FROM epoch") > 0) return {};
  Transaction transaction(*database_);
  Session fresh(*database_);
  const auto key = random_bytes<Bytes32>();
  fresh.meta().put("content_key", {reinterpret_cast<const char*>(key.data()), key.size()});
  fresh.begin_epoch(random_bytes<wire::Epoch>(), true);
  for (const std::string& name : set_aside_) {
    std::string event;
    append_incident_event(event, "database_set_aside", name, options_.clock->now());
    fresh.events().append(event, options_.clock->now());
  }
  transaction.commit();
  return {};
}

std::unique_ptr<Database> Store::open_reader(int cache_kib) const {
  OpenOptions reading;
  reading.read_only = true;
  reading.cache_kib = cache_kib;
  return std::make_unique<Database>(file_, reading);
}

Status Store::read(const std::function<void(Session&)>& work) {
  const std::lock_guard lock(read_mutex_);
  try {
    read_database_->set_deadline(kReadDeadlineMs);
    work(*read_session_);
    return {};
  } catch (const SqliteFailure& failure) {
    if (failure.corrupt()) mark_damage();
    return failure.error();
  }
}

std::optional<std::string> Store::get_checkpoint(const std::string& source) {
  std::optional<std::string> value;
  (void)read([&](Session& session) {
    Statement statement = session.database().prepare("SELECT value FROM checkpoint WHERE source=?");
    if (statement.with(source).step()) value = std::string(statement.text(0));
  });
  return value;
}

Status Store::put_checkpoint(const std::string& source, const std::string& value) {
  return writer_->run([&](Session& session) {
    session.database()
        .prepare("INSERT INTO checkpoint VALUES(?,?) ON CONFLICT(source) DO UPDATE SET value=excluded.value")
        .with(source, value)
        .run();
  });
}

std::uint64_t Store::database_bytes() const {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file_, error);
  return error ? 0 : bytes;
}

std::uint64_t Store::wal_bytes() const {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file_.string() + "-wal", error);
  return error ? 0 : bytes;
}

}  // namespace tillside::store
