// A store's zone from the system's time-zone database, as the pure table the rules take.
#pragma once

#include <string>

#include "agent/domain/time.h"

namespace tillside {

// Shifts from 2000 to 2050. not_found when the name is no IANA zone of this system.
Result<StoreZone> load_zone(const std::string& iana_name);

}  // namespace tillside
