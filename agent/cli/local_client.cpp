#include "agent/cli/local_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>

#include "agent/platform/files.h"

namespace tillside::cli {
namespace {

std::size_t take_body(const char* data, std::size_t size, std::size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

std::size_t take_header(const char* data, std::size_t size, std::size_t count, void* out) {
  std::string line(data, size * count);
  std::transform(line.begin(), line.end(), line.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (line.rfind("tillside-duplicate: true", 0) == 0) static_cast<LocalAnswer*>(out)->duplicate = true;
  return size * count;
}

struct Headers {
  curl_slist* list = nullptr;
  ~Headers() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

}  // namespace

struct LocalClient::Impl {
  Where where;
  std::string token;
  CURL* curl = curl_easy_init();

  ~Impl() { curl_easy_cleanup(curl); }

  Result<LocalAnswer> exchange(const std::string& path, const std::string_view* json, bool as_live) {
    LocalAnswer answer;
    Headers headers;
    curl_easy_reset(curl);
    std::error_code error;
    const bool by_socket = !where.socket.empty() && std::filesystem::exists(where.socket, error);
    if (by_socket) {
      curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, where.socket.c_str());
    } else {
      if (token.empty()) token = read_file(where.token_file).value_or("");
      while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back()))) token.pop_back();
      if (!token.empty()) headers.add("Authorization: Bearer " + token);
    }
    if (json != nullptr) {
      headers.add("Content-Type: application/json");
      headers.add("Expect:");
      if (as_live) headers.add("Tillside-As-Live: 1");
      curl_easy_setopt(curl, CURLOPT_POST, 1L);
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json->data());
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json->size()));
    }
    const std::string url = "http://localhost" + (by_socket ? "" : ":" + std::to_string(where.port)) + path;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 2000L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) {
      const std::string place = by_socket ? where.socket.string() : "127.0.0.1:" + std::to_string(where.port);
      return Error{ErrorCode::unavailable, {}, "no agent answers at " + place + " (" + curl_easy_strerror(code) + ")"};
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    const char* type = nullptr;
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    if (type != nullptr) answer.content_type = type;
    return answer;
  }
};

LocalClient::LocalClient(Where where) : impl_(std::make_unique<Impl>()) { impl_->where = std::move(where); }
LocalClient::~LocalClient() = default;

Result<LocalAnswer> LocalClient::get(const std::string& path) { return impl_->exchange(path, nullptr, false); }
Result<LocalAnswer> LocalClient::post(const std::string& path, std::string_view json, bool as_live) {
  return impl_->exchange(path, &json, as_live);
}

}  // namespace tillside::cli
