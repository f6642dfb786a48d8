#pragma once
// HTTP messages as handlers see them. No Boost here: every room may include this.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillside::http {

// Readable bytes after a request's body (their content is unspecified): simdjson may parse the body in place with
//   simdjson::padded_string_view(request.body.data(), request.body.size(), request.body.size() + kBodyPadding).
inline constexpr std::size_t kBodyPadding = 64;

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kDelete, kPatch, kOptions, kOther };

// The word of a request line ("GET"); empty for kOther.
std::string_view method_name(Method method);

// Who is at the other end. Filled once per connection.
struct Peer {
  bool is_unix = false;
  bool is_loopback = false;          // true for a UNIX socket and for 127.0.0.0/8 and ::1
  std::optional<std::uint32_t> uid;  // of the peer's process; only on a UNIX socket
  std::string address;               // "127.0.0.1", "::1"; empty on a UNIX socket
  std::uint16_t port = 0;
};

struct HeaderView {
  std::string_view name;
  std::string_view value;
};

// One request. Every view points into the connection's buffer and lives until the request's Responder has been
// called or destroyed; it may be read from any thread until then.
struct Request {
  Method method = Method::kOther;
  std::string_view method_text;
  std::string_view target;  // as sent: "/v1/staff/E%201?all=1"
  std::string_view path;    // the target before '?', not decoded
  std::string_view query;   // after '?', not decoded; may be empty
  std::vector<HeaderView> headers;
  std::string_view body;  // kBodyPadding readable bytes follow
  const Peer* peer = nullptr;
  bool wants_upgrade = false;  // a well-formed WebSocket opening handshake: Responder::upgrade may be used

  // The first header of that name, case-insensitive; empty when there is none.
  std::string_view header(std::string_view name) const;
  bool has_header(std::string_view name) const;

  // The first query parameter of that name, decoded ('+' is a space); nullopt when absent or badly encoded.
  std::optional<std::string> query_value(std::string_view name) const;
  std::string query_value_or(std::string_view name, std::string_view fallback) const;
};

struct Header {
  std::string name;
  std::string value;
};

// A file sent without being loaded. The server honours Range (one range, resumable), If-Range and If-None-Match
// against `etag`, and answers 200, 206, 304 or 416 accordingly; a missing file is answered 404.
struct FileBody {
  std::filesystem::path path;
  std::string etag;  // with its quotes: "\"b3-…\""; empty: no validators, Range is still honoured
};

// One response. Content-Length, Date, Connection and Accept-Ranges are the server's matter.
// Header values must not hold CR or LF; such a header is left out.
struct Response {
  unsigned status = 200;
  std::string content_type;  // empty: no Content-Type header
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // sent instead of `body` when set (static pages: no copy)
  std::optional<FileBody> file;                    // sent instead of both when set
  std::vector<Header> headers;

  Response& with(std::string name, std::string value) {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
};

Response json_response(std::string body, unsigned status = 200);
Response text_response(std::string body, unsigned status = 200);

bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace tillside::http
