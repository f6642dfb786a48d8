#include "agent/status.h"

#include <nlohmann/json.hpp>

namespace tillside {
namespace {

using nlohmann::json;

json time_or_null(std::optional<Instant> at, const StoreZone& zone) {
  return at ? json(format_time(*at, zone)) : json();
}

// For each epoch: its newest sequence, its chain hash there, and what headquarters acknowledged.
json epochs(store::Session& session) {
  json all = json::array();
  auto rows = session.database().prepare(
      "SELECT no,hex(epoch),acked,forked_at,provisional,"
      "(SELECT max(id) FROM event WHERE id BETWEEN no*1099511627776 AND (no+1)*1099511627776-1) FROM epoch ORDER BY "
      "no");
  auto chain = session.database().prepare("SELECT lower(hex(chain)) FROM event WHERE id=?");
  while (rows.step()) {
    const std::int64_t last_id = rows.integer(5);
    std::string epoch(rows.text(1));
    for (char& c : epoch) c = static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c);
    json one = {{"epoch", epoch},
                {"last_seq", last_id == 0 ? 0 : last_id - store::event_id(rows.integer(0), 0)},
                {"acked_seq", rows.integer(2)},
                {"forked", rows.integer(3) != 0},
                {"provisional", rows.integer(4) != 0}};
    if (last_id != 0 && chain.with(last_id).step()) one["chain"] = std::string(chain.text(0));
    all.push_back(std::move(one));
  }
  return all;
}

json quotas(store::Session& session) {
  json all = json::array();
  auto rows = session.database().prepare(
      "SELECT campaign,lent,used,returned FROM quota WHERE epoch_no=(SELECT max(no) FROM epoch) ORDER BY campaign");
  while (rows.step()) {
    all.push_back({{"campaign", rows.integer(0)},
                   {"lent", rows.integer(1)},
                   {"used", rows.integer(2)},
                   {"left", rows.integer(1) - rows.integer(2) - rows.integer(3)}});
  }
  return all;
}

json ledger(store::Session& session) {
  const auto count = [&](const char* sql) { return session.database().integer(sql); };
  return {
      {"checkouts", count("SELECT count(*) FROM checkout WHERE state IN (1,6) AND instr(place,'!')=0")},
      {"net", count("SELECT coalesce(sum(max(net,0)),0) FROM checkout WHERE state IN (1,6) AND instr(place,'!')=0")},
      {"reversals", count("SELECT count(*) FROM checkout WHERE state IN (4,5) AND instr(place,'!')=0")},
      {"conflicts", count("SELECT count(*) FROM checkout WHERE instr(place,'!')>0")},
      {"coupons_issued", count("SELECT count(*) FROM coupon")},
      {"coupons_revoked", count("SELECT count(*) FROM coupon WHERE state=1")}};
}

json counts(const Desk& desk) {
  const Desk::Counts counts = desk.counts();
  return {{"advised", counts.advised},     {"completed", counts.completed}, {"duplicates", counts.duplicates},
          {"conflicts", counts.conflicts}, {"reversed", counts.reversed},   {"events", counts.events},
          {"refused", counts.refused}};
}

json clock(const TrustedTime& time, const StoreZone& zone) {
  return {{"trusted", time.trusted},
          {"state", name_of(time.state)},
          {"now", format_time(time.now, zone)},
          {"skew_ms", time.known ? json(time.skew_ms) : json()}};
}

json keys(const Shop& shop, Instant now) {
  const auto expires = shop.keys->expires();
  return {{"known", shop.keys->keys()},
          {"parts", shop.keys->parts()},
          {"expires", time_or_null(expires, shop.zone)},
          {"expired", !expires || *expires < now}};
}

json all_of(const StatusParts& parts, const Shop& shop, const store::StoreOutbox::Waiting& waiting) {
  const ReplicaFacts facts = parts.members->facts();
  json status = {{"version", TILLSIDE_VERSION},
                 {"enrolled", shop.enrolled},
                 {"may_issue", shop.may_issue},
                 {"store_id", shop.store_id},
                 {"store_name", shop.store_name},
                 {"till", shop.key.till},
                 {"key_generation", shop.key.generation},
                 {"zone", shop.zone.name()},
                 {"currency", std::string(shop.currency.text())},
                 {"clock", clock(parts.store->time().now(), shop.zone)},
                 {"keys", keys(shop, parts.store->time().now().now)},
                 {"online", parts.sync.online},
                 {"last_contact", time_or_null(parts.sync.last_contact, shop.zone)},
                 {"last_error", parts.sync.last_error},
                 {"recovering", parts.sync.recovering},
                 {"backlog", waiting.unsent},
                 {"forked", waiting.forked},
                 {"parked", waiting.parked},
                 {"uploaded_bytes", parts.sync.wire_bytes},
                 {"as_of", time_or_null(facts.as_of, shop.zone)},
                 {"members_as_of", time_or_null(facts.as_of, shop.zone)},
                 {"members_complete", facts.checkpoint_applied},
                 {"campaigns", shop.campaigns.size()},
                 {"staff", shop.roster.all().size()},
                 {"counts", counts(*parts.desk)},
                 {"set_aside", parts.set_aside},
                 {"refused_disk_full", parts.store->writer().refused_full()},
                 {"database_bytes", parts.store->database_bytes()},
                 {"wal_bytes", parts.store->wal_bytes()}};
  (void)parts.store->read([&](store::Session& session) {
    status["epochs"] = epochs(session);
    status["quotas"] = quotas(session);
    status["ledger"] = ledger(session);
  });
  return status;
}

std::vector<api::Metric> metrics(const StatusParts& parts, const store::StoreOutbox::Waiting& waiting) {
  const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
  const TrustedTime time = parts.store->time().now();
  return {{"online", "1 when headquarters answered last", false, parts.sync.online ? 1.0 : 0.0},
          {"clock_trusted", "0 when this till's clock cannot be trusted and nothing is issued", false,
           time.trusted ? 1.0 : 0.0},
          {"clock_skew_seconds", "the wall clock minus the time headquarters vouches for, at the least", false,
           static_cast<double>(time.skew_ms) / 1000},
          {"outbox_events", "events headquarters does not hold yet", false, number(waiting.unsent)},
          {"forked_events", "events of a fork that headquarters does not keep yet", false, number(waiting.forked)},
          {"uploaded_bytes_total", "compressed bytes sent in this run", true, number(parts.sync.wire_bytes)},
          {"sync_troubles_total", "exchanges that failed in this run", true, number(parts.sync.troubles)},
          {"database_bytes", "size of the till's database", false, number(parts.store->database_bytes())},
          {"wal_bytes", "size of its write-ahead log", false, number(parts.store->wal_bytes())},
          {"members_bytes", "size of the member replica", false, number(parts.members->bytes())},
          {"disk_full_refusals_total", "writes refused because the disk was full", true,
           number(parts.store->writer().refused_full())},
          {"key_documents_refused_total", "parts of the key directory that headquarters did not sign", true,
           number(parts.refused_keys)},
          {"files_set_aside", "damaged files set aside at this start", false, number(parts.set_aside)}};
}

void explain(api::StatusReport& report, const Shop& shop, const StatusParts& parts) {
  report.ready = shop.enrolled && parts.store->writer().refused_full() == 0;
  if (report.ready) return;
  if (!shop.enrolled) {
    report.zh = "还没有注册到总部：单据照常记录，请用 tillside enroll 注册";
    report.en = "not enrolled: checkouts are recorded all the same; enrol with tillside enroll";
  } else {
    report.zh = "磁盘满过：有单据没能记下，请清理磁盘";
    report.en = "the disk was full: some documents could not be remembered; make room";
  }
}

}  // namespace

api::StatusReport report(const StatusParts& parts) {
  const auto shop = parts.shop->current();
  const auto waiting = parts.outbox->waiting();
  api::StatusReport report;
  explain(report, *shop, parts);
  report.forked = waiting.forked;
  report.metrics = metrics(parts, waiting);
  return report;
}

std::string describe(const StatusParts& parts) {
  return all_of(parts, *parts.shop->current(), parts.outbox->waiting()).dump();
}

std::string status_line(const StatusParts& parts) {
  const auto shop = parts.shop->current();
  const json line = {{"online", parts.sync.online},
                     {"backlog", parts.outbox->waiting().unsent},
                     {"as_of", time_or_null(parts.members->facts().as_of, shop->zone)}};
  const std::string text = line.dump();
  return "," + text.substr(1, text.size() - 2);
}

}  // namespace tillside
