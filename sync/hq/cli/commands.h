// The subcommands that ask a running headquarters. Each returns an exit code: 0 done, 1 failed, 3 partly done.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sync/hq/cli/admin_client.h"

namespace tillside::hq::cli {

struct Context {
  Address address;
  bool json = false;  // print the answer as it came
};

struct NewStore {
  std::string store_id, name, zone, currency, calling_code;
  unsigned number = 0;
};
int add_store(const Context& context, const NewStore& store);
int list_stores(const Context& context);

int make_code(const Context& context, const std::string& store_id, int hours);
int list_tills(const Context& context);
int till_action(const Context& context, unsigned till, const std::string& action);  // revoke, write-off
// The epoch in hex, or (empty) the one whose newest key is of `generation`.
int disk_gone(const Context& context, unsigned till, const std::string& epoch, unsigned generation);
int till_ledger(const Context& context, unsigned till);

int import_staff(const Context& context, const std::string& file);
int list_staff(const Context& context, const std::string& store_id);

int add_campaigns(const Context& context, const std::string& file);
int list_campaigns(const Context& context);
// Waits up to `wait_s` for the tills to acknowledge; kPartly when some have not.
int stop_campaign(const Context& context, unsigned number, int wait_s);
// "recall" or "lend", of a campaign, a till, or one at the other (0: not said).
int move_quota(const Context& context, const std::string& action, unsigned campaign, unsigned till);

int import_members(const Context& context, const std::string& file, const std::string& authoritative);

// coupon_commands.cpp
struct NewCoupons {
  unsigned campaign = 0, count = 0, limit = 0;
  std::string store_id, members, order, csv;  // files: who gets one each; where the codes go
};
int make_coupons(const Context& context, const NewCoupons& coupons);
int revoke_coupon(const Context& context, const std::string& id);
struct Joined {
  std::string store_id, member_id, phone, card, unionid, openid, external_userid, at;
};
int member_joined(const Context& context, const Joined& joined);
// Settings as "name=value"; none: shows them. An empty store: the chain's.
int set_store(const Context& context, const std::string& store_id, const std::vector<std::string>& settings);
int store_token(const Context& context, const std::string& store_id);

struct ReportArguments {
  // "doubles": coupons redeemed more than once; "coupons", "settlement", "oddities"; empty: the plain report
  std::string what;
  std::string from, to, by = "store";
  bool csv = false, bom = false;
  std::map<std::string, unsigned> thresholds;  // of oddities, by name
};
int report(const Context& context, const ReportArguments& arguments);

int show_key(const Context& context);
int list_keys(const Context& context);
// Waits up to `wait_s` for the till to have its new key; kPartly when it has not.
int rotate_key(const Context& context, unsigned till, int wait_s);
int rotate_own_key(const Context& context);  // headquarters' own
int revoke_key(const Context& context, unsigned till, unsigned generation, unsigned good_to);
int set_host(const Context& context, const std::string& host);

}  // namespace tillside::hq::cli
