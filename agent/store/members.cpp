#include "agent/store/members.h"

#include <algorithm>
#include <chrono>

#include "agent/platform/files.h"

namespace tillside::store {
namespace {

constexpr std::int64_t kDoubtNs = 1'000'000'000;
constexpr std::int64_t kWriteTimeEvery = 10 * kMinute;

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

OpenOptions reading(int cache_kib) {
  OpenOptions options;
  options.read_only = true;
  options.cache_kib = cache_kib;
  options.busy_timeout_ms = 250;
  return options;
}

void remove_set_aside(const std::filesystem::path& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (name.starts_with("members-") && name.find(".damaged-") != std::string::npos)
      std::filesystem::remove(entry.path(), ignored);
  }
}

}  // namespace

struct Members::Reader {
  Reader(const std::filesystem::path& file, int cache_kib)
      : database(file, reading(cache_kib)), find(database.prepare("SELECT r FROM member WHERE h=?")) {}
  Database database;
  Statement find;
};

Result<std::unique_ptr<Members>> Members::open(Options options) {
  std::unique_ptr<Members> members(new Members(std::move(options)));
  const std::lock_guard lock(members->write_mutex_);
  if (Status opened = members->open_newest(); !opened) return opened.error();
  return members;
}

Members::Members(Options options) : options_(std::move(options)) {}

Members::~Members() { reader_.reset(); }

Status Members::open_newest() {
  auto generations = member_generations(options_.folder);
  std::reverse(generations.begin(), generations.end());
  Status opened = Error{ErrorCode::not_found, {}, "no replica"};
  for (const std::uint64_t generation : generations) {
    generation_ = std::max(generation_, generation);
    if (opened) {
      remove_member_file(options_.folder, generation);
      continue;
    }
    opened = use(generation);
    if (opened) continue;
    if (opened.error().code != ErrorCode::bad_format) return opened;
    put_aside(generation);
  }
  return opened ? opened : begin_empty();
}

Status Members::begin_empty() {
  const std::uint64_t next = generation_ + 1;
  remove_member_file(options_.folder, next);
  const auto loading = member_loading_path(options_.folder, next);
  try {
    MemberFile fresh(loading, MemberFile::How::load);
  } catch (const SqliteFailure& failure) {
    return failure.error();
  }
  if (Status moved = move_durably(loading, member_file_path(options_.folder, next)); !moved) return moved;
  return use(next);
}

// Lookups change over under their own lock, for as long as a pointer takes.
Status Members::use(std::uint64_t generation) {
  try {
    const auto path = member_file_path(options_.folder, generation);
    auto file = std::make_unique<MemberFile>(path, MemberFile::How::use);
    ReplicaState state = file->load_state();
    auto reader = std::make_unique<Reader>(path, options_.reader_cache_kib);
    {
      const std::lock_guard lock(read_mutex_);
      std::swap(reader_, reader);
      damaged_ = false;
      publish(state);
    }
    reader.reset();
    state_ = std::move(state);
    file_ = std::move(file);
    generation_ = generation;
    shown_generation_ = generation;
    written_ = state_.newest;
    return {};
  } catch (const SqliteFailure& failure) {
    if (failure.corrupt()) return Error{ErrorCode::bad_format, {}, failure.message};
    return failure.error();
  }
}

void Members::put_aside(std::uint64_t generation) {
  remove_set_aside(options_.folder);
  const auto moved = tillside::set_aside(member_file_path(options_.folder, generation), "damaged");
  remove_member_file(options_.folder, generation);
  const std::lock_guard lock(facts_mutex_);
  if (moved) set_aside_.push_back(moved->filename().string());
}

bool Members::mend() {
  const std::lock_guard lock(write_mutex_);
  return mend_locked();
}

bool Members::mend_locked() {
  if (!damaged_) return false;
  {
    const std::lock_guard lock(read_mutex_);
    reader_.reset();
  }
  file_.reset();
  if (std::filesystem::exists(member_file_path(options_.folder, generation_))) put_aside(generation_);
  publish(state_ = ReplicaState());
  (void)begin_empty();
  return true;
}

void Members::publish(const ReplicaState& state) {
  const std::lock_guard lock(facts_mutex_);
  published_ = state;
}

std::nullopt_t Members::doubt(bool damaged) {
  doubt_until_ns_ = steady_ns() + kDoubtNs;
  if (damaged) damaged_ = true;
  return std::nullopt;
}

