#pragma once
// Reads HTTP/1.x requests out of one flat buffer per connection, without any socket. Strict: what two parsers could
// read differently is refused (RFC 9112 section 11.2, request smuggling).
//
// One thread. The views of request() point into the buffer and stay put from kReady until finish().

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sync/http/message.h"

namespace tillside::http {

struct ReaderLimits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t header_count = 100;
  std::size_t body_bytes = 1024 * 1024;
};

// Why a request was refused before any handler saw it. The texts are literals.
struct Refusal {
  unsigned status = 400;
  std::string_view code;
  std::string_view title_zh;
  std::string_view title_en;
};

class RequestReader {
 public:
  enum class Progress { kNeedMore, kReady, kRefused };

  RequestReader(const ReaderLimits& limits, const Peer* peer);
  ~RequestReader();

  // Where the next bytes may be put. Before kReady never empty; the buffer may move. Between kReady and finish()
  // the buffer stays and the room, apart from the request and its padding, may be empty.
  std::span<char> room();
  void received(std::size_t bytes);  // that many were put at the start of room()

  // Parses on. After kRefused the reader is of no further use.
  Progress advance();

  const Request& request() const;
  const Refusal& refusal() const;
  bool keep_alive() const;  // of the request at hand: what its version and Connection header ask for
  bool is_http10() const;

  // True once for a request whose headers ask "Expect: 100-continue" while its body has not begun to arrive.
  bool take_continue();

  // Some bytes of a request that is not complete yet are here.
  bool in_progress() const;
  // Bytes have arrived behind the request at hand.
  bool has_following() const;

  // Forgets the request at hand and turns to what followed it. `read_pending`: an asynchronous read still owns
  // the room handed out last, so it must stay where it is. A buffer grown large is given back unless so.
  void finish(bool read_pending);
  std::size_t capacity() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tillside::http
