#include "sync/client/answer_intake.h"

#include <algorithm>

namespace tillside::sync {

void AnswerIntake::begin(int status) {
  pieces_ = request_.on_piece && status >= 200 && status < 300;
  skip_ = pieces_ && status != 206 ? request_.range_from.value_or(0) : 0;
}

bool AnswerIntake::take(std::string_view bytes) {
  if (pieces_) return take_piece(bytes);
  if (bytes.size() > max_body_ - body_.size()) {
    trouble_ = Error{ErrorCode::out_of_range, "", "the answer is too large"};
    return false;
  }
  body_ += bytes;
  return true;
}

bool AnswerIntake::take_piece(std::string_view bytes) {
  const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
  skip_ -= skipped;
  bytes.remove_prefix(skipped);
  if (bytes.empty()) return true;
  if (auto status = request_.on_piece(bytes); !status) trouble_ = status.error();
  return !trouble_;
}

}  // namespace tillside::sync
