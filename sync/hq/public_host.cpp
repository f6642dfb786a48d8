#include "sync/hq/public_host.h"

namespace tillside::hq {

Status check_public_host(std::string_view host) {
  constexpr std::string_view kUsed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:";
  constexpr std::size_t kLongest = 253;
  if (host.empty()) return Error{ErrorCode::missing_field, "public_host", "coupon and referral codes need a host"};
  if (host.size() > kLongest || host.find_first_not_of(kUsed) != std::string_view::npos)
    return Error{ErrorCode::bad_format, "public_host", "a host name like t.example.cn, without https:// and path"};
  return {};
}

}  // namespace tillside::hq
