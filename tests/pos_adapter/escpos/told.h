// What a walk tells, written down: one line per thing, text runs and data pieces joined, so that two walks over the
// same bytes in other pieces can be compared.
#pragma once

#include <string>
#include <vector>

#include "pos_adapter/escpos/walker.h"

namespace tillside::escpos {

struct Told {
  Kind kind = Kind::unknown;
  bool is_text = false, to_display = false, open = false;
  std::uint64_t at = 0;
  std::string bytes;
  bool operator==(const Told&) const = default;
};

class Teller final : public Sink {
 public:
  std::vector<Told> told;
  bool gapless = true;  // every byte exactly once, in order

  void text(std::uint64_t at, std::string_view bytes, bool to_display) override {
    step(at, bytes.size());
    if (!told.empty() && told.back().is_text && told.back().to_display == to_display) {
      told.back().bytes += bytes;
    } else {
      told.push_back({.is_text = true, .to_display = to_display, .at = at, .bytes = std::string(bytes)});
    }
  }
  void command(const Command& command) override {
    step(command.at, command.head.size());
    gapless = gapless && command.head.size() <= kHeadBytes && (command.whole || command.head.size() == kHeadBytes);
    told.push_back({.kind = command.kind,
                    .to_display = command.to_display,
                    .open = !command.whole,
                    .at = command.at,
                    .bytes = std::string(command.head)});
  }
  void data(std::uint64_t at, std::string_view bytes, bool last) override {
    step(at, bytes.size());
    gapless = gapless && !told.empty() && told.back().open;
    if (told.empty()) return;
    told.back().bytes += bytes;
    if (last) told.back().open = false;
  }

 private:
  void step(std::uint64_t at, std::size_t size) {
    gapless = gapless && at == next_;
    next_ = at + size;
  }
  std::uint64_t next_ = 0;
};

inline std::vector<Told> walk(std::string_view bytes) {
  Walker walker;
  Teller teller;
  walker.feed(bytes, teller);
  walker.finish(teller);
  return teller.told;
}

}  // namespace tillside::escpos
