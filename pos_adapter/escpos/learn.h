// Teaches a template from samples: what was missed, and a draft that would read it.
//
// A draft is a beginning, to be looked over by whoever knows the POS; learned() says how well it reads the very samples
// it came from. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pos_adapter/escpos/receipt_template_book.h"

namespace tillside::escpos {

struct Sample {
  std::string file;
  std::size_t ordinal = 1;  // of the paper in its file
  Paper paper;
  Reading reading;
};

// Every paper of a print stream.
std::vector<Sample> read_samples(const std::string& file, std::string_view bytes, const TemplateBook& book,
                                 const ReadingDefaults& defaults, std::string_view only = {});

// Lines below the first that hold an amount, and that nothing was read from.
std::vector<std::size_t> missed_lines(const Sample& sample);

struct Proposal {
  std::string table;                              // "head", "totals", "items", "tenders", "time", "recognise"
  std::vector<std::string> lines = {};            // what the table gets: patterns, a format
  std::string zh = {}, en = {};                   // why
  std::string example = {};                       // the line it was seen on
  std::vector<std::string> begin = {}, end = {};  // of items
};

struct Draft {
  std::string name, extends;
  std::vector<Proposal> proposals;
  std::string toml() const;
};

// `name` becomes the template's. Nothing to propose: no proposals but how to recognise the POS.
Draft propose(std::span<const Sample> samples, const std::string& name);

// propose(), and once more with what that draft reads: payments are seen only where the total is. `book` has what the
// draft extends.
Draft teach(std::span<const Sample> samples, const std::string& name, TemplateBook book,
            const ReadingDefaults& defaults);

// How many of the samples the draft reads with certainty, sales and what is none alike.
std::size_t learned(const Draft& draft, std::span<const Sample> samples, TemplateBook book,
                    const ReadingDefaults& defaults);

}  // namespace tillside::escpos
