#include "pos_adapter/escpos/learn.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "pos_adapter/escpos/learn_shapes.h"

namespace tillside::escpos {
namespace {

constexpr std::size_t kLongestLabel = 40;

bool has_letters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char letter) {
    return static_cast<unsigned char>(letter) >= 0x80 || (letter >= 'A' && letter <= 'Z') ||
           (letter >= 'a' && letter <= 'z');
  });
}

bool holds_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool has_doubt(const Sample& sample, Doubt doubt) {
  const auto& doubts = sample.reading.doubts;
  return std::find(doubts.begin(), doubts.end(), doubt) != doubts.end();
}

// The words of "合 计：  59.13" are "合 计".
std::string_view label_of(std::string_view words) {
  for (bool cut = true; cut && !words.empty();) {
    cut = false;
    for (const std::string_view mark : {":", "：", " ", ".", "￥", "$", "€"}) {
      if (!words.ends_with(mark)) continue;
      words.remove_suffix(mark.size());
      cut = true;
    }
  }
  return words.size() > kLongestLabel || !has_letters(words) ? std::string_view() : words;
}

struct Candidate {
  int score = 0;
  std::string example;
};
using Candidates = std::map<std::string, Candidate>;

std::optional<std::pair<std::string, Candidate>> best_of(const Candidates& candidates) {
  const auto best = std::max_element(candidates.begin(), candidates.end(), [](const auto& one, const auto& other) {
    return one.second.score < other.second.score;
  });
  if (best == candidates.end()) return {};
  return *best;
}

std::int64_t largest_amount(const Paper& paper) {
  std::int64_t largest = 0;
  for (const PaperLine& line : paper.lines) {
    if (!is_text(line)) continue;
    const NumberTail tail = number_tail(line.text);
    if (!tail.numbers.empty() && tail.numbers.back().decimals == 2)
      largest = std::max(largest, tail.numbers.back().value);
  }
  return largest;
}

// The label in front of the largest amount, or of one that goes by the name of a total.
std::optional<Proposal> propose_total(std::span<const Sample> samples) {
  Candidates candidates;
  for (const Sample& sample : samples) {
    if (!has_doubt(sample, Doubt::no_total) && sample.reading.kind != SlipKind::unknown) continue;
    const std::int64_t largest = largest_amount(sample.paper);
    for (const PaperLine& line : sample.paper.lines) {
      if (!is_text(line)) continue;
      const NumberTail tail = number_tail(line.text);
      const std::string_view label = label_of(tail.words);
      if (tail.numbers.size() != 1 || tail.numbers[0].decimals != 2 || label.empty()) continue;
      Candidate& candidate = candidates[std::string(label)];
      if (candidate.score == 0 && candidates.size() == 1) ++candidate.score;  // it comes before what it is paid with
      candidate.score +=
          1 + (tail.numbers[0].value == largest ? 2 : 0) + (line.large ? 2 : 0) +
          (holds_any(label, {"应", "合", "总", "计", "结", "额", "otal", "OTAL", "Sum", "due", "Due"}) ? 3 : 0);
      candidate.example = line.text;
    }
  }
  const auto best = best_of(candidates);
  if (!best) return {};
  return Proposal{.table = "totals",
                  .lines = {"^\\s*" + as_pattern(best->first) + "{{colon}}(?P<total>{{amount}})"},
                  .zh = "合计写在“" + best->first + "”后面",
                  .en = "the total stands behind \"" + best->first + "\"",
                  .example = best->second.example};
}

const Pattern& labelled_code() {
  static const Pattern pattern = *Pattern::compile(
      R"((?P<name>[^\s\d:：#]{1,20}(?: [Nn]o)?)\s*[:：#.]+\s*(?P<number>[A-Za-z0-9][A-Za-z0-9_./-]*))");
  return pattern;
}

