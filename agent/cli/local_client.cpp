#include "agent/cli/local_client.h"

#include <algorithm>
#include <cctype>

#include "agent/platform/files.h"
#include "sync/client/curl_library.h"

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
  auto& answer = *static_cast<LocalAnswer*>(out);
  if (line.rfind("tillside-duplicate: true", 0) == 0) answer.duplicate = true;
  if (constexpr std::string_view name = "access-control-allow-origin:"; line.rfind(name, 0) == 0) {
    const auto from = line.find_first_not_of(' ', name.size()), to = line.find_last_not_of(" \r\n");
    if (from != std::string::npos && to >= from) answer.allowed_origin = line.substr(from, to - from + 1);
  }
  return size * count;
}

struct Headers {
  const sync::CurlLibrary& lib;
  curl_slist* list = nullptr;
  ~Headers() { lib.slist_free_all(list); }
  void add(const std::string& line) { list = lib.slist_append(list, line.c_str()); }
};

}  // namespace

struct LocalClient::Impl {
  Where where;
  std::string token;
  const sync::CurlLibrary* lib = sync::curl_library();
  CURL* curl = lib != nullptr ? lib->easy_init() : nullptr;

  ~Impl() {
    if (curl != nullptr) lib->easy_cleanup(curl);
  }

  Result<LocalAnswer> exchange(const std::string& path, const std::string_view* json, bool as_live,
                               const std::string& origin = {}) {
    if (curl == nullptr) return Error{ErrorCode::unavailable, {}, "libcurl is not installed"};
    LocalAnswer answer;
    Headers headers{*lib};
    lib->easy_reset(curl);
    std::error_code error;
    const bool by_socket = !where.socket.empty() && std::filesystem::exists(where.socket, error);
    if (by_socket) {
      lib->easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, where.socket.c_str());
    } else {
      if (token.empty()) token = read_file(where.token_file).value_or("");
      while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back()))) token.pop_back();
      if (!token.empty()) headers.add("Authorization: Bearer " + token);
    }
    if (!origin.empty()) {
      headers.add("Origin: " + origin);
      headers.add("Access-Control-Request-Method: POST");
      lib->easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "OPTIONS");
    }
    if (json != nullptr) {
      headers.add("Content-Type: application/json");
      headers.add("Expect:");
      if (as_live) headers.add("Tillside-As-Live: 1");
      lib->easy_setopt(curl, CURLOPT_POST, 1L);
      lib->easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json->size()));
      const char* body = json->data();  // NOLINT(bugprone-suspicious-stringview-data-usage): its size is set above
      lib->easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
    const std::string url = "http://localhost" + (by_socket ? "" : ":" + std::to_string(where.port)) + path;
    lib->easy_setopt(curl, CURLOPT_URL, url.c_str());
    lib->easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list);
    lib->easy_setopt(curl, CURLOPT_NOPROXY, "*");
    lib->easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    lib->easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(where.connect_wait.count()));
    lib->easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(where.answer_wait.count()));
    lib->easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    lib->easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    lib->easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    lib->easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    if (const CURLcode code = lib->easy_perform(curl); code != CURLE_OK) {
      const std::string place = by_socket ? where.socket.string() : "127.0.0.1:" + std::to_string(where.port);
      return Error{ErrorCode::unavailable, {}, "no agent answers at " + place + " (" + lib->easy_strerror(code) + ")"};
    }
    long status = 0;
    lib->easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    const char* type = nullptr;
    lib->easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
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
Result<LocalAnswer> LocalClient::preflight(const std::string& path, const std::string& origin) {
  return impl_->exchange(path, nullptr, false, origin);
}

}  // namespace tillside::cli
