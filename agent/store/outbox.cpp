#include "agent/store/outbox.h"

#include <algorithm>

namespace tillside::store {
namespace {

struct EpochRow {
  std::int64_t no = 0;
  wire::Epoch name{};
  std::uint64_t acked = 0, forked_at = 0;  // forked_at 0: not forked
  std::uint64_t fork_kept = 0;             // of a fork: kept at headquarters up to here; 0: nothing
  bool provisional = false;

  std::int64_t id(std::uint64_t seq) const { return event_id(no, seq); }
  std::uint64_t seq(std::int64_t id) const { return static_cast<std::uint64_t>(id - event_id(no, 0)); }
  std::int64_t end() const { return event_id(no + 1, 0); }
  std::int64_t end_of_ours() const { return forked_at > 0 ? id(forked_at) : end(); }
  // Headquarters needs nothing up to here any more.
  std::uint64_t settled() const {
    if (forked_at == 0) return acked;
    return acked + 1 >= forked_at ? std::max(forked_at - 1, fork_kept) : acked;
  }
};

// A fork of which headquarters keeps nothing yet is sent from this many events before it: where the histories part may
// lie before what headquarters could tell.
constexpr std::uint64_t kForkRunUp = 250;

std::vector<EpochRow> epochs(Database& database) {
  std::vector<EpochRow> found;
  Statement rows = database.kept("SELECT no,epoch,acked,forked_at,fork_kept,provisional FROM epoch ORDER BY no");
  while (rows.step()) {
    EpochRow row;
    row.no = rows.integer(0);
    const std::string_view name = rows.blob(1);
    std::copy_n(name.begin(), std::min(name.size(), row.name.size()), row.name.begin());
    row.acked = static_cast<std::uint64_t>(rows.integer(2));
    row.forked_at = static_cast<std::uint64_t>(rows.integer(3));
    row.fork_kept = static_cast<std::uint64_t>(rows.integer(4));
    row.provisional = rows.integer(5) != 0;
    found.push_back(row);
  }
  return found;
}

std::optional<EpochRow> epoch_named(Database& database, const wire::Epoch& name) {
  for (const EpochRow& row : epochs(database))
    if (row.name == name && !row.provisional) return row;
  return std::nullopt;
}

// 0: the epoch has no event.
std::uint64_t edge(Database& database, const EpochRow& epoch, const char* sql) {
  Statement row = database.kept(sql);
  return row.with(epoch.id(0), event_id(epoch.no + 1, 0)).step() && !row.is_null(0) ? epoch.seq(row.integer(0)) : 0;
}
std::uint64_t newest(Database& database, const EpochRow& epoch) {
  return edge(database, epoch, "SELECT max(id) FROM event WHERE id>? AND id<?");
}
// An event can be sent when the chain before it is known: from the start, or from the one before it.
std::uint64_t retained_from(Database& database, const EpochRow& epoch) {
  const std::uint64_t oldest = edge(database, epoch, "SELECT min(id) FROM event WHERE id>? AND id<?");
  return oldest <= 1 ? 1 : oldest + 1;
}

wire::ChainHash chain_before(Database& database, const EpochRow& epoch, std::uint64_t seq) {
  wire::ChainHash hash{};
  Statement row = database.kept("SELECT chain FROM event WHERE id=?");
  if (seq > 1 && row.with(epoch.id(seq - 1)).step()) {
    const std::string_view chain = row.blob(0);
    std::copy_n(chain.begin(), std::min(chain.size(), hash.size()), hash.begin());
  }
  return hash;
}

struct Bounds {
  std::size_t max_events = 0, max_bytes = 0;
};

// Of the events whose id is below `end`, those from `from` on that can be sent.
std::optional<sync::Outbox::Batch> batch_of(Database& database, const EpochRow& epoch, std::uint64_t from,
                                            std::int64_t end, Bounds bounds) {
  const std::uint64_t oldest = retained_from(database, epoch);
  Statement rows = database.kept("SELECT id,body FROM event WHERE id>=? AND id<? ORDER BY id LIMIT ?");
  rows.with(epoch.id(std::max(from, oldest)), end,
            static_cast<std::int64_t>(std::max<std::size_t>(bounds.max_events, 1)));
  sync::Outbox::Batch batch;
  std::size_t bytes = 0;
  while (rows.step()) {
    const std::string_view body = rows.text(1);
    const std::uint64_t seq = epoch.seq(rows.integer(0));
    if (batch.events.empty()) batch.head.first_seq = seq;
    if (seq != batch.head.first_seq + batch.events.size()) break;
    if (!batch.events.empty() && bytes + body.size() + 1 > bounds.max_bytes) break;
    bytes += body.size() + 1;
    batch.events.emplace_back(body);
  }
  if (batch.events.empty()) return std::nullopt;
  batch.head.epoch = epoch.name;
  batch.head.count = static_cast<std::uint32_t>(batch.events.size());
  batch.head.prev = chain_before(database, epoch, batch.head.first_seq);
  batch.head.retained_from = oldest;
  return batch;
}

std::optional<sync::Outbox::Batch> waiting_batch(Database& database, const EpochRow& epoch, Bounds bounds) {
  return batch_of(database, epoch, epoch.acked + 1, epoch.end_of_ours(), bounds);
}

std::optional<sync::Outbox::Batch> forked_batch(Database& database, const EpochRow& epoch, Bounds bounds) {
  if (epoch.forked_at == 0 || newest(database, epoch) < std::max(epoch.forked_at, epoch.fork_kept + 1)) return {};
  const std::uint64_t run_up = std::min({kForkRunUp, epoch.forked_at - 1, std::uint64_t{bounds.max_events / 2}});
  const std::uint64_t from = epoch.fork_kept > 0 ? epoch.fork_kept + 1 : epoch.forked_at - run_up;
  auto batch = batch_of(database, epoch, from, epoch.end(), bounds);
  if (batch) batch->forked = true;
  return batch;
}

void put(Database& database, const EpochRow& epoch) {
  database.kept("UPDATE epoch SET acked=?,forked_at=?,fork_kept=? WHERE no=?")
      .with(epoch.acked, epoch.forked_at, epoch.fork_kept, epoch.no)
      .run();
}

Error unknown_epoch() { return {ErrorCode::not_found, {}, "no such epoch here"}; }

// Runs work(database, epoch) in the writer; its Status is the answer when it could be committed.
template <class Work>
Status with_epoch(Store& store, const wire::Epoch& name, Work work) {
  Status outcome;
  const Status written = store.writer().run([&](Session& session) {
    const auto epoch = epoch_named(session.database(), name);
    outcome = epoch ? work(session.database(), *epoch) : Status(unknown_epoch());
  });
  return written ? outcome : written;
}

}  // namespace

Database& StoreOutbox::reader() {
  if (!reader_) reader_ = store_.open_reader(128);
  return *reader_;
}

template <class BatchOf>
std::optional<sync::Outbox::Batch> StoreOutbox::first_batch(BatchOf batch_of_epoch) {
  const std::lock_guard lock(mutex_);
  try {
    Database& database = reader();
    database.set_deadline(5000);
    for (const EpochRow& epoch : epochs(database)) {
      if (epoch.provisional) continue;
      if (auto batch = batch_of_epoch(database, epoch)) return batch;
    }
  } catch (const SqliteFailure&) {
    reader_.reset();
  }
  return std::nullopt;
}

std::optional<sync::Outbox::Batch> StoreOutbox::next_batch(std::size_t max_events, std::size_t max_bytes) {
  return first_batch([bounds = Bounds{max_events, max_bytes}](Database& database, const EpochRow& epoch) {
    return waiting_batch(database, epoch, bounds);
  });
}

std::optional<sync::Outbox::Batch> StoreOutbox::next_forked_batch(std::size_t max_events, std::size_t max_bytes) {
  return first_batch([bounds = Bounds{max_events, max_bytes}](Database& database, const EpochRow& epoch) {
    return forked_batch(database, epoch, bounds);
  });
}

Status StoreOutbox::acknowledged(const wire::Epoch& epoch, std::uint64_t seq) {
  return with_epoch(store_, epoch, [seq](Database& database, EpochRow row) {
    const std::uint64_t held = std::min(seq, newest(database, row));
    if (held <= row.acked) return Status();
    row.acked = held;
    if (row.forked_at <= held) row.forked_at = row.fork_kept = 0;
    put(database, row);
    return Status();
  });
}

Status StoreOutbox::rewind(const wire::Epoch& epoch, std::uint64_t seq) {
  return with_epoch(store_, epoch, [seq](Database& database, EpochRow row) -> Status {
    const std::uint64_t oldest = retained_from(database, row);
    const std::uint64_t from = std::max({seq, oldest, std::uint64_t{1}});
    row.acked = std::min(row.acked, from - 1);
    row.fork_kept = 0;
    put(database, row);
    if (seq >= oldest || seq == 0) return {};
    return Error{ErrorCode::out_of_range, {}, "retained from " + std::to_string(oldest)};
  });
}

Status StoreOutbox::forked(const wire::Epoch& epoch, std::uint64_t seq, std::uint64_t kept_to) {
  return with_epoch(store_, epoch, [seq, kept_to](Database& database, EpochRow row) {
    const std::uint64_t at = std::max<std::uint64_t>(seq, 1);
    row.forked_at = row.forked_at == 0 ? at : std::min(row.forked_at, at);
    row.fork_kept = kept_to >= at ? std::min(kept_to, newest(database, row)) : 0;
    row.acked = std::min(row.acked, row.forked_at - 1);
    put(database, row);
    return Status();
  });
}

Status StoreOutbox::parked(const wire::Epoch& epoch, const std::vector<wire::EventVerdict>& verdicts) {
  if (verdicts.empty()) return {};
  return with_epoch(store_, epoch, [&verdicts](Database& database, const EpochRow& row) {
    Statement put = database.prepare(
        "INSERT INTO parked VALUES(?,?) ON CONFLICT(id) DO UPDATE SET "
        "reason=excluded.reason");
    for (const auto& verdict : verdicts) put.with(row.id(verdict.seq), verdict.reason).run();
    return Status();
  });
}

std::pair<std::uint64_t, std::uint64_t> StoreOutbox::progress() {
  std::pair<std::uint64_t, std::uint64_t> progress{0, 0};
  (void)store_.read([&progress](Session& session) {
    const auto known = epochs(session.database());
    if (known.empty() || known.back().provisional) return;
    progress = {std::max(newest(session.database(), known.back()), known.back().acked), known.back().acked};
  });
  return progress;
}

void StoreOutbox::on_new_events(std::function<void()> wake) {
  if (wake) store_.new_events().add(std::move(wake));
}

Result<std::uint64_t> StoreOutbox::prune(std::uint32_t days, Instant now) {
  constexpr std::int64_t kAtATime = 2000;
  const Instant from = now.plus_ms(-static_cast<std::int64_t>(days) * kDay), to = now.plus_ms(kDay);
  std::uint64_t gone = 0;
  for (std::int64_t round = kAtATime; round >= kAtATime;) {
    const Status done = store_.writer().run([&](Session& session) {
      Database& database = session.database();
      round = 0;
      for (const EpochRow& epoch : epochs(database)) {
        Statement keep =
            database.prepare("SELECT id FROM event WHERE id>? AND id<? AND at>=? AND at<=? ORDER BY id LIMIT 1");
        const std::int64_t settled = epoch.id(epoch.settled());
        const std::int64_t first_kept =
            keep.with(epoch.id(0), settled, from.ms, to.ms).step() ? keep.integer(0) : settled;
        keep.rewind();
        database.prepare("DELETE FROM event WHERE id IN (SELECT id FROM event WHERE id>? AND id<? ORDER BY id LIMIT ?)")
            .with(epoch.id(0), first_kept, kAtATime - round)
            .run();
        round += database.changes();
        if (round >= kAtATime) break;
      }
    });
    if (!done) return done.error();
    gone += static_cast<std::uint64_t>(round);
  }
  return gone;
}

StoreOutbox::Waiting StoreOutbox::waiting() {
  Waiting waiting;
  (void)store_.read([&waiting](Session& session) {
    waiting = {};
    Database& database = session.database();
    for (const EpochRow& epoch : epochs(database)) {
      const std::uint64_t last = newest(database, epoch);
      const std::uint64_t ours = epoch.forked_at > 0 ? std::min(last, epoch.forked_at - 1) : last;
      waiting.unsent += ours > epoch.acked ? ours - epoch.acked : 0;
      waiting.forked += last - std::max(ours, std::min(epoch.fork_kept, last));
    }
    waiting.parked = static_cast<std::uint64_t>(database.integer("SELECT count(*) FROM parked"));
  });
  return waiting;
}

}  // namespace tillside::store
