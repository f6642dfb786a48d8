// A tool's line to the running agent: its UNIX socket, or loopback TCP with the token file.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside::cli {

struct Where {
  std::filesystem::path socket;      // used when it exists
  std::uint16_t port = 7979;         // otherwise
  std::filesystem::path token_file;  // with the port
  std::chrono::milliseconds connect_wait{2000}, answer_wait{30000};
};

struct LocalAnswer {
  int status = 0;
  bool duplicate = false;  // Tillside-Duplicate: true
  std::string content_type;
  std::string allowed_origin;  // Access-Control-Allow-Origin
  std::string body;
};

// One connection, kept alive. One thread at a time.
class LocalClient {
 public:
  explicit LocalClient(Where where);
  ~LocalClient();

  // unavailable: the agent does not run, or not there.
  Result<LocalAnswer> get(const std::string& path);
  Result<LocalAnswer> post(const std::string& path, std::string_view json, bool as_live = false);
  // What a browser asks before a page of `origin` may post there.
  Result<LocalAnswer> preflight(const std::string& path, const std::string& origin);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tillside::cli
