#pragma once
// What part of a file answers a request with Range, If-Range and If-None-Match (RFC 9110 sections 13 and 14).

#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sync/http/message.h"

namespace tillside::http {

// status 200: the whole; 206: [first, first + length); 304 and 416: nothing.
struct RangePlan {
  unsigned status = 200;
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

// One range is honoured; several, or another unit, or malformed text mean the whole (as the RFC allows).
RangePlan plan_range(std::uint64_t file_size, std::string_view etag, std::string_view range, std::string_view if_range,
                     std::string_view if_none_match);

// A file being sent piece by piece. One thread.
class FileSource {
 public:
  // Opens the file, plans the answer to `request` and completes `response`'s status and headers.
  // Null with `response` turned into a 404 problem when the file cannot be read.
  static std::unique_ptr<FileSource> open(const Request& request, Response& response);

  std::uint64_t length() const { return length_; }  // of the part to be sent, in bytes
  std::uint64_t left() const { return left_; }

  // Fills as much of `room` as is left. 0 when nothing is left or the file has shrunk.
  std::size_t read(std::span<char> room);

 private:
  FileSource(std::ifstream file, const RangePlan& plan);
  std::ifstream file_;
  std::uint64_t length_ = 0;
  std::uint64_t left_ = 0;
};

}  // namespace tillside::http
