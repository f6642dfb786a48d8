#include "pos_adapter/escpos/receipt_template_book.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace tillside::embedded {
std::string_view template_general_zh();
std::string_view template_general_western();
std::string_view template_decimal_comma();
std::string_view template_openbravo();
}  // namespace tillside::embedded

namespace tillside::escpos {
namespace {

constexpr std::size_t kMostBases = 8;

// Nobody's receipt: the words and figures that receipts are made of.
constexpr std::string_view kSpecimen[] = {"欢迎光临 Welcome",
                                          "小票号:20260101000001  机号:01  Receipt: 1  Cashier: 1",
                                          "收银员:1001 导购:2001 时间:2026-01-01 09:15:03",
                                          "会员卡号:8600000001 会员手机:13800000000",
                                          "Jan 1, 2026, 9:15:03 AM",
                                          "================================",
                                          "品名  单价  数量  金额 Item Price Value",
                                          "6900000000001",
                                          "1 苹果(一级) 9.90 1.235kg 12.23",
                                          "梨  5.00 x 2  10.00",
                                          "Apples 4.00 @ 2  8.00",
                                          "会员优惠: -1.00 Discount -1.00",
                                          "--------------------------------",
                                          "合计: 3 21.23  优惠合计: 1.00  抹零: 0.03",
                                          "Subtotal 21.23 Total. $21.23 TOTAL 1.021,23",
                                          "应收: 21.20 实收: 50.00 找零: 28.80",
                                          "微信支付: 1.20 现金: 20.00 Cash 20.00 VISA 1.20",
                                          "七天内凭小票退货 Thank you"};

bool stands_on(const Paper& paper, const Pattern& pattern) {
  return std::any_of(paper.lines.begin(), paper.lines.end(), [&](const PaperLine& line) {
    return line.kind == PaperLine::Kind::text && pattern.matches(line.text);
  });
}

bool is_ruled_out(const ReceiptTemplate& by, const Paper& paper) {
  return std::any_of(by.recognise_not.begin(), by.recognise_not.end(),
                     [&](const Pattern& pattern) { return stands_on(paper, pattern); });
}

bool recognises(const ReceiptTemplate& by, const Paper& paper) {
  const auto stands = [&](const Pattern& pattern) { return stands_on(paper, pattern); };
  if (by.is_general() || is_ruled_out(by, paper) ||
      !std::all_of(by.recognise_all.begin(), by.recognise_all.end(), stands))
    return false;
  return by.recognise_any.empty() || std::any_of(by.recognise_any.begin(), by.recognise_any.end(), stands);
}

// Higher is better.
int rank_of(const Reading& reading) {
  if (reading.certainty == Certainty::not_a_sale) return reading.kind == SlipKind::unknown ? 0 : 3;
  return reading.certainty == Certainty::sure ? 2 : 1;
}

bool is_better(const Reading& one, const Reading& other) {
  if (rank_of(one) != rank_of(other)) return rank_of(one) > rank_of(other);
  if (one.doubts.size() != other.doubts.size()) return one.doubts.size() < other.doubts.size();
  return one.parts > other.parts;
}

}  // namespace

TemplateBook::TemplateBook() {
  for (const std::string_view text : {embedded::template_general_zh(), embedded::template_general_western(),
                                      embedded::template_decimal_comma(), embedded::template_openbravo()}) {
    const auto names = template_names(text);
    if (names) texts_.push_back({names->name, names->extends, std::string(text), names->name});
  }
  (void)parse_all();  // a test holds those we ship to be right
}

Status TemplateBook::take_text(std::string text, const std::string& file) {
  auto names = template_names(text);
  if (!names) return Error{names.error().code, file + ": " + names.error().field, names.error().detail};
  if (names->name.empty()) return Error{ErrorCode::missing_field, file + ": name", "a template has a name"};
  std::erase_if(texts_, [&](const Text& one) { return one.name == names->name; });
  texts_.push_back({names->name, names->extends, std::move(text), file});
  return {};
}

Status TemplateBook::add(std::string text, const std::string& file) {
  std::vector<Text> before = texts_;
  Status added = take_text(std::move(text), file);
  if (added) added = parse_all();
  if (!added) texts_ = std::move(before);
  return added;
}

Status TemplateBook::add_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  if (problem) return Error{ErrorCode::not_found, folder.string(), "no folder that can be read"};
  std::sort(files.begin(), files.end());
  std::vector<Text> before = texts_;
  Status added;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    if (!in) added = Error{ErrorCode::not_found, file.filename().string(), "cannot be read"};
    if (added) added = take_text({std::istreambuf_iterator<char>(in), {}}, file.filename().string());
    if (!added) break;
  }
  if (added) added = parse_all();
  if (!added) texts_ = std::move(before);
  return added;
}

const TemplateBook::Text* TemplateBook::text_of(std::string_view name) const {
  const auto found = std::find_if(texts_.begin(), texts_.end(), [&](const Text& one) { return one.name == name; });
  return found == texts_.end() ? nullptr : &*found;
}

Result<ReceiptTemplate> TemplateBook::parse(const Text& text) const {
  std::vector<std::string_view> bases;
  for (const Text* at = &text; !at->extends.empty();) {
    const Text* base = text_of(at->extends);
    if (base == nullptr) return Error{ErrorCode::not_found, "extends", "no template " + at->extends};
    if (bases.size() >= kMostBases) return Error{ErrorCode::out_of_range, "extends", "in a circle, or too deep"};
    bases.emplace_back(base->text);
    at = base;
  }
  return parse_template(text.text, bases);
}

Status TemplateBook::parse_all() {
  std::vector<ReceiptTemplate> parsed;
  for (const Text& text : texts_) {
    auto one = parse(text);
    if (!one) return Error{one.error().code, text.file + ": " + one.error().field, one.error().detail};
    parsed.push_back(*std::move(one));
  }
  templates_ = std::move(parsed);
  return {};
}

void TemplateBook::warm_up() const {
  Paper specimen;
  for (const std::string_view line : kSpecimen) specimen.lines.push_back({.text = std::string(line)});
  const StoreZone zone;
  ReadingDefaults defaults;
  defaults.zone = &zone;
  for (const ReceiptTemplate& by : templates_) (void)read_receipt(specimen, by, defaults);
}

const ReceiptTemplate* TemplateBook::find(std::string_view name) const {
  const auto found =
      std::find_if(templates_.begin(), templates_.end(), [&](const ReceiptTemplate& one) { return one.name == name; });
  return found == templates_.end() ? nullptr : &*found;
}

Reading TemplateBook::read(const Paper& paper, const ReadingDefaults& defaults, std::string_view only) const {
  if (const ReceiptTemplate* named = only.empty() ? nullptr : find(only)) return read_receipt(paper, *named, defaults);
  Reading best;
  const auto try_those = [&](auto fits) {
    bool tried = false;
    for (const ReceiptTemplate& by : templates_) {
      if (!fits(by)) continue;
      Reading one = read_receipt(paper, by, defaults);
      if (!tried || is_better(one, best)) best = std::move(one);
      tried = true;
    }
    return tried;
  };
  if (try_those([&](const ReceiptTemplate& by) { return recognises(by, paper); })) return best;
  try_those([&](const ReceiptTemplate& by) { return by.is_general() && !is_ruled_out(by, paper); });
  return best;
}

}  // namespace tillside::escpos
