#include "tests/fakes/town.h"

#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <stdexcept>

namespace tillside::fakes {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

fs::path fresh_folder() {
  std::string name = (fs::temp_directory_path() / "tillside-town.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

json expect_ok(const std::optional<JsonAnswer>& answer, const std::string& path) {
  if (!answer) throw std::runtime_error("headquarters does not answer " + path);
  if (answer->status / 100 != 2) throw std::runtime_error(path + ": " + answer->body);
  return answer->json();
}

}  // namespace

void wait_until(const std::string& what, const std::function<bool()>& holds, int seconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("waited in vain for: " + what);
    (void)::poll(nullptr, 0, 3);
  }
}

int from_environment(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != 0 ? std::atoi(value) : otherwise;
}

std::uint64_t test_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("TILLSIDE_TEST_SEED");
    const std::uint64_t drawn = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
    std::cout << "TILLSIDE_TEST_SEED=" << drawn << '\n';
    return drawn;
  }();
  return seed;
}

fs::path program(const std::string& name) {
  if (const char* folder = std::getenv("TILLSIDE_BIN"); folder != nullptr && *folder != 0)
    return fs::path(folder) / name;
  return name == "tillside" ? TILLSIDE_PROGRAM : TILLSIDE_HQ_PROGRAM;
}

Town::Town() : folder_(fresh_folder()) {
  start_headquarters();
  add_store("0123");
}

Town::~Town() {
  headquarters_.reset();
  std::error_code error;
  if (std::getenv("TILLSIDE_KEEP") == nullptr) fs::remove_all(folder_, error);
}

void Town::start_headquarters() {
  fs::remove(folder_ / "hq.port");
  headquarters_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{program("tillside-hq"), "serve", "--data", folder_ / "hq", "--listen", "127.0.0.1:0",
                               "--port-file", folder_ / "hq.port", "--public-host", "t.example.cn"},
      folder_ / "hq.log");
  wait_until("headquarters to start\n" + content_of(folder_ / "hq.log"), [&] {
    if (!headquarters_->running()) throw std::runtime_error("headquarters ended: " + content_of(folder_ / "hq.log"));
    return !content_of(folder_ / "hq.port").empty();
  });
  port_ = static_cast<std::uint16_t>(std::stoi(content_of(folder_ / "hq.port")));
  token_ = content_of(folder_ / "hq" / "owner.token");
  for (Relay* line : lines_) line->set_target(port_);
}

void Town::kill_headquarters() { headquarters_->kill_now(); }

JsonClient Town::admin() { return JsonClient::at_port(port_, token_); }

json Town::get(const std::string& path) { return expect_ok(admin().get("/v1/admin/" + path), path); }

json Town::post(const std::string& path, const std::string& body, const std::string& type) {
  return expect_ok(admin().post("/v1/admin/" + path, body, false, type), path);
}

void Town::add_store(const std::string& store_id, const std::string& currency, const std::string& zone) {
  post("stores", json{{"store_id", store_id}, {"currency", currency}, {"zone", zone}}.dump());
}

void Town::add_campaigns(const json& campaigns) { post("campaigns", campaigns.dump()); }

std::unique_ptr<Till> Town::add_till(const std::string& name) { return std::make_unique<Till>(*this, name); }

std::string Town::last_words() const {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.path().extension() != ".log") continue;
    const std::string text = content_of(entry.path());
    all += "\n-- " + entry.path().filename().string() + "\n" + text.substr(text.size() - std::min(text.size(), 2000ul));
  }
  return all;
}

Till::Till(Town& town, std::string name)
    : town_(town), home_(town.folder_ / name), network_(std::make_unique<Relay>(town.port_)) {
  fs::create_directories(home_);
  town.lines_.push_back(network_.get());
}

void Till::start() {
  {
    std::ofstream settings(home_ / "agent.toml");
    settings << "[till]\nfolder = \"" << folder().string() << "\"\n";
    if (address_in_settings) settings << "[headquarters]\nurl = \"http://127.0.0.1:" << network_->port() << "\"\n";
    settings << "[api]\nport = 0\nsocket = \"" << socket().string() << "\"\n" << more_settings;
  }
  std::vector<std::string> words = started_under;
  for (const std::string& word :
       {program("tillside").string(), std::string("agent"), std::string("--config"), (home_ / "agent.toml").string()})
    words.push_back(word);
  process_ = std::make_unique<ChildProcess>(words, log());
  client_ = std::make_unique<JsonClient>(client());
  wait_until("the agent to answer", [&] {
    if (!process_->running()) throw std::runtime_error("the agent ended: " + town_.last_words());
    const auto answer = client_->get("/v1/status");
    return answer && answer->status == 200;
  });
}

