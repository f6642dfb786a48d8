#include "sync/wire/message_json.h"

namespace tillside::wire {
namespace {

Json to_json(const std::vector<EventVerdict>& verdicts) {
  Json list = Json::array();
  for (const auto& verdict : verdicts)
    list.push_back(Json{{"seq", verdict.seq}, {"state", verdict.state}, {"reason", verdict.reason}});
  return list;
}

void read_verdicts(Fields& fields, std::vector<EventVerdict>& verdicts) {
  const Json* list = fields.list("verdicts");
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size() && fields.ok(); ++i) {
    Fields item((*list)[i], fields.path_of("verdicts", i), fields.trouble());
    auto& verdict = verdicts.emplace_back();
    item.number("seq", verdict.seq);
    item.text("state", verdict.state, 32);
    item.optional_text("reason", verdict.reason);
  }
}

void read_optional_seq(Fields& fields, const char* name, std::optional<std::uint64_t>& seq) {
  if (fields.find(name) != nullptr) fields.number(name, seq.emplace());
}

}  // namespace

std::string write(const UplinkAnswer& answer) {
  Json json{{"held_seq", answer.held_seq}};
  if (!answer.verdicts.empty()) json["verdicts"] = to_json(answer.verdicts);
  if (answer.expected_seq) {
    json["code"] = "gap";
    json["expected_seq"] = *answer.expected_seq;
  }
  if (answer.fork_seq) {
    json["code"] = "fork";
    json["fork_seq"] = *answer.fork_seq;
    if (answer.kept_to) json["kept_to"] = *answer.kept_to;
  }
  json["time"] = answer.time.ms;
  return dump(json);
}

Result<UplinkAnswer> read_uplink_answer(std::string_view json) {
  return read_document<UplinkAnswer>(json, [](Fields& fields, UplinkAnswer& answer) {
    fields.number("held_seq", answer.held_seq);
    read_verdicts(fields, answer.verdicts);
    read_optional_seq(fields, "expected_seq", answer.expected_seq);
    read_optional_seq(fields, "fork_seq", answer.fork_seq);
    read_optional_seq(fields, "kept_to", answer.kept_to);
    fields.instant("time", answer.time);
  });
}

Problem read_problem(int status, std::string_view body) {
  Problem problem{status, {}, {}};
  if (auto json = parse_object(body)) {
    std::optional<Error> trouble;
    Fields(*json, "", trouble).optional_text("code", problem.code);
    trouble.reset();
    Fields(*json, "", trouble).optional_text("detail", problem.detail);
  }
  return problem;
}

}  // namespace tillside::wire
