#include "tests/agent/api/live_api.h"

#include <stdexcept>
#include <utility>

#include "agent/domain/referral.h"
#include "agent/platform/files.h"
#include "agent/platform/random.h"
#include "sync/wire/signing.h"

namespace tillside::api {
namespace {

constexpr const char* kCampaign = R"({"number":1,"kind":"next_visit",
  "name":{"zh":"周末满100减20","en":"Weekend: 20 off 100"},"priority":10,"group":"basket",
  "conditions":{"min_total":10000},"reward":{"type":"amount_off","amount":2000,"min_spend":10000},
  "valid_after_hours":0,"valid_days":7,"policy":"home","budget":{"issue":400,"exposure":40},"quota_per_till":60,
  "active_from":"2026-01-01T00:00:00+08:00","active_until":"2036-12-31T23:59:59+08:00"})";

std::filesystem::path new_folder() {
  return std::filesystem::temp_directory_path() / ("tillside-api-" + to_hex(random_bytes<Bytes16>()));
}

Shop small_shop() {
  Shop shop;
  shop.enrolled = shop.may_issue = true;
  shop.store_id = "0123";
  shop.store_name = "文三路店";
  shop.store_number = 5;
  shop.key = {17, 0};
  shop.host = "t.example.cn";
  shop.chain = ChainId{1, 2, 3};
  shop.member_keys = {MemberKey{9}};
  shop.referral_key = ReferralKey{4};
  shop.typed_key = TypedKey{5};
  shop.signing_key = wire::key_pair_from_seed(Bytes32{7}).secret_key;
  const std::string badge =
      encode_referral({.checkout = false, .till_or_store = 5, .staff = 3, .minute = 2'000'000}, shop.referral_key);
  shop.roster = StaffRoster({{"E2033", 3, "小满", StaffRole::guide, true, badge},
                             {"E2034", 4, "阿青", StaffRole::guide, false, ""},
                             {"E2035", 6, "春生", StaffRole::guide, true, ""}});
  auto campaign = parse_campaign(kCampaign);
  if (!campaign) throw std::runtime_error("campaign: " + campaign.error().field);
  shop.campaigns = {*campaign};
  return shop;
}

MemberRecord member_of(StoreNumber store) {
  MemberRecord record;
  record.stores = {store};
  if (store == 5) record.person = 77;
  return record;
}

IdHash phone_hash(const Shop& shop, const std::string& phone) {
  return hash_identifier(shop.member_keys.back(), IdType::phone, *normalise(IdType::phone, phone, "86"));
}

}  // namespace

std::optional<MemberRecord> SmallGroup::find(const IdHash& hash) {
  const auto found = members.find(hash);
  return found == members.end() ? std::nullopt : std::optional(found->second);
}

LiveApi::LiveApi(Options options) : options_(std::move(options)), folder_(new_folder()) {
  if (!make_private_folder(folder_)) throw std::runtime_error("no temporary folder");
  Shop shop = small_shop();
  for (const auto& document : options_.campaigns) {
    auto campaign = parse_campaign(document);
    if (!campaign) throw std::runtime_error("campaign: " + campaign.error().field);
    shop.campaigns.push_back(*campaign);
  }
  group_.members[phone_hash(shop, "13800138000")] = member_of(5);
  group_.members[phone_hash(shop, "13900139000")] = member_of(6);
  group_.known.as_of = options_.clock->now().plus_ms(-kHour);
  window_.replace(std::move(shop));
  auto opened = store::Store::open({folder_, options_.clock, 0, {}});
  if (!opened) throw std::runtime_error("store: " + opened.error().detail);
  store_ = std::move(*opened);
  (void)store_->time().sign(options_.clock->now(), true);
  if (!store_->writer().run([&](store::Session& session) { session.issuing().lend(1, options_.quota); })) {
    throw std::runtime_error("no quota");
  }
  desk_ = std::make_unique<Desk>(Desk::Parts{store_.get(), &group_, &window_, options_.clock, &happenings_});
  start();
}

LiveApi::~LiveApi() {
  stop();
  desk_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_);
}

void LiveApi::start() {
  const auto status = [this] {
    return StatusReport{ready_,
                        ready_ ? "一切正常" : "磁盘已满，请清理",
                        ready_ ? "All is well" : "The disk is full: make room",
                        R"({"online":true,"backlog":0,"as_of":null})",
                        {{"outbox_events", "events that wait for headquarters", false, 3}}};
  };
  ApiOptions options;
  options.folder = folder_;
  options.tcp_port = 0;
  options.unix_socket = socket();
  options.origins = options_.origins;
  auto opened = LocalApi::open({desk_.get(), &window_, options_.clock, &happenings_, status}, std::move(options));
  if (!opened) throw std::runtime_error("api: " + opened.error().detail);
  api_ = std::move(*opened);
  thread_ = std::thread([this] { api_->run(); });
}

void LiveApi::stop() {
  api_->stop();
  thread_.join();
  api_.reset();
}

void LiveApi::restart() {
  stop();
  start();
}

std::string LiveApi::token() const {
  auto text = read_file(folder_ / "api-token").value_or("");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

nlohmann::json sample_sale(std::int64_t sequence, const std::string& phone) {
  nlohmann::json sale = {
      {"checkout_id", "0123-L2-20261122-" + std::to_string(sequence)},
      {"state", "completed"},
      {"store_id", "0123"},
      {"lane_id", "L2"},
      {"business_date", "2026-11-22"},
      {"sequence", sequence},
      {"occurred_at", "2026-11-22T09:15:03+08:00"},
      {"operator_id", "E1007"},
      {"guide_id", "E2033"},
      {"currency", "CNY"},
      {"lines",
       {{{"line_no", 1},
         {"sku", "6901234567892"},
         {"name", "榴莲"},
         {"category", "fruit/durian"},
         {"kind", "sale"},
         {"quantity", "1"},
         {"unit", "kg"},
         {"unit_price", 12345},
         {"amount", 12345}}}},
      {"totals", {{"gross", 12345}, {"discount", 0}, {"tax", 0}, {"net", 12345}}},
      {"tenders", {{{"type", "wechat"}, {"amount", 12345}}}},
      {"source", {{"adapter", "http"}, {"pos", "acme 4.2"}, {"confidence", "exact"}}},
  };
  if (!phone.empty()) sale["customer"] = {{"ids", {{{"type", "phone"}, {"value", phone}, {"proof", "named"}}}}};
  return sale;
}

nlohmann::json sample_total(std::int64_t sequence, const std::string& phone) {
  auto total = sample_sale(sequence, phone);
  total["state"] = "total";
  total["tenders"] = nlohmann::json::array();
  return total;
}

}  // namespace tillside::api
