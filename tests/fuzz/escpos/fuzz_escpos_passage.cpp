// A POS that sends whatever bytes in whatever pieces, a printer that says whatever, a desk that answers early, late,
// twice or never: what comes out without our blocks is what went in, nothing waits for ever, and each receipt has one
// outcome.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "pos_adapter/escpos/passage.h"

namespace {

using namespace tillside::escpos;

void require(bool holds) {
  if (!holds) std::abort();
}

class Desk final : public PaperDesk {
 public:
  std::uint64_t asked = 0;
  std::map<std::uint64_t, int> outcomes;
  void ask(PaperReceipt receipt) override {
    require(receipt.number == ++asked && receipt.bytes.size() <= kReceiptBytes);
  }
  void outcome(std::uint64_t number, bool) override { require(++outcomes[number] == 1); }
};

class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  unsigned next() { return at_ < size_ ? data_[at_++] : 0; }
  std::string_view rest() const { return {reinterpret_cast<const char*>(data_) + at_, size_ - at_}; }

 private:
  const std::uint8_t* data_;
  std::size_t size_, at_ = 0;
};

class Line {
 public:
  explicit Line(const PassageSettings& settings) : passage(settings, desk) { passage.begin_job(now); }
  Desk desk;
  Passage passage;
  Moment now{std::chrono::hours(1)};
  std::string theirs;

  void write() {
    while (!passage.ready().empty()) {
      const std::string_view piece = passage.ready();
      if (!passage.ready_is_ours()) theirs += piece;
      passage.written(piece.size(), now);
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 24) return 0;
  Script script(data, 16);
  const unsigned habits = script.next();
  PassageSettings settings;
  settings.kick_ends = (habits & 1) != 0;
  settings.endless = (habits & 2) != 0;
  Line line(settings);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 16, size - 16);
  std::uint64_t answered = 0;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const unsigned turn = script.next();
    const std::size_t piece = std::min<std::size_t>(bytes.size() - at, 1 + turn % 64 * (1 + (habits >> 4)));
    line.passage.from_pos(bytes.substr(at, piece), line.now);
    at += piece;
    if ((turn & 64) != 0) line.write();
    if ((turn & 128) != 0) line.now += Milliseconds(turn % 32 * 100);
    line.passage.tick(line.now);
    if ((habits & 4) != 0) line.passage.from_printer(bytes.substr(at / 2, 3), line.now);
    if (answered < line.desk.asked && (habits & 8) != 0) {
      line.passage.answered(
          ++answered, {.block = turn % 3 == 0 ? "" : "\x1B!\x08ours\n\x1D!\x22", .goes_on = turn % 5 == 0}, line.now);
    }
    require(line.passage.waiting() <= bytes.size() + 16 * 1024);
  }
  line.passage.pos_closed(line.now);
  for (std::uint64_t i = 0; i < line.desk.asked + 2 && !line.passage.passed(); ++i) {
    line.write();
    line.now += settings.cut_wait;
    line.passage.tick(line.now);
  }
  line.write();
  line.passage.printer_lost();
  require(line.theirs == bytes);
  require(line.desk.outcomes.size() == line.desk.asked);
  return 0;
}
