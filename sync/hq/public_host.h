// The host of coupon and referral codes ("t.example.cn", with a port if need be): without one, a code leads nowhere.
#pragma once

#include <string_view>

#include "agent/domain/result.h"

namespace tillside::hq {

// missing_field: it is empty. bad_format: more than 253 characters, or other ones than a host and a port have.
// Both name the field public_host.
Status check_public_host(std::string_view host);

}  // namespace tillside::hq
