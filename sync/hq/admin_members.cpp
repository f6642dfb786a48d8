#include "agent/platform/log.h"
#include "sync/hq/admin_api.h"

namespace tillside::hq {
namespace {

Result<std::uint32_t> types_in(std::string_view list) {
  std::uint32_t types = 0;
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    const auto type = id_type_of(list.substr(0, end));
    if (!type) return Error{ErrorCode::unknown_value, "authoritative", "phone, card, unionid, openid, external_userid"};
    types |= 1u << static_cast<unsigned>(*type);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return types;
}

Json counts_json(const MemberCounts& counts) {
  return {{"members", counts.members},
          {"identifiers", counts.identifiers},
          {"covered", type_names(counts.covered)},
          {"authoritative", type_names(counts.authoritative)}};
}

Json outcome_json(const ImportOutcome& outcome) {
  Json bad = Json::array();
  for (const auto& row : outcome.bad) bad.push_back({{"line", row.line}, {"reason", row.reason}});
  return {{"rows", outcome.rows},
          {"taken", outcome.taken},
          {"changed_identifiers", outcome.changed},
          {"welcomed", outcome.welcomed},
          {"bad_count", outcome.bad_count},
          {"bad_rows", std::move(bad)},
          {"published", outcome.snapshot ? "snapshot" : "deltas"},
          {"held", counts_json(outcome.counts)}};
}

}  // namespace

MemberRules AdminApi::member_rules() {
  MemberRules rules;
  rules.key = parts_.keys.member_key(parts_.ledger.state().member_generation);
  const auto stores = parts_.ledger.stores();
  if (!stores.empty()) rules.calling_code = stores.front().calling_code;
  for (const auto& store : stores) {
    rules.stores[store.store_id] = store.number;
    for (const auto& staff : parts_.ledger.staff_of(store.store_id))
      rules.staff[store.store_id][staff.staff_id] = staff.number;
  }
  return rules;
}

// Large files come in parts: ?more=1 opens an import and names it, ?import=NAME&more=1 goes on, without `more` it ends.
AdminApi::Answer AdminApi::import_members(const http::Request& request) {
  auto authoritative = types_in(request.query_value_or("authoritative", ""));
  if (!authoritative) return authoritative.error();
  const auto name = request.query_value_or("import", "");
  const bool more = request.query_value_or("more", "") == "1";
  const std::unique_lock lock(import_mutex_, std::try_to_lock);
  if (!lock) return Error{ErrorCode::unavailable, "", "another import is under way"};
  if (name.empty()) {
    import_ =
        std::make_unique<MembersImport>(parts_.ledger, parts_.issuing, member_rules(), parts_.work, parts_.snapshots);
    import_name_ = to_hex(random_bytes<8>());
  } else if (!import_ || name != import_name_) {
    return Error{ErrorCode::conflict, "import", "this import was ended by another; start again"};
  }
  import_->feed(request.body);
  if (more) return answer({{"import", import_name_}}, 202);
  const auto import = std::move(import_);
  auto outcome = import->finish(*authoritative);
  if (!outcome) return outcome.error();
  log::info("members", "imported",
            {{"rows", std::to_string(outcome->rows)}, {"bad", std::to_string(outcome->bad_count)}});
  return answer(outcome_json(*outcome));
}

AdminApi::Answer AdminApi::members_status() { return answer(counts_json(parts_.ledger.member_counts())); }

}  // namespace tillside::hq
