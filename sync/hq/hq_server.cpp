#include "sync/hq/hq_server.h"

#include <sys/stat.h>

#include "agent/platform/log.h"
#include "sync/hq/admin_api.h"
#include "sync/hq/key_publisher.h"
#include "sync/hq/metrics.h"
#include "sync/hq/owner_token.h"
#include "sync/hq/public_host.h"
#include "sync/hq/sqlite_ledger.h"
#include "sync/hq/system_clock.h"
#include "sync/hq/till_api.h"

namespace tillside::hq {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWorkers = 6, kMostWaitingCalls = 2048, kMostWaitingBatches = 256;
constexpr std::size_t kBodyLimit = 9 << 20;  // an uncompressed batch and its head

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

http::ServerOptions server_options() {
  http::ServerOptions options;
  options.body_limit = kBodyLimit;
  options.max_connections = 4096;
  options.request_timeout = std::chrono::seconds(60);
  options.threads = 2;
  options.common_headers = {{"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-store"}};
  options.on_fault = [](std::string_view what) { log::error("http", "fault", {{"what", std::string(what)}}); };
  return options;
}

Error cannot_use(const fs::path& data, const std::string& why) {
  return {ErrorCode::storage_failed, "data", data.string() + ": " + why};
}

// The one given, or the one kept from before.
Status settle_public_host(Ledger& ledger, const std::string& given) {
  const auto host = given.empty() ? ledger.state().public_host : given;
  if (auto status = check_public_host(host); !status.ok()) return status;
  return ledger.set_public_host(host);
}

// Tills know only keys that hq.key has lost: they are taken back as by a restored headquarters, and take its new key
// then.
Status begin_run(Ledger& ledger, HqKeys& keys, const HqOptions& options, const Clock& clock) {
  const auto key_of = [keys](std::uint8_t generation) { return keys.signing(generation).public_key; };
  auto begun = ledger.begin_run({key_of, keys.newest()}, clock.now());
  if (begun.ok() || begun.error().code != ErrorCode::conflict || !options.key_is_lost) return begun;
  log::warn("keys", "the newest key of headquarters is lost: going on with a new one");
  if (auto added = keys.add(static_cast<std::uint8_t>(ledger.state().key_generation + 1)); !added.ok()) return added;
  return ledger.found_restored(random_bytes<16>());
}

}  // namespace

struct HqServer::Parts {
  Parts(HqKeys keys_in, std::unique_ptr<SqliteLedger> ledger_in, std::string token, const HqOptions& options)
      : keys(std::move(keys_in)),
        ledger(std::move(ledger_in)),
        owner(std::move(token)),
        clock(options.clock != nullptr ? *options.clock : own_clock),
        workers(kWorkers, kMostWaitingCalls),
        ingest(*ledger, kMostWaitingBatches),
        downlink(*ledger, keys, clock, workers),
        enrolment(*ledger, keys, clock),
        contacts(*ledger, keys, clock),
        publisher(*ledger, keys, clock, workers),
        issuing(*ledger, keys, clock, workers),
        tills({*ledger, keys, clock, workers, ingest, downlink, enrolment, contacts, options.data / "snapshots"}),
        admin({*ledger, keys, clock, workers, enrolment, publisher, issuing, owner, options.data / "work",
               options.data / "snapshots"}),
        server(server_options(), [this](const http::Request& request, http::Responder responder) {
          handle(request, std::move(responder));
        }) {
    ledger->on_change([this](const std::vector<std::string>& scopes) { downlink.changed(scopes); });
    server.every(std::chrono::seconds(1), [this] {
      downlink.tick();
      publisher.tick();
      issuing.tick();
    });
  }

  void handle(const http::Request& request, http::Responder responder) {
    const auto call = std::make_shared<Call>(Call{request, std::move(responder)});
    if (tills.handle(call) || admin.handle(call)) return;
    if (request.path == "/health") return health(*call);
    if (request.path == "/metrics") return metrics(call);
    call->refuse({ErrorCode::not_found, "path", "no such call"});
  }

  void health(Call& call) { call.send(answer({{"status", "ok"}, {"recovering", ledger->still_recovering()}})); }

  void metrics(const CallPtr& call) {
    const bool taken = workers.post([this, call] {
      try {
        auto response = http::text_response(metrics_text(
            ledger->counts(), server.stats(), {ingest.waiting(), downlink.held(), ledger->still_recovering()}));
        response.content_type = "text/plain; version=0.0.4";
        call->send(std::move(response));
      } catch (const std::exception&) {
        call->send(busy(call->request, "the ledger is busy"));
      }
    });
    if (!taken) call->send(busy(call->request, "too many calls wait"));
  }

  HqKeys keys;
  std::unique_ptr<SqliteLedger> ledger;
  std::string owner;
  SystemClock own_clock;
  const Clock& clock;
  Workers workers;
  IngestQueue ingest;
  Downlink downlink;
  Enrolment enrolment;
  Contacts contacts;
  KeyPublisher publisher;
  IssuingDesk issuing;
  TillApi tills;
  AdminApi admin;
  http::Server server;
  std::uint16_t port = 0;
};

HqServer::HqServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HqServer::~HqServer() {
  parts_->downlink.stop();
  parts_->workers.stop();
  parts_->ingest.stop();
}

Result<std::unique_ptr<HqServer>> HqServer::open(const HqOptions& options) {
  if (!options.behind_tls_proxy && !is_loopback(options.address))
    return Error{ErrorCode::refused, "listen", "beyond loopback only with --behind-tls-proxy"};
  std::error_code error;
  fs::create_directories(options.data, error);
  if (error) return cannot_use(options.data, error.message());
  ::chmod(options.data.c_str(), 0700);
  auto keys = HqKeys::open(options.data / "hq.key");
  if (!keys) return keys.error();
  auto ledger = SqliteLedger::open(options.data / "hq.db", random_bytes<16>());
  if (!ledger) return ledger.error();
  auto token = hq::owner_token(options.data);
  if (!token) return token.error();
  const SystemClock machine;
  if (auto status = begin_run(**ledger, *keys, options, options.clock != nullptr ? *options.clock : machine);
      !status.ok())
    return status.error();
  if (auto status = settle_public_host(**ledger, options.public_host); !status.ok()) return status.error();
  if (auto status = publish_unfinished(**ledger, options.data / "snapshots"); !status.ok()) return status.error();
  try {
    auto parts = std::make_unique<Parts>(std::move(*keys), std::move(*ledger), std::move(*token), options);
    (void)parts->publisher.publish();  // what failed is told, and tried again while it runs
    parts->port = parts->server.listen_tcp(options.address, options.port);
    return std::unique_ptr<HqServer>(new HqServer(std::move(parts)));
  } catch (const std::runtime_error& failure) {
    return Error{ErrorCode::unavailable, "listen", failure.what()};
  }
}

std::uint16_t HqServer::port() const { return parts_->port; }
const std::string& HqServer::owner_token() const { return parts_->owner; }
Ledger& HqServer::ledger() { return *parts_->ledger; }
const HqKeys& HqServer::keys() const { return parts_->keys; }
void HqServer::run() { parts_->server.run(); }
void HqServer::stop() {
  parts_->downlink.stop();
  parts_->server.stop();
}

}  // namespace tillside::hq
