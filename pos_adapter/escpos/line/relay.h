// Stands where the printer stood and hands every byte on, both ways.
//
// The POS side is one of endpoint.h's places. With jobs (a TCP connection, standard input) the printer is connected
// when a job begins and let go when it ends: one job at a time, the next waits for its turn, nothing is held while
// idle. A printer that cannot be reached, or goes away, ends the job as an unplugged printer would: the POS's
// connection is reset. On a line without jobs (serial) the printer is held while bytes pass, a serial one always; while
// it is away what the POS sends is thrown away and DTR and RTS are down. Buffers are bounded: who is slow slows the
// other side.
//
// One thread runs it; stop(), answer() may be called from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pos_adapter/escpos/line/channel.h"
#include "pos_adapter/escpos/line/waits.h"
#include "pos_adapter/escpos/passage.h"

namespace tillside::escpos {

struct RelaySettings {
  Endpoint listen, printer;
  PassageSettings passage = {};
  Milliseconds connect_wait{5000};  // for a printer to accept
  Milliseconds last_words{3000};    // for its answers behind the end of a job
  Milliseconds hold{5000};          // on a line without jobs: silence after which the printer is let go
  Milliseconds try_again{2000};     // on a line without jobs: between tries to reach it
  Milliseconds stop_wait{5000};     // for a job to end by itself when the relay is to stop
};

class Relay {
 public:
  // What happens, in a few stable words, with a detail: "printer_lost", "tcp:10.0.0.9:9100". From the relay's thread.
  using Say = std::function<void(std::string_view what, const std::string& detail)>;

  // Listens already. `desk` must outlive the relay and its answers come to answer().
  static Result<std::unique_ptr<Relay>> open(const RelaySettings& settings, PaperDesk& desk, Say say);

  // Until stop(), or for standard input the job's end. unavailable: the printer of that one job could not be reached or
  // went away.
  Status run();
  void stop();
  void answer(std::uint64_t number, PaperAnswer answer);

  std::uint16_t port() const { return listener_.port(); }            // TCP only
  const PassageCounts& counts() const { return passage_.counts(); }  // when run() has ended

 private:
  enum class Phase : std::uint8_t {
    idle,        // no job; the printer is let go, or a serial one
    connecting,  // to the printer
    passing,
    ending,  // all is sent; the printer may still answer
  };

  Relay(const RelaySettings& settings, PaperDesk& desk, Say say);

  void plan();
  std::optional<Moment> next_deadline() const;
  void step(Moment now);
  void take_answers(Moment now);

  void wait_for_job(Moment now);
  void begin_job(Channel pos, Moment now);
  void reach_printer(Moment now);
  void finish_connecting(Moment now);
  void printer_stands(Moment now);
  void printer_refused(const std::string& why, Moment now);

  void pass(Moment now);
  void read_pos(Moment now);
  void write_printer(Moment now);
  void read_printer(Moment now);
  void write_pos();
  void pos_ended(Moment now);
  void printer_lost(Moment now);
  void let_go_when_quiet(Moment now);

  void end_job(Moment now);
  void last_words(Moment now);
  void job_over(Moment now);
  void pos_away(Moment now);
  void lose_pos(Moment now);
  void find_pos(Moment now);

  bool has_jobs() const { return settings_.listen.has_jobs(); }
  bool is_held() const { return settings_.printer.kind == Endpoint::Kind::serial; }

  const RelaySettings settings_;
  const Say say_;
  Passage passage_;
  Waits waits_;
  Listener listener_;
  Channel pos_, printer_;
  Phase phase_ = Phase::idle;
  std::string replies_;       // of the printer, not written to the POS yet
  std::vector<char> room_;    // to read into
  bool pos_ended_ = false;    // it sends no more
  bool pos_deaf_ = false;     // it hears no more
  bool unreachable_ = false;  // on a line without jobs: said already
  bool failed_ = false;       // the last job
  Moment deadline_{};         // of connecting, ending, the next try
  Moment last_traffic_{}, pos_again_{};
  std::optional<Moment> stop_by_;

  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // guards answers_
  std::vector<std::pair<std::uint64_t, PaperAnswer>> answers_;
};

}  // namespace tillside::escpos
