// Puts together what the desk needs to know from what enrolment and the downlink have stored.
#pragma once

#include "agent/config.h"
#include "agent/desk/shop.h"
#include "agent/store/contact_store.h"
#include "agent/store/downlink_store.h"
#include "agent/store/key_file.h"

namespace tillside {

// A till that is not enrolled gets a shop that records everything and issues nothing.
Shop build_shop(const Config& config, store::StoreContact& contact, store::StoreDownlink& downlink,
                store::KeyFile& keys);

}  // namespace tillside
