// A small town for end-to-end tests: one headquarters, the network, and tills of its stores, as real programs.
//
// Every wait is for a condition and ends with an exception that names it and shows the programs' last words.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/fakes/child_process.h"
#include "tests/fakes/json_client.h"
#include "tests/fakes/relay.h"

namespace tillside::fakes {

void wait_until(const std::string& what, const std::function<bool()>& holds, int seconds = 60);

// A number from the environment, for smaller rounds under sanitizers.
int from_environment(const char* name, int otherwise);
// The seed of this run, from TILLSIDE_TEST_SEED or drawn; printed.
std::uint64_t test_seed();

std::filesystem::path program(const std::string& name);  // tillside or tillside-hq

class Town;

// One agent and its folder. One thread at a time, but client() from any.
class Till {
 public:
  Till(Town& town, std::string name);

  void start();     // until its local API answers
  void kill_now();  // SIGKILL
  int stop();       // SIGTERM; the exit code
  bool running() { return process_ && process_->running(); }
  void enroll(const std::string& store_id = "0123");

  JsonClient client() const { return JsonClient::at_socket(socket()); }  // a connection of the caller's own
  nlohmann::json status();
  std::uint32_t number();                        // as headquarters counts tills
  void wait_until_ready(std::size_t campaigns);  // online, may issue, that many quotas lent
  void wait_until_sent();                        // nothing waits for headquarters

  std::filesystem::path folder() const { return home_ / "till"; }
  std::filesystem::path socket() const { return home_ / "agent.sock"; }
  std::filesystem::path log() const { return home_ / "agent.log"; }
  pid_t process_id() const { return process_->pid(); }
  Relay& network() { return *network_; }

  bool address_in_settings = true;         // false: headquarters is known from enrolment alone
  std::string more_settings;               // TOML, appended
  std::vector<std::string> started_under;  // words before the program's, e.g. prlimit

 private:
  Town& town_;
  const std::filesystem::path home_;
  std::unique_ptr<Relay> network_;  // its own line to headquarters
  std::unique_ptr<ChildProcess> process_;
  std::unique_ptr<JsonClient> client_;
};

class Town {
 public:
  Town();  // with headquarters running and store 0123
  ~Town();

  void start_headquarters();
  void kill_headquarters();  // SIGKILL
  void add_store(const std::string& store_id, const std::string& currency = "CNY",
                 const std::string& zone = "Asia/Shanghai");
  void add_campaigns(const nlohmann::json& campaigns);
  std::unique_ptr<Till> add_till(const std::string& name);  // not started

  nlohmann::json get(const std::string& path);  // below /v1/admin/
  nlohmann::json post(const std::string& path, const std::string& body, const std::string& type = "application/json");
  nlohmann::json ledger_of(Till& till) { return get("tills/" + std::to_string(till.number()) + "/ledger"); }

  const std::filesystem::path& folder() const { return folder_; }
  std::uint16_t headquarters_port() const { return port_; }
  std::string last_words() const;  // the ends of all logs

 private:
  friend class Till;
  JsonClient admin();

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::string token_;
  std::unique_ptr<ChildProcess> headquarters_;
  std::vector<Relay*> lines_;  // of the tills, told when headquarters moves to another port
};

// A new till, enrolled, online, and lent coupons of these campaigns, which the town gets with it.
std::unique_ptr<Till> open_shop(Town& town, const nlohmann::json& campaigns);

// Empty when headquarters holds exactly what the till holds; else what differs.
std::string difference(Town& town, Till& till);
void wait_until_equal(Town& town, Till& till);  // throws with the difference

}  // namespace tillside::fakes
