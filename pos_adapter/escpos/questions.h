// What the POS has asked the printer and not heard yet: nothing of ours goes between a question and its answer.
//
// Source: "ESC/POS Command Reference", the answers' fixed bits: automatic status begins with 0xx1xx00 and has four
// bytes, real-time status is 0xx1xx10, other one-byte answers have bit 4 clear, longer ones end with NUL. Pure: the
// time is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string_view>

#include "pos_adapter/escpos/walker.h"

namespace tillside::escpos {

using Moment = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

class Questions {
 public:
  // A question that is not answered within `patience` is given up. A printer that has never said a word is taken for
  // mute after the first one, until it says one.
  explicit Questions(Milliseconds patience = Milliseconds(3000)) : patience_(patience) {}

  void asked(const Command& command, Moment now);  // any command; those that ask nothing change nothing
  void heard(std::string_view bytes);              // from the printer
  void tick(Moment now);
  void forget();  // another job: answers to this one go nowhere

  // Questions are numbered from 1 in their order. Everything up to settled() was answered or given up.
  std::uint64_t asked() const { return asked_; }
  std::uint64_t settled() const { return asked_ - open_.size(); }
  // When the oldest open question is given up.
  Moment given_up_at() const { return open_.front().at + patience_; }

 private:
  enum class Form : std::uint8_t { none, byte, status, block };
  struct Open {
    Form form;
    Moment at;
  };
  static Form form_of(const Command& command);
  void hear(std::uint8_t byte);
  void settle(Form form);

  Milliseconds patience_;
  std::deque<Open> open_;
  std::uint64_t asked_ = 0;
  int status_left_ = 0;  // bytes of an automatic status still to come
  bool in_block_ = false, spoke_ = false, mute_ = false;
};

}  // namespace tillside::escpos
