// The templates at hand: those we ship, and a folder of one's own.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pos_adapter/escpos/receipt_reader.h"

namespace tillside::escpos {

class TemplateBook {
 public:
  TemplateBook();  // those we ship

  // Reads every *.toml of a folder; one of a known name takes that one's place. An Error names the file and key, and
  // nothing is added. not_found: no such folder.
  Status add_folder(const std::filesystem::path& folder);
  // `file` goes into an Error.
  Status add(std::string text, const std::string& file);

  // Reads a specimen by every template, so that the first shopper's receipt finds the automata built. Some 20 ms.
  void warm_up() const;

  const ReceiptTemplate* find(std::string_view name) const;  // null: none
  const std::vector<ReceiptTemplate>& all() const { return templates_; }

  // By the template `only`, or where that is empty by the one that recognises the paper, else by the general one that
  // reads most of it. A template that says "no sale" outweighs those that see one.
  Reading read(const Paper& paper, const ReadingDefaults& defaults, std::string_view only = {}) const;

 private:
  struct Text {
    std::string name, extends, text, file;
  };
  Status take_text(std::string text, const std::string& file);
  Status parse_all();
  Result<ReceiptTemplate> parse(const Text& text) const;
  const Text* text_of(std::string_view name) const;

  std::vector<Text> texts_;
  std::vector<ReceiptTemplate> templates_;
};

}  // namespace tillside::escpos
