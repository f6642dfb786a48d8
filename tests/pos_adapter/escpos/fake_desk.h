// A desk that remembers what it was asked, and answers when the test says so.
#pragma once

#include <map>
#include <vector>

#include "pos_adapter/escpos/paper_desk.h"

namespace tillside::escpos {

class FakeDesk final : public PaperDesk {
 public:
  std::vector<PaperReceipt> asked;
  std::map<std::uint64_t, std::vector<bool>> outcomes;

  void ask(PaperReceipt receipt) override { asked.push_back(std::move(receipt)); }
  void outcome(std::uint64_t number, bool printed) override { outcomes[number].push_back(printed); }

  // Each receipt has exactly one outcome.
  bool settled() const {
    if (outcomes.size() != asked.size()) return false;
    for (const auto& [number, told] : outcomes) {
      if (told.size() != 1) return false;
    }
    return true;
  }
};

}  // namespace tillside::escpos
