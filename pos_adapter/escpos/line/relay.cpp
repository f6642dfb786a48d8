#include "pos_adapter/escpos/line/relay.h"

#include <algorithm>

namespace tillside::escpos {
namespace {

using Got = Channel::Got;

constexpr std::size_t kRoom = 64 * 1024;
constexpr std::size_t kWaitingAtMost = 128 * 1024;  // bytes towards the printer
constexpr std::size_t kRepliesAtMost = 64 * 1024;

Moment now_is() { return std::chrono::steady_clock::now(); }

PassageSettings for_line(PassageSettings passage, const Endpoint& listen) {
  passage.endless = !listen.has_jobs();
  return passage;
}

}  // namespace

Relay::Relay(const RelaySettings& settings, PaperDesk& desk, Say say)
    : settings_(settings),
      say_(std::move(say)),
      passage_(for_line(settings.passage, settings.listen), desk),
      room_(kRoom) {}

Result<std::unique_ptr<Relay>> Relay::open(const RelaySettings& settings, PaperDesk& desk, Say say) {
  std::unique_ptr<Relay> out(new Relay(settings, desk, std::move(say)));
  if (settings.listen.kind == Endpoint::Kind::tcp) {
    auto listener = Listener::open(settings.listen);
    if (!listener) return listener.error();
    out->listener_ = std::move(*listener);
  } else {
    auto pos = open_pos(settings.listen);
    if (!pos) return pos.error();
    out->pos_ = std::move(*pos);
  }
  return out;
}

void Relay::stop() {
  stopping_ = true;
  waits_.wake();
}

void Relay::answer(std::uint64_t number, PaperAnswer answer) {
  {
    const std::lock_guard lock(mutex_);
    answers_.emplace_back(number, std::move(answer));
  }
  waits_.wake();
}

Status Relay::run() {
  last_traffic_ = deadline_ = now_is();
  if (settings_.listen.kind == Endpoint::Kind::standard_input) begin_job(std::move(pos_), last_traffic_);
  for (;;) {
    const Moment now = now_is();
    step(now);
    const bool one_job_done = settings_.listen.kind == Endpoint::Kind::standard_input && phase_ == Phase::idle;
    if (one_job_done) break;
    if (stopping_ && !stop_by_) stop_by_ = now + settings_.stop_wait;
    const bool quiet = phase_ == Phase::idle || (!has_jobs() && passage_.passed());
    if (stop_by_ && (quiet || now >= *stop_by_)) break;
    plan();
    waits_.wait(next_deadline());
  }
  if (phase_ != Phase::idle && has_jobs()) pos_.abort();
  passage_.printer_lost();  // what was asked and not printed is told
  if (failed_) return Error{ErrorCode::unavailable, {}, to_words(settings_.printer)};
  return {};
}

// --- what to wait for

void Relay::plan() {
  waits_.clear();
  if (phase_ == Phase::idle && listener_.handle() >= 0 && !stopping_) waits_.for_reading(listener_.handle());
  if (phase_ == Phase::connecting) waits_.for_writing(printer_.out());
  const bool pos_may_send = phase_ == Phase::passing || (phase_ == Phase::idle && !has_jobs());
  if (pos_may_send && !pos_ended_ && passage_.waiting() < kWaitingAtMost) waits_.for_reading(pos_.in());
  if (!replies_.empty()) waits_.for_writing(pos_.out());
  if (phase_ == Phase::connecting || !printer_.is_open()) return;
  if (replies_.size() < kRepliesAtMost) waits_.for_reading(printer_.in());
  if (!passage_.ready().empty()) waits_.for_writing(printer_.out());
}

std::optional<Moment> Relay::next_deadline() const {
  std::optional<Moment> next = passage_.next_tick();
  const auto at_latest = [&](Moment moment) { next = next ? std::min(*next, moment) : moment; };
  if (phase_ == Phase::connecting || phase_ == Phase::ending) at_latest(deadline_);
  const bool waits_for_printer = !printer_.is_open() && is_held() && phase_ == Phase::idle;
  if (waits_for_printer || unreachable_) at_latest(deadline_);
  if (!has_jobs() && !pos_.is_open()) at_latest(pos_again_);
  if (phase_ == Phase::passing && !has_jobs() && !is_held()) at_latest(last_traffic_ + settings_.hold);
  if (stop_by_) at_latest(*stop_by_);
  return next;
}

void Relay::step(Moment now) {
  take_answers(now);
  passage_.tick(now);
  switch (phase_) {
    case Phase::idle:
      return wait_for_job(now);
    case Phase::connecting:
      return finish_connecting(now);
    case Phase::passing:
      return pass(now);
    case Phase::ending:
      return last_words(now);
  }
}

void Relay::take_answers(Moment now) {
  std::vector<std::pair<std::uint64_t, PaperAnswer>> answers;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
  }
  for (auto& [number, answer] : answers) passage_.answered(number, std::move(answer), now);
}