std::optional<MemberRecord> Members::find(const IdHash& hash) {
  const std::lock_guard lock(read_mutex_);
  if (!reader_ || damaged_.load(std::memory_order_relaxed)) return doubt(false);
  try {
    Statement& find = reader_->find;
    if (!find.with(hash).step()) return std::nullopt;
    auto record = decode_member(find.blob(0));
    find.rewind();
    if (!record) return doubt(false);
    return std::move(*record);
  } catch (const SqliteFailure& failure) {
    return doubt(failure.corrupt());
  }
}

ReplicaFacts Members::facts() const {
  ReplicaFacts facts;
  {
    const std::lock_guard lock(facts_mutex_);
    facts = published_.facts;
  }
  if (damaged_ || steady_ns() < doubt_until_ns_) facts.checkpoint_applied = false;
  return facts;
}

std::optional<wire::MembersCheckpoint> Members::wanted() const {
  const std::lock_guard lock(facts_mutex_);
  return published_.wanted;
}

bool Members::needs_everything() const {
  const std::lock_guard lock(facts_mutex_);
  return damaged_ || !published_.begun;
}

std::vector<std::string> Members::set_aside() const {
  const std::lock_guard lock(facts_mutex_);
  return set_aside_;
}

std::uint64_t Members::bytes() const {
  std::error_code error;
  const auto size = std::filesystem::file_size(member_file_path(options_.folder, shown_generation_), error);
  return error ? 0 : size;
}

bool Members::worth_writing(std::span<const wire::Change> changes, const Page& page) const {
  if (page.from_nothing || !written_ || page.as_of.ms - written_->ms >= kWriteTimeEvery) return true;
  if (state_.replacing && !page.more) return true;
  return std::any_of(changes.begin(), changes.end(), [](const wire::Change& change) {
    return change.kind == wire::ChangeKind::member || change.kind == wire::ChangeKind::members_checkpoint;
  });
}

Status Members::apply(std::span<const wire::Change> changes, const Page& page) {
  const std::lock_guard lock(write_mutex_);
  mend_locked();
  if (!file_) return Error{ErrorCode::storage_failed, {}, "the member replica cannot be written"};
  try {
    if (!worth_writing(changes, page)) {
      take_page(page, state_);
      publish(state_);
      return {};
    }
    Transaction transaction(file_->database());
    const ReplicaState next = take(changes, page);
    file_->save_state(next);
    transaction.commit();
    written_ = next.newest;
    publish(state_ = next);
  } catch (const SqliteFailure& failure) {
    if (failure.corrupt()) damaged_ = true;
    return failure.error();
  }
  const bool all_came = !page.more && !state_.wanted;
  if (state_.replacing && (state_.settles || all_came))
    return rebuild(nullptr, state_.settles ? &*state_.settles : nullptr);
  return {};
}

ReplicaState Members::take(std::span<const wire::Change> changes, const Page& page) {
  ReplicaState next = state_;
  if (page.from_nothing) {
    file_->forget_later();
    next.begun = true;
    next.held.clear();
    next.version = 0;
    next.wanted.reset();
    next.settles.reset();
    next.replacing = file_->has_rows();
  }
  for (const wire::Change& change : changes) {
    if (change.kind == wire::ChangeKind::member) {
      const wire::MemberChange& member = change.member;
      file_->put(member.hash, member.record);
      file_->put_later(member.hash, member.record, member.version);
    } else if (change.kind == wire::ChangeKind::members_checkpoint) {
      take_checkpoint(change.checkpoint, next);
      if (page.more) next.newest = page.as_of;
    }
  }
  take_page(page, next);
  return next;
}

// While a snapshot or a replacement is awaited the facts stay as of the last time all was here: an older time is told
// honestly, a hole would not be.
void Members::take_page(const Page& page, ReplicaState& next) {
  if (!page.more) next.newest = page.as_of;
  if (!next.wanted && !next.replacing && next.newest) next.facts.as_of = next.newest;
}

void Members::take_checkpoint(const wire::MembersCheckpoint& checkpoint, ReplicaState& next) {
  next.wanted.reset();
  next.settles.reset();
  if (!checkpoint.snapshot.empty() && snapshot_key(checkpoint) != next.held) {
    next.wanted = checkpoint;
    file_->forget_later_up_to(checkpoint.version);
    return;
  }
  if (next.replacing) {
    next.settles = checkpoint;
    return;
  }
  next.facts.checkpoint_applied = true;
  next.facts.covered_types = checkpoint.covered_types;
  next.facts.scope = checkpoint.scope;
  if (checkpoint.version == 0) file_->forget_later();
}

}  // namespace tillside::store