// Its label names a number, and no two samples bear the same one.
std::optional<Proposal> propose_number(std::span<const Sample> samples) {
  struct Seen {
    std::set<std::string, std::less<>> values;
    std::string example;
    int times = 0;
  };
  std::map<std::string, Seen> labels;
  std::size_t wanting = 0;
  for (const Sample& sample : samples) {
    if (!has_doubt(sample, Doubt::no_number) && sample.reading.kind != SlipKind::unknown) continue;
    ++wanting;
    std::set<std::string, std::less<>> here;
    for (const PaperLine& line : sample.paper.lines) {
      if (!is_text(line)) continue;
      const auto found = labelled_code().find(line.text);
      if (!found) continue;
      const std::string label(value_of(*found, Part::name));
      const std::string_view value = value_of(*found, Part::number);
      const bool named =
          holds_any(label, {"号", "单", "编", "No", "NO", "no", "Nr", "ID", "id", "eceipt", "icket", "rder", "ill"});
      const bool other = holds_any(label, {"Shop", "hop ", "tore", "able", "卡", "手机", "电话", "机号", "台", "税",
                                           "店", "原", "Tel", "el", "hone", "ember", "ard"});
      if (!named || other || value.find_first_of("0123456789") == std::string_view::npos || !here.insert(label).second)
        continue;
      Seen& seen = labels[label];
      seen.values.emplace(value);
      seen.example = line.text;
      ++seen.times;
    }
  }
  Candidates candidates;
  for (const auto& [label, seen] : labels)
    if (static_cast<std::size_t>(seen.times) == wanting && seen.values.size() == wanting)
      candidates[label] = {1 + (holds_any(label, {"号", "No", "NO", "eceipt"}) ? 2 : 0), seen.example};
  const auto best = best_of(candidates);
  if (!best) return {};
  return Proposal{.table = "head",
                  .lines = {"(?:^|\\s)" + as_pattern(best->first) + "\\s*[:：#.]*\\s*(?P<number>{{code}})"},
                  .zh = "小票号写在“" + best->first + "”后面，每张不同",
                  .en = "the receipt's number stands behind \"" + best->first + "\", another one on each",
                  .example = best->second.example};
}

bool is_rule(std::string_view line) {
  return line.find_first_not_of(" -=*_~.") == std::string_view::npos || line.find("──") != std::string_view::npos;
}

// The line of column names above the first row.
std::string header_above(const Paper& paper, std::size_t row) {
  for (std::size_t at = row; at-- > 0;) {
    const std::string& text = paper.lines[at].text;
    if (!is_text(paper.lines[at]) || is_rule(text)) continue;
    const bool has_digits = text.find_first_of("0123456789") != std::string::npos;
    const auto first = text.find_first_not_of(' ');
    const bool has_columns = text.find(' ', first) != std::string::npos;
    if (!has_digits && has_columns && text.find(':') == std::string::npos && text.find("：") == std::string::npos)
      return text.substr(first);
    if (row - at > 4) return {};
  }
  return {};
}

// The words that begin the first line below the rows.
std::string label_below(const Paper& paper, std::size_t row) {
  for (std::size_t at = row + 1; at < paper.lines.size(); ++at) {
    std::string_view text = paper.lines[at].text;
    if (!is_text(paper.lines[at]) || is_rule(text)) continue;
    text.remove_prefix(text.find_first_not_of(' '));
    return std::string(label_of(text.substr(0, text.find_first_of("0123456789$:"))));
  }
  return {};
}

std::optional<Proposal> propose_items(std::span<const Sample> samples) {
  for (const Sample& sample : samples) {
    const bool wanting = has_doubt(sample, Doubt::no_items) || has_doubt(sample, Doubt::lines_do_not_add_up) ||
                         sample.reading.kind == SlipKind::unknown;
    const auto shape = wanting ? find_rows(sample.paper) : std::nullopt;
    if (!shape) continue;
    Proposal proposal{.table = "items", .lines = row_patterns(*shape)};
    const std::string header = header_above(sample.paper, shape->lines.front());
    const std::string below = label_below(sample.paper, shape->lines.back());
    if (!header.empty()) proposal.begin = {"^\\s*" + as_pattern(header)};
    if (!below.empty()) proposal.end = {"^\\s*" + as_pattern(below)};
    proposal.zh = std::string("商品行：") + (shape->name_above ? "品名在上一行；" : "") +
                  (!shape->has_price       ? "数量、金额"
                   : shape->quantity_first ? "数量、单价、金额"
                                           : "单价、数量、金额");
    proposal.en = std::string("rows of goods: ") + (shape->name_above ? "the name on the line above; " : "") +
                  (!shape->has_price       ? "quantity, amount"
                   : shape->quantity_first ? "quantity, price, amount"
                                           : "price, quantity, amount");
    proposal.example = sample.paper.lines[shape->lines.front()].text;
    return proposal;
  }
  return {};
}

