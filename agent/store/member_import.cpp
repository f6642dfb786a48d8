// The next generation of the replica: a snapshot, and the changes that are newer on top.
#include <fstream>
#include <vector>

#include "agent/platform/files.h"
#include "agent/store/members.h"
#include "sync/wire/snapshot.h"

namespace tillside::store {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

Status read_snapshot(const std::filesystem::path& file, const wire::MembersCheckpoint& checkpoint, MemberFile& into) {
  wire::SnapshotReader reader([&into](const IdHash& hash, std::string_view record) {
    into.put(hash, record);
    return Status();
  });
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorCode::storage_failed, {}, "cannot read " + file.string()};
  std::vector<char> piece(kPiece);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    if (Status fed = reader.feed({piece.data(), static_cast<std::size_t>(in.gcount())}); !fed) return fed;
  }
  return reader.finish(checkpoint.rows, checkpoint.digest);
}

// `checkpoint` nullptr: everything came as changes and headquarters has not called it complete.
ReplicaState state_after(const ReplicaState& before, bool snapshot, const wire::MembersCheckpoint* checkpoint) {
  ReplicaState after = before;
  after.wanted.reset();
  after.settles.reset();
  after.replacing = false;
  after.held = snapshot ? snapshot_key(*checkpoint) : std::string();
  after.version = checkpoint != nullptr ? checkpoint->version : 0;
  after.facts = ReplicaFacts();
  after.facts.as_of = before.newest;
  if (checkpoint == nullptr) return after;
  after.facts.checkpoint_applied = true;
  after.facts.covered_types = checkpoint->covered_types;
  after.facts.scope = checkpoint->scope;
  return after;
}

}  // namespace

Status Members::import_snapshot(const std::filesystem::path& snapshot, const wire::MembersCheckpoint& checkpoint) {
  const std::lock_guard lock(write_mutex_);
  mend_locked();
  if (!file_) return Error{ErrorCode::storage_failed, {}, "the member replica cannot be written"};
  if (!state_.wanted || snapshot_key(*state_.wanted) != snapshot_key(checkpoint)) {
    return Error{ErrorCode::conflict, {}, "this snapshot is no longer wanted"};
  }
  return rebuild(&snapshot, &checkpoint);
}

Status Members::rebuild(const std::filesystem::path* snapshot, const wire::MembersCheckpoint* checkpoint) {
  const std::uint64_t before = generation_, next = generation_ + 1;
  remove_member_file(options_.folder, next);
  const auto loading = member_loading_path(options_.folder, next);
  Status done = load(loading, snapshot, checkpoint);
  if (done) done = move_durably(loading, member_file_path(options_.folder, next));
  if (done) done = use(next);
  remove_member_file(options_.folder, done ? before : next);
  return done;
}

Status Members::load(const std::filesystem::path& loading, const std::filesystem::path* snapshot,
                     const wire::MembersCheckpoint* checkpoint) {
  try {
    MemberFile fresh(loading, MemberFile::How::load);
    Transaction transaction(fresh.database());
    if (snapshot != nullptr) {
      if (Status read = read_snapshot(*snapshot, *checkpoint, fresh); !read) return read;
    }
    const std::uint64_t version = checkpoint != nullptr ? checkpoint->version : 0;
    file_->each_later(version, [&fresh](const IdHash& hash, std::string_view record, std::uint64_t change) {
      fresh.put(hash, record);
      fresh.put_later(hash, record, change);
    });
    fresh.save_state(state_after(state_, snapshot != nullptr, checkpoint));
    transaction.commit();
    return {};
  } catch (const SqliteFailure& failure) {
    return failure.error();
  }
}

}  // namespace tillside::store
