#include "pos_adapter/plugin/http_answer.h"

namespace tillside::pos {
namespace {

constexpr std::size_t kPiece = 8192;         // room offered at a time
constexpr std::size_t kMemoryKept = 131072;  // between answers
constexpr std::size_t kMostChunkLine = 256, kMostTrailers = 4096;

// The front of `text` up to CRLF; false while there is none.
bool line_of(Text text, Text& line) {
  const auto* end = static_cast<const char*>(text.empty() ? nullptr : std::memchr(text.data, '\n', text.size));
  if (end == nullptr) return false;
  line = text.first(static_cast<std::size_t>(end - text.data) + 1);
  return true;
}

bool ends_properly(Text line) { return line.size >= 2 && line[line.size - 2] == '\r'; }

bool read_length(Text text, std::size_t& length) {
  if (text.empty() || text.size > 9) return false;
  length = 0;
  for (std::size_t i = 0; i < text.size; ++i) {
    if (!is_digit(text[i])) return false;
    length = length * 10 + static_cast<std::size_t>(text[i] - '0');
  }
  return true;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

Text before(Text text, char sign) {
  const void* at = text.empty() ? nullptr : std::memchr(text.data, sign, text.size);
  if (at == nullptr) return text;
  return text.first(static_cast<std::size_t>(static_cast<const char*>(at) - text.data));
}

}  // namespace

void HttpAnswer::reset() {
  if (bytes_.capacity() > kMemoryKept) bytes_.give_back();
  bytes_.clear();
  parsed_ = body_ = body_end_ = length_ = 0;
  headers_ = trailer_bytes_ = interim_ = 0;
  state_ = State::head;
  status_ = 0;
  has_length_ = chunked_ = json_ = problem_ = duplicate_ = false;
  keep_alive_ = true;
}

char* HttpAnswer::room(std::size_t& size) {
  std::size_t wanted = kPiece;
  if (state_ == State::fixed_body && body_ + length_ > bytes_.size()) wanted = body_ + length_ - bytes_.size();
  size = 0;
  if (!bytes_.reserve(bytes_.size() + wanted)) return nullptr;
  size = bytes_.capacity() - bytes_.size();
  return bytes_.data() + bytes_.size();
}

HttpAnswer::Progress HttpAnswer::received(std::size_t count) {
  bytes_.set_size(bytes_.size() + count);
  return advance();
}

HttpAnswer::Progress HttpAnswer::advance() {
  while (step()) {
  }
  if (state_ == State::done) return Progress::done;
  if (state_ == State::garbled) return Progress::garbled;
  close_gap();
  return Progress::need_more;
}

bool HttpAnswer::step() {
  Text line;
  switch (state_) {
    case State::head:
      return read_head();
    case State::fixed_body:
      if (bytes_.size() - body_ < length_) return false;
      body_end_ = parsed_ = body_ + length_;
      state_ = State::done;
      return false;
    case State::chunk_size:
      if (!take_line(line, kMostChunkLine)) return false;
      read_chunk_size(line);
      return true;
    case State::chunk_data:
      take_chunk();
      return length_ == 0;
    case State::chunk_end:
      if (!take_line(line, 2)) return false;
      line.empty() ? void(state_ = State::chunk_size) : fail();
      return true;
    case State::trailers:
      if (!take_line(line, kMostTrailers)) return false;
      trailer_bytes_ += line.size;
      if (trailer_bytes_ > kMostTrailers) return fail(), false;
      if (line.empty()) state_ = State::done;
      return true;
    case State::done:
    case State::garbled:
      return false;
  }
  return false;
}

// The next line without its end, once it is there. A line over `most` bytes, its end included, or ended otherwise
// fails.
bool HttpAnswer::take_line(Text& line, std::size_t most) {
  const Text rest = bytes_.text().from(parsed_);
  if (!line_of(rest, line)) {
    if (rest.size >= most) fail();
    return false;
  }
  if (line.size > most || !ends_properly(line)) return fail(), false;
  parsed_ += line.size;
  line.size -= 2;
  return true;
}

bool HttpAnswer::read_head() {
  Text line;
  if (!take_line(line, kMostHead - parsed_)) return false;
  if (status_ == 0) {
    if (!read_status_line(line)) return fail(), false;
    return true;
  }
  if (!line.empty()) {
    if (!read_header(line)) return fail(), false;
    return true;
  }
  if (status_ >= 200) return begin_body(), true;
  if (++interim_ > kMostInterim || status_ == 101) return fail(), false;
  std::memmove(bytes_.data(), bytes_.data() + parsed_, bytes_.size() - parsed_);
  bytes_.set_size(bytes_.size() - parsed_);
  parsed_ = headers_ = 0;
  status_ = 0;
  has_length_ = chunked_ = json_ = problem_ = duplicate_ = false;
  keep_alive_ = true;
  return true;
}

bool HttpAnswer::read_status_line(Text line) {
  if (line.size < 12 || !(line.first(7) == "HTTP/1.") || !is_digit(line[7]) || line[8] != ' ') return false;
  if (line.size > 12 && line[12] != ' ') return false;
  for (std::size_t i = 9; i < 12; ++i) {
    if (!is_digit(line[i])) return false;
    status_ = status_ * 10 + (line[i] - '0');
  }
  keep_alive_ = line[7] != '0';
  return status_ >= 100;
}

bool HttpAnswer::read_header(Text line) {
  if (++headers_ > kMostHeaders) return false;
  const Text name = before(line, ':');
  if (name.empty() || name.size == line.size || name[0] == ' ' || name[0] == '\t') return false;
  const Text value = trimmed(line.from(name.size + 1));
  if (same_ignoring_case(name, "content-length")) {
    std::size_t length = 0;
    if (!read_length(value, length) || length > kMostBody || (has_length_ && length != length_)) return false;
    length_ = length;
    has_length_ = true;
  } else if (same_ignoring_case(name, "transfer-encoding")) {
    if (chunked_ || !same_ignoring_case(value, "chunked")) return false;
    chunked_ = true;
  } else if (same_ignoring_case(name, "content-type")) {
    const Text type = trimmed(before(value, ';'));
    json_ = same_ignoring_case(type, "application/json");
    problem_ = same_ignoring_case(type, "application/problem+json");
  } else if (same_ignoring_case(name, "connection")) {
    keep_alive_ = keep_alive_ && !same_ignoring_case(value, "close");
  } else if (same_ignoring_case(name, "tillside-duplicate")) {
    duplicate_ = same_ignoring_case(value, "true");
  }
  return true;
}

void HttpAnswer::begin_body() {
  body_ = body_end_ = parsed_;
  const bool never = status_ == 204 || status_ == 304;
  if (has_length_ && chunked_) return fail();
  if (never) {
    state_ = State::done;
  } else if (chunked_) {
    state_ = State::chunk_size;
  } else if (has_length_) {
    state_ = State::fixed_body;
  } else {
    fail();
  }
}

void HttpAnswer::read_chunk_size(Text line) {
  const Text digits = trimmed(before(line, ';'));
  if (digits.empty() || digits.size > 7) return fail();
  length_ = 0;
  for (std::size_t i = 0; i < digits.size; ++i) {
    const int digit = hex_digit(digits[i]);
    if (digit < 0) return fail();
    length_ = length_ << 4 | static_cast<std::size_t>(digit);
  }
  if (body_end_ - body_ + length_ > kMostBody) return fail();
  state_ = length_ == 0 ? State::trailers : State::chunk_data;
}

// Moves what is there of the chunk behind the body so far.
void HttpAnswer::take_chunk() {
  const std::size_t there = bytes_.size() - parsed_, part = there < length_ ? there : length_;
  std::memmove(bytes_.data() + body_end_, bytes_.data() + parsed_, part);
  body_end_ += part;
  parsed_ += part;
  length_ -= part;
  if (length_ == 0) state_ = State::chunk_end;
}

// Closes the gap that the chunks' own lines left, once for all bytes that came together.
void HttpAnswer::close_gap() {
  if (!chunked_ || state_ == State::head || parsed_ == body_end_) return;
  const std::size_t rest = bytes_.size() - parsed_;
  std::memmove(bytes_.data() + body_end_, bytes_.data() + parsed_, rest);
  bytes_.set_size(body_end_ + rest);
  parsed_ = body_end_;
}

}  // namespace tillside::pos
