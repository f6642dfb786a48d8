// What headquarters hands a till to bring back: contact values and downlink cursors. Each carries a MAC under
// headquarters' own secret, so that one ahead of this ledger proves that headquarters was restored: a till cannot have
// invented it. MACs are the first 8 bytes of a keyed BLAKE2b-256.
#pragma once

#include <string>
#include <string_view>

#include "sync/hq/hq_keys.h"
#include "sync/hq/ledger_types.h"
#include "sync/wire/messages.h"

namespace tillside::hq {

// `dice` are fresh random bytes; the first 8 stay, the others become the MAC over till, epoch, counter and those 8.
wire::ContactValue make_contact_value(const HqKeys& keys, TillNumber till, const wire::Epoch& epoch,
                                      std::uint64_t counter, const Bytes16& dice);
// True: this headquarters made it, now or in a life that is forgotten.
bool is_own(const HqKeys& keys, TillNumber till, const wire::Epoch& epoch, const wire::ContactValue& value);

// A till's place in the change logs of its three scopes, in one incarnation of headquarters.
struct Cursor {
  Bytes16 incarnation{};
  Position position;
  bool own = false;  // this headquarters made it for this till
};
// "<incarnation hex>.<chain>.<store>.<till>.<MAC hex>"; opaque to tills.
std::string write_cursor(const HqKeys& keys, TillNumber till, const Bytes16& incarnation, const Position& position);
Result<Cursor> read_cursor(const HqKeys& keys, TillNumber till, std::string_view text);  // bad_format

}  // namespace tillside::hq
