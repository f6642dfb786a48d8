// One printer's stream on its way from the POS: every byte goes on as it came, and where a receipt ends a block of ours
// may go in before the cut. All that the print door decides is decided here; the relay around it only moves bytes.
//
// Promises:
//  - What comes out, without the blocks, is what went in. Bytes wait nowhere but behind the end of a receipt, there for
//    at most `cut_wait`, and a begun cut (up to three bytes, which no printer acts upon) for as long.
//  - A block goes in only where PrinterState::takes_ours() and behind answered questions.
//  - Memory is bounded by what the caller lets waiting() grow to, plus one receipt.
// Pure: the time is told. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "pos_adapter/escpos/insertion.h"
#include "pos_adapter/escpos/language.h"
#include "pos_adapter/escpos/outlet.h"
#include "pos_adapter/escpos/paper_desk.h"
#include "pos_adapter/escpos/questions.h"
#include "pos_adapter/escpos/receipt_roll.h"
#include "pos_adapter/escpos/walker.h"

namespace tillside::escpos {

struct PassageSettings {
  Milliseconds cut_wait{150};           // the most that is added to a receipt
  Milliseconds idle_gap{2000};          // a POS that does not cut is silent that long behind a receipt
  Milliseconds idle_after_kick{500};    // the same once the drawer was opened behind it
  Milliseconds idle_of_cutters{15000};  // the same for a POS that was seen to cut
  bool kick_ends = false;               // the drawer ends a receipt as a cut does
  bool endless = false;                 // a line without jobs (serial): silence begins another job
  PrinterDefaults printer = {};
};

struct PassageCounts {
  std::uint64_t receipts = 0;        // ended
  std::uint64_t blocks = 0;          // printed
  std::uint64_t late = 0;            // no answer in time
  std::uint64_t no_place = 0;        // an answer, but the printer's state or an open question left no place for it
  std::uint64_t too_long = 0;        // receipts longer than is looked at
  std::uint64_t other_language = 0;  // jobs passed unread
};

class Passage final : private Sink {
 public:
  // `desk` must outlive the passage.
  Passage(const PassageSettings& settings, PaperDesk& desk);

  void begin_job(Moment now);
  void from_pos(std::string_view bytes, Moment now);
  void pos_closed(Moment now);  // the job has no more bytes
  void from_printer(std::string_view bytes, Moment now);
  void answered(std::uint64_t number, PaperAnswer answer, Moment now);
  void tick(Moment now);
  std::optional<Moment> next_tick() const;

  // The printer went away: what was not written is gone, and how it will stand when it is back is how it stands after
  // power-on.
  void printer_lost();

  std::string_view ready() const { return outlet_.ready(); }      // to be written to the printer
  bool ready_is_ours() const { return outlet_.ready_is_ours(); }  // a piece of a block
  void written(std::size_t size, Moment now);
  std::size_t waiting() const { return outlet_.waiting(); }         // bytes
  bool passed() const { return outlet_.empty() && kept_.empty(); }  // everything the POS sent is written

  bool owes_answers() const { return questions_.settled() < questions_.asked(); }  // the printer, to the POS

  const PassageCounts& counts() const { return counts_; }
  Language language() const { return language_; }

 private:
  struct Gate {
    PrinterState state;
    std::string feeds;
    std::uint64_t questions = 0;  // asked before it
    std::optional<PaperAnswer> answer;
    std::optional<Moment> since;  // it is at the front
  };
  // A receipt that was asked about in a pause, until the answer is here and it is clear whether the pause ended it.
  struct Pause {
    std::uint64_t number = 0;    // 0: none
    std::size_t size = 0;        // of the roll then
    std::uint64_t contents = 0;  // likewise
    bool broken_off = false;     // the POS sent more before the answer; its outcome is not told yet
    bool went_on = false;        // the answer was: not the whole receipt
    std::optional<PaperAnswer> answer;
  };

  void text(std::uint64_t at, std::string_view bytes, bool to_display) override;
  void command(const Command& command) override;
  void data(std::uint64_t at, std::string_view bytes, bool last) override;

  bool reads() const { return language_ == Language::undecided || language_ == Language::escpos; }
  void recognise(std::string_view bytes);
  void pass(std::uint64_t at, std::string_view bytes);
  void keep_or_pass_begun();
  void pass_begun();
  bool is_end(const Command& command) const;
  bool may_become_end(std::string_view begun) const;
  void end_receipt(ReceiptEnd end, bool has_place);
  void put_gate(std::uint64_t number, std::optional<PaperAnswer> answer);
  void ask(ReceiptEnd end, bool has_place);
  std::optional<Moment> idle_at() const;
  void end_by_silence(Moment now);
  bool pause_has_it() const;
  void break_off_pause();
  void forget_pause();
  void answer_pause(const PaperAnswer& answer);
  void settle_gates(Moment now);
  bool settle(std::uint64_t number, Gate& gate, Moment now);
  void open_gate(std::uint64_t number, std::string block);
  void note_printed();

  const PassageSettings settings_;
  PaperDesk& desk_;
  Walker walker_;
  PrinterState state_;
  Questions questions_;
  ReceiptRoll roll_;
  Outlet outlet_;
  std::map<std::uint64_t, Gate> gates_;
  Pause pause_;
  PassageCounts counts_;
  Language language_ = Language::undecided;
  std::string opening_;          // of the job, until its language is known
  std::string kept_;             // a begun cut that was not passed on
  std::uint64_t passed_to_ = 0;  // the stream's bytes before this place are in the outlet
  std::uint64_t last_number_ = 0;
  Moment now_{}, last_byte_{};
  bool cuts_ = false;  // this POS was seen to cut
};

}  // namespace tillside::escpos
