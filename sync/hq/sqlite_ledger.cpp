#include "sync/hq/sqlite_ledger.h"

#include "sync/hq/schema.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {

SqliteLedger::SqliteLedger(const std::filesystem::path& file) : writer_(file, Database::Mode::writer), file_(file) {}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(const std::filesystem::path& file,
                                                         const Bytes16& fresh_incarnation) {
  try {
    std::unique_ptr<SqliteLedger> ledger(new SqliteLedger(file));
    if (auto status = migrate(ledger->writer_); !status.ok()) {
      auto error = status.error();
      error.detail = file.string() + ": " + error.detail;
      return error;
    }
    {
      Write write(*ledger);
      ledger->load_state(fresh_incarnation);
      ledger->count_awaited();
      write.commit();
    }
    ledger->reader_ = std::make_unique<Database>(file, Database::Mode::reader);
    ledger->report_reader_ = std::make_unique<Database>(file, Database::Mode::reader);
    return ledger;
  } catch (const DatabaseFailure& failure) {
    auto error = error_of(failure);
    error.detail = file.string() + ": " + error.detail;
    return error;
  }
}

void SqliteLedger::on_change(OnChange listener) { listener_ = std::move(listener); }

std::string SqliteLedger::meta(const char* name) {
  auto query = writer_.query("SELECT value FROM meta WHERE name=?");
  return query.bind(name).step() ? query.text(0) : std::string();
}

void SqliteLedger::set_meta(const char* name, std::string_view value) {
  writer_.query("INSERT INTO meta(name,value) VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value")
      .run(name, value);
}

void SqliteLedger::load_state(const Bytes16& fresh_incarnation) {
  if (!from_hex(meta("incarnation"), state_.incarnation)) {
    state_.incarnation = fresh_incarnation;
    save_state();
  }
  state_.recovering = meta("recovering") == "1";
  state_.public_host = meta("public_host");
  if (const auto text = meta("key_generation"); !text.empty())
    state_.key_generation = static_cast<std::uint8_t>(std::stoul(text));
  load_revoked();
}

void SqliteLedger::save_state() {
  set_meta("incarnation", to_hex(state_.incarnation));
  set_meta("recovering", state_.recovering ? "1" : "0");
  set_meta("public_host", state_.public_host);
  set_meta("key_generation", std::to_string(state_.key_generation));
}

HqState SqliteLedger::state() {
  const std::lock_guard lock(state_mutex_);
  return published_;
}

Status SqliteLedger::set_public_host(const std::string& host) {
  return guarded([&]() -> Status {
    Write write(*this);
    if (state_.public_host == host) return {};
    state_.public_host = host;
    save_state();
    append_change(kChainScope, "settings", settings_change(""));
    write.commit();
    return {};
  });
}

std::uint32_t SqliteLedger::next_number(const char* floor_name, const char* newest_sql) {
  const auto floor_text = meta(floor_name);
  const auto floor = floor_text.empty() ? 1u : static_cast<std::uint32_t>(std::stoul(floor_text));
  auto query = writer_.query(newest_sql);
  const auto newest = query.step() ? static_cast<std::uint32_t>(query.integer(0)) : 0u;
  return std::max(floor, newest + 1);
}

LedgerCounts SqliteLedger::counts() {
  Read read(read_mutex_, *reader_, kLongRead);
  const auto count = [&](const char* sql) {
    auto query = read.db().query(sql);
    return query.step() ? query.natural(0) : 0;
  };
  LedgerCounts out;
  out.tills = count("SELECT count(*) FROM till");
  out.tills_revoked = count("SELECT count(*) FROM till WHERE revoked=1");
  out.tills_forked = count("SELECT count(*) FROM till WHERE forked=1");
  out.events = count("SELECT coalesce(sum(held_seq),0) FROM cursor");
  out.parked = count("SELECT count(*) FROM parked_event");
  out.checkouts = count("SELECT count(*) FROM checkout");
  out.coupons = count("SELECT count(*) FROM coupon");
  out.conflicts = count("SELECT count(*) FROM collision WHERE kind='conflict'");
  out.fork_events = count("SELECT count(*) FROM fork_event");
  out.quarantined = count("SELECT count(*) FROM quarantine_event");
  out.redemptions = count("SELECT count(*) FROM redemption");
  out.redeemed_twice = count("SELECT count(*) FROM redeemed_twice");
  return out;
}

}  // namespace tillside::hq
