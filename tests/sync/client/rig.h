// One till and one headquarters on a virtual clock: the whole client without a thread or a socket.
#pragma once

#include <functional>
#include <memory>

#include "sync/client/downlink_turns.h"
#include "sync/client/enroll.h"
#include "sync/client/uplink_turns.h"
#include "tests/fakes/fake_line.h"
#include "tests/fakes/fake_till.h"
#include "tests/fakes/seeded_random.h"
#include "tests/fakes/virtual_clock.h"

namespace tillside::test {

// A running agent's client; thrown away at a crash.
struct Client {
  Client(fakes::FakeTill& till, fakes::VirtualClock& clock, fakes::SeededRandom& random, sync::UplinkOptions options);

  sync::AccessToken token;
  std::vector<sync::SyncEvent> told;
  sync::SyncBoard board;
  sync::UplinkTurns up;
  int wakes = 0;  // asked for by the downlink
  sync::DownlinkTurns down;

  int told_of(sync::SyncEvent::Kind kind) const;
};

struct Rig {
  explicit Rig(bool enrolled = true);

  fakes::VirtualClock clock;
  fakes::SeededRandom random;
  fakes::FakeHq hq;
  fakes::FakeTill till;
  fakes::FakeLine line{hq};
  sync::UplinkOptions options;
  std::unique_ptr<Client> client;

  void restart();
  // One turn of the uplink, and the time it wants to pass (which passes). Lengths of waits are kept in `waits`.
  std::int64_t up();
  std::int64_t down();
  // Turns of the uplink until the outbox is empty, forks are kept and a token is live; false when `turns` were not
  // enough.
  bool settle(int turns = 200);
  bool is_settled();
  std::vector<std::int64_t> waits;

  TillNumber number() { return till.identity()->till; }
  // What headquarters holds of the till's current epoch.
  std::vector<std::string> held() { return hq.events_of(number(), till.identity()->epoch); }
};

}  // namespace tillside::test
