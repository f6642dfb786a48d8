// The library's own thread of a line. It writes what is queued into the spool, delivers it in order, takes what ended
// processes left, asks after the agent while the breaker is open, and reads the token.
#pragma once

#include "pos_adapter/plugin/line.h"

namespace tillside::pos {

class Courier {
 public:
  explicit Courier(Line& line) : line_(line) {}

  void run();  // until line.stop; then brings to the disk what is in memory

 private:
  void begin();
  void round();
  void finish();
  void read_token();
  void write_spool(int most);
  Deadline within(std::int64_t ns, const std::atomic<bool>* stop);
  void probe();
  void has_closed();
  bool deliver_one(std::int64_t patience_ns, const std::atomic<bool>* stop);
  bool load(Waiting& waiting, Verb& verb, Text& document);
  void settle(Waiting& waiting, Verdict verdict, const HttpAnswer& answer);
  void set_aside(Waiting& waiting, Text problem);
  void try_later();
  std::int64_t next_due() const;

  Line& line_;
  Bytes file_;            // the document being delivered, when it comes from the disk
  bool resting_ = false;  // the breaker was seen open
  std::int64_t rest_ns_ = 0, next_probe_ = 0, closed_at_ = 0;
  std::int64_t pause_ns_ = 0, next_delivery_ = 0;
  std::int64_t next_write_ = 0, next_token_ = 0, next_adoption_ = 0;
};

}  // namespace tillside::pos
