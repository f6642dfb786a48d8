// Whatever bytes come: they are told without a gap and the same wherever they are cut, and a block of ours anywhere
// between two commands leaves the printer as it stood.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "pos_adapter/escpos/insertion.h"

namespace {

using namespace tillside::escpos;

void require(bool holds) {
  if (!holds) std::abort();
}

class Follower final : public Sink {
 public:
  PrinterState state;
  std::uint64_t next = 0, hash = 14695981039346656037U;
  std::uint64_t commands = 0;
  bool open = false;

  void text(std::uint64_t at, std::string_view bytes, bool to_display) override {
    require(!open && !bytes.empty());
    step(at, bytes);
    for (const char letter : bytes) require(is_text(letter));
    state.text(to_display);
  }
  void command(const Command& command) override {
    require(!open && !command.head.empty() && command.head.size() <= kHeadBytes);
    require(command.whole || command.head.size() == kHeadBytes);
    step(command.at, command.head);
    mix(static_cast<std::uint64_t>(command.kind) + (command.whole ? 256 : 0) + (command.to_display ? 512 : 0));
    open = !command.whole;
    ++commands;
    state.command(command);
  }
  void data(std::uint64_t at, std::string_view bytes, bool last) override {
    require(open);
    step(at, bytes);
    if (last) mix(at + bytes.size());
    open = !last;
  }

 private:
  void step(std::uint64_t at, std::string_view bytes) {
    require(at == next);
    next += bytes.size();
    for (const char byte : bytes) mix(static_cast<unsigned char>(byte));
  }
  void mix(std::uint64_t value) { hash = (hash ^ value) * 1099511628211U; }
};

using namespace std::string_view_literals;
constexpr std::string_view kBlock =
    "\x1C&\x1B"
    "a\x01\x1D!\x11\xC8\xAF\n\x1D!\0\x1B-\x02\x1B"
    "E\x01\x1BM\x01x\n\x1C!\x8C\x1C."
    "\x1B\x33\x10\x1B\x20\x02\x1DL\x08\0\x1D(k\x03\0"
    "1C\x05\x1D(k\x04\0"
    "1P0A\x1D(k\x03\0"
    "1Q0\x1Dh\x40"sv;

void leaves_it_as_it_stood(const PrinterState& at) {
  const auto block = block_at(at, kBlock, "\n");
  if (!block) return;
  Follower behind;
  behind.state = at;
  Walker walker;
  walker.feed(*block, behind);
  require(walker.between_commands());
  PrinterState expected = at;
  expected.mid_line = false;
  require(behind.state == expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t cut = data[0] * (size - 1) / 255;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Walker whole_walker, torn_walker;
  Follower whole, torn;
  whole_walker.feed(bytes, whole);
  torn_walker.feed(bytes.substr(0, cut), torn);
  require(torn_walker.held().size() < kHeadBytes);
  if (torn_walker.between_commands()) leaves_it_as_it_stood(torn.state);
  torn_walker.feed(bytes.substr(cut), torn);
  whole_walker.finish(whole);
  torn_walker.finish(torn);
  require(whole.next == bytes.size() && torn.next == bytes.size() && !whole.open && !torn.open);
  require(whole.hash == torn.hash || cut > 0);
  require(whole.commands == torn.commands && whole.state == torn.state);
  return 0;
}
