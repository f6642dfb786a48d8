// A real agent in a folder of its own, to be stopped, frozen and killed; and a POS that speaks to it through the
// library.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "pos_adapter/plugin/tillside_pos.h"
#include "tests/fakes/child_process.h"

namespace tillside::pos_test {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define TILLSIDE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define TILLSIDE_SANITIZED 1
#endif
#endif
#if defined(TILLSIDE_SANITIZED)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// What a busy machine adds before a thread that is due runs again. Tests hold deadlines loosely; tests/bench measures
// them.
inline constexpr double kSlackMs = kSanitized ? 1000 : 250;

using nlohmann::json;
using Clock = std::chrono::steady_clock;

// Fails the test and returns false when it does not come true.
bool eventually(const std::string& what, const std::function<bool()>& holds, int seconds = 20);

// Removed with all that is in it.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class AgentUnderTest {
 public:
  AgentUnderTest();   // not started
  ~AgentUnderTest();  // killed
  AgentUnderTest(const AgentUnderTest&) = delete;
  AgentUnderTest& operator=(const AgentUnderTest&) = delete;

  void start();  // until it listens
  bool running() { return process_ && process_->running(); }
  void kill_now();            // SIGKILL
  void freeze();              // SIGSTOP, until it stands still
  void thaw();                // SIGCONT
  std::uint64_t checkouts();  // how many it remembers

  std::string socket() const { return folder_ / "agent.sock"; }
  std::string token_file() const { return folder_ / "till/api-token"; }
  std::string spool() const { return folder_ / "spool"; }
  std::uint32_t port() const;
  const TempFolder& folder() const { return folder_; }

 private:
  TempFolder folder_;
  std::unique_ptr<fakes::ChildProcess> process_;
};

struct Said {
  int outcome = TILLSIDE_POS_MISUSE;
  int why = 0;
  int http_status = 0;
  bool duplicate = false;
  std::string text;
  double ms = 0;  // by the caller's clock
  json document() const { return json::parse(text, nullptr, false); }
};

enum class Door { socket, tcp };

// One open handle, closed at the end.
class Pos {
 public:
  explicit Pos(const AgentUnderTest& agent, Door door = Door::socket);
  Pos(const std::string& socket, const std::string& spool, std::uint32_t spool_documents = 0);
  explicit Pos(const tillside_pos_options& options);
  ~Pos();
  Pos(const Pos&) = delete;
  Pos& operator=(const Pos&) = delete;

  using Call = int32_t (*)(tillside_pos_handle, const char*, size_t, uint32_t, tillside_pos_answer*);
  Said call(Call function, const std::string& document, std::uint32_t deadline_ms = 0) const;

  Said advise(const json& document, std::uint32_t ms = 0) const {
    return call(tillside_pos_advise, document.dump(), ms);
  }
  Said complete(const json& document, std::uint32_t ms = 0) const {
    return call(tillside_pos_complete, document.dump(), ms);
  }
  tillside_pos_state state() const;
  int close(std::uint32_t ms = 5000);
  tillside_pos_handle handle() const { return handle_; }

 private:
  void open(const tillside_pos_options& options);
  tillside_pos_handle handle_ = 0;
};

// Both outlive what it gives.
tillside_pos_options options_for(const char* socket, const char* spool);

// Number `sequence` of lane `lane`: a sale of 123.45 yuan that happened now.
json sale(std::int64_t sequence, const std::string& lane = "L1", const std::string& state = "completed");
// The return of all of it.
json whole_return(std::int64_t sequence, const json& of);

}  // namespace tillside::pos_test
