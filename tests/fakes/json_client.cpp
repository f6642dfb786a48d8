#include "tests/fakes/json_client.h"

#include <curl/curl.h>
#include <strings.h>

namespace tillside::fakes {
namespace {

std::size_t take_body(const char* data, std::size_t size, std::size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

std::size_t take_header(const char* data, std::size_t size, std::size_t count, void* out) {
  static constexpr std::string_view kDuplicate = "Tillside-Duplicate: true";
  if (size * count >= kDuplicate.size() && ::strncasecmp(data, kDuplicate.data(), kDuplicate.size()) == 0)
    static_cast<JsonAnswer*>(out)->duplicate = true;
  return size * count;
}

}  // namespace

struct JsonClient::Curl {
  CURL* easy = curl_easy_init();
  ~Curl() { curl_easy_cleanup(easy); }
};

JsonClient::JsonClient(std::string socket, std::uint16_t port, std::string token)
    : curl_(std::make_shared<Curl>()), socket_(std::move(socket)), token_(std::move(token)), port_(port) {}

std::optional<JsonAnswer> JsonClient::get(const std::string& path) { return exchange(path, nullptr, {}); }

std::optional<JsonAnswer> JsonClient::post(const std::string& path, std::string_view body, bool as_live,
                                           const std::string& type) {
  std::vector<std::string> headers{"Content-Type: " + type, "Expect:"};
  if (as_live) headers.emplace_back("Tillside-As-Live: 1");
  return exchange(path, &body, headers);
}

std::optional<JsonAnswer> JsonClient::exchange(const std::string& path, const std::string_view* body,
                                               const std::vector<std::string>& headers) {
  CURL* easy = curl_->easy;
  curl_easy_reset(easy);
  JsonAnswer answer;
  curl_slist* list = nullptr;
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  if (!token_.empty()) list = curl_slist_append(list, ("Authorization: Bearer " + token_).c_str());
  if (!socket_.empty()) curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, socket_.c_str());
  const std::string url = "http://127.0.0.1" + (port_ == 0 ? "" : ":" + std::to_string(port_)) + path;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &answer);
  if (body != nullptr) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body->data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
  }
  const CURLcode done = curl_easy_perform(easy);
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(list);
  if (done != CURLE_OK) return std::nullopt;
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace tillside::fakes
