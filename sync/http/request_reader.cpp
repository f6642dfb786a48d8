#include "sync/http/request_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

namespace tillside::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kInitialCapacity = 8 * 1024;
constexpr std::size_t kKeptCapacity = 16 * 1024;
constexpr std::size_t kLeastRead = 512;
constexpr std::size_t kLastChunk = 5;  // "0\r\n\r\n": a chunked body not yet done has at least this much to come
constexpr std::size_t kTail = kBodyPadding + 64;  // kept free behind a request: padding, and room to notice the peer

constexpr Refusal kBadRequest{400, "bad-request", "请求格式不正确", "The request is malformed"};
constexpr Refusal kBadHost{400, "bad-host", "请求必须恰好带一个 Host 头", "The request needs exactly one Host header"};
constexpr Refusal kAmbiguousLength{400, "ambiguous-length", "请求正文的长度有歧义", "The body's length is ambiguous"};
constexpr Refusal kBadChunk{400, "bad-chunk", "分块编码不正确", "The chunked encoding is malformed"};
constexpr Refusal kBodyTooLarge{413, "body-too-large", "请求正文过大", "The body is too large"};
constexpr Refusal kBadExpectation{417, "bad-expectation", "不支持的 Expect 头", "The Expect header is not supported"};
constexpr Refusal kHeaderTooLarge{431, "header-too-large", "请求头过大或过多", "The headers are too large or too many"};
constexpr Refusal kBadCoding{501, "transfer-coding-unsupported", "不支持的传输编码",
                             "The transfer coding is not supported"};

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

Method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
      return Method::kGet;
    case beast_http::verb::head:
      return Method::kHead;
    case beast_http::verb::post:
      return Method::kPost;
    case beast_http::verb::put:
      return Method::kPut;
    case beast_http::verb::delete_:
      return Method::kDelete;
    case beast_http::verb::patch:
      return Method::kPatch;
    case beast_http::verb::options:
      return Method::kOptions;
    default:
      return Method::kOther;
  }
}

// The path and query of an origin-form or absolute-form target.
void split_target(Request& request) {
  auto rest = request.target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (rest.size() < scheme.size() || !equal_ignoring_case(rest.substr(0, scheme.size()), scheme)) continue;
    const auto slash = rest.find('/', scheme.size());
    rest = slash == std::string_view::npos ? std::string_view("/") : rest.substr(slash);
    break;
  }
  rest = rest.substr(0, rest.find('#'));
  const auto mark = rest.find('?');
  request.path = rest.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view{} : rest.substr(mark + 1);
}

// Collects what Beast's parser finds; everything it hands out lies in the reader's buffer.
class Parser final : public beast_http::basic_parser<true> {
 public:
  Parser(Request& request, const ReaderLimits& limits, std::size_t& body_size)
      : request_(request), limits_(limits), body_size_(body_size) {
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(limits.body_bytes);
  }

  void set_buffer(const char* begin, const char* end, char* body) {
    buffer_begin_ = begin;
    buffer_end_ = end;
    body_ = body;
  }
  const Refusal* own_refusal() const { return own_refusal_; }
  bool expects_continue() const { return expects_continue_; }
  int http_version() const { return version_; }

