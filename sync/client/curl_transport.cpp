#include "sync/client/curl_transport.h"

#include <curl/curl.h>

#include <algorithm>

namespace tillside::sync {
namespace {

constexpr int kPollMs = 1000;

// Once for the process; libcurl's own initialisation is not thread-safe everywhere.
void initialise_curl() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)done;
}

struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeHeaders>;

void add_header(Headers& headers, const std::string& line) {
  if (curl_slist* longer = curl_slist_append(headers.get(), line.c_str())) {
    (void)headers.release();
    headers.reset(longer);
  }
}

Headers headers_of(const HqTransport::Request& request) {
  Headers headers;
  add_header(headers, "Expect:");
  if (!request.content_type.empty()) add_header(headers, "Content-Type: " + request.content_type);
  if (!request.content_encoding.empty()) add_header(headers, "Content-Encoding: " + request.content_encoding);
  if (!request.bearer.empty()) add_header(headers, "Authorization: Bearer " + request.bearer);
  return headers;
}

Error unavailable(std::string detail) { return Error{ErrorCode::unavailable, "", std::move(detail)}; }

// What an answer's bytes go into, and why taking them stopped.
struct Intake {
  const HqTransport::Request& request;
  std::size_t max_body;
  CURL* easy;
  std::string body;
  std::uint64_t skip = 0;  // of a whole answer to a request for a part
  bool begun = false;
  bool pieces = false;
  std::optional<Error> trouble;

  void begin() {
    begun = true;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    pieces = request.on_piece && status >= 200 && status < 300;
    if (pieces && status != 206 && request.range_from) skip = *request.range_from;
  }

  bool take(std::string_view bytes) {
    if (!begun) begin();
    if (pieces) return take_piece(bytes);
    if (bytes.size() > max_body - body.size()) {
      trouble = Error{ErrorCode::out_of_range, "", "the answer is too large"};
      return false;
    }
    body += bytes;
    return true;
  }

  bool take_piece(std::string_view bytes) {
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip, bytes.size()));
    skip -= skipped;
    bytes.remove_prefix(skipped);
    if (bytes.empty()) return true;
    if (auto status = request.on_piece(bytes); !status) trouble = status.error();
    return !trouble;
  }
};

std::size_t take_bytes(char* bytes, std::size_t size, std::size_t count, void* intake) {
  return static_cast<Intake*>(intake)->take({bytes, size * count}) ? size * count : 0;
}

}  // namespace

struct CurlTransport::Impl {
  Options options;
  std::atomic<bool> cancelled{false};
  std::mutex mutex;  // guards the birth of multi against cancel()
  CURLM* multi = nullptr;
  CURL* easy = nullptr;

  explicit Impl(Options options_in) : options(std::move(options_in)) {
    if (!options.base_url.empty() && options.base_url.back() == '/') options.base_url.pop_back();
  }

  ~Impl() {
    if (easy != nullptr) curl_easy_cleanup(easy);
    if (multi != nullptr) curl_multi_cleanup(multi);
  }

  bool ready() {
    if (easy != nullptr) return true;
    initialise_curl();
    const std::lock_guard lock(mutex);
    if (multi == nullptr) multi = curl_multi_init();
    if (multi != nullptr) easy = curl_easy_init();
    return easy != nullptr;
  }

  void prepare(const Request& request, const std::string& url, curl_slist* headers, Intake& intake) {
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &intake);
    prepare_method(request);
    prepare_limits(request);
    prepare_safety();
  }

  void prepare_method(const Request& request) {
    if (request.range_from) curl_easy_setopt(easy, CURLOPT_RANGE, (std::to_string(*request.range_from) + "-").c_str());
    if (request.method == "GET") return;
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
  }

  void prepare_limits(const Request& request) {
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.connect_timeout_s));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, static_cast<long>(request.total_timeout_s));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options.low_speed_bytes_s));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.low_speed_s + request.silence_s));
  }

  void prepare_safety() {
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  }

  // Drives the transfer to its end; nullopt when it was cancelled.
  std::optional<CURLcode> run() {
    curl_multi_add_handle(multi, easy);
    std::optional<CURLcode> result;
    int running = 1;
    while (!cancelled && !result) {
      if (curl_multi_perform(multi, &running) != CURLM_OK) result = CURLE_FAILED_INIT;
      int left = 0;
      if (const CURLMsg* message = curl_multi_info_read(multi, &left)) result = message->data.result;
      if (!result && running > 0 && !cancelled) curl_multi_poll(multi, nullptr, 0, kPollMs, nullptr);
    }
    curl_multi_remove_handle(multi, easy);
    return result;
  }

  Result<Answer> answer_of(std::optional<CURLcode> result, Intake& intake) {
    if (intake.trouble) return *intake.trouble;
    if (!result) return unavailable("cancelled");
    if (*result != CURLE_OK) return unavailable(curl_easy_strerror(*result));
    Answer answer;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    curl_off_t retry_after = 0;
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
    if (retry_after > 0) answer.retry_after_s = static_cast<int>(std::min<curl_off_t>(retry_after, 86'400));
    answer.body = std::move(intake.body);
    return answer;
  }
};

CurlTransport::CurlTransport(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
CurlTransport::~CurlTransport() = default;

Result<HqTransport::Answer> CurlTransport::exchange(const Request& request) {
  if (auto status = check_base_url(impl_->options.base_url); !status) return status.error();
  if (impl_->cancelled) return unavailable("cancelled");
  if (!impl_->ready()) return unavailable("libcurl does not start");
  Intake intake{request, impl_->options.max_body, impl_->easy, {}, 0, false, false, {}};
  const std::string url = impl_->options.base_url + request.path;
  const Headers headers = headers_of(request);
  impl_->prepare(request, url, headers.get(), intake);
  return impl_->answer_of(impl_->run(), intake);
}

void CurlTransport::cancel() {
  impl_->cancelled = true;
  const std::lock_guard lock(impl_->mutex);
  if (impl_->multi != nullptr) curl_multi_wakeup(impl_->multi);
}

}  // namespace tillside::sync
