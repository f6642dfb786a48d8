#include "pos_adapter/escpos/receipt_template.h"

#include <algorithm>
#include <utility>

#include "pos_adapter/escpos/toml_section.h"

namespace tillside::escpos {
namespace {

using Failure = std::optional<Error>;
using Pieces = std::map<std::string, std::string, std::less<>>;

constexpr std::array<const char*, kSlipKinds> kSlipNames = {"sale",    "return",    "void",    "exchange", "training",
                                                            "reprint", "suspended", "kitchen", "report",   "card_slip",
                                                            "copy",    "no_sale",   "unknown"};
constexpr std::size_t kMostExpression = 4096;

std::optional<char> one_character(std::string_view text) {
  if (text.size() != 1) return {};
  return text.front();
}

// A character as it stands for itself in an expression.
std::string literal(char character) { return std::string("[") + character + "]"; }

// What {{money}} and its like stand for, by the marks this POS writes.
Pieces pieces_of(const ReceiptTemplate& made) {
  const std::string mark = R"((?:[¥￥$€£]|RMB|CNY|HK\$)?)";
  const std::string digits = R"((?:\d{1,3}(?:)" + literal(made.thousands) + R"(\d{3})+|\d+))";
  const std::string point = literal(made.decimal_point);
  const std::string begin = R"(-?\s?)" + mark + R"(\s?-?)" + digits;
  return {{"money", begin + point + R"(\d{1,3}\s?元?-?)"},
          {"amount", begin + "(?:" + point + R"(\d{1,3})?\s?元?-?)"},
          {"quantity", R"(-?\d+(?:)" + point + R"(\d{1,3})?)"},
          {"colon", R"(\s*[:：]?\s*)"},
          {"code", R"([A-Za-z_./-]{0,12}\d[A-Za-z0-9_./-]*)"},
          {"day", R"(\d{4}(?:[-/.]|年)\d{1,2}(?:[-/.]|月)\d{1,2}日?)"},
          {"clock", R"(\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?)"},
          {"rule", R"(^[\s\-=*_~.·—━─＝－]+$)"}};
}

// A template file and those it extends, while they are read: the file itself first, then the nearest one.
class Parsing {
 public:
  using Chain = std::vector<const toml::table*>;
  explicit Parsing(Chain chain) : chain_(std::move(chain)) {}

  Result<ReceiptTemplate> parse() {
    const toml::table& own = *chain_.front();
    for (const auto step : {&Parsing::check_tables, &Parsing::head_of_file})
      if (Failure failure = (this->*step)(own)) return *failure;
    // Settings: what the file says stands over what it extends.
    for (const auto step : {&Parsing::paper, &Parsing::money, &Parsing::goods_settings, &Parsing::names})
      for (auto file = chain_.rbegin(); file != chain_.rend(); ++file)
        if (Failure failure = (this->*step)(**file)) return *failure;
    pieces_ = pieces_of(made_);
    for (auto file = chain_.rbegin(); file != chain_.rend(); ++file)
      if (Failure failure = pieces(**file)) return *failure;
    // Patterns: those of the file come before those of what it extends.
    for (const auto step :
         {&Parsing::time, &Parsing::kinds, &Parsing::lists, &Parsing::items, &Parsing::goods_names, &Parsing::tenders})
      for (const toml::table* file : chain_)
        if (Failure failure = (this->*step)(*file)) return *failure;
    if (Failure failure = recognised_by(own)) return *failure;
    return std::move(made_);
  }

 private:
  Failure check_tables(const toml::table& file) {
    static constexpr std::array<std::string_view, 19> kKnown = {
        "name",   "title", "extends", "paper",   "money",  "pieces", "time",      "recognise", "kind",   "head",
        "totals", "items", "goods",   "tenders", "member", "lanes",  "operators", "guides",    "require"};
    for (const auto& [key, node] : file)
      if (std::find(kKnown.begin(), kKnown.end(), key.str()) == kKnown.end())
        return Error{ErrorCode::unknown_value, std::string(key.str()), "no such table"};
    return {};
  }

  Failure head_of_file(const toml::table& file) {
    made_.name = file["name"].value_or(std::string());
    made_.title = file["title"].value_or(made_.name);
    made_.extends = file["extends"].value_or(std::string());
    if (made_.name.empty()) return Error{ErrorCode::missing_field, "name", "a template has a name"};
    return {};
  }

