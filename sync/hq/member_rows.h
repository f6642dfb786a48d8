// One row of the members file, hashed at once: nothing raw outlives the call.
#pragma once

#include <map>
#include <string>

#include "sync/hq/csv.h"
#include "sync/hq/ledger_types.h"

namespace tillside::hq {

struct MemberRules {
  MemberKey key{};
  std::string calling_code = "86";
  std::map<std::string, StoreNumber> stores;
  // store id -> staff id -> number
  std::map<std::string, std::map<std::string, StaffNumber>> staff;
};

inline constexpr const char* kMemberColumns =
    "member_id,phone,card,unionid,openid,external_userid,stores,friend_of,tier,paid_until,first_joined,birthday,bought";

// An Error names the column, never its content. A row needs a member_id or an identifier.
Result<MemberRow> read_member_row(const CsvHead& head, const CsvReader::Row& row, const MemberRules& rules);

}  // namespace tillside::hq
