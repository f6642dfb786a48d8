#include "sync/client/curl_transport.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "sync/client/answer_intake.h"
#include "sync/client/curl_library.h"
#include "sync/client/tls_time.h"

namespace tillside::sync {
namespace {

constexpr int kPollMs = 1000;

struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_library()->slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeHeaders>;

void add_header(Headers& headers, const std::string& line) {
  if (curl_slist* longer = curl_library()->slist_append(headers.get(), line.c_str())) {
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

struct Intake {
  AnswerIntake& bytes;
  const CurlLibrary& curl;
  CURL* easy;
  bool begun = false;

  bool take(std::string_view piece) {
    if (!begun) {
      long status = 0;
      curl.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      bytes.begin(static_cast<int>(status));
      begun = true;
    }
    return bytes.take(piece);
  }
};

CURLcode judge_certificates(CURL*, void* tls_context, void* at) {
  return judge_certificates_at(tls_context, *static_cast<const Instant*>(at)) ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

std::size_t take_bytes(char* bytes, std::size_t size, std::size_t count, void* intake) {
  return static_cast<Intake*>(intake)->take({bytes, size * count}) ? size * count : 0;
}

}  // namespace

struct CurlTransport::Impl {
  Options options;
  std::atomic<bool> cancelled{false};
  std::mutex mutex;  // guards the birth of multi against cancel()
  const CurlLibrary* curl = nullptr;
  CURLM* multi = nullptr;
  CURL* easy = nullptr;
  std::optional<Instant> certificates_at;  // of the exchange under way

  explicit Impl(Options options_in) : options(std::move(options_in)) {
    if (!options.base_url.empty() && options.base_url.back() == '/') options.base_url.pop_back();
  }

  ~Impl() {
    if (easy != nullptr) curl->easy_cleanup(easy);
    if (multi != nullptr) curl->multi_cleanup(multi);
  }

  bool ready() {
    if (easy != nullptr) return true;
    const std::lock_guard lock(mutex);
    curl = curl_library();
    if (curl == nullptr) return false;
    if (multi == nullptr) multi = curl->multi_init();
    if (multi != nullptr) easy = curl->easy_init();
    return easy != nullptr;
  }

  void prepare(const Request& request, const std::string& url, curl_slist* headers, Intake& intake) {
    curl->easy_reset(easy);
    curl->easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl->easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl->easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
    curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl->easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_bytes);
    curl->easy_setopt(easy, CURLOPT_WRITEDATA, &intake);
    prepare_method(request);
    prepare_limits(request);
    prepare_safety();
  }

  void prepare_method(const Request& request) {
    if (request.range_from) curl->easy_setopt(easy, CURLOPT_RANGE, (std::to_string(*request.range_from) + "-").c_str());
    if (request.method == "GET") return;
    curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl->easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
  }

  void prepare_limits(const Request& request) {
    curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.connect_timeout_s));
    curl->easy_setopt(easy, CURLOPT_TIMEOUT, static_cast<long>(request.total_timeout_s));
    curl->easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options.low_speed_bytes_s));
    curl->easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.low_speed_s + request.silence_s));
  }

  void prepare_safety() {
    curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl->easy_setopt(easy, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    if (!options.ca_file.empty()) curl->easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    certificates_at = options.certificates_at ? options.certificates_at() : std::nullopt;
    if (!certificates_at) return;
    curl->easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, judge_certificates);
    curl->easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &*certificates_at);
  }

  // Drives the transfer to its end; nullopt when it was cancelled.
  std::optional<CURLcode> run() {
    curl->multi_add_handle(multi, easy);
    std::optional<CURLcode> result;
    int running = 1;
    while (!cancelled && !result) {
      if (curl->multi_perform(multi, &running) != CURLM_OK) result = CURLE_FAILED_INIT;
      int left = 0;
      if (const CURLMsg* message = curl->multi_info_read(multi, &left)) result = message->data.result;
      if (!result && running > 0 && !cancelled) curl->multi_poll(multi, nullptr, 0, kPollMs, nullptr);
    }
    curl->multi_remove_handle(multi, easy);
    return result;
  }

  Result<Answer> answer_of(std::optional<CURLcode> result, AnswerIntake& intake) {
    if (intake.trouble()) return *intake.trouble();
    if (!result) return unavailable("cancelled");
    if (*result != CURLE_OK) return unavailable(curl->easy_strerror(*result));
    Answer answer;
    long status = 0;
    curl->easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    curl_off_t retry_after = 0;
    curl->easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
    if (retry_after > 0) answer.retry_after_s = static_cast<int>(std::min<curl_off_t>(retry_after, 86'400));
    answer.body = intake.take_body();
    return answer;
  }
};

CurlTransport::CurlTransport(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
CurlTransport::~CurlTransport() = default;

Result<HqTransport::Answer> CurlTransport::exchange(const Request& request) {
  if (auto status = check_base_url(impl_->options.base_url); !status) return status.error();
  if (impl_->cancelled) return unavailable("cancelled");
  if (!impl_->ready()) return unavailable("libcurl is not installed or does not start");
  AnswerIntake bytes(request, impl_->options.max_body);
  Intake intake{bytes, *impl_->curl, impl_->easy};
  const std::string url = impl_->options.base_url + request.path;
  const Headers headers = headers_of(request);
  impl_->prepare(request, url, headers.get(), intake);
  return impl_->answer_of(impl_->run(), bytes);
}

void CurlTransport::cancel() {
  impl_->cancelled = true;
  const std::lock_guard lock(impl_->mutex);
  if (impl_->multi != nullptr) impl_->curl->multi_wakeup(impl_->multi);
}

}  // namespace tillside::sync