  Failure paper(const toml::table& file) {
    TomlSection section = TomlSection::of(file, "paper");
    std::string word;
    if (section.take("charset", word)) {
      made_.paper.charset = charset_of(word);
      if (!made_.paper.charset && word != "auto") section.fail("charset", ErrorCode::unknown_value, word.substr(0, 60));
    }
    section.take_word("kanji", made_.paper.kanji, charset_of);
    section.take_word("first_page", made_.paper.first_page, charset_of);
    if (const toml::node* pages = section.find("code_pages")) {
      TomlSection numbers(pages->as_table(), "paper.code_pages");
      numbers.each_text([&](const std::string& key, const std::string& value) {
        const auto page = charset_of(value);
        const bool is_number =
            !key.empty() && key.size() <= 3 && key.find_first_not_of("0123456789") == std::string::npos;
        if (!page || !is_number) return numbers.fail(key, ErrorCode::unknown_value, value.substr(0, 60));
        made_.paper.code_pages[std::stoi(key)] = *page;
      });
      if (Failure failure = numbers.finish()) return failure;
    }
    return section.finish();
  }

  Failure money(const toml::table& file) {
    TomlSection section = TomlSection::of(file, "money");
    const auto known = [](std::string_view code) -> std::optional<std::optional<Currency>> {
      auto found = currency_of(code);
      if (!found) return {};
      return std::optional(*found);
    };
    section.take_word("currency", made_.currency, known);
    section.take_word("decimal_point", made_.decimal_point, one_character);
    section.take_word("thousands", made_.thousands, one_character);
    section.take("prices_include_tax", made_.prices_include_tax);
    return section.finish();
  }

  Failure pieces(const toml::table& file) {
    TomlSection section = TomlSection::of(file, "pieces");
    section.each_text([&](const std::string& key, const std::string& value) { pieces_[key] = expanded(value); });
    return section.finish();
  }

  Failure time(const toml::table& file) {
    TomlSection section = TomlSection::of(file, "time");
    section.take_list("formats", [&](const std::string& text) -> Failure {
      made_.time_formats.push_back(text);
      return {};
    });
    return section.finish();
  }

  // Of the file alone: what it extends is recognised by other words.
  Failure recognised_by(const toml::table& file) {
    TomlSection section = TomlSection::of(file, "recognise");
    take_patterns(section, "all", made_.recognise_all);
    take_patterns(section, "any", made_.recognise_any);
    take_patterns(section, "not", made_.recognise_not);
    return section.finish();
  }

  Failure kinds(const toml::table& file) {
    TomlSection section = TomlSection::of(file, "kind");
    for (std::size_t kind = 0; kind < kSlipKinds; ++kind)
      if (kind != static_cast<std::size_t>(SlipKind::sale) && kind != static_cast<std::size_t>(SlipKind::unknown))
        take_patterns(section, kSlipNames[kind], made_.kinds[kind]);
    return section.finish();
  }

  Failure lists(const toml::table& file) {
    for (const auto& [table, target] : {std::pair{"head", &made_.head}, std::pair{"totals", &made_.totals}}) {
      TomlSection section = TomlSection::of(file, table);
      take_patterns(section, "patterns", *target);
      if (Failure failure = section.finish()) return failure;
    }
    return {};
  }

  Failure items(const toml::table& file) {
    const toml::node* node = file.get("items");
    if (node == nullptr) return {};
    const toml::array* list = node->as_array();
    if (list == nullptr) return Error{ErrorCode::wrong_type, "items", "written as [[items]]"};
    for (const toml::node& one : *list) {
      TomlSection section(one.as_table(), "items[" + std::to_string(made_.items.size()) + "]");
      ItemLayout& layout = made_.items.emplace_back();
      take_patterns(section, "begin", layout.begin);
      take_patterns(section, "end", layout.end);
      take_patterns(section, "rows", layout.rows);
      take_patterns(section, "ignore", layout.ignore);
      if (Failure failure = section.finish()) return failure;
    }
    return {};
  }

  Failure goods_settings(const toml::table& file) {
    TomlSection section = TomlSection::of(file, "goods");
    section.take_word("amounts", made_.amounts, [](std::string_view word) -> std::optional<Amounts> {
      if (word == "auto") return Amounts::automatic;
      if (word == "before_discount") return Amounts::before_discount;
      return word == "after_discount" ? std::optional(Amounts::after_discount) : std::nullopt;
    });
    return section.failure();
  }