void Till::kill_now() { process_->kill_now(); }
int Till::stop() { return process_->stop(); }

void Till::enroll(const std::string& store_id) {
  const std::string code = town_.post("tills/codes", json{{"store_id", store_id}}.dump())["code"];
  const json order{{"hq", "http://127.0.0.1:" + std::to_string(network_->port())}, {"code", code}};
  expect_ok(client_->post("/v1/enrolment", order.dump()), "enrolment");
}

json Till::status() {
  const auto answer = client_->get("/v1/status");
  if (!answer || answer->status != 200) throw std::runtime_error("the agent gives no status" + town_.last_words());
  return answer->json();
}

std::uint32_t Till::number() { return status()["till"]; }

void Till::wait_until_ready(std::size_t campaigns) {
  json last;
  try {
    wait_until("the till to be ready", [&] {
      last = status();
      return last["online"] == true && last["may_issue"] == true && last["campaigns"] >= campaigns &&
             last["quotas"].size() >= campaigns;
    });
  } catch (const std::exception& problem) {
    throw std::runtime_error(problem.what() + last.dump() + town_.last_words());
  }
}

void Till::wait_until_sent() {
  json last;
  try {
    wait_until(
        "the backlog to drain",
        [&] {
          last = status();
          return last["backlog"] == 0;
        },
        180);
  } catch (const std::exception& problem) {
    throw std::runtime_error(problem.what() + last.dump() + town_.last_words());
  }
}

std::unique_ptr<Till> open_shop(Town& town, const json& campaigns) {
  town.add_campaigns(campaigns);
  auto till = town.add_till("till");
  till->start();
  till->enroll();
  till->wait_until_ready(campaigns.size());
  return till;
}

namespace {

std::uint64_t of_kind(const json& held, const char* kind) {
  std::uint64_t count = 0;
  for (const json& epoch : held["epochs"]) count += epoch["events_by_kind"].value(kind, std::uint64_t{0});
  return count;
}

template <class Number>
Number sum(const json& held, const char* name) {
  Number total = 0;
  for (const json& epoch : held["epochs"]) total += epoch[name].get<Number>();
  return total;
}

std::string difference_of_epoch(const json& ours, const json& held) {
  for (const json& theirs : held["epochs"]) {
    if (theirs["epoch"] != ours["epoch"]) continue;
    const bool same = theirs["held_seq"] == ours["last_seq"] &&
                      (ours["last_seq"] == 0 || theirs["chain_hash"] == ours["chain"]) && theirs["holes"].empty() &&
                      theirs["fork_seq"].is_null() && theirs["parked"] == 0 && theirs["quarantined"] == 0;
    return same ? std::string() : "epoch differs: " + ours.dump() + " against " + theirs.dump() + "\n";
  }
  return ours["last_seq"] == 0 ? std::string() : "headquarters does not know epoch " + ours.dump() + "\n";
}

}  // namespace

std::string difference(Town& town, Till& till) {
  const json ours = till.status(), held = town.ledger_of(till), &ledger = ours["ledger"];
  std::string out;
  for (const json& epoch : ours["epochs"]) out += difference_of_epoch(epoch, held);
  const auto compare = [&](const char* what, std::int64_t here, std::int64_t there) {
    if (here != there)
      out += std::string(what) + ": " + std::to_string(here) + " against " + std::to_string(there) + "\n";
  };
  compare("checkouts", ledger["checkouts"], static_cast<std::int64_t>(of_kind(held, "checkout")));
  compare("reversals", ledger["reversals"], static_cast<std::int64_t>(of_kind(held, "reversal")));
  compare("conflicts", ledger["conflicts"], static_cast<std::int64_t>(of_kind(held, "conflict")));
  compare("coupons", ledger["coupons_issued"], sum<std::int64_t>(held, "coupons"));
  compare("net", ledger["net"], sum<std::int64_t>(held, "net"));
  compare("backlog", ours["backlog"], 0);
  return out;
}

void wait_until_equal(Town& town, Till& till) {
  till.wait_until_sent();
  std::string why;
  try {
    wait_until(
        "equal ledgers", [&] { return (why = difference(town, till)).empty(); }, 60);
  } catch (const std::exception& problem) {
    throw std::runtime_error(problem.what() + ("\n" + why) + town.last_words());
  }
}

}  // namespace tillside::fakes