// Below the total: a label and an amount that is no more than the total.
std::optional<Proposal> propose_tenders(std::span<const Sample> samples) {
  Proposal proposal{.table = "tenders", .zh = "这些像是付款方式", .en = "these look like ways to pay"};
  std::set<std::string, std::less<>> labels;
  for (const Sample& sample : samples) {
    const auto& reading = sample.reading;
    if (!reading.checkout || has_doubt(sample, Doubt::no_total)) continue;
    Minor paid = 0;
    for (const Tender& tender : reading.checkout->tenders) paid += tender.amount;
    const Minor open = reading.checkout->totals.net - paid;
    bool below = false;
    for (std::size_t at = 0; at < sample.paper.lines.size() && open > 0; ++at) {
      below = below || reading.uses[at].as == Use::As::total;
      if (!below || !reading.uses[at].found.empty() || !is_text(sample.paper.lines[at])) continue;
      const NumberTail tail = number_tail(sample.paper.lines[at].text);
      const std::string label(label_of(tail.words));
      if (label.empty() || tail.numbers.size() != 1 || tail.numbers[0].value != open * 10 ||
          !labels.insert(label).second)
        continue;
      proposal.lines.push_back("^\\s*(?P<tender>" + as_pattern(label) + "){{colon}}(?P<paid>{{amount}})");
      proposal.example = sample.paper.lines[at].text;
    }
  }
  if (proposal.lines.empty()) return {};
  return proposal;
}

const Pattern& slashed_date() {
  static const Pattern pattern = *Pattern::compile(
      R"((?P<quantity>\d{1,2})/(?P<amount>\d{1,2})/(?P<date>\d{4}),?\s+(?P<time>\d{1,2}:\d{2}(?::\d{2})?))");
  return pattern;
}

// Day and month before the year, which no general template dares to guess.
struct Dated {
  bool month_first = false, seconds = false;
  std::string example;
};
std::optional<Dated> find_date(std::span<const Sample> samples) {
  for (const Sample& sample : samples) {
    if (sample.reading.checkout && !sample.reading.checkout->occurred_at_text.empty()) continue;
    for (const PaperLine& line : sample.paper.lines) {
      const auto found = is_text(line) ? slashed_date().find(line.text) : std::nullopt;
      if (!found) continue;
      const std::string_view second = value_of(*found, Part::amount);
      return Dated{second.size() == 2 && second > "12", value_of(*found, Part::time).size() > 5, line.text};
    }
  }
  return {};
}

std::optional<Proposal> propose_time(std::span<const Sample> samples) {
  const auto dated = find_date(samples);
  if (!dated) return {};
  return Proposal{
      .table = "time",
      .lines = {std::string(dated->month_first ? "%m/%d/%Y" : "%d/%m/%Y") + (dated->seconds ? " %H:%M:%S" : " %H:%M")},
      .zh = dated->month_first ? "日期是月/日/年" : "日期当作日/月/年，请核对",
      .en = dated->month_first ? "the date is month/day/year" : "the date is taken for day/month/year: check it",
      .example = dated->example};
}

std::optional<Proposal> propose_moment(std::span<const Sample> samples) {
  const auto dated = find_date(samples);
  if (!dated) return {};
  return Proposal{.table = "head",
                  .lines = {R"((?P<moment>\d{1,2}/\d{1,2}/\d{4},?\s+{{clock}}))"},
                  .zh = "日期和时间",
                  .en = "date and time",
                  .example = dated->example};
}

// A line that stands alike on all of them.
std::optional<Proposal> propose_recognition(std::span<const Sample> samples) {
  if (samples.empty()) return {};
  for (const PaperLine& line : samples.front().paper.lines) {
    if (!is_text(line) || is_rule(line.text) || !has_letters(line.text)) continue;
    if (line.text.find_first_of("0123456789") != std::string::npos) continue;
    const bool everywhere = std::all_of(samples.begin(), samples.end(), [&](const Sample& sample) {
      return std::any_of(sample.paper.lines.begin(), sample.paper.lines.end(),
                         [&](const PaperLine& other) { return other.text == line.text; });
    });
    if (!everywhere) continue;
    return Proposal{.table = "recognise",
                    .lines = {"^\\s*" + as_pattern(line.text) + "\\s*$"},
                    .zh = "每张样本上都有这一行",
                    .en = "this line stands on every sample",
                    .example = line.text};
  }
  return {};
}

void append_list(std::string& out, const char* key, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += std::string(key) + " = [\n";
  for (const std::string& line : lines) out += "  '" + line + "',\n";
  out += "]\n";
}

void append_why(std::string& out, const Proposal& proposal) {
  out += "\n# " + proposal.zh + " · " + proposal.en + "\n#   " + proposal.example + "\n";
}

