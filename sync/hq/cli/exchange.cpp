#include "sync/hq/cli/exchange.h"

#include <fstream>
#include <iterator>

namespace tillside::hq::cli {

int refused(const AdminAnswer& answer) {
  const auto problem = Json::parse(answer.body, nullptr, false);
  if (!problem.is_object()) return fail({ErrorCode::refused, "", "HTTP " + std::to_string(answer.status)});
  auto line = problem.value("title", std::string("HTTP " + std::to_string(answer.status)));
  const auto field = problem.value("field", std::string()), detail = problem.value("detail", std::string());
  if (!field.empty() || !detail.empty())
    line += " (" + field + (field.empty() || detail.empty() ? "" : ": ") + detail + ")";
  if (const auto mend = problem.value("mend", std::string()); !mend.empty()) line += in_words("；", "; ") + mend;
  return fail(line, line);
}

int exchange(const Context& context, const std::string& method, const std::string& path, const std::string& body,
             const Print& print, const std::string& content_type) {
  auto answer = call(context.address, method, path, body, content_type);
  if (!answer) return fail(answer.error());
  if (!answer->ok()) return refused(*answer);
  const auto json = Json::parse(answer->body, nullptr, false);
  if (json.is_discarded()) return fail({ErrorCode::bad_json, "", "headquarters' answer"});
  if (context.json) std::cout << answer->body << '\n';
  return print(json);
}

std::string text(const Json& json, const char* name) {
  const auto at = json.find(name);
  if (at == json.end() || at->is_null()) return "-";
  return at->is_string() ? at->get<std::string>() : at->dump();
}

std::optional<std::string> content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

int cannot_read(const std::string& file) { return fail({ErrorCode::not_found, file, "cannot be read"}); }

int list_bad_rows(const Json& json, std::uint64_t count) {
  for (const auto& row : json["bad_rows"])
    std::cerr << fmt::format(fmt::runtime(in_words("第 {} 行：{}", "line {}: {}")), text(row, "line"),
                             text(row, "reason"))
              << '\n';
  return count == 0 ? kDone : kPartly;
}

}  // namespace tillside::hq::cli
