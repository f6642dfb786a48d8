// Events a second into headquarters, through HTTP and zstd with two senders, against its floor: the same rows inserted
// bare into the same schema in batches of 500, synchronous=FULL. Floor and measurement alternate; medians of each.
//
//   hq_ingest_bench [--events N] [--rounds N]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <thread>

#include "agent/platform/log.h"
#include "sync/client/curl_transport.h"
#include "sync/hq/hq_keys.h"
#include "sync/hq/hq_server.h"
#include "sync/hq/ledger.h"
#include "sync/hq/schema.h"
#include "sync/hq/sqlite_db.h"
#include "sync/wire/compress.h"
#include "sync/wire/signing.h"
#include "tests/contract/till_events.h"

namespace {

using namespace tillside;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 500;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("tillside-bench-" + to_hex(hq::random_bytes<8>()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::vector<std::string> events_of(const std::string& lane, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i <= count; ++i) {
    test::Sale sale{.sequence = static_cast<std::int64_t>(i), .net = static_cast<Minor>(1000 + i % 9000), .lane = lane};
    sale.guide = "E20" + std::to_string(30 + i % 6);
    sale.staff = static_cast<StaffNumber>(1 + i % 6);
    sale.identified = i % 2 == 0;
    sale.verdict = i % 3 == 0 ? VerdictStatus::member : VerdictStatus::unknown;
    if (i % 2 == 0) sale.coupon_serials = {static_cast<std::uint32_t>(i)};
    out.push_back(test::sale_event(sale));
  }
  return out;
}

// One event's rows, made before the clock starts.
struct Rows {
  std::string_view body;
  wire::ChainHash digest{};
  EventView view;
  std::string identity;
};

std::vector<Rows> rows_of(const std::vector<std::string>& events) {
  std::vector<Rows> out;
  EventReader reader;
  wire::ChainHash hash{};
  for (const auto& event : events) {
    hash = wire::chain(hash, event);
    auto view = *reader.read_padded(event);
    auto identity = identity_of(view, "0123");
    out.push_back({event, hash, std::move(view), std::move(identity)});
  }
  return out;
}

void insert(hq::Database& db, std::size_t seq, const wire::Epoch& epoch, const Rows& row) {
  const auto& view = row.view;
  db.query("INSERT INTO event(till,epoch,seq,digest,kind,parked,body,received_ms) VALUES(?,?,?,?,?,?,?,?)")
      .run(1, epoch, seq, row.digest, 0, nullptr, hq::Bytes{row.body}, 1);
  db.query(
        "INSERT INTO checkout(identity,store_id,business_date,net,currency,guide_id,staff,verdict,here,identified,"
        "sale,lines,at_ms,till,epoch,seq) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
      .run(row.identity, "0123", view.date.days, view.net, "CNY", view.guide_id, view.showing->staff,
           static_cast<int>(view.verdict), 0, view.ids.size(), 1, view.lines, view.at.ms, 1, epoch, seq);
  db.query(
        "INSERT INTO showing(till,ordinal,minute,store_id,business_date,staff,join_shown,verdict) "
        "VALUES(?,?,?,?,?,?,?,?)")
      .run(1, view.showing->ordinal, view.showing->minute, "0123", view.date.days, view.showing->staff, 0, 0);
  for (const auto& coupon : view.coupons)
    db.query("INSERT INTO coupon(key_id,serial,campaign,minute,staff,person,identity,epoch) VALUES(?,?,?,?,?,?,?,?)")
        .run(16, coupon.serial, coupon.campaign, coupon.minute, coupon.staff, coupon.person, row.identity, epoch);
}

// The rows the ledger makes of these events, ready-made, and nothing else: no reading, no checks, no HTTP.
double floor_rate(const std::vector<std::string>& events) {
  Folder folder;
  hq::Database db(folder.path / "floor.db", hq::Database::Mode::writer);
  if (!hq::migrate(db).ok()) std::abort();
  const auto rows = rows_of(events);
  wire::Epoch epoch{};
  epoch.fill(1);
  const auto start = Clock::now();
  for (std::size_t at = 0; at < rows.size(); at += kBatch) {
    hq::Transaction transaction(db);
    for (auto i = at; i < std::min(at + kBatch, rows.size()); ++i) insert(db, i + 1, epoch, rows[i]);
    transaction.commit();
  }
  return static_cast<double>(events.size()) / seconds_since(start);
}

struct Sender {
  TillNumber till = 0;
  std::string token;
  std::vector<std::string> bodies;  // compressed batches, made before the clock starts
};

Sender make_sender(hq::HqServer& server, std::uint8_t mark, const std::string& lane, std::size_t count) {
  Sender sender;
  hq::EnrolCode code{{}, "0123", {4'000'000'000'000}};
  code.code_hash.fill(mark);
  if (!server.ledger().add_code(code).ok()) std::abort();
  hq::Ledger::EnrolAttempt attempt;
  attempt.code_hash = code.code_hash;
  wire::Epoch epoch{};
  epoch.fill(mark);
  const auto begin = [&](TillNumber till, const hq::Store&, const hq::HqState& hq) {
    sender.till = till;
    hq::EpochRecord record;
    record.till = till;
    record.epoch = epoch;
    record.newest.counter = 1;
    sender.token = wire::write_token({till, epoch, 1, {4'000'000'000'000}, hq.incarnation},
                                     server.keys().signing(hq.key_generation).secret_key);
    return hq::Ledger::EnrolPlan{record, "{}"};
  };
  if (!server.ledger().enrol(attempt, begin).ok()) std::abort();
  const auto events = events_of(lane, count);
  wire::Compressor compressor(3);
  wire::ChainHash hash{};
  for (std::size_t at = 0; at < events.size(); at += kBatch) {
    const auto size = std::min(kBatch, events.size() - at);
    const std::vector<std::string_view> part(events.begin() + static_cast<std::ptrdiff_t>(at),
                                             events.begin() + static_cast<std::ptrdiff_t>(at + size));
    sender.bodies.push_back(
        compressor.compress(wire::write_batch({epoch, at + 1, static_cast<std::uint32_t>(size), hash, 1}, part)));
    for (const auto event : part) hash = wire::chain(hash, event);
  }
  return sender;
}

void send(const Sender& sender, std::uint16_t port) {
  sync::CurlTransport::Options options;
  options.base_url = "http://127.0.0.1:" + std::to_string(port);
  sync::CurlTransport transport(options);
  for (const auto& body : sender.bodies) {
    sync::HqTransport::Request request;
    request.method = "POST";
    request.path = "/v1/uplink";
    request.body = body;
    request.content_type = "application/x-ndjson";
    request.content_encoding = "zstd";
    request.bearer = sender.token;
    auto answer = transport.exchange(request);
    if (!answer || answer->status != 200) std::abort();
  }
}

double ingest_rate(std::size_t count) {
  Folder folder;
  hq::HqOptions options;
  options.data = folder.path;
  options.public_host = "t.example.cn";
  auto server = hq::HqServer::open(options);
  if (!server) std::abort();
  hq::Store store;
  store.store_id = "0123";
  store.name = "bench";
  if (!(*server)->ledger().add_store(store)) std::abort();
  const auto first = make_sender(**server, 1, "L1", count / 2), second = make_sender(**server, 2, "L2", count / 2);
  std::thread runner([&] { (*server)->run(); });
  const auto start = Clock::now();
  std::thread beside([&] { send(second, (*server)->port()); });
  send(first, (*server)->port());
  beside.join();
  const auto taken = seconds_since(start);
  const auto held = (*server)->ledger().counts().checkouts;
  (*server)->stop();
  runner.join();
  if (held != count) std::abort();
  return static_cast<double>(count) / taken;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::size_t option(int argc, char** argv, const char* name, std::size_t fallback) {
  for (int i = 1; i + 1 < argc; ++i)
    if (std::strcmp(argv[i], name) == 0) return std::stoul(argv[i + 1]);
  return fallback;
}

}  // namespace

int main(int argc, char** argv) {
  const auto count = option(argc, argv, "--events", 20000) / 2 * 2, rounds = option(argc, argv, "--rounds", 5);
  log::set_level("error");
  std::vector<double> floors, rates, ratios;
  for (std::size_t i = 0; i < rounds; ++i) {
    floors.push_back(floor_rate(events_of("L1", count)));
    rates.push_back(ingest_rate(count));
    ratios.push_back(rates.back() / floors.back());
  }
  std::printf("{\"hq_ingest_vs_bare_ledger\": %.3f, \"hq_ingest_events_s\": %.0f, \"floor_events_s\": %.0f}\n",
              median(ratios), median(rates), median(floors));
}
