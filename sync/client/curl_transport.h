// Exchanges with headquarters over libcurl.
//
// Plain http is taken only to a loopback host; anywhere else it must be https, with the certificate verified. One
// connection is kept alive and used again. libcurl is initialised at the first exchange, not before.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "sync/client/ports.h"

namespace tillside::sync {

// exchange() from one thread at a time; cancel() from any.
class CurlTransport final : public HqTransport {
 public:
  struct Options {
    std::string base_url;  // "https://hq.example.cn" or "http://127.0.0.1:8080"; no path
    std::string ca_file;   // PEM; empty: the system's
    std::string user_agent = "tillside";
    int connect_timeout_s = 5;
    int low_speed_bytes_s = 64;       // slower than this for low_speed_s: given up
    int low_speed_s = 30;             // a held poll is silent: its wait comes on top
    std::size_t max_body = 16 << 20;  // of an answer without on_piece
  };
  explicit CurlTransport(Options options);
  ~CurlTransport() override;

  // unavailable: no connection, timed out, cancelled, or cut off. refused: the address may not be used.
  // out_of_range: the answer is larger than max_body. Answers to range_from begin there for on_piece, also when the
  // server sent the whole; on_piece sees only successful answers, other bodies come back in Answer::body.
  Result<Answer> exchange(const Request& request) override;
  void cancel() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// localhost, 127.0.0.0/8 or [::1]: an address no one else can listen on.
bool is_loopback_host(std::string_view host);

// https, or http to localhost, 127.0.0.0/8 or [::1]; no user info, no path. Else refused, with the mend.
Status check_base_url(const std::string& url);

}  // namespace tillside::sync
