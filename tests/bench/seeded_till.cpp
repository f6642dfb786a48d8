#include "tests/bench/seeded_till.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "agent/platform/files.h"
#include "agent/platform/system_clock.h"
#include "agent/store/contact_store.h"
#include "agent/store/downlink_store.h"
#include "agent/store/key_file.h"
#include "agent/store/members.h"
#include "sync/wire/signing.h"
#include "sync/wire/snapshot.h"

namespace tillside::bench {
namespace {

constexpr MemberKey kMemberKey{9};
constexpr wire::Epoch kEpoch{1, 2, 3, 4, 5, 6, 7, 8};

wire::EnrollAnswer enrolment(store::KeyFile& keys) {
  wire::EnrollAnswer answer;
  wire::Identity& identity = answer.identity;
  identity.till = 17;
  identity.store_id = "0123";
  identity.store_number = 1;
  identity.store_name = "文三路店";
  identity.zone = "Asia/Shanghai";
  identity.currency = "CNY";
  identity.country_calling_code = "86";
  identity.public_host = "t.example.cn";
  identity.chain = ChainId{1, 2, 3};
  identity.member_keys = {{0, kMemberKey}};
  identity.referral_key = ReferralKey{4};
  identity.typed_key = TypedKey{5};
  identity.epoch = kEpoch;
  if (auto pair = keys.current()) identity.public_key = pair->public_key;
  answer.contact.counter = 1;
  answer.time = SystemClock().now();
  return answer;
}

std::vector<std::string> campaigns(const Seed& seed) {
  if (seed.campaigns_file.empty()) {
    return {R"({"number":1,"kind":"next_visit","name":{"zh":"下次减20","en":"20 off"},"priority":10,"group":"basket",
      "conditions":{"min_total":100},"reward":{"type":"amount_off","amount":2000,"min_spend":10000},"valid_after_hours":0,
      "valid_days":7,"policy":"home","budget":{"issue":10000000,"exposure":10},"quota_per_till":1000000,
      "active_from":"2020-01-01T00:00:00+08:00","active_until":"2049-12-31T23:59:59+08:00"})"};
  }
  std::vector<std::string> documents;
  for (const auto& one : nlohmann::json::parse(read_file(seed.campaigns_file).value_or("[]")))
    documents.push_back(one.dump());
  return documents;
}

std::vector<std::vector<std::string>> csv_rows(const std::string& file) {
  std::ifstream in(file);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(in, line);  // header
  while (std::getline(in, line)) {
    std::vector<std::string> cells;
    std::stringstream cell_stream(line);
    for (std::string cell; std::getline(cell_stream, cell, ',');) cells.push_back(cell);
    cells.resize(12);
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::vector<Staff> staff(const Seed& seed) {
  if (seed.staff_csv.empty()) return {{"E2033", 3, "小满", StaffRole::guide, true, ""}};
  std::vector<Staff> all;
  for (const auto& row : csv_rows(seed.staff_csv)) {
    const auto number = static_cast<StaffNumber>(std::strtoul(row[2].c_str(), nullptr, 10));
    all.push_back({row[1], number, row[3], staff_role_of(row[4]).value_or(StaffRole::guide),
                   row[5] == "true" || row[5] == "1", ""});
  }
  return all;
}

using Rows = std::vector<std::pair<IdHash, std::string>>;

Rows numbered_members(std::uint64_t count) {
  MemberRecord record;
  record.stores = {1};
  record.first_joined = Instant{1'750'000'020'000};
  const std::string bytes = encode_member(record);
  Rows rows;
  rows.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    rows.emplace_back(hash_identifier(kMemberKey, IdType::phone, "+86" + phone_of(i)), bytes);
  }
  return rows;
}

Rows listed_members(const std::string& file) {
  Rows rows;
  for (const auto& row : csv_rows(file)) {
    MemberRecord record;
    if (row[6].find("0123") != std::string::npos) record.stores.push_back(1);
    if (row[6].find("0456") != std::string::npos) record.stores.push_back(2);
    const std::string bytes = encode_member(record);
    const std::pair<IdType, std::string> ids[] = {
        {IdType::phone, row[1]}, {IdType::card, row[2]}, {IdType::unionid, row[3]}};
    for (const auto& [type, value] : ids) {
      if (value.empty()) continue;
      if (auto normal = normalise(type, value, "86"))
        rows.emplace_back(hash_identifier(kMemberKey, type, *normal), bytes);
    }
  }
  return rows;
}

Status load_members(store::StoreDownlink& downlink, Rows rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first == b.first; }),
             rows.end());
  std::string file;
  wire::append_snapshot_head(file, rows.size());
  for (const auto& [hash, record] : rows) wire::append_snapshot_row(file, hash, record);
  wire::DownlinkAnswer answer;
  answer.cursor = "seed";
  answer.as_of = SystemClock().now();
  wire::Change change;
  change.kind = wire::ChangeKind::members_checkpoint;
  change.checkpoint.snapshot = "seed";
  change.checkpoint.rows = rows.size();
  change.checkpoint.bytes = file.size();
  change.checkpoint.covered_types = 1u << static_cast<int>(IdType::phone);
  crypto_generichash(change.checkpoint.digest.data(), change.checkpoint.digest.size(),
                     reinterpret_cast<const unsigned char*>(file.data()), file.size(), nullptr, 0);
  answer.changes.push_back(change);
  if (Status applied = downlink.apply(answer); !applied) return applied;
  if (Status piece = downlink.snapshot_piece("seed", 0, file); !piece) return piece;
  return downlink.snapshot_done(change.checkpoint);
}