const char* key_of(std::string_view table) {
  if (table == "recognise") return "all";
  if (table == "time") return "formats";
  return table == "tenders" ? "rows" : "patterns";
}

void append_items(std::string& out, const Proposal& proposal) {
  append_why(out, proposal);
  out += "[[items]]\n";
  append_list(out, "begin", proposal.begin);
  append_list(out, "end", proposal.end);
  append_list(out, "ignore", {"{{rule}}"});
  append_list(out, "rows", proposal.lines);
}

// A table is written once, whatever is proposed for it.
void append_table(std::string& out, std::string_view table, const std::vector<Proposal>& proposals) {
  std::vector<std::string> lines;
  for (const Proposal& proposal : proposals) {
    if (proposal.table != table) continue;
    append_why(out, proposal);
    lines.insert(lines.end(), proposal.lines.begin(), proposal.lines.end());
  }
  if (lines.empty()) return;
  out.append("[").append(table).append("]\n");
  append_list(out, key_of(table), lines);
}

}  // namespace

std::vector<Sample> read_samples(const std::string& file, std::string_view bytes, const TemplateBook& book,
                                 const ReadingDefaults& defaults, std::string_view only) {
  const ReceiptTemplate* named = book.find(only);
  std::vector<Sample> samples;
  for (Paper& paper : read_papers(bytes, named == nullptr ? PaperSettings{} : named->paper)) {
    Sample sample{file, samples.size() + 1, std::move(paper), {}};
    samples.push_back(std::move(sample));
  }
  // Only now: what a reading found are views into the papers, which must stay where they are.
  for (Sample& sample : samples) sample.reading = book.read(sample.paper, defaults, only);
  return samples;
}

std::vector<std::size_t> missed_lines(const Sample& sample) {
  std::vector<std::size_t> missed;
  for (std::size_t at = 0; at < sample.paper.lines.size(); ++at) {
    const PaperLine& line = sample.paper.lines[at];
    const bool unused = at >= sample.reading.uses.size() || sample.reading.uses[at].as == Use::As::nothing;
    if (!is_text(line) || !unused) continue;
    const NumberTail tail = number_tail(line.text);
    if (!tail.numbers.empty() && tail.numbers.back().decimals == 2) missed.push_back(at);
  }
  return missed;
}

Draft propose(std::span<const Sample> samples, const std::string& name) {
  Draft draft;
  draft.name = name;
  draft.extends = samples.empty() || samples.front().reading.template_name.empty()
                      ? "general-zh"
                      : samples.front().reading.template_name;
  for (const auto step : {propose_recognition, propose_number, propose_total, propose_items, propose_tenders,
                          propose_time, propose_moment})
    if (auto proposal = step(samples)) draft.proposals.push_back(*std::move(proposal));
  return draft;
}

Draft teach(std::span<const Sample> samples, const std::string& name, TemplateBook book,
            const ReadingDefaults& defaults) {
  Draft draft = propose(samples, name);
  if (!book.add(draft.toml(), name)) return draft;
  std::vector<Sample> again;
  for (const Sample& sample : samples) again.push_back({sample.file, sample.ordinal, sample.paper, {}});
  for (Sample& sample : again) sample.reading = book.read(sample.paper, defaults, name);
  for (Proposal& more : propose(again, name).proposals) {
    const bool is_new = std::none_of(draft.proposals.begin(), draft.proposals.end(),
                                     [&](const Proposal& one) { return one.table == more.table; });
    if (is_new) draft.proposals.push_back(std::move(more));
  }
  return draft;
}

std::string Draft::toml() const {
  std::string out = "# 草稿，请核对 · A draft: look it over. docs/receipt-templates.md explains every key.\n";
  out += "name = \"" + name + "\"\nextends = \"" + extends + "\"\n";
  for (const char* table : {"recognise", "time", "head", "totals", "tenders"}) append_table(out, table, proposals);
  for (const Proposal& proposal : proposals)
    if (proposal.table == "items") append_items(out, proposal);
  return out;
}

std::size_t learned(const Draft& draft, std::span<const Sample> samples, TemplateBook book,
                    const ReadingDefaults& defaults) {
  if (!book.add(draft.toml(), draft.name)) return 0;
  return static_cast<std::size_t>(std::count_if(samples.begin(), samples.end(), [&](const Sample& sample) {
    const Reading reading = book.read(sample.paper, defaults, draft.name);
    return reading.certainty == Certainty::sure ||
           (reading.certainty == Certainty::not_a_sale && reading.kind != SlipKind::unknown);
  }));
}

}  // namespace tillside::escpos
