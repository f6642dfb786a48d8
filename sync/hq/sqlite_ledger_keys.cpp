#include "sync/hq/hq_keys.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr std::uint32_t kNoSerialBeyond = 0xFFFF'FFFF;
constexpr std::uint32_t kCeilingStep = 65'536;
constexpr std::int64_t kLateIssue = 36 * kDay;  // an ended key may have signed under a clock that was so far ahead

constexpr const char* kKeysOfTills =
    "SELECT e.till,e.generation,e.public_key,e.state,t.revoked,"
    "(SELECT max(serial) FROM coupon c WHERE c.key_id=e.till*16+e.generation),"
    "(SELECT good_to FROM key_revoked r WHERE r.key_id=e.till*16+e.generation),"
    "coalesce((SELECT at_ms FROM disk_gone g WHERE g.till=e.till AND g.epoch=e.epoch AND g.was<>2),"
    "(SELECT min(n.begun_ms) FROM till_epoch n WHERE n.till=e.till AND n.generation>e.generation)),e.begun_ms "
    "FROM till_epoch e JOIN till t ON t.till=e.till WHERE e.till BETWEEN ?1 AND ?2 "
    "UNION ALL SELECT o.till,o.generation,o.public_key,2,t.revoked,"
    "(SELECT max(serial) FROM coupon c WHERE c.key_id=o.till*16+o.generation),"
    "(SELECT good_to FROM key_revoked r WHERE r.key_id=o.till*16+o.generation),o.retired_ms,0 "
    "FROM old_key o JOIN till t ON t.till=o.till WHERE o.till BETWEEN ?1 AND ?2 ORDER BY 1,2,4 DESC,9";

// Room for at least 65,536 coupons nobody has heard of yet.
std::uint32_t ceiling_above(std::int64_t newest) {
  const auto ceiling = (newest / kCeilingStep + 2) * kCeilingStep;
  return ceiling >= kNoSerialBeyond ? kNoSerialBeyond : static_cast<std::uint32_t>(ceiling);
}

KeyRow row_from(const Query& query) {
  KeyRow row{{static_cast<TillNumber>(query.integer(0)), static_cast<std::uint8_t>(query.integer(1))}, {}};
  KeyFacts& facts = row.facts;
  facts.key = query.bytes<32>(2);
  facts.ceiling = ceiling_above(query.integer(5));
  const auto state = static_cast<EpochState>(query.integer(3));
  if (state != EpochState::live) facts.status = KeyFacts::Status::retired;
  if (state == EpochState::ended && !query.is_null(7))
    facts.until = from_code_minutes(code_minutes({query.integer(7) + kLateIssue}));
  if (query.integer(4) != 0 || !query.is_null(6)) {
    facts.status = KeyFacts::Status::revoked;
    facts.good_to = query.is_null(6) ? 0 : static_cast<std::uint32_t>(query.integer(6));
  }
  return row;
}

// Of headquarters itself. The newest generation signs.
std::vector<KeyRow> own_rows_of(Database& db) {
  auto query = db.query(
      "SELECT o.generation,o.public_key,r.good_to FROM own_key o LEFT JOIN key_revoked r ON r.key_id=o.generation "
      "ORDER BY o.generation");
  std::vector<KeyRow> rows;
  while (query.step()) {
    if (!rows.empty() && rows.back().facts.status == KeyFacts::Status::live)
      rows.back().facts.status = KeyFacts::Status::retired;
    auto& row = rows.emplace_back(KeyRow{{0, static_cast<std::uint8_t>(query.integer(0))}, {}});
    row.facts.key = query.bytes<32>(1);
    if (query.is_null(2)) continue;
    row.facts.status = KeyFacts::Status::revoked;
    row.facts.good_to = static_cast<std::uint32_t>(query.integer(2));
  }
  return rows;
}

// Of a generation that two epochs share the live one stands last and counts.
std::vector<KeyRow> rows_of(Database& db, TillNumber first, TillNumber last) {
  auto query = db.query(kKeysOfTills);
  query.bind(first, last);
  std::vector<KeyRow> rows;
  if (first == 0) rows = own_rows_of(db);
  while (query.step()) {
    const KeyRow row = row_from(query);
    if (row.facts.key == VerifyingKey{}) continue;
    if (!rows.empty() && rows.back().id == row.id) rows.pop_back();
    rows.push_back(row);
  }
  return rows;
}

// What the document says, apart from its version and dates, and who signs it.
Bytes32 digest_of(const KeyPart& part, const std::optional<VerifyingKey>& signer) {
  KeyPart bare = part;
  bare.version = 0;
  bare.expires = {};
  auto text = write_key_part(std::move(bare), SigningKey{});
  if (signer) text.append(reinterpret_cast<const char*>(signer->data()), signer->size());
  return keyed_hash(Bytes32{1}, text);
}

}  // namespace