Status load_rest(store::StoreDownlink& downlink, const Seed& seed) {
  wire::DownlinkAnswer answer;
  answer.cursor = "rest";
  answer.as_of = SystemClock().now();
  for (const std::string& document : campaigns(seed)) {
    auto campaign = parse_campaign(document);
    if (!campaign) return campaign.error();
    wire::Change change;
    change.kind = wire::ChangeKind::campaign;
    change.campaign = campaign->number;
    change.campaign_json = document;
    answer.changes.push_back(change);
    wire::Change quota;
    quota.kind = wire::ChangeKind::quota;
    quota.quota = {campaign->number, kEpoch, seed.lent};
    answer.changes.push_back(quota);
  }
  wire::Change settings;
  settings.kind = wire::ChangeKind::settings;
  settings.settings.other = {{"redeem_cap_count", "1000000000"}, {"redeem_cap_value", "1000000000000"}};
  answer.changes.push_back(settings);
  wire::Change roster;
  roster.kind = wire::ChangeKind::staff;
  roster.staff = staff(seed);
  answer.changes.push_back(roster);
  return downlink.apply(answer);
}

}  // namespace

std::string phone_of(std::uint64_t member) { return fmt::format("138{:08}", member); }

Status seed_till(const std::filesystem::path& folder, const Seed& seed) {
  SystemClock clock;
  store::Store::Options options;
  options.folder = folder;
  options.clock = &clock;
  auto store = store::Store::open(std::move(options));
  if (!store) return store.error();
  auto members = store::Members::open({folder});
  if (!members) return members.error();
  auto contact = store::StoreContact::open(**store);
  if (!contact) return contact.error();
  store::KeyFile keys(folder);
  if (Status enrolled = (*contact)->enrolled(enrolment(keys)); !enrolled) return enrolled;
  (void)(*store)->time().sign(clock.now(), true);
  auto downlink = store::StoreDownlink::open(**store, **members, **contact);
  if (!downlink) return downlink.error();
  if (Status rest = load_rest(**downlink, seed); !rest) return rest;
  return load_members(**downlink,
                      seed.members_csv.empty() ? numbered_members(seed.members) : listed_members(seed.members_csv));
}

}  // namespace tillside::bench