 private:
  void on_request_impl(beast_http::verb verb, boost::beast::string_view method, boost::beast::string_view target,
                       int version, error_code& ec) override {
    request_.method = method_of(verb);
    request_.method_text = view(method);
    request_.target = view(target);
    version_ = version;
    ec = {};
  }

  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}

  void on_field_impl(beast_http::field field, boost::beast::string_view name, boost::beast::string_view value,
                     error_code& ec) override {
    ec = {};
    if (header_done_) return;  // a trailer
    if (request_.headers.size() >= limits_.header_count) return refuse(kHeaderTooLarge, ec);
    if (!value.empty() && (value.data() < buffer_begin_ || value.data() >= buffer_end_)) return refuse(kBadRequest, ec);
    check(field, view(value), ec);
    request_.headers.push_back({view(name), view(value)});
  }

  void check(beast_http::field field, std::string_view value, error_code& ec) {
    if (field == beast_http::field::host && std::exchange(has_host_, true)) refuse(kBadHost, ec);
    if (field == beast_http::field::content_length) {
      if (std::exchange(has_length_, true) || value.find(',') != std::string_view::npos) refuse(kAmbiguousLength, ec);
    }
    if (field == beast_http::field::transfer_encoding) {
      if (std::exchange(has_coding_, true)) return refuse(kAmbiguousLength, ec);
      if (!equal_ignoring_case(value, "chunked")) refuse(kBadCoding, ec);
    }
    if (field == beast_http::field::expect) {
      expects_continue_ = equal_ignoring_case(value, "100-continue");
      if (!expects_continue_) refuse(kBadExpectation, ec);
    }
  }

  void on_header_impl(error_code& ec) override {
    ec = {};
    header_done_ = true;
    if (version_ == 11 && !has_host_) refuse(kBadHost, ec);
    if (has_coding_ && (has_length_ || version_ == 10)) refuse(kAmbiguousLength, ec);
  }

  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code& ec) override { ec = {}; }
  std::size_t on_body_impl(boost::beast::string_view body, error_code& ec) override {
    ec = {};
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code& ec) override { ec = {}; }
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body, error_code& ec) override {
    ec = {};
    std::memmove(body_ + body_size_, body.data(), body.size());
    body_size_ += body.size();
    return body.size();
  }
  void on_finish_impl(error_code& ec) override { ec = {}; }

  void refuse(const Refusal& refusal, error_code& ec) {
    own_refusal_ = &refusal;
    ec = beast_http::error::bad_value;
  }

  Request& request_;
  const ReaderLimits& limits_;
  std::size_t& body_size_;
  const char* buffer_begin_ = nullptr;
  const char* buffer_end_ = nullptr;
  char* body_ = nullptr;
  const Refusal* own_refusal_ = nullptr;
  int version_ = 11;
  bool header_done_ = false;
  bool has_host_ = false;
  bool has_length_ = false;
  bool has_coding_ = false;
  bool expects_continue_ = false;
};

const Refusal& refusal_for(const Parser& parser, error_code ec, bool in_body) {
  if (parser.own_refusal()) return *parser.own_refusal();
  if (ec == beast_http::error::body_limit) return kBodyTooLarge;
  if (ec == beast_http::error::header_limit) return kHeaderTooLarge;
  if (in_body) return kBadChunk;
  if (ec == beast_http::error::bad_transfer_encoding || ec == beast_http::error::bad_content_length ||
      ec == beast_http::error::multiple_content_length) {
    return kAmbiguousLength;
  }
  return kBadRequest;
}

bool is_websocket_handshake(const Request& request) {
  return request.method == Method::kGet && equal_ignoring_case(request.header("Upgrade"), "websocket") &&
         request.header("Sec-WebSocket-Version") == "13" && request.header("Sec-WebSocket-Key").size() == 24;
}

enum class Stage { kHeader, kSizedBody, kChunkedBody, kReady };

}  // namespace

// The buffer: [begin, size) has arrived. The request at hand starts at begin; until kReady nothing else is known.
// From kReady on: [begin, request_end) is the request, [request_end, size) followed it, and bytes that arrive while
// it is being answered land at [late_begin, late_end), behind its padding.
struct RequestReader::Parts {
  Parts(const ReaderLimits& reader_limits, const Peer* peer) : limits(reader_limits) {
    request.peer = peer;
    reset_parser();
  }

  void reset_parser() { parser.emplace(request, limits, body_size); }

  // Moves what has arrived to the front of a buffer of that capacity, and the request's views with it.
  void move_to(std::size_t new_capacity) {
    auto fresh = std::make_unique_for_overwrite<char[]>(new_capacity);
    if (size > begin) std::memcpy(fresh.get(), data.get() + begin, size - begin);
    rebase(data.get() + begin, fresh.get());
    data = std::move(fresh);
    capacity = new_capacity;
    shift_offsets();
  }

