#include "pos_adapter/escpos/passage.h"

#include <algorithm>
#include <utility>

namespace tillside::escpos {
namespace {

constexpr Milliseconds kSilenceBetweenJobs{2000};

bool is_cut_letter(char letter) { return std::string_view("ABabgh").find(letter) != std::string_view::npos; }

}  // namespace

Passage::Passage(const PassageSettings& settings, PaperDesk& desk)
    : settings_(settings), desk_(desk), state_(settings.printer) {}

void Passage::begin_job(Moment now) {
  now_ = now;
  questions_.forget();
  opening_.clear();
  language_ = Language::undecided;
}

void Passage::from_pos(std::string_view bytes, Moment now) {
  now_ = now;
  if (settings_.endless && now - last_byte_ >= kSilenceBetweenJobs && walker_.between_commands()) begin_job(now);
  break_off_pause();
  recognise(bytes);
  if (reads()) {
    walker_.feed(bytes, *this);
    if (pause_.broken_off && !pause_has_it()) forget_pause();
    keep_or_pass_begun();
  } else {
    outlet_.append(bytes);
  }
  last_byte_ = now;
  tick(now);
}

// Until it is known the job is read as ESC/POS: nothing is inserted that early.
void Passage::recognise(std::string_view bytes) {
  if (language_ != Language::undecided) return;
  opening_ += bytes.substr(0, kOpeningBytes - std::min(opening_.size(), kOpeningBytes));
  language_ = language_of(opening_);
  if (reads()) return;
  ++counts_.other_language;
  pass_begun();
  walker_.finish(*this);
  passed_to_ = walker_.fed();
  roll_.clear();
}

void Passage::pos_closed(Moment now) {
  now_ = now;
  pass_begun();
  walker_.finish(*this);
  passed_to_ = walker_.fed();
  if (reads() && gates_.count(pause_.number) == 0 && roll_.has_content()) end_receipt(ReceiptEnd::closed, true);
  tick(now);
}

void Passage::from_printer(std::string_view bytes, Moment now) {
  questions_.heard(bytes);
  tick(now);
}

void Passage::printer_lost() {
  for (const std::uint64_t number : outlet_.clear()) {
    gates_.erase(number);
    desk_.outcome(number, false);
  }
  walker_ = Walker();
  state_ = PrinterState(settings_.printer);
  questions_.forget();
  pause_.answer.reset();
  forget_pause();
  roll_.clear();
  kept_.clear();
  passed_to_ = 0;
}

// --- what the walk tells

void Passage::text(std::uint64_t at, std::string_view bytes, bool to_display) {
  if (!to_display) roll_.text(bytes, state_);
  state_.text(to_display);
  pass(at, bytes);
}

void Passage::command(const Command& command) {
  if (is_end(command) && roll_.has_content()) {
    cuts_ = cuts_ || command.kind == Kind::cut;
    end_receipt(ReceiptEnd::cut, passed_to_ <= command.at);
  }
  roll_.command(command, state_);
  state_.command(command);
  questions_.asked(command, now_);
  pass(command.at, command.head);
}

void Passage::data(std::uint64_t at, std::string_view bytes, bool /*last*/) {
  roll_.data(bytes);
  pass(at, bytes);
}

bool Passage::is_end(const Command& command) const {
  if (command.to_display) return false;
  return command.kind == Kind::cut || (settings_.kick_ends && command.kind == Kind::pulse);
}

// --- bytes go on

void Passage::pass(std::uint64_t at, std::string_view bytes) {
  const std::uint64_t end = at + bytes.size();
  if (end <= passed_to_) return;
  const auto gone = static_cast<std::size_t>(passed_to_ > at ? passed_to_ - at : 0);
  outlet_.append(bytes.substr(gone));
  passed_to_ = end;
  kept_.clear();
}

// The first bytes of a command that is not whole yet. They wait only where they may become the end of a receipt.
void Passage::keep_or_pass_begun() {
  const std::string_view begun = walker_.held();
  if (begun.empty()) return;
  kept_ = begun;
  if (!roll_.has_content() || !may_become_end(begun)) pass_begun();
}

void Passage::pass_begun() {
  if (!kept_.empty()) pass(walker_.fed() - kept_.size(), std::string(kept_));
}

bool Passage::may_become_end(std::string_view begun) const {
  if (walker_.grammar().display) return false;
  if (begun == "\x1B" || begun == "\x1D" || begun == "\x1DV") return true;
  if (begun.size() == 3 && begun.substr(0, 2) == "\x1DV") return is_cut_letter(begun[2]);
  return settings_.kick_ends && begun.substr(0, 2) == "\x1Bp";
}

// --- a receipt ends

void Passage::end_receipt(ReceiptEnd end, bool has_place) {
  if (pause_.answer && pause_.answer->goes_on) pause_.went_on = true;
  const bool told_before = pause_has_it() && !pause_.went_on;
  if (told_before && pause_.broken_off && has_place) {
    put_gate(pause_.number, std::move(pause_.answer));
    pause_ = {};
  }
  forget_pause();
  if (!told_before && roll_.has_content()) ask(end, has_place);
  roll_.clear();
}

void Passage::ask(ReceiptEnd end, bool has_place) {
  ++counts_.receipts;
  if (roll_.too_long()) {
    ++counts_.too_long;
    return;
  }
  PaperReceipt receipt = roll_.receipt();
  const std::uint64_t number = receipt.number = ++last_number_;
  receipt.end = end;
  if (has_place) put_gate(number, std::nullopt);
  desk_.ask(std::move(receipt));
  if (has_place) return;
  ++counts_.no_place;
  desk_.outcome(number, false);
}

void Passage::put_gate(std::uint64_t number, std::optional<PaperAnswer> answer) {
  outlet_.gate(number);
  gates_.emplace(number, Gate{.state = state_,
                              .feeds = roll_.feeds(),
                              .questions = questions_.asked(),
                              .answer = std::move(answer),
                              .since = std::nullopt});
}

// --- pauses

std::optional<Moment> Passage::idle_at() const {
  const bool whole = roll_.has_content() && !state_.mid_line && state_.takes_ours() && walker_.between_commands();
  const bool open = gates_.count(pause_.number) > 0 || pause_has_it();
  if (!whole || open || !reads() || !outlet_.empty()) return std::nullopt;
  const Milliseconds gap = roll_.kicked() ? settings_.idle_after_kick
                           : cuts_        ? settings_.idle_of_cutters
                                          : settings_.idle_gap;
  return last_byte_ + gap;
}

void Passage::end_by_silence(Moment now) {
  const auto at = idle_at();
  if (!at || now < *at) return;
  forget_pause();
  if (roll_.too_long()) return end_receipt(ReceiptEnd::idle, true);
  pause_ = {.number = last_number_ + 1,
            .size = roll_.size(),
            .contents = roll_.contents(),
            .broken_off = false,
            .went_on = false,
            .answer = std::nullopt};
  ask(ReceiptEnd::idle, true);
}

// The last pause was behind the very same content.
bool Passage::pause_has_it() const { return pause_.contents != 0 && pause_.contents == roll_.contents(); }

// The POS goes on: nothing of it waits for what was asked in a pause. Perhaps its cut follows, and the answer with it.
void Passage::break_off_pause() {
  const auto gate = gates_.find(pause_.number);
  if (gate == gates_.end()) return;
  pause_.broken_off = true;
  pause_.answer = std::move(gate->second.answer);
  outlet_.open({});
  gates_.erase(gate);
}

void Passage::forget_pause() {
  if (pause_.broken_off) desk_.outcome(pause_.number, false);
  if (pause_.answer && !pause_.answer->goes_on) roll_.drop(pause_.size);
  pause_ = {};
}

void Passage::answer_pause(const PaperAnswer& answer) {
  pause_.number = 0;
  if (answer.goes_on) {
    pause_.went_on = true;
    --counts_.receipts;
  } else {
    roll_.drop(pause_.size);
    pause_ = {};
  }
}

void Passage::answered(std::uint64_t number, PaperAnswer answer, Moment now) {
  if (number == pause_.number && number != 0) {
    if (pause_.broken_off) {
      pause_.answer = std::move(answer);
      return tick(now);
    }
    answer_pause(answer);
  }
  const auto gate = gates_.find(number);
  if (gate != gates_.end()) gate->second.answer = std::move(answer);
  tick(now);
}

// --- gates

void Passage::settle_gates(Moment now) {
  while (const auto number = outlet_.closed_gate()) {
    const auto gate = gates_.find(*number);
    if (!settle(*number, gate->second, now)) return;
  }
}

bool Passage::settle(std::uint64_t number, Gate& gate, Moment now) {
  if (!gate.since) gate.since = now;
  const bool heard = questions_.settled() >= gate.questions;
  if (gate.answer && (heard || gate.answer->block.empty())) {
    auto block = block_at(gate.state, gate.answer->block, gate.feeds);
    if (!block && !gate.answer->block.empty()) ++counts_.no_place;
    open_gate(number, std::move(block).value_or(std::string()));
    return true;
  }
  if (now < *gate.since + settings_.cut_wait) return false;
  ++(gate.answer ? counts_.no_place : counts_.late);
  open_gate(number, {});
  return true;
}

void Passage::open_gate(std::uint64_t number, std::string block) {
  const bool nothing = block.empty();
  outlet_.open(std::move(block));
  gates_.erase(number);
  if (nothing) desk_.outcome(number, false);
}

void Passage::written(std::size_t size, Moment now) {
  outlet_.written(size);
  note_printed();
  tick(now);
}

void Passage::note_printed() {
  for (const std::uint64_t number : outlet_.take_printed()) {
    ++counts_.blocks;
    desk_.outcome(number, true);
  }
}

// --- time

void Passage::tick(Moment now) {
  now_ = now;
  questions_.tick(now);
  if (!kept_.empty() && now >= last_byte_ + settings_.cut_wait) pass_begun();
  end_by_silence(now);
  settle_gates(now);
}

std::optional<Moment> Passage::next_tick() const {
  std::optional<Moment> next;
  const auto at_latest = [&](Moment moment) { next = next ? std::min(*next, moment) : moment; };
  if (!kept_.empty()) at_latest(last_byte_ + settings_.cut_wait);
  if (const auto idle = idle_at()) at_latest(*idle);
  const auto number = outlet_.closed_gate();
  const auto gate = number ? gates_.find(*number) : gates_.end();
  if (gate != gates_.end() && gate->second.since) at_latest(*gate->second.since + settings_.cut_wait);
  if (number && questions_.settled() < questions_.asked()) at_latest(questions_.given_up_at());
  return next;
}

}  // namespace tillside::escpos