void SqliteLedger::keys_changed(TillNumber till) {
  writer_.query("INSERT OR IGNORE INTO key_part_due(part) VALUES(?)").run(part_of(till));
  keys_due_ = true;
}

void SqliteLedger::all_keys_changed() {
  writer_.query("INSERT OR IGNORE INTO key_part_due(part) SELECT part FROM key_part").run();
  keys_due_ = true;
}

std::vector<KeyRow> SqliteLedger::keys() {
  Read read(report_mutex_, *report_reader_, kLongRead);
  return rows_of(read.db(), 0, kMaxTillNumber);
}

Status SqliteLedger::revoke_key(KeyId key, std::uint32_t good_to) {
  return guarded([&]() -> Status {
    Write write(*this);
    if (key.till == 0) {
      if (auto status = revoke_own_key(key.generation); !status.ok()) return status;
    } else {
      auto query = writer_.query("SELECT 1 FROM till_key WHERE till=? AND generation=? LIMIT 1");
      if (!query.bind(key.till, key.generation).step()) return Error{ErrorCode::not_found, "generation", "no such key"};
    }
    writer_
        .query(
            "INSERT INTO key_revoked(key_id,good_to) VALUES(?,?) ON CONFLICT(key_id) DO UPDATE SET "
            "good_to=excluded.good_to")
        .run(key.packed(), good_to);
    keys_changed(key.till);
    write.commit();
    return {};
  });
}

void SqliteLedger::revoke_keys_of(TillNumber till) {
  writer_
      .query(
          "INSERT OR IGNORE INTO key_revoked(key_id,good_to) SELECT DISTINCT e.till*16+e.generation,"
          "coalesce((SELECT max(serial) FROM coupon c WHERE c.key_id=e.till*16+e.generation),0) "
          "FROM till_key e WHERE e.till=?")
      .run(till);
  keys_changed(till);
}

bool SqliteLedger::keys_are_due() { return keys_due_; }

Result<std::size_t> SqliteLedger::publish_keys(Instant now, Instant renew, const SignKeys& sign) {
  auto published = guarded([&]() -> Result<std::size_t> {
    Write write(*this);
    keys_due_ = false;
    std::vector<std::pair<KeyPartNumber, bool>> due;  // and whether it is renewed as it is
    {
      auto query = writer_.query(
          "SELECT part,max(renew) FROM (SELECT part,0 AS renew FROM key_part_due UNION ALL "
          "SELECT part,1 FROM key_part WHERE signed_ms<=?1 OR signed_ms>?2) GROUP BY part");
      query.bind(renew.ms, now.ms);
      while (query.step()) due.emplace_back(static_cast<KeyPartNumber>(query.integer(0)), query.integer(1) != 0);
    }
    for (const auto& [part, as_it_is] : due) publish_part(part, now, as_it_is, sign);
    writer_.query("DELETE FROM key_part_due").run();
    auto parts = writer_.query("SELECT count(*) FROM key_part");
    const std::size_t count = parts.step() ? static_cast<std::size_t>(parts.integer(0)) : 0;
    parts.reset();
    write.commit();
    return count;
  });
  if (!published) keys_due_ = true;
  return published;
}

void SqliteLedger::publish_part(KeyPartNumber number, Instant now, bool renew, const SignKeys& sign) {
  KeyPart part;
  part.incarnation = state_.incarnation;
  part.part = number;
  part.rows = rows_of(writer_, number * kTillsAPart, number * kTillsAPart + kTillsAPart - 1);
  const Bytes32 digest = digest_of(part, own_key(state_.key_generation));
  if (!renew) {
    auto held = writer_.query("SELECT 1 FROM key_part WHERE part=? AND digest=?");
    if (held.bind(number, digest).step()) return;
  }
  const auto text = meta("keys_version");
  part.version = (text.empty() ? 0 : std::stoull(text)) + 1;
  set_meta("keys_version", std::to_string(part.version));
  writer_
      .query(
          "INSERT INTO key_part(part,version,signed_ms,digest) VALUES(?,?,?,?) ON CONFLICT(part) DO UPDATE SET "
          "version=excluded.version, signed_ms=excluded.signed_ms, digest=excluded.digest")
      .run(number, part.version, now.ms, digest);
  wire::Change change;
  change.kind = wire::ChangeKind::keys;
  change.keys = {number, sign(part)};
  append_change(kChainScope, "keys:" + std::to_string(number), wire::write(change));
}

}  // namespace tillside::hq
