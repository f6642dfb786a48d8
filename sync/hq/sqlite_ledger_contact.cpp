#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr std::uint32_t kSkippedCampaigns = 65536, kSkippedTills = 4096;

EpochRecord epoch_from(const Query& row) {
  EpochRecord record;
  record.till = static_cast<TillNumber>(row.integer(0));
  record.epoch = row.bytes<8>(1);
  record.generation = static_cast<std::uint8_t>(row.integer(2));
  record.public_key = row.bytes<32>(3);
  record.newest = {row.natural(4), row.bytes<16>(5)};
  record.previous = {row.natural(6), row.bytes<16>(7)};
  record.nonce = row.bytes<16>(8);
  record.answer = row.text(9);
  record.state = static_cast<EpochState>(row.integer(10));
  record.must_recover = row.integer(11) != 0;
  record.report_until = row.natural(12);
  record.begun = {row.integer(13)};
  return record;
}

TillInfo till_from(const Query& row) {
  TillInfo info;
  info.till = static_cast<TillNumber>(row.integer(0));
  info.store_id = row.text(1);
  info.revoked = row.integer(2) != 0;
  info.forked = row.integer(3) != 0;
  info.awaited = row.integer(4) != 0;
  info.version = row.text(5);
  info.enrolled = {row.integer(6)};
  info.contacted = {row.integer(7)};
  info.uplinked = {row.integer(8)};
  info.epochs = static_cast<std::size_t>(row.integer(9));
  info.events = row.natural(10);
  info.fork_events = row.natural(11);
  info.rotate = row.integer(12) != 0;
  return info;
}

}  // namespace

