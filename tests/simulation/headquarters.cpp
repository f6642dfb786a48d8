#include "tests/simulation/headquarters.h"

#include <sqlite3.h>

#include <optional>
#include <stdexcept>

#include "sync/hq/admin_api.h"
#include "sync/hq/key_publisher.h"

namespace tillside::simulation {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOwner = "owner-of-the-simulation";

class AwaitedAnswer final : public http::detail::Exchange {
 public:
  void answer(http::Response&& response) override { answer_ = std::move(response); }
  void upgrade(std::shared_ptr<http::WsListener>, const http::WsOptions&) override {}
  void abandon() noexcept override { answer_ = http::text_response("abandoned", 500); }
  void watch(std::function<void()>) override {}
  void expect_soon() override {}
  bool alive() const noexcept override { return true; }
  http::Response taken() { return std::move(answer_).value(); }

 private:
  std::optional<http::Response> answer_;
};

struct OpenFile {
  explicit OpenFile(const fs::path& file) {
    if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
      throw std::runtime_error("cannot open " + file.string());
    sqlite3_busy_timeout(db, 5000);
  }
  ~OpenFile() { sqlite3_close(db); }
  sqlite3* db = nullptr;
};

std::string contents(const http::FileBody& body, std::optional<std::uint64_t> from) {
  std::string text(fs::file_size(body.path), '\0');
  std::FILE* file = std::fopen(body.path.c_str(), "rb");
  const auto got = std::fread(text.data(), 1, text.size(), file);
  std::fclose(file);
  text.resize(got);
  return from ? text.substr(std::min<std::size_t>(*from, text.size())) : text;
}

}  // namespace

struct Headquarters::Rooms {
  Rooms(hq::SqliteLedger& ledger, hq::HqKeys& keys, const TrueTime& time, const fs::path& folder)
      : workers(0, 64),
        ingest(ledger, 64, true),
        downlink(ledger, keys, time, workers),
        enrolment(ledger, keys, time),
        contacts(ledger, keys, time),
        publisher(ledger, keys, time, workers),
        issuing(ledger, keys, time, workers),
        tills({ledger, keys, time, workers, ingest, downlink, enrolment, contacts, folder / "snapshots"}),
        admin({ledger, keys, time, workers, enrolment, publisher, issuing, kOwner, folder / "work",
               folder / "snapshots"}) {}
  hq::Workers workers;
  hq::IngestQueue ingest;
  hq::Downlink downlink;
  hq::Enrolment enrolment;
  hq::Contacts contacts;
  hq::KeyPublisher publisher;
  hq::IssuingDesk issuing;
  hq::TillApi tills;
  hq::AdminApi admin;
};

Headquarters::Headquarters(fs::path folder, const TrueTime& time, Disk& disk)
    : folder_(std::move(folder)), time_(time), disk_(disk), machine_(disk.machine_of(folder_)), luck_(1) {
  fs::create_directories(folder_ / "snapshots");
  fs::create_directories(folder_ / "work");
  auto keys = hq::HqKeys::open(folder_ / "hq.key");
  if (!keys) throw std::runtime_error("hq.key: " + keys.error().detail);
  keys_ = std::make_unique<hq::HqKeys>(std::move(*keys));
  open();
}

Headquarters::~Headquarters() = default;

void Headquarters::open() {
  auto ledger = hq::SqliteLedger::open(folder_ / "ledger.db", hq::random_bytes<16>());
  if (!ledger) throw std::runtime_error("ledger: " + ledger.error().detail);
  ledger_ = std::move(*ledger);
  (void)ledger_->begin_run(
      {[this](std::uint8_t generation) { return keys_->signing(generation).public_key; }, keys_->newest()},
      time_.now());
  rooms_ = std::make_unique<Rooms>(*ledger_, *keys_, time_, folder_);
  (void)rooms_->publisher.publish();
}

void Headquarters::crash() {
  machine_.power = false;
  rooms_.reset();
  ledger_.reset();
  (void)disk_.power_is_back(folder_, [this] { return luck_.chance(500); });
  open();
}

