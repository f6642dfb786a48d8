// Reads one HTTP/1.1 answer fed in pieces of any size: status, the few headers that matter, body by length, by chunks
// or to the end of the connection. Strict where leniency would let two readers disagree.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside::sync {

class AnswerReader {
 public:
  struct Head {
    int status = 0;
    std::optional<std::uint64_t> length;
    bool chunked = false, keep_alive = true;
    std::optional<int> retry_after_s;  // given in seconds; a date is not read
  };
  // on_head once, before on_body; on_body false: stop.
  AnswerReader(std::function<void(const Head&)> on_head, std::function<bool(std::string_view)> on_body)
      : on_head_(std::move(on_head)), on_body_(std::move(on_body)) {}

  // bad_format on what is no HTTP/1.x answer, has a head over 32 KiB, or goes on after its end; refused when on_body
  // said stop.
  Status feed(std::string_view bytes);
  // The connection ended: good only where the body goes to the end of it.
  Status end();

  bool done() const { return state_ == State::done; }
  bool begun() const { return begun_; }  // anything was heard at all
  const Head& head() const { return head_; }

 private:
  enum class State : std::uint8_t { head, body, to_end, chunk_size, chunk, chunk_end, trailer, done };
  Status take_head(std::string_view& bytes);
  Status begin_body();
  Status take_chunk_line(std::string_view& bytes);
  Status take_body(std::string_view& bytes);
  std::optional<std::string> take_line(std::string_view& bytes);

  std::function<void(const Head&)> on_head_;
  std::function<bool(std::string_view)> on_body_;
  State state_ = State::head;
  Head head_;
  std::string line_;  // unfinished
  std::size_t head_bytes_ = 0;
  std::uint64_t left_ = 0;  // of the body or the chunk
  bool begun_ = false;
};

}  // namespace tillside::sync
