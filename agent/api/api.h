// The local API: HTTP and WebSocket for the POS and the screens beside it, on loopback TCP and a UNIX socket.
//
// docs/local-api.md shows every call; /openapi.json describes them to programs. TCP callers carry the bearer token of
// <folder>/api-token or the cookie of a page that was opened by a one-time link; a peer on the UNIX socket is trusted
// by its user. Host and Origin are checked before anything else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/desk/desk.h"
#include "agent/desk/happenings.h"
#include "agent/desk/shop.h"
#include "agent/domain/clock.h"
#include "agent/domain/result.h"

namespace tillside::api {

// One number for Prometheus. `name` without the "tillside_" prefix, e.g. "outbox_events"; counters end in "_total".
struct Metric {
  std::string name;
  std::string help;  // English, one line
  bool counter = false;
  double value = 0;
};

// What the agent knows of itself, asked for at each GET /health and /metrics.
struct StatusReport {
  bool ready = false;                // false: degraded; the sale goes on either way
  std::string zh, en;                // when degraded one sentence each: what, why, the mend. No identifiers
  std::string json = "{}";           // the answer of /v1/status where ApiParts::describe is not offered
  std::vector<Metric> metrics = {};  // beside the desk's and the server's own
  std::uint64_t forked = 0;          // events of a fork that headquarters does not keep yet
};
// Called on an io thread: quick, without waiting for disk or network.
using StatusSource = std::function<StatusReport()>;

struct ApiParts {  // all outlive the API
  Desk* desk = nullptr;
  const ShopWindow* shop = nullptr;
  const Clock* clock = nullptr;
  Happenings* happenings = nullptr;
  StatusSource status;
  // The answer of /v1/status, one JSON object, counted aside and replied when it is there. Must not block.
  std::function<void(const ReplyTo& reply)> describe = {};
  // POST /v1/enrolment: joins headquarters at this address ("" for the configured one) with a one-time code. Must not
  // block; {"till","store_id","store_name"} or the error. Empty: the call is not offered.
  std::function<void(const std::string& hq_url, const std::string& code, const ReplyTo& reply)> enrol = {};
};

// How receipts are printed where a call does not say.
struct ReceiptSettings {
  std::string shop;        // the line at the head of a block: the chain's or shop's name; empty: the store's
  bool barcode = false;    // the typed code also as Code 128: the shop's scanners are lasers
  bool native_qr = false;  // the printer's own QR commands
  bool western = false;    // the printer has no Chinese letters: English alone
};

struct ApiOptions {
  std::filesystem::path folder;              // private; holds api-token and api-sessions, made when missing
  std::uint16_t tcp_port = 7979;             // on 127.0.0.1; 0 takes a free one
  std::filesystem::path unix_socket;         // empty: none. Mode 0666: the peer's user decides
  std::vector<std::string> hosts;            // Host names allowed beside the loopback's
  std::vector<std::string> origins;          // of browser POS pages: "https://pos.example:8443"
  std::vector<std::uint32_t> trusted_users;  // user ids trusted on the UNIX socket beside our own and root
  ReceiptSettings receipt;
  unsigned threads = 1;                            // io threads
  std::function<void(std::string_view)> on_fault;  // what went wrong outside any request; never request content
};

class LocalApi {
 public:
  // Reads or makes the token, binds both doors. An address in use is unavailable, a file that cannot be kept is
  // storage_failed; the detail says which.
  static Result<std::unique_ptr<LocalApi>> open(ApiParts parts, ApiOptions options);
  ~LocalApi();  // after run() has returned, or without run()

  std::uint16_t tcp_port() const;
  std::filesystem::path token_file() const;

  // A page's one-time address, valid for 60 seconds: "http://127.0.0.1:7979/open/<code>?to=/cashier". Any thread.
  // unknown_value when `page` is not one of our pages.
  Result<std::string> make_link(std::string_view page);

  void run();   // serves until stop(); once
  void stop();  // any thread, also before run() and repeatedly; run() returns soon after

 private:
  struct Inside;
  explicit LocalApi(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace tillside::api
