// One HTTP/1.1 response, read as its bytes come in, in any pieces. Memory stays below kMostHead + kMostBody.
//
// Strict where a stranger could mislead us: a length must be said once (Content-Length or chunked, never both), line
// ends are CRLF, what is longer than the limits is refused as soon as it shows. RFC 9112 is followed in what an agent
// sends.
#pragma once

#include <cstdint>

#include "pos_adapter/plugin/text.h"

namespace tillside::pos {

class HttpAnswer {
 public:
  static constexpr std::size_t kMostHead = 16384, kMostBody = 1048576, kMostHeaders = 64, kMostInterim = 4;

  enum class Progress : std::uint8_t { need_more, done, garbled };

  void reset();  // for the next response; keeps its memory, unless that has grown large

  // Where the next bytes from the network belong; `size` receives how many there is room for, 0 without memory.
  char* room(std::size_t& size);
  Progress received(std::size_t count);

  bool begun() const { return bytes_.size() > 0 || interim_ > 0; }

  // Once done, until reset():
  int status() const { return status_; }
  Text body() const { return {bytes_.data() + body_, body_end_ - body_}; }
  bool is_json() const { return json_; }        // Content-Type: application/json
  bool is_problem() const { return problem_; }  // Content-Type: application/problem+json
  bool is_duplicate() const { return duplicate_; }
  bool keeps_connection() const { return keep_alive_ && parsed_ == bytes_.size(); }  // nothing came behind it

 private:
  enum class State : std::uint8_t { head, fixed_body, chunk_size, chunk_data, chunk_end, trailers, done, garbled };

  Progress advance();
  bool step();  // false: more bytes are needed, or it is over
  bool read_head();
  bool read_status_line(Text line);
  bool read_header(Text line);
  void begin_body();
  void read_chunk_size(Text line);
  void take_chunk();
  void close_gap();
  bool take_line(Text& line, std::size_t most);
  void fail() { state_ = State::garbled; }

  Bytes bytes_;
  std::size_t parsed_ = 0;               // bytes understood so far
  std::size_t body_ = 0, body_end_ = 0;  // the decoded body lies there; chunks are moved together in place
  std::size_t length_ = 0;               // of the body, or what is left of the chunk
  std::size_t headers_ = 0, trailer_bytes_ = 0, interim_ = 0;
  State state_ = State::head;
  int status_ = 0;
  bool has_length_ = false, chunked_ = false;
  bool json_ = false, problem_ = false, duplicate_ = false, keep_alive_ = true;
};

}  // namespace tillside::pos