  void rebase(const char* from, const char* to) {
    const auto move = [&](std::string_view& text) {
      if (text.data() != nullptr) text = {to + (text.data() - from), text.size()};
    };
    move(request.method_text);
    move(request.target);
    for (auto& header : request.headers) {
      move(header.name);
      if (!header.value.empty()) move(header.value);
    }
  }

  void shift_offsets() {
    size -= begin;
    parsed -= begin;
    body_begin -= std::min(begin, body_begin);
    request_end -= std::min(begin, request_end);
    begin = 0;
  }

  void make_room() {
    const auto used = size - begin;
    if (parsed == begin && begin > 0 && used + kLeastRead + kTail <= capacity) {
      std::memmove(data.get(), data.get() + begin, used);
      return shift_offsets();
    }
    std::size_t wanted = std::max(kInitialCapacity, capacity);
    if (used + kLeastRead + kTail > wanted) wanted *= 2;
    if (stage == Stage::kSizedBody) wanted = std::min(wanted, std::max(request_end - begin, used + kLeastRead) + kTail);
    move_to(wanted);
  }

  Progress refuse(const Refusal& why) {
    refused = why;
    return Progress::kRefused;
  }

  void skip_empty_lines() {
    while (begin < size && (data[begin] == '\r' || data[begin] == '\n')) ++begin;
    parsed = begin;
  }

  Progress read_header() {
    if (parsed == begin) skip_empty_lines();
    if (parsed == size) return Progress::kNeedMore;
    parser->set_buffer(data.get(), data.get() + capacity, nullptr);
    error_code ec;
    parsed += parser->put({data.get() + parsed, size - parsed}, ec);
    const bool incomplete = ec == beast_http::error::need_more;
    if (ec && !incomplete) return refuse(refusal_for(*parser, ec, false));
    if ((incomplete ? size : parsed) - begin > limits.header_bytes) return refuse(kHeaderTooLarge);
    if (incomplete) return has_header_end() ? refuse(kBadRequest) : Progress::kNeedMore;
    return begin_body();
  }

  // The parser waits for more of a line ("GET / X") although the header has ended.
  bool has_header_end() const {
    return std::string_view(data.get() + parsed, size - parsed).find("\r\n\r\n") != std::string_view::npos;
  }

  Progress begin_body() {
    request.wants_upgrade = parser->upgrade() && is_websocket_handshake(request);
    body_begin = parsed;
    continue_due = parser->expects_continue() && parser->http_version() == 11 && !parser->is_done() && size == parsed;
    if (parser->chunked()) {
      stage = Stage::kChunkedBody;
      return read_chunks();
    }
    const auto length = parser->content_length();
    body_size = length ? static_cast<std::size_t>(*length) : 0;
    request_end = body_begin + body_size;
    stage = Stage::kSizedBody;
    return read_sized();
  }

  Progress read_sized() { return size < request_end ? Progress::kNeedMore : complete(); }

  // The parser asserts that a last chunk it has begun goes on with at least kLastChunk bytes, so it is given no fewer.
  Progress read_chunks() {
    while (size - parsed >= kLastChunk && !parser->is_done()) {
      parser->set_buffer(data.get(), data.get() + capacity, data.get() + body_begin);
      error_code ec;
      const auto decoded = body_size;
      const auto taken = parser->put({data.get() + parsed, size - parsed}, ec);
      parsed += taken;
      if (ec == beast_http::error::need_more) break;
      if (ec) return refuse(refusal_for(*parser, ec, true));
      if (decoded == body_size && taken > limits.header_bytes) return refuse(kBadChunk);
    }
    if (parser->is_done()) {
      request_end = parsed;
      return complete();
    }
    if (size - parsed > limits.header_bytes) return refuse(kBadChunk);
    close_gap();
    return Progress::kNeedMore;
  }