// --- a job begins

void Relay::wait_for_job(Moment now) {
  if (is_held() && !printer_.is_open() && now >= deadline_) {
    if (auto printer = open_printer(settings_.printer)) printer_ = std::move(*printer);
    deadline_ = now + settings_.try_again;
  }
  if (has_jobs()) {
    if (stopping_) return;
    if (is_held()) read_printer(now);  // nobody has asked: it goes nowhere
    Channel pos = listener_.accept();
    if (pos.is_open()) begin_job(std::move(pos), now);
    return;
  }
  pos_away(now);
}

void Relay::begin_job(Channel pos, Moment now) {
  pos_ = std::move(pos);
  pos_ended_ = pos_deaf_ = failed_ = false;
  replies_.clear();
  say_("job_began", {});
  reach_printer(now);
}

void Relay::reach_printer(Moment now) {
  if (is_held() && printer_.is_open()) return printer_stands(now);
  auto printer = open_printer(settings_.printer);
  if (!printer) return printer_refused(printer.error().detail, now);
  printer_ = std::move(*printer);
  phase_ = Phase::connecting;
  deadline_ = now + settings_.connect_wait;
  finish_connecting(now);
}

void Relay::finish_connecting(Moment now) {
  switch (printer_.connected()) {
    case Got::bytes:
      return printer_stands(now);
    case Got::nothing:
      if (now >= deadline_) printer_refused("no answer", now);
      return;
    default:
      return printer_refused("refused", now);
  }
}

void Relay::printer_stands(Moment now) {
  phase_ = Phase::passing;
  last_traffic_ = now;
  if (unreachable_) say_("printer_back", to_words(settings_.printer));
  unreachable_ = false;
  if (has_jobs()) passage_.begin_job(now);
  if (!has_jobs()) pos_.show_ready(true);
  pass(now);
}

void Relay::printer_refused(const std::string& why, Moment now) {
  printer_.close();
  passage_.printer_lost();
  phase_ = Phase::idle;
  if (!unreachable_) say_("printer_refused", to_words(settings_.printer) + ": " + why);
  deadline_ = now + settings_.try_again;
  if (has_jobs()) {
    failed_ = true;
    return pos_.abort();
  }
  unreachable_ = true;
  pos_.show_ready(false);
}

// On a line without jobs, while the printer is let go or away. What comes while it is away is lost, as it would be.
void Relay::pos_away(Moment now) {
  if (!pos_.is_open()) return find_pos(now);
  if (is_held() && printer_.is_open()) return printer_stands(now);
  if (unreachable_ && now >= deadline_) return reach_printer(now);
  std::size_t got = 0;
  const Got what = pos_.read(room_.data(), room_.size(), got);
  if (what == Got::failed || what == Got::closed) return lose_pos(now);
  if (got == 0 || unreachable_) return;
  reach_printer(now);
  if (phase_ == Phase::idle) return;
  passage_.from_pos({room_.data(), got}, now);
  if (phase_ == Phase::passing) pass(now);
}

void Relay::lose_pos(Moment now) {
  pos_.close();
  pos_again_ = now + settings_.try_again;
  say_("pos_lost", to_words(settings_.listen));
}

void Relay::find_pos(Moment now) {
  if (now < pos_again_) return;
  pos_again_ = now + settings_.try_again;
  auto pos = open_pos(settings_.listen);
  if (!pos) return;
  pos_ = std::move(*pos);
  pos_ended_ = pos_deaf_ = false;
  say_("pos_back", to_words(settings_.listen));
}

// --- bytes pass

