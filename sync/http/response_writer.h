#pragma once
// Writes the head of a response. No socket.

#include <cstdint>
#include <string>
#include <string_view>

#include "sync/http/message.h"

namespace tillside::http {

struct HeadFacts {
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool http10 = false;            // the peer speaks HTTP/1.0
  std::string_view date;          // "Sun, 22 Nov 2026 04:00:00 GMT"
  std::string_view common_lines;  // header lines ready to send, each with CRLF
};

// Appends the status line, the headers and the empty line to `out`. 1xx, 204 and 304 get no Content-Length.
void append_head(std::string& out, const Response& response, const HeadFacts& facts);

// "Name: value\r\n" for each header that is well-formed; the others are left out.
std::string header_lines(const std::vector<Header>& headers);

// Whether a response of that status carries no body, whatever it holds.
bool is_bodiless(unsigned status);

std::string_view reason_phrase(unsigned status);

// An IMF-fixdate of that many seconds since 1970.
std::string http_date(std::int64_t unix_seconds);

}  // namespace tillside::http
