// The line between a till and FakeHq, which fails as told.
#pragma once

#include <atomic>
#include <functional>
#include <map>

#include "tests/fakes/fake_hq.h"

namespace tillside::fakes {

class FakeLine final : public sync::HqTransport {
 public:
  enum class Fault { none, request_lost, answer_lost, garbled, busy, forbidden, too_old };

  explicit FakeLine(FakeHq& hq) : hq_(hq) {}

  // Asked for each exchange, numbered from 1.
  std::function<Fault(const Request&, int number)> fault;
  // A downlink that has nothing to say is held open: called with the time to let pass. Unset: answers at once.
  std::function<void(int wait_s)> hold;
  std::size_t piece_bytes = 1000;
  std::optional<std::size_t> cut_snapshot_after;  // bytes of the next snapshot answer, then the line breaks
  bool corrupts_snapshot = false;
  std::optional<int> retry_after_s;

  int exchanges = 0;
  std::map<std::string, int> calls;          // by path without query
  std::map<std::string, Request> last_call;  // the same

  Result<Answer> exchange(const Request& request) override;
  void cancel() override { cancelled_ = true; }
  bool cancelled() const { return cancelled_; }

 private:
  Result<Answer> reach(const Request& request);
  Result<Answer> snapshot(const Request& request, const std::string& name);

  FakeHq& hq_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace tillside::fakes
