#include "agent/cli/printer_learn.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "agent/cli/terminal.h"
#include "agent/domain/checkout_json.h"
#include "agent/platform/system_clock.h"
#include "agent/platform/zones.h"
#include "pos_adapter/escpos/learn.h"

namespace tillside::cli {
namespace {

using escpos::Certainty;
using escpos::Sample;
using escpos::Use;
using nlohmann::json;

struct Words {
  const char *zh, *en;
};

Words words_of(escpos::SlipKind kind) {
  switch (kind) {
    case escpos::SlipKind::sale:
      return {"销售", "sale"};
    case escpos::SlipKind::returned:
      return {"退货", "return"};
    case escpos::SlipKind::voided:
      return {"作废", "void"};
    case escpos::SlipKind::exchanged:
      return {"换货", "exchange"};
    case escpos::SlipKind::training:
      return {"培训", "training"};
    case escpos::SlipKind::reprint:
      return {"补打", "reprint"};
    case escpos::SlipKind::suspended:
      return {"挂单", "suspended"};
    case escpos::SlipKind::kitchen:
      return {"厨打", "kitchen"};
    case escpos::SlipKind::report:
      return {"报表", "report"};
    case escpos::SlipKind::card_slip:
      return {"签购单", "card slip"};
    case escpos::SlipKind::copy:
      return {"存根", "shop's copy"};
    case escpos::SlipKind::no_sale:
      return {"开钱箱", "no sale"};
    case escpos::SlipKind::unknown:
      break;
  }
  return {"不像小票", "not a receipt"};
}

Words words_of(Certainty certainty) {
  if (certainty == Certainty::sure) return {"读准了", "sure"};
  return certainty == Certainty::unsure ? Words{"没把握", "unsure"} : Words{"不是销售", "not a sale"};
}

Words words_of(Use::As as) {
  switch (as) {
    case Use::As::kind:
      return {"类", "kind"};
    case Use::As::head:
      return {"头", "head"};
    case Use::As::total:
      return {"计", "sum "};
    case Use::As::item:
      return {"品", "item"};
    case Use::As::tender:
      return {"付", "paid"};
    case Use::As::ignored:
      return {"略", "skip"};
    case Use::As::nothing:
      break;
  }
  return {"　", "    "};
}

const char* said(Words words) { return say(words.zh, words.en); }

bool is_good(const Sample& sample) {
  return sample.reading.certainty == Certainty::sure ||
         (sample.reading.certainty == Certainty::not_a_sale && sample.reading.kind != escpos::SlipKind::unknown);
}

Result<std::string> bytes_of(const std::filesystem::path& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorCode::not_found, "", file.string()};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class Lesson {
 public:
  explicit Lesson(const LearnOrder& order) : order_(order) {}

  Status prepare() {
    if (!order_.templates.empty())
      if (Status added = book_.add_folder(order_.templates); !added) return added;
    if (!order_.by.empty() && book_.find(order_.by) == nullptr)
      return Error{ErrorCode::unknown_value, "template", order_.by};
    auto zone = load_zone(order_.zone.empty() ? "Asia/Shanghai" : order_.zone);
    if (!zone) return zone.error();
    zone_ = *std::move(zone);
    auto currency = currency_of(order_.currency);
    if (!currency) return currency.error();
    defaults_ = {.store_id = "STORE",
                 .lane_id = "LANE",
                 .currency = *currency,
                 .zone = &zone_,
                 .now = SystemClock().now(),
                 .pos = {}};
    return {};
  }

  Status read() {
    for (const auto& file : order_.files) {
      auto bytes = bytes_of(file);
      if (!bytes) return bytes.error();
      for (Sample& sample : escpos::read_samples(file.filename().string(), *bytes, book_, defaults_, order_.by))
        samples_.push_back(std::move(sample));
    }
    if (samples_.empty()) return Error{ErrorCode::not_found, "", "no receipt in these files"};
    const std::string name = order_.write.empty() ? "own" : order_.write.stem().string();
    draft_ = escpos::teach(samples_, name, book_, defaults_);
    learned_ = escpos::learned(draft_, samples_, book_, defaults_);
    return {};
  }

  Status write() const {
    if (order_.write.empty()) return {};
    std::ofstream out(order_.write, std::ios::binary);
    out << draft_.toml();
    if (!out.flush()) return Error{ErrorCode::storage_failed, "", order_.write.string()};
    return {};
  }

  void show() const {
    for (const Sample& sample : samples_) show(sample);
    show_draft();
  }

  json as_json() const {
    json samples = json::array();
    for (const Sample& sample : samples_) samples.push_back(as_json(sample));
    json proposals = json::array();
    for (const auto& one : draft_.proposals)
      proposals.push_back({{"table", one.table},
                           {"lines", one.lines},
                           {"begin", one.begin},
                           {"end", one.end},
                           {"zh", one.zh},
                           {"en", one.en},
                           {"example", one.example}});
    return {{"samples", std::move(samples)},
            {"proposals", std::move(proposals)},
            {"read", good()},
            {"read_by_draft", learned_},
            {"draft", draft_.toml()}};
  }

  int exit_code() const {
    if (good() == samples_.size()) return kDone;
    return good() == 0 ? kFailed : kPartly;
  }

 private:
  std::size_t good() const {
    return static_cast<std::size_t>(std::count_if(samples_.begin(), samples_.end(), is_good));
  }

  void show(const Sample& sample) const {
    const auto& reading = sample.reading;
    fmt::print("── {} #{}: {}, {}", sample.file, sample.ordinal, said(words_of(reading.kind)),
               said(words_of(reading.certainty)));
    if (!reading.template_name.empty()) fmt::print(" ({})", reading.template_name);
    fmt::print("\n");
    for (const auto doubt : reading.doubts) fmt::print("   ! {}\n", say(zh_words(doubt), en_words(doubt)));
    if (reading.refusal) fmt::print("   ! {} {}\n", reading.refusal->field, reading.refusal->detail);
    if (reading.checkout) show(*reading.checkout);
    if (reading.member_masked)
      fmt::print("   {}\n", say("会员号打了星号，认不出是谁", "the member's number is masked: nobody is named"));
    if (reading.name_dropped)
      fmt::print("   {}\n", say("收银员或导购是名字，在 [operators]、[guides] 里写上工号",
                                "an operator or guide is a name: put ids into [operators], [guides]"));
    show_lines(sample);
  }

  void show(const Checkout& checkout) const {
    const auto money = [&](Minor amount) { return format_amount(amount, checkout.currency.exponent); };
    fmt::print("   {} {}  {} {}  {} {}", say("合计", "total"), money(checkout.totals.net), say("单号", "number"),
               checkout.checkout_id.empty() ? "-" : checkout.checkout_id, say("商品", "lines"), checkout.lines.size());
    for (const Tender& tender : checkout.tenders) fmt::print("  {} {}", name_of(tender.type), money(tender.amount));
    if (!checkout.operator_id.empty()) fmt::print("  {} {}", say("收银", "operator"), checkout.operator_id);
    if (!checkout.guide_id.empty()) fmt::print("  {} {}", say("导购", "guide"), checkout.guide_id);
    if (!checkout.customer_ids.empty()) fmt::print("  {}", say("会员", "member"));
    fmt::print("\n");
  }

  // Each line of paper under what it was taken for; "?" where an amount was missed.
  void show_lines(const Sample& sample) const {
    const auto missed = escpos::missed_lines(sample);
    for (std::size_t at = 0; at < sample.paper.lines.size(); ++at) {
      const auto& line = sample.paper.lines[at];
      if (line.text.empty()) continue;
      const bool is_missed = std::binary_search(missed.begin(), missed.end(), at);
      const Use use = at < sample.reading.uses.size() ? sample.reading.uses[at] : Use();
      fmt::print("  {} |{}\n", is_missed ? say("？", "?   ") : said(words_of(use.as)), line.text);
    }
  }

  void show_draft() const {
    fmt::print("\n{}: {}/{}\n", say("读准或认出", "read with certainty"), good(), samples_.size());
    if (good() == samples_.size()) return;
    for (const auto& one : draft_.proposals) {
      fmt::print("  [{}] {}\n", one.table, say(one.zh.c_str(), one.en.c_str()));
      for (const std::string& line : one.lines) fmt::print("      {}\n", line);
    }
    fmt::print("{}: {}/{}\n", say("用草稿能读准", "with the draft"), learned_, samples_.size());
    if (order_.write.empty())
      fmt::print("{}\n", say("加 --write FILE.toml 写出草稿", "--write FILE.toml writes the draft"));
  }

  json as_json(const Sample& sample) const {
    const auto& reading = sample.reading;
    json doubts = json::array(), missed = json::array();
    for (const auto doubt : reading.doubts) doubts.push_back(name_of(doubt));
    for (const std::size_t at : escpos::missed_lines(sample)) missed.push_back(sample.paper.lines[at].text);
    json out = {{"file", sample.file},
                {"receipt", sample.ordinal},
                {"template", reading.template_name},
                {"kind", name_of(reading.kind)},
                {"certainty", name_of(reading.certainty)},
                {"doubts", std::move(doubts)},
                {"missed", std::move(missed)}};
    if (reading.checkout) out["checkout"] = json::parse(write_checkout(*reading.checkout, zone_));
    return out;
  }

  const LearnOrder& order_;
  escpos::TemplateBook book_;
  StoreZone zone_;
  escpos::ReadingDefaults defaults_;
  std::vector<Sample> samples_;
  escpos::Draft draft_;
  std::size_t learned_ = 0;
};

}  // namespace

int printer_learn(const LearnOrder& order) {
  Lesson lesson(order);
  if (Status ready = lesson.prepare(); !ready) return complain(ready.error());
  if (Status read = lesson.read(); !read) return complain(read.error());
  if (Status written = lesson.write(); !written) return complain(written.error());
  if (order.json) {
    fmt::print("{}\n", lesson.as_json().dump(2));
  } else {
    lesson.show();
  }
  return lesson.exit_code();
}

}  // namespace tillside::cli
