// The transport to headquarters for an address: libcurl for https; plain sockets for http, which only reaches this
// machine. The second keeps libcurl and the thirty libraries behind it (8 MiB resident) out of a process that does not
// need them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sync/client/ports.h"

namespace tillside::sync {

struct TransportOptions {
  std::string base_url;  // "https://hq.example.cn" or "http://127.0.0.1:8080"; no path
  std::string ca_file;   // PEM; empty: the system's
  std::string user_agent = "tillside";
  int connect_timeout_s = 5;
  int low_speed_bytes_s = 64;       // slower than this for low_speed_s: given up
  int low_speed_s = 30;             // a call may be silent longer when its Request says so
  std::size_t max_body = 16 << 20;  // of an answer without on_piece
  // When the machine's clock cannot be trusted: the time certificates are judged at instead, at each connection.
  // A certificate that is not valid yet is let through, an ended one is not. nullopt or empty: the machine's clock.
  std::function<std::optional<Instant>()> certificates_at = {};
};

// Every transport: exchange() from one thread at a time, cancel() from any. The connection is kept alive and used
// again.
//   unavailable   no connection, timed out, cancelled, or cut off
//   refused       the address may not be used (check_base_url)
//   out_of_range  the answer is larger than max_body
//   on_piece's own error
// Redirects are not followed.
std::unique_ptr<HqTransport> make_transport(TransportOptions options);

// localhost, 127.0.0.0/8 or [::1]: an address no one else can listen on.
bool is_loopback_host(std::string_view host);

// https, or http to a loopback host; no user info, no path. Else refused, with the mend.
Status check_base_url(const std::string& url);

}  // namespace tillside::sync
