#include "agent/cli/knock.h"

#include <memory>

#include "sync/client/curl_library.h"

namespace tillside::cli {

bool TcpKnock::tcp(const std::string& host, std::uint16_t port) {
  const sync::CurlLibrary* lib = sync::curl_library();
  CURL* curl = lib != nullptr ? lib->easy_init() : nullptr;
  if (curl == nullptr) return false;
  const std::string place = "http://" + host + ":" + std::to_string(port);
  lib->easy_setopt(curl, CURLOPT_URL, place.c_str());
  lib->easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  lib->easy_setopt(curl, CURLOPT_NOPROXY, "*");
  lib->easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  lib->easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 2000L);
  const bool there = lib->easy_perform(curl) == CURLE_OK;
  lib->easy_cleanup(curl);
  return there;
}

}  // namespace tillside::cli
