#include "sync/client/answer_reader.h"

#include <algorithm>
#include <charconv>

namespace tillside::sync {
namespace {

constexpr std::size_t kMostHeadBytes = 32 << 10;

Error bad(const char* detail) { return Error{ErrorCode::bad_format, "http", detail}; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

template <class Number>
std::optional<Number> number(std::string_view text, int base) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || text.front() == '-' || error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

Status read_status(std::string_view line, AnswerReader::Head& head) {
  if (line.size() < 12 || line.substr(0, 7) != "HTTP/1." || line[8] != ' ') return bad("no status line");
  const auto status = number<int>(line.substr(9, 3), 10);
  if (!status || *status < 100 || (line.size() > 12 && line[12] != ' ')) return bad("no status");
  head = {};
  head.status = *status;
  head.keep_alive = line[7] == '1';
  return {};
}

Status read_length(std::string_view value, AnswerReader::Head& head) {
  const auto length = number<std::uint64_t>(value, 10);
  if (!length || (head.length && head.length != length)) return bad("no length");
  head.length = length;
  return {};
}

Status read_header(std::string_view line, AnswerReader::Head& head) {
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0) return bad("no header");
  const std::string name = lower(line.substr(0, colon));
  const auto value = trimmed(line.substr(colon + 1));
  if (name == "content-length") return read_length(value, head);
  if (name == "connection" && lower(value) == "close") head.keep_alive = false;
  if (name == "retry-after") head.retry_after_s = number<int>(value, 10);
  if (name == "transfer-encoding") {
    if (lower(value) != "chunked") return bad("an unknown transfer encoding");
    head.chunked = true;
  }
  return {};
}

}  // namespace

Status AnswerReader::feed(std::string_view bytes) {
  begun_ = begun_ || !bytes.empty();
  while (!bytes.empty()) {
    Status status;
    switch (state_) {
      case State::head:
        status = take_head(bytes);
        break;
      case State::body:
      case State::to_end:
      case State::chunk:
        status = take_body(bytes);
        break;
      case State::chunk_size:
      case State::chunk_end:
      case State::trailer:
        status = take_chunk_line(bytes);
        break;
      case State::done:
        return bad("more than one answer");
    }
    if (!status) return status;
  }
  return {};
}

Status AnswerReader::end() {
  if (state_ == State::to_end) state_ = State::done;
  if (done()) return {};
  return Error{ErrorCode::unavailable, "", "the connection ended early"};
}

std::optional<std::string> AnswerReader::take_line(std::string_view& bytes) {
  const auto end = bytes.find('\n');
  line_ += bytes.substr(0, end);
  bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
  if (end == bytes.npos) return std::nullopt;
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  return std::exchange(line_, {});
}

Status AnswerReader::take_head(std::string_view& bytes) {
  const std::size_t before = bytes.size();
  const auto line = take_line(bytes);
  head_bytes_ += before - bytes.size();
  if (head_bytes_ > kMostHeadBytes) return bad("its head is too large");
  if (!line) return {};
  if (head_.status == 0) return read_status(*line, head_);
  if (!line->empty()) return read_header(*line, head_);
  return begin_body();
}

Status AnswerReader::begin_body() {
  if (head_.status < 200) {
    head_ = {};  // 100 Continue and its like: the answer follows
    return {};
  }
  if (head_.chunked && head_.length) return bad("two lengths");
  on_head_(head_);
  const bool none = head_.status == 204 || head_.status == 304 || head_.length == std::uint64_t{0};
  left_ = head_.length.value_or(0);
  state_ = none ? State::done : head_.chunked ? State::chunk_size : head_.length ? State::body : State::to_end;
  if (state_ == State::to_end) head_.keep_alive = false;
  return {};
}

Status AnswerReader::take_body(std::string_view& bytes) {
  const auto piece = state_ == State::to_end ? bytes : bytes.substr(0, std::min<std::uint64_t>(left_, bytes.size()));
  bytes.remove_prefix(piece.size());
  if (!on_body_(piece)) return Error{ErrorCode::refused, "", "stopped"};
  if (state_ == State::to_end) return {};
  left_ -= piece.size();
  if (left_ == 0) state_ = state_ == State::body ? State::done : State::chunk_end;
  return {};
}

Status AnswerReader::take_chunk_line(std::string_view& bytes) {
  const auto line = take_line(bytes);
  if (!line) return line_.size() > kMostHeadBytes ? Status(bad("a chunk's head is too large")) : Status();
  if (state_ == State::chunk_end) {
    state_ = State::chunk_size;
    return line->empty() ? Status() : Status(bad("a chunk is too long"));
  }
  if (state_ == State::trailer) {
    if (line->empty()) state_ = State::done;
    return {};
  }
  const std::string_view digits = trimmed(std::string_view(*line).substr(0, line->find(';')));
  const auto size = number<std::uint64_t>(digits, 16);
  if (!size) return bad("no chunk size");
  left_ = *size;
  state_ = left_ == 0 ? State::trailer : State::chunk;
  return {};
}

}  // namespace tillside::sync
