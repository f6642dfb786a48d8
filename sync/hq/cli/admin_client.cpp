#include "sync/hq/cli/admin_client.h"

#include <curl/curl.h>

#include <fstream>
#include <memory>

#include "sync/hq/cli/words.h"

namespace tillside::hq::cli {
namespace {

constexpr long kConnectSeconds = 5, kTotalSeconds = 3600, kLowSpeedBytes = 1, kLowSpeedSeconds = 1800;

Result<std::string> token_of(const Address& address) {
  std::ifstream in(address.token_file);
  std::string token;
  if (!(in >> token))
    return Error{ErrorCode::refused, "--token-file", "cannot read the owner's token from '" + address.token_file + "'"};
  return token;
}

std::size_t collect(char* data, std::size_t size, std::size_t count, void* into) {
  static_cast<std::string*>(into)->append(data, size * count);
  return size * count;
}

struct Headers {
  curl_slist* list = nullptr;
  ~Headers() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

}  // namespace

Result<AdminAnswer> call(const Address& address, const std::string& method, const std::string& path,
                         const std::string& body, const std::string& content_type) {
  auto token = token_of(address);
  if (!token) return token.error();
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  Headers headers;
  headers.add("Authorization: Bearer " + *token);
  headers.add("Content-Type: " + content_type);
  headers.add("Expect:");
  headers.add(std::string("Accept-Language: ") + (user_language() == Language::zh ? "zh" : "en"));
  AdminAnswer answer;
  const auto url = address.url + "/v1/admin/" + path;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, kTotalSeconds);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, kLowSpeedBytes);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, kLowSpeedSeconds);
  if (method == "POST") {
    curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
  }
  if (const auto code = curl_easy_perform(curl.get()); code != CURLE_OK)
    return Error{ErrorCode::unavailable, address.url, curl_easy_strerror(code)};
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace tillside::hq::cli
