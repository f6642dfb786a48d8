#include "sync/wire/message_json.h"

namespace tillside::wire {
namespace {

constexpr std::size_t kMaxCursorBytes = 16 << 10;

// Everything but the changes, which close the document.
std::string open_document(const DownlinkAnswer& answer) {
  std::string out = dump(Json{{"cursor", answer.cursor},
                              {"hq_incarnation", hex(answer.hq_incarnation)},
                              {"as_of", answer.as_of.ms},
                              {"more", answer.more},
                              {"reset", answer.reset}});
  out.back() = ',';
  return out + R"("changes":[)";
}

bool is_known_kind(const Json& change) {
  const auto kind = change.is_object() ? change.find("kind") : change.end();
  return kind == change.end() || !kind->is_string() || change_kind_of(kind->get_ref<const std::string&>());
}

void read_changes(Fields& fields, DownlinkAnswer& answer) {
  if (fields.required("changes") == nullptr) return;
  const Json* list = fields.list("changes");
  if (list == nullptr) return;
  answer.changes.reserve(list->size());
  for (std::size_t i = 0; i < list->size() && fields.ok(); ++i) {
    if (!is_known_kind((*list)[i])) {
      ++answer.unknown_changes;
      continue;
    }
    Fields item((*list)[i], fields.path_of("changes", i), fields.trouble());
    read_fields(item, answer.changes.emplace_back());
  }
}

}  // namespace

std::string write_downlink(const DownlinkAnswer& head, std::span<const std::string_view> changes) {
  std::string out = open_document(head);
  for (auto change : changes) {
    out += change;
    out += ',';
  }
  if (!changes.empty()) out.pop_back();
  return out + "]}";
}

std::string write(const DownlinkAnswer& answer) {
  std::vector<std::string> texts;
  texts.reserve(answer.changes.size());
  for (const auto& change : answer.changes) texts.push_back(write(change));
  return write_downlink(answer, std::vector<std::string_view>(texts.begin(), texts.end()));
}

Result<DownlinkAnswer> read_downlink_answer(std::string_view json) {
  return read_document<DownlinkAnswer>(json, [](Fields& fields, DownlinkAnswer& answer) {
    fields.text("cursor", answer.cursor, kMaxCursorBytes);
    fields.bytes("hq_incarnation", answer.hq_incarnation);
    fields.instant("as_of", answer.as_of);
    fields.optional_flag("more", answer.more);
    fields.optional_flag("reset", answer.reset);
    read_changes(fields, answer);
  });
}

}  // namespace tillside::wire