  // Moves the undecoded rest of a chunked body up to the decoded part.
  void close_gap() {
    const auto decoded_end = body_begin + body_size;
    std::memmove(data.get() + decoded_end, data.get() + parsed, size - parsed);
    size -= parsed - decoded_end;
    parsed = decoded_end;
  }

  Progress complete() {
    if (request_end + kTail > capacity) move_to(request_end - begin + kTail + (size - request_end));
    split_target(request);
    request.body = {data.get() + body_begin, body_size};
    late_begin = late_end = std::max(size, request_end + kBodyPadding);
    stage = Stage::kReady;
    return Progress::kReady;
  }

  void drop_request() {
    request.headers.clear();
    request.method_text = request.target = request.path = request.query = request.body = {};
    request.wants_upgrade = false;
    continue_due = false;
    body_size = 0;
    stage = Stage::kHeader;
    reset_parser();
  }

  // Joins what followed the request with what came late; the latter must not move.
  void join_following() {
    const auto following = size - request_end;
    std::memmove(data.get() + late_begin - following, data.get() + request_end, following);
    begin = late_begin - following;
    size = late_end;
  }

  ReaderLimits limits;
  Request request;
  std::optional<Parser> parser;
  Refusal refused;
  std::unique_ptr<char[]> data;
  std::size_t capacity = 0;
  std::size_t begin = 0;
  std::size_t size = 0;
  std::size_t parsed = 0;  // headers: consumed up to here; chunked body: decoded up to here
  std::size_t body_begin = 0;
  std::size_t body_size = 0;
  std::size_t request_end = 0;
  std::size_t late_begin = 0;
  std::size_t late_end = 0;
  Stage stage = Stage::kHeader;
  bool continue_due = false;
};

RequestReader::RequestReader(const ReaderLimits& limits, const Peer* peer)
    : parts_(std::make_unique<Parts>(limits, peer)) {}
RequestReader::~RequestReader() = default;

std::span<char> RequestReader::room() {
  auto& p = *parts_;
  if (p.stage == Stage::kReady) return {p.data.get() + p.late_end, p.capacity - p.late_end};
  if (p.size + kLeastRead + kTail > p.capacity) p.make_room();
  return {p.data.get() + p.size, p.capacity - kTail - p.size};
}

void RequestReader::received(std::size_t bytes) {
  (parts_->stage == Stage::kReady ? parts_->late_end : parts_->size) += bytes;
}

RequestReader::Progress RequestReader::advance() {
  switch (parts_->stage) {
    case Stage::kHeader:
      return parts_->read_header();
    case Stage::kSizedBody:
      return parts_->read_sized();
    case Stage::kChunkedBody:
      return parts_->read_chunks();
    case Stage::kReady:
      break;
  }
  return Progress::kReady;
}

const Request& RequestReader::request() const { return parts_->request; }
const Refusal& RequestReader::refusal() const { return parts_->refused; }
bool RequestReader::keep_alive() const { return parts_->parser->keep_alive(); }
bool RequestReader::is_http10() const { return parts_->parser->http_version() == 10; }
bool RequestReader::take_continue() { return std::exchange(parts_->continue_due, false); }
bool RequestReader::in_progress() const { return parts_->stage != Stage::kReady && parts_->size > parts_->begin; }
std::size_t RequestReader::capacity() const { return parts_->capacity; }

bool RequestReader::has_following() const {
  return parts_->size > parts_->request_end || parts_->late_end > parts_->late_begin;
}

void RequestReader::finish(bool read_pending) {
  auto& p = *parts_;
  p.begin = p.request_end;
  if (read_pending || p.late_end > p.late_begin) p.join_following();
  p.drop_request();
  if (!read_pending && p.begin == p.size) p.begin = p.size = 0;
  p.parsed = p.begin;
  if (!read_pending && p.capacity > kKeptCapacity && p.size - p.begin + kLeastRead + kTail <= kInitialCapacity) {
    p.move_to(kInitialCapacity);
  }
}

}  // namespace tillside::http
