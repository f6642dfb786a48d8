#include <unistd.h>

#include "agent/api/access.h"

namespace tillside::api {

std::uint32_t own_user() { return static_cast<std::uint32_t>(::geteuid()); }

}  // namespace tillside::api