void SqliteLedger::save_epoch(const EpochRecord& record) {
  bool same_key = false;
  {
    auto query = writer_.query(
        "SELECT 1 FROM till_epoch WHERE till=? AND epoch=? AND generation=? AND public_key=? AND state=?");
    same_key =
        query.bind(record.till, record.epoch, record.generation, record.public_key, static_cast<int>(record.state))
            .step();
  }
  if (!same_key) keys_changed(record.till);
  writer_
      .query(
          "INSERT OR REPLACE INTO till_epoch(till,epoch,generation,public_key,counter,random,previous_counter,"
          "previous_random,nonce,answer,state,must_recover,report_until,begun_ms) "
          "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
      .run(record.till, record.epoch, record.generation, record.public_key, record.newest.counter, record.newest.random,
           record.previous.counter, record.previous.random, record.nonce, record.answer, static_cast<int>(record.state),
           record.must_recover ? 1 : 0, record.report_until, record.begun.ms);
}

std::vector<EpochRecord> SqliteLedger::epochs_of(TillNumber till) {
  auto query = writer_.query(
      "SELECT till,epoch,generation,public_key,counter,random,previous_counter,previous_random,nonce,answer,state,"
      "must_recover,report_until,begun_ms FROM till_epoch WHERE till=?");
  query.bind(till);
  std::vector<EpochRecord> out;
  while (query.step()) out.push_back(epoch_from(query));
  return out;
}

std::optional<TillInfo> SqliteLedger::find_till(TillNumber till) {
  auto query = writer_.query(
      "SELECT till,store_id,revoked,forked,awaited,version,enrolled_ms,contact_ms,uplink_ms,0,0,0,rotate FROM till "
      "WHERE "
      "till=?");
  if (!query.bind(till).step()) return std::nullopt;
  return till_from(query);
}

ContactSituation SqliteLedger::situation(TillNumber till, const wire::Epoch& epoch, const Bytes16& nonce) {
  ContactSituation found;
  found.hq = state_;
  found.till = find_till(till);
  if (found.till) found.store = find_store(found.till->store_id);
  for (auto& record : epochs_of(till)) {
    if (record.epoch == epoch)
      found.record = std::move(record);
    else
      found.others.push_back(std::move(record));
  }
  {
    auto query = writer_.query("SELECT epoch,generation,public_key FROM old_key WHERE till=?");
    query.bind(till);
    while (query.step())
      found.old_keys.push_back({query.bytes<8>(0), static_cast<std::uint8_t>(query.integer(1)), query.bytes<32>(2)});
  }
  {
    auto query = writer_.query("SELECT answer FROM fence WHERE till=? AND epoch=? AND nonce=?");
    if (query.bind(till, epoch, nonce).step()) found.answer_to_nonce = query.text(0);
  }
  {
    auto query = writer_.query("SELECT coalesce(newest_fork,0) FROM cursor WHERE till=? AND epoch=?");
    if (query.bind(till, epoch).step()) found.newest_fork = query.natural(0);
  }
  auto query = writer_.query(
      "SELECT max(coalesce((SELECT held_seq FROM cursor WHERE till=?1 AND epoch=?2),0),"
      "coalesce((SELECT held_seq FROM quarantine_cursor WHERE till=?1 AND epoch=?2),0))");
  if (query.bind(till, epoch).step()) found.held_seq = query.natural(0);
  return found;
}

Result<std::string> SqliteLedger::contact(TillNumber till, const wire::Epoch& epoch, const Bytes16& nonce,
                                          const JudgeContact& judge) {
  return guarded([&]() -> Result<std::string> {
    Write write(*this);
    auto plan = judge(situation(till, epoch, nonce));
    if (!plan) return plan.error();
    if (plan->nothing_changes) return plan->answer;
    if (plan->unknown_store && is_number_of_another(*plan->unknown_store))
      return Error{ErrorCode::conflict, "store_number", "another store has this number now: enroll this till again"};
    carry_out(till, epoch, nonce, *plan);
    write.commit();
    return plan->answer;
  });
}

void SqliteLedger::carry_out(TillNumber till, const wire::Epoch& epoch, const Bytes16& nonce, const ContactPlan& plan) {
  if (plan.restored_as) become_recovering(*plan.restored_as);
  if (plan.unknown_store && !find_store(plan.unknown_store->store_id)) insert_store(*plan.unknown_store);
  if (plan.unknown_till)
    writer_.query("INSERT INTO till(till,store_id,enrolled_ms,awaited) VALUES(?,?,?,?)")
        .run(till, plan.unknown_till->store_id, plan.at.ms, state_.recovering ? 1 : 0);
  if (plan.rotated)
    writer_
        .query(
            "INSERT OR REPLACE INTO old_key(till,generation,epoch,public_key,retired_ms) "
            "SELECT till,generation,epoch,public_key,? FROM till_epoch WHERE till=? AND epoch=?")
        .run(plan.at.ms, till, epoch);
  if (plan.changed) save_epoch(*plan.changed);
  for (const auto& record : plan.ended) save_epoch(record);
  if (plan.begun) {
    save_epoch(*plan.begun);
    writer_.query("INSERT OR REPLACE INTO fence(till,epoch,nonce,outcome,answer,at_ms) VALUES(?,?,?,?,?,?)")
        .run(till, epoch, nonce, plan.outcome, plan.answer, plan.at.ms);
  }
  writer_.query("UPDATE till SET version=?,contact_ms=?,rotate=0 WHERE till=?").run(plan.version, plan.at.ms, till);
  if (state_.recovering) settle_recovery(plan.at);
  const auto* live = plan.begun ? &*plan.begun : plan.changed ? &*plan.changed : nullptr;
  const auto info = find_till(till);
  if (live != nullptr && live->state == EpochState::live && info && !info->revoked)
    lend_all(till, live->epoch, plan.at);
}

void SqliteLedger::become_recovering(const Bytes16& incarnation) {
  const auto till_floor = next_number("till_floor", "SELECT max(till) FROM till") + kSkippedTills;
  const auto campaign_floor = next_number("campaign_floor", "SELECT max(number) FROM campaign") + kSkippedCampaigns;
  set_meta("till_floor", std::to_string(till_floor));
  set_meta("campaign_floor", std::to_string(campaign_floor));
  state_.incarnation = incarnation;
  state_.recovering = true;
  skip_own_generation();
  save_state();
  writer_.query("UPDATE till_epoch SET must_recover=1 WHERE state<>2").run();
  writer_.query("UPDATE till SET awaited=1 WHERE revoked=0").run();
  all_keys_changed();
}

void SqliteLedger::settle_recovery(Instant now) {
  writer_
      .query(
          "UPDATE till SET awaited=0 WHERE awaited=1 AND NOT EXISTS("
          "SELECT 1 FROM till_epoch e LEFT JOIN cursor c ON c.till=e.till AND c.epoch=e.epoch "
          "WHERE e.till=till.till AND (e.must_recover=1 OR e.report_until>coalesce(c.held_seq,0)))")
      .run();
  if (auto query = writer_.query("SELECT 1 FROM till WHERE awaited=1 LIMIT 1"); query.step()) return;
  state_.recovering = false;
  save_state();
  std::vector<std::pair<TillNumber, wire::Epoch>> live;
  {
    auto query = writer_.query(
        "SELECT e.till,e.epoch FROM till_epoch e JOIN till t ON t.till=e.till "
        "WHERE e.state=0 AND e.must_recover=0 AND t.revoked=0 ORDER BY e.till");
    while (query.step()) live.emplace_back(static_cast<TillNumber>(query.integer(0)), query.bytes<8>(1));
  }
  for (const auto& [till, epoch] : live) lend_all(till, epoch, now);
}

Status SqliteLedger::found_restored(const Bytes16& new_incarnation) {
  return guarded([&]() -> Status {
    Write write(*this);
    become_recovering(new_incarnation);
    write.commit();
    return {};
  });
}

bool SqliteLedger::still_recovering() {
  const std::lock_guard lock(state_mutex_);
  return published_.recovering;
}

Status SqliteLedger::check_token(TillNumber till, const wire::Epoch& epoch, std::uint64_t counter) {
  return guarded([&]() -> Status {
    Read read(read_mutex_, *reader_, kShortRead);
    auto query = read.db().query(
        "SELECT e.counter,t.revoked,t.rotate FROM till_epoch e JOIN till t ON t.till=e.till "
        "WHERE e.till=? AND e.epoch=? AND e.state<>2");
    if (!query.bind(till, epoch).step() || query.natural(0) != counter)
      return Error{ErrorCode::bad_signature, "token", "ended by a newer contact"};
    if (query.integer(1) != 0) return Error{ErrorCode::refused, "till", "this till is revoked"};
    if (query.integer(2) != 0) return Error{ErrorCode::bad_signature, "token", "a contact is wanted: the key changes"};
    return {};
  });
}

std::vector<TillInfo> SqliteLedger::tills() {
  Read read(read_mutex_, *reader_, kShortRead);
  auto query = read.db().query(
      "SELECT t.till,t.store_id,t.revoked,t.forked,t.awaited,t.version,t.enrolled_ms,t.contact_ms,t.uplink_ms,"
      "(SELECT count(*) FROM till_epoch e WHERE e.till=t.till),"
      "(SELECT coalesce(sum(held_seq),0) FROM cursor c WHERE c.till=t.till),"
      "(SELECT count(*) FROM fork_event f WHERE f.till=t.till),t.rotate FROM till t ORDER BY t.till");
  std::vector<TillInfo> out;
  while (query.step()) out.push_back(till_from(query));
  return out;
}

Status SqliteLedger::revoke_till(TillNumber till) {
  return guarded([&]() -> Status {
    Write write(*this);
    writer_.query("UPDATE till SET revoked=1,awaited=0 WHERE till=?").run(till);
    if (writer_.changes() == 0) return Error{ErrorCode::not_found, "till", "no such till"};
    revoke_keys_of(till);
    if (state_.recovering) settle_recovery({});
    write.commit();
    return {};
  });
}

Status SqliteLedger::rotate_till(TillNumber till) {
  return guarded([&]() -> Status {
    Write write(*this);
    const auto info = find_till(till);
    if (!info) return Error{ErrorCode::not_found, "till", "no such till"};
    if (info->revoked) return Error{ErrorCode::refused, "till", "this till is revoked"};
    {
      auto query = writer_.query("SELECT max(generation) FROM till_key WHERE till=?");
      if (query.bind(till).step() && query.integer(0) >= 15)
        return Error{ErrorCode::limit, "key_generation", "all key generations are used up: enroll this till again"};
    }
    writer_.query("UPDATE till SET rotate=1 WHERE till=?").run(till);
    write.commit();
    return {};
  });
}

Status SqliteLedger::write_off_till(TillNumber till) {
  return guarded([&]() -> Status {
    Write write(*this);
    writer_.query("UPDATE till SET awaited=0 WHERE till=?").run(till);
    if (writer_.changes() == 0) return Error{ErrorCode::not_found, "till", "no such till"};
    if (state_.recovering) settle_recovery({});
    write.commit();
    return {};
  });
}

}  // namespace tillside::hq