  Failure goods_names(const toml::table& file) {
    TomlSection section = TomlSection::of(file, "goods");
    section.find("amounts");
    take_patterns(section, "discounts", made_.discount_names);
    take_patterns(section, "bill_discounts", made_.bill_discount_names);
    take_patterns(section, "voids", made_.void_names);
    take_patterns(section, "fees", made_.fee_names);
    take_patterns(section, "deposits", made_.deposit_names);
    return section.finish();
  }

  Failure tenders(const toml::table& file) {
    TomlSection section = TomlSection::of(file, "tenders");
    take_patterns(section, "rows", made_.tender_rows);
    if (const toml::node* types = section.find("types")) {
      const toml::table* table = types->as_table();
      if (table == nullptr) return Error{ErrorCode::wrong_type, "tenders.types", "a table is wanted"};
      TomlSection names(table, "tenders.types");
      for (const auto& [key, value] : *table) {
        const auto type = tender_type_of(key.str());
        if (!type) return Error{ErrorCode::unknown_value, "tenders.types." + std::string(key.str()), "no tender"};
        take_patterns(names, std::string(key.str()).c_str(), made_.tender_types.emplace_back(*type, Patterns{}).second);
      }
      if (Failure failure = names.finish()) return failure;
    }
    return section.finish();
  }

  Failure names(const toml::table& file) {
    for (const auto& [table, target] : {std::pair{"lanes", &made_.lanes}, std::pair{"operators", &made_.operators},
                                        std::pair{"guides", &made_.guides}}) {
      TomlSection section = TomlSection::of(file, table);
      section.each_text(
          [into = target](std::string key, std::string value) { (*into)[std::move(key)] = std::move(value); });
      if (Failure failure = section.finish()) return failure;
    }
    TomlSection member = TomlSection::of(file, "member");
    member.take_word("proof", made_.member_proof, proof_of);
    if (Failure failure = member.finish()) return failure;
    TomlSection required = TomlSection::of(file, "require");
    required.take("number", made_.needs_number);
    required.take("items", made_.needs_items);
    return required.finish();
  }

  void take_patterns(TomlSection& section, const char* key, Patterns& target) {
    section.take_list(key, [&](const std::string& text) -> Failure {
      const std::string expression = expanded(text);
      if (expression.find("{{") != std::string::npos)
        return Error{ErrorCode::unknown_value, "", "no such piece: " + text.substr(0, 80)};
      if (expression.size() > kMostExpression) return Error{ErrorCode::out_of_range, "", "longer than 4096 bytes"};
      auto compiled = Pattern::compile(expression);
      if (!compiled) return compiled.error();
      target.push_back(*std::move(compiled));
      return {};
    });
  }

  // {{name}} by its piece; an unknown name stays.
  std::string expanded(const std::string& text) const {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t open = text.find("{{", at);
      const std::size_t close = open == std::string::npos ? open : text.find("}}", open);
      if (close == std::string::npos) break;
      const auto piece = pieces_.find(std::string_view(text).substr(open + 2, close - open - 2));
      out += text.substr(at, open - at);
      out += piece == pieces_.end() ? text.substr(open, close + 2 - open) : "(?:" + piece->second + ")";
      at = close + 2;
    }
    return out + text.substr(std::min(at, text.size()));
  }

  Chain chain_;
  ReceiptTemplate made_;
  Pieces pieces_;
};

Error syntax_error(const toml::parse_error& problem) {
  return {ErrorCode::bad_format, "line " + std::to_string(problem.source().begin.line),
          std::string(problem.description())};
}

}  // namespace

const char* name_of(SlipKind kind) { return kSlipNames[static_cast<std::size_t>(kind)]; }

std::optional<SlipKind> slip_kind_of(std::string_view name) {
  for (std::size_t kind = 0; kind < kSlipKinds; ++kind)
    if (name == kSlipNames[kind]) return static_cast<SlipKind>(kind);
  return {};
}

Result<ReceiptTemplate> parse_template(std::string_view text, std::span<const std::string_view> bases) {
  try {
    std::vector<toml::table> files{toml::parse(text)};
    for (const std::string_view base : bases) files.push_back(toml::parse(base));
    Parsing::Chain chain;
    for (const toml::table& file : files) chain.push_back(&file);
    return Parsing(std::move(chain)).parse();
  } catch (const toml::parse_error& problem) {
    return syntax_error(problem);
  }
}

Result<TemplateNames> template_names(std::string_view text) {
  try {
    const toml::table file = toml::parse(text);
    return TemplateNames{file["name"].value_or(std::string()), file["extends"].value_or(std::string())};
  } catch (const toml::parse_error& problem) {
    return syntax_error(problem);
  }
}

}  // namespace tillside::escpos