void Relay::pass(Moment now) {
  read_printer(now);
  if (phase_ != Phase::passing) return;
  write_pos();
  read_pos(now);
  write_printer(now);
  if (phase_ != Phase::passing) return;
  write_pos();
  if (pos_ended_ && passage_.passed()) return end_job(now);
  if (!has_jobs()) let_go_when_quiet(now);
}

void Relay::read_pos(Moment now) {
  while (!pos_ended_ && passage_.waiting() < kWaitingAtMost) {
    std::size_t got = 0;
    const Got what = pos_.read(room_.data(), room_.size(), got);
    if (what == Got::nothing) return;
    if (what == Got::bytes) {
      last_traffic_ = now;
      passage_.from_pos({room_.data(), got}, now);
      if (got < room_.size()) return;
      continue;
    }
    pos_deaf_ = pos_deaf_ || what == Got::failed;
    return pos_ended(now);
  }
}

void Relay::pos_ended(Moment now) {
  pos_ended_ = true;
  passage_.pos_closed(now);
}

void Relay::write_printer(Moment now) {
  while (!passage_.ready().empty()) {
    std::size_t sent = 0;
    const Got what = printer_.write(passage_.ready(), sent);
    if (what == Got::nothing) return;
    if (what != Got::bytes) return printer_lost(now);
    last_traffic_ = now;
    passage_.written(sent, now);
  }
}

void Relay::read_printer(Moment now) {
  if (!printer_.is_open() || replies_.size() >= kRepliesAtMost) return;
  std::size_t got = 0;
  const Got what = printer_.read(room_.data(), std::min(room_.size(), kRepliesAtMost), got);
  if (what == Got::nothing) return;
  if (what != Got::bytes) return printer_lost(now);
  last_traffic_ = now;
  passage_.from_printer({room_.data(), got}, now);
  if (phase_ != Phase::idle && !pos_deaf_) replies_.append(room_.data(), got);
}

void Relay::write_pos() {
  if (pos_.out() < 0) pos_deaf_ = true;
  while (!replies_.empty() && !pos_deaf_) {
    std::size_t sent = 0;
    const Got what = pos_.write(replies_, sent);
    if (what == Got::nothing) return;
    pos_deaf_ = what != Got::bytes;
    replies_.erase(0, sent);
  }
  if (pos_deaf_) replies_.clear();
}

void Relay::printer_lost(Moment now) {
  if (phase_ == Phase::ending) return job_over(now);
  write_pos();
  passage_.printer_lost();
  printer_.close();
  say_("printer_lost", to_words(settings_.printer));
  const bool in_job = phase_ != Phase::idle;
  phase_ = Phase::idle;
  deadline_ = now + settings_.try_again;
  if (!has_jobs()) {
    unreachable_ = true;
    pos_deaf_ = false;
    return pos_.show_ready(false);
  }
  failed_ = failed_ || in_job;
  pos_.abort();
}

void Relay::let_go_when_quiet(Moment now) {
  if (is_held() || now < last_traffic_ + settings_.hold || !passage_.passed()) return;
  printer_.shutdown_write();
  printer_.close();
  phase_ = Phase::idle;
  say_("printer_let_go", {});
}

// --- a job ends

void Relay::end_job(Moment now) {
  printer_.shutdown_write();
  phase_ = Phase::ending;
  const bool tells_its_end = settings_.printer.kind == Endpoint::Kind::tcp;
  const Milliseconds patience = passage_.owes_answers() ? settings_.last_words : settings_.last_words / 3;
  deadline_ = now + (tells_its_end ? patience : std::min(patience, Milliseconds(300)));
  last_words(now);
}

// A printer closes when it has taken all: until then its answers are the POS's, and closing with answers unread would
// throw away what it has not read.
void Relay::last_words(Moment now) {
  read_printer(now);
  if (phase_ != Phase::ending) return;
  write_pos();
  const bool mute = printer_.in() < 0 || (pos_deaf_ && settings_.printer.kind != Endpoint::Kind::tcp);
  if (mute || now >= deadline_) job_over(now);
}

void Relay::job_over(Moment now) {
  write_pos();
  pos_.close();
  if (!is_held()) printer_.close();
  phase_ = Phase::idle;
  say_("job_ended", {});
  if (!has_jobs()) lose_pos(now);
}

}  // namespace tillside::escpos
