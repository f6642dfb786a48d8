// Where an answer's bytes go: whole into a body, or in pieces to the request's on_piece. Shared by the transports.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync/client/ports.h"

namespace tillside::sync {

class AnswerIntake {
 public:
  AnswerIntake(const HqTransport::Request& request, std::size_t max_body) : request_(request), max_body_(max_body) {}

  void begin(int status);             // before the first byte
  bool take(std::string_view bytes);  // false: stop, trouble() says why
  const std::optional<Error>& trouble() const { return trouble_; }
  std::string take_body() { return std::move(body_); }

 private:
  bool take_piece(std::string_view bytes);

  const HqTransport::Request& request_;
  std::size_t max_body_;
  std::string body_;
  std::uint64_t skip_ = 0;  // of a whole answer to a request for a part
  bool pieces_ = false;
  std::optional<Error> trouble_;
};

}  // namespace tillside::sync