// True: it had lost its power, and is up again.
bool Headquarters::come_back() {
  if (machine_.power) return false;
  ++power_losses_;
  crash();
  return true;
}

void Headquarters::back_up() {
  lose_power_after(0);
  rooms_.reset();
  ledger_.reset();
  disk_.copy_file(folder_ / "ledger.db", folder_ / "backup.db");
  open();
}

bool Headquarters::restore_backup() {
  if (!fs::exists(folder_ / "backup.db")) return false;
  lose_power_after(0);
  rooms_.reset();
  ledger_.reset();
  disk_.remove_file(folder_ / "ledger.db-wal");
  disk_.copy_file(folder_ / "backup.db", folder_ / "ledger.db");
  open();
  return true;
}

void Headquarters::now_and_then() {
  rooms_->publisher.tick();
  (void)come_back();
}

std::string Headquarters::make_code(const std::string& store_id) {
  auto code = rooms_->enrolment.make_code(store_id, 24);
  if (!code) throw std::runtime_error("code: " + code.error().detail);
  return code->code;
}

sync::HqTransport::Answer Headquarters::exchange(const sync::HqTransport::Request& asked) {
  const std::string body = asked.body + std::string(http::kBodyPadding, '\0');
  const std::string authorization = "Bearer " + asked.bearer;
  auto call = std::make_shared<hq::Call>();
  http::Request& request = call->request;
  request.method = asked.method == "POST" ? http::Method::kPost : http::Method::kGet;
  request.method_text = asked.method;
  request.target = asked.path;
  request.path = request.target.substr(0, request.target.find('?'));
  if (request.path.size() < request.target.size()) request.query = request.target.substr(request.path.size() + 1);
  request.body = std::string_view(body).substr(0, asked.body.size());
  if (!asked.content_type.empty()) request.headers.push_back({"Content-Type", asked.content_type});
  if (!asked.content_encoding.empty()) request.headers.push_back({"Content-Encoding", asked.content_encoding});
  if (!asked.bearer.empty()) request.headers.push_back({"Authorization", authorization});
  auto awaited = std::make_shared<AwaitedAnswer>();
  call->responder = http::Responder(awaited);
  if (!rooms_->tills.handle(call) && !rooms_->admin.handle(call)) return {404, "", std::nullopt};
  call.reset();
  auto response = awaited->taken();
  if (come_back()) return {503, "", std::nullopt};
  sync::HqTransport::Answer answer{static_cast<int>(response.status), std::move(response.body), std::nullopt};
  if (response.shared_body) answer.body = *response.shared_body;
  if (response.file) answer.body = contents(*response.file, asked.range_from);
  if (asked.on_piece && answer.status < 300) {
    (void)asked.on_piece(answer.body);
    answer.body.clear();
  }
  return answer;
}

std::string Headquarters::admin(const std::string& path, const std::string& body) {
  sync::HqTransport::Request request;
  request.method = "POST";
  request.path = "/v1/admin/" + path;
  request.body = body;
  request.content_type = "application/json";
  request.bearer = kOwner;
  auto answer = exchange(request);
  return answer.status < 300 ? std::move(answer.body) : std::string();
}

std::set<std::string> Headquarters::column(const std::string& sql) const {
  std::set<std::string> column;
  each(sql, [&](const auto& row) { column.emplace_hint(column.end(), row[0]); });
  return column;
}

std::vector<std::vector<std::string>> Headquarters::rows(const std::string& sql) const {
  std::vector<std::vector<std::string>> rows;
  each(sql, [&](const auto& row) { rows.emplace_back(row.begin(), row.end()); });
  return rows;
}

void Headquarters::each(const std::string& sql, const Row& row) const {
  OpenFile file(folder_ / "ledger.db");
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(file.db, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(file.db));
  std::vector<std::string_view> columns(static_cast<std::size_t>(sqlite3_column_count(statement)));
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(statement); ++i)
      columns[static_cast<std::size_t>(i)] = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
    row(columns);
  }
  sqlite3_finalize(statement);
}

void Headquarters::change(const std::string& sql) const {
  OpenFile file(folder_ / "ledger.db");
  if (sqlite3_exec(file.db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(file.db));
}

}  // namespace tillside::simulation
