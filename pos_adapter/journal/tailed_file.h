// One file that a POS appends to, through its rotations.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pos_adapter/journal/workplace.h"

namespace tillside::journal {

class TailedFile {
 public:
  TailedFile(std::filesystem::path path, Workplace& work);

  // Reads and delivers what has come since. True when documents were given out.
  bool poll();

 private:
  bool follow(std::ifstream& file);
  bool read_to_end(std::ifstream& file, bool closed);
  bool take(Parsed parsed);
  bool make_reader_for(std::ifstream& file);
  bool finish_rotated(const std::filesystem::path& rest);
  bool finish_reader();
  std::vector<std::filesystem::path> siblings() const;
  std::optional<std::filesystem::path> find_rotated() const;
  std::vector<std::filesystem::path> rotated_since(const std::filesystem::path& rest) const;
  void begin_anew();
  void forget();
  Deliveries::OnAnswer on_answer();
  void keep_checkpoint(std::ifstream& file);
  void complain_once(Error error);
  Tail tail_at_end(bool grew, bool closed);

  std::filesystem::path path_;
  std::string name_, source_;
  Workplace& work_;
  Place seen_;      // what the reader has been given or holds in buffer_
  Place restart_;   // where reader_ began; what a checkpoint says after a restart
  Place answered_;  // up to where everything is answered; digests are made when kept
  std::unique_ptr<Reader> reader_;
  std::string buffer_;  // given to the reader and not consumed
  std::int64_t grew_ms_ = 0;
  bool idle_told_ = false, complained_ = false, kept_ = true;
};

}  // namespace tillside::journal
