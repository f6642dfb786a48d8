// `tillside printer learn`: what our templates read of a POS's receipts, what they miss, and a draft that would read
// it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tillside::cli {

struct LearnOrder {
  std::vector<std::filesystem::path> files;  // what the POS sent to its printer, one or more receipts each; "-": stdin
  std::filesystem::path templates;           // a folder of one's own; empty: none
  std::string by;                            // one template's name; empty: as the door would choose
  std::string currency = "CNY", zone;        // zone: IANA name, empty: Asia/Shanghai
  std::filesystem::path write;               // where the draft goes; empty: nowhere
  bool json = false;
};

// Exit codes: 0 every paper was read with certainty (or is none that counts), 3 some were not, 1 none was.
int printer_learn(const LearnOrder& order);

}  // namespace tillside::cli
