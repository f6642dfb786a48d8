// The owner's calls under /v1/admin, with the owner's token. `tillside-hq`'s subcommands are thin clients of these.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sync/hq/call.h"
#include "sync/hq/enrolment.h"
#include "sync/hq/issuing_desk.h"
#include "sync/hq/json_answers.h"
#include "sync/hq/key_publisher.h"
#include "sync/hq/members_import.h"
#include "sync/hq/workers.h"

namespace tillside::hq {

class AdminApi {
 public:
  struct Parts {
    Ledger& ledger;
    const HqKeys& keys;
    const Clock& clock;
    Workers& workers;
    Enrolment& enrolment;
    KeyPublisher& publisher;
    IssuingDesk& issuing;
    std::string owner_token;
    std::filesystem::path work, snapshots;
  };
  explicit AdminApi(Parts parts);
  ~AdminApi();

  // True: the call is under /v1/admin and will be answered.
  bool handle(const CallPtr& call);

 private:
  using Answer = Result<http::Response>;
  using Path = std::vector<std::string>;  // the segments after /v1/admin
  Answer route(const http::Request& request, const Path& path);
  // What a store manager's token may do.
  Answer store_route(const http::Request& request, const Path& path, const std::string& store_id);

  // admin_stores.cpp
  Answer add_store(const http::Request& request);
  Answer list_stores();
  Answer add_code(const http::Request& request);
  Answer list_tills();
  Answer till_call(const http::Request& request, const Path& path);
  Answer disk_gone(const http::Request& request, TillNumber till);
  Answer import_staff(const http::Request& request);
  Answer list_staff(const http::Request& request);
  Answer show_key();
  // admin_keys.cpp
  Answer list_keys();
  Answer revoke_key(const http::Request& request, const Path& path);
  Answer rotate_own_key();
  // admin_campaigns.cpp
  Answer add_campaigns(const http::Request& request);
  Answer list_campaigns();
  Answer stop_campaign(const std::string& number);
  Answer move_quota(const http::Request& request, const Path& path);  // recall, lend
  Answer awaited_stops(const http::Request& request);
  // admin_members.cpp
  Answer import_members(const http::Request& request);
  Answer members_status();
  MemberRules member_rules();
  // admin_coupons.cpp; `only_store`: the store whose token this is, empty: the owner's
  Answer make_coupons(const http::Request& request, const std::string& only_store);
  Answer make_for_members(const http::Request& request, const std::string& only_store);
  Answer list_made(const http::Request& request, const std::string& only_store);
  Answer revoke_coupon(const std::string& id);
  Answer take_joined(const http::Request& request);
  struct Joining {
    std::string store_id;
    StoreNumber store = 0;
    Instant at;
  };
  Answer join(const MemberRow& named, const Joining& what);
  std::optional<MemberRow> known_member(const MemberRow& row);
  // admin_settings.cpp; an empty store: the chain's
  Answer show_settings(const std::string& store_id);
  Answer put_settings(const http::Request& request, const std::string& store_id);
  Answer store_token(const std::string& store_id);
  // admin_reports.cpp
  Answer handed_over(const http::Request& request, const std::string& only_store);
  Answer report(const http::Request& request);
  Answer double_redemptions(const http::Request& request);
  Answer coupon_report(const http::Request& request);
  Answer settlement(const http::Request& request);
  Answer tenders(const http::Request& request);
  Answer oddities(const http::Request& request);

  Parts parts_;
  std::mutex joining_mutex_;               // a member's record is read and written
  std::mutex import_mutex_;                // one import at a time
  std::unique_ptr<MembersImport> import_;  // guarded by import_mutex_, as is its name
  std::string import_name_;
};

Result<bool> wants_csv(const http::Request& request);  // unknown_value
http::Response csv_answer(std::string csv);
Result<Json> body_object(const http::Request& request);  // bad_json
Result<std::string> text_field(const Json& json, const char* name, const std::string& fallback, std::size_t longest);

}  // namespace tillside::hq
