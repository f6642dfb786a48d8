// The seam between the wire and the desk: a receipt has come to its end; is there something to add below it?
//
// The passage (passage.h) asks and never waits: the answer is told to Passage::answered(), in time or not.
#pragma once

#include <cstdint>
#include <string>

#include "pos_adapter/escpos/printer_state.h"

namespace tillside::escpos {

enum class ReceiptEnd : std::uint8_t {
  cut,     // GS V, ESC i, ESC m; the drawer, where that is set
  idle,    // nothing came for a while, and this POS does not cut: perhaps only a pause
  closed,  // the POS closed the job
};

// What a POS printed since the last receipt ended. Commands to the pole display, questions and real-time commands are
// left out; reading it with a Walker gives the rest in order.
struct PaperReceipt {
  std::uint64_t number = 0;  // names the receipt in answers
  std::string bytes;         // at most kReceiptBytes; longer ones are not asked about
  PrinterState begin;        // how the printer stood there: code page, Kanji
  ReceiptEnd end = ReceiptEnd::cut;
};

inline constexpr std::size_t kReceiptBytes = 1024 * 1024;

struct PaperAnswer {
  std::string block;     // what to add, as ESC/POS that fits a block (insertion.h); empty: nothing
  bool goes_on = false;  // of ReceiptEnd::idle only: this is not the whole receipt yet, ask again
};

class PaperDesk {
 public:
  virtual ~PaperDesk() = default;

  // Must return at once.
  virtual void ask(PaperReceipt receipt) = 0;

  // Called exactly once for each receipt asked about, perhaps before its answer: whether a block of ours was handed to
  // the printer to its last byte. Must return at once. `false` after an answer with a block means that its coupons are
  // on no paper.
  virtual void outcome(std::uint64_t number, bool printed) = 0;
};

// Adds nothing, ever.
class EmptyDesk final : public PaperDesk {
 public:
  void ask(PaperReceipt /*receipt*/) override {}
  void outcome(std::uint64_t /*number*/, bool /*printed*/) override {}
};

}  // namespace tillside::escpos
