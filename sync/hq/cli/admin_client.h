// One call of the admin API over HTTP (libcurl).
#pragma once

#include <string>

#include "agent/domain/result.h"

namespace tillside::hq::cli {

struct Address {
  std::string url = "http://127.0.0.1:7980";  // of headquarters
  std::string token_file;                     // holds the owner's token
};

struct AdminAnswer {
  long status = 0;
  std::string body;
  bool ok() const { return status >= 200 && status < 300; }
};

// unavailable: no answer; refused: no token. A refusal by headquarters is an answer with its status.
Result<AdminAnswer> call(const Address& address, const std::string& method, const std::string& path,
                         const std::string& body = {}, const std::string& content_type = "application/json");

}  // namespace tillside::hq::cli
