#include "tests/pos_adapter/plugin/agent_under_test.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <random>

#include "tests/fakes/json_client.h"
#include "tests/fakes/town.h"

namespace tillside::pos_test {
namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string now_text(const char* format) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, format, &parts)};
}

}  // namespace

bool eventually(const std::string& what, const std::function<bool()>& holds, int seconds) {
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  while (!holds()) {
    if (Clock::now() > end) {
      ADD_FAILURE() << "never came true: " << what;
      return false;
    }
    (void)::poll(nullptr, 0, 2);
  }
  return true;
}

TempFolder::TempFolder() {
  std::random_device random;
  path_ = fs::temp_directory_path() / ("tillside-pos-" + std::to_string(::getpid()) + "-" + std::to_string(random()));
  fs::create_directories(path_);
}

TempFolder::~TempFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

AgentUnderTest::AgentUnderTest() {
  std::ofstream(folder_ / "agent.toml") << "[till]\nfolder = \"" << (folder_ / "till").string()
                                        << "\"\n[api]\nport = 0\nport_file = \"" << (folder_ / "port").string()
                                        << "\"\nsocket = \"" << socket() << "\"\n";
}

AgentUnderTest::~AgentUnderTest() = default;

void AgentUnderTest::start() {
  fs::remove(folder_ / "port");
  process_ = std::make_unique<fakes::ChildProcess>(
      std::vector<std::string>{fakes::program("tillside"), "agent", "--config", folder_ / "agent.toml"},
      folder_ / "agent.log");
  eventually("the agent listens", [&] {
    const auto answer = fakes::JsonClient::at_socket(socket()).get("/v1/status");
    return answer && answer->status == 200;
  });
}

void AgentUnderTest::kill_now() { process_->kill_now(); }

void AgentUnderTest::freeze() {
  ::kill(process_->pid(), SIGSTOP);
  int how = 0;
  ::waitpid(process_->pid(), &how, WUNTRACED);
}

void AgentUnderTest::thaw() { ::kill(process_->pid(), SIGCONT); }

std::uint64_t AgentUnderTest::checkouts() {
  const auto answer = fakes::JsonClient::at_socket(socket()).get("/v1/status");
  return answer && answer->status == 200 ? answer->json()["ledger"]["checkouts"].get<std::uint64_t>() : 0;
}

std::uint32_t AgentUnderTest::port() const {
  return static_cast<std::uint32_t>(std::stoul(content_of(folder_ / "port")));
}

tillside_pos_options options_for(const char* socket, const char* spool) {
  tillside_pos_options options = {};
  options.abi_version = TILLSIDE_POS_ABI_VERSION;
  options.struct_size = sizeof options;
  options.socket_path = socket;
  options.spool_folder = spool;
  options.language = 1;
  return options;
}

Pos::Pos(const AgentUnderTest& agent, Door door) {
  const std::string socket = door == Door::socket ? agent.socket() : "", spool = agent.spool(),
                    token = agent.token_file();
  tillside_pos_options options = options_for(socket.c_str(), spool.c_str());
  if (door == Door::tcp) {
    options.token_file = token.c_str();
    options.tcp_port = agent.port();
  }
  open(options);
}

Pos::Pos(const std::string& socket, const std::string& spool, std::uint32_t spool_documents) {
  tillside_pos_options options = options_for(socket.c_str(), spool.c_str());
  options.spool_documents = spool_documents;
  open(options);
}

Pos::Pos(const tillside_pos_options& options) { open(options); }

Pos::~Pos() {
  if (handle_ != 0) close();
}

void Pos::open(const tillside_pos_options& options) {
  int32_t why = -1;
  EXPECT_EQ(tillside_pos_open(&options, &handle_, &why), TILLSIDE_POS_ANSWERED) << tillside_pos_why_text(why);
}

int Pos::close(std::uint32_t ms) {
  const int outcome = tillside_pos_close(handle_, ms);
  handle_ = 0;
  return outcome;
}

Said Pos::call(Call function, const std::string& document, std::uint32_t deadline_ms) const {
  std::string buffer(TILLSIDE_POS_ANSWER_USUAL, '\0');
  tillside_pos_answer answer = {};
  answer.abi_version = TILLSIDE_POS_ABI_VERSION;
  answer.struct_size = sizeof answer;
  answer.json = buffer.data();
  answer.capacity = buffer.size();
  const auto began = Clock::now();
  Said said;
  said.outcome = function(handle_, document.data(), document.size(), deadline_ms, &answer);
  said.ms = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
  EXPECT_EQ(said.outcome, answer.outcome);
  EXPECT_EQ(answer.too_small, 0);
  said.why = answer.why;
  said.http_status = answer.http_status;
  said.duplicate = answer.duplicate == 1;
  said.text.assign(buffer, 0, answer.json_size);
  return said;
}

tillside_pos_state Pos::state() const {
  tillside_pos_state state = {};
  state.abi_version = TILLSIDE_POS_ABI_VERSION;
  state.struct_size = sizeof state;
  EXPECT_EQ(tillside_pos_get_state(handle_, &state), TILLSIDE_POS_ANSWERED);
  return state;
}

json sale(std::int64_t sequence, const std::string& lane, const std::string& state) {
  return {{"checkout_id", lane + "-" + std::to_string(sequence)},
          {"state", state},
          {"store_id", "0123"},
          {"lane_id", lane},
          {"business_date", now_text("%Y-%m-%d")},
          {"sequence", sequence},
          {"occurred_at", now_text("%Y-%m-%dT%H:%M:%SZ")},
          {"operator_id", "E1007"},
          {"currency", "CNY"},
          {"lines",
           {{{"line_no", 1},
             {"sku", "6901234567892"},
             {"name", "榴莲"},
             {"kind", "sale"},
             {"quantity", "1"},
             {"unit_price", 12345},
             {"amount", 12345}}}},
          {"totals", {{"gross", 12345}, {"discount", 0}, {"tax", 0}, {"net", 12345}}},
          {"tenders", state == "completed" ? json{{{"type", "wechat"}, {"amount", 12345}}} : json::array()},
          {"source", {{"adapter", "c_abi"}, {"pos", "test 1"}, {"confidence", "exact"}}}};
}

json whole_return(std::int64_t sequence, const json& of) {
  json back = sale(sequence, of["lane_id"], "returned");
  back["original"] = {{"checkout_id", of["checkout_id"]}};
  json& line = back["lines"][0];
  line["kind"] = "returned";
  line["quantity"] = "-1";
  line["amount"] = -12345;
  back["totals"] = {{"gross", -12345}, {"discount", 0}, {"tax", 0}, {"net", -12345}};
  return back;
}

}  // namespace tillside::pos_test
