#include "tests/sync/client/rig.h"

#include <algorithm>
#include <stdexcept>

namespace tillside::test {

Client::Client(fakes::FakeTill& till, fakes::VirtualClock& clock, fakes::SeededRandom& random,
               sync::UplinkOptions options)
    : board(clock, [this](const sync::SyncEvent& event) { told.push_back(event); }),
      up(till, till, till, token, clock, random, board, options),
      down(till, token, clock, random, board, {}, [this] { ++wakes; }) {}

int Client::told_of(sync::SyncEvent::Kind kind) const {
  return static_cast<int>(
      std::count_if(told.begin(), told.end(), [kind](const sync::SyncEvent& event) { return event.kind == kind; }));
}

Rig::Rig(bool enrolled) {
  options.version = "0.1.0";
  restart();
  if (!enrolled) return;
  auto result = sync::enroll("one-time-code", "0.1.0", till, till, line, random);
  if (std::holds_alternative<sync::Trouble>(result)) throw std::runtime_error("enrolment failed");
}

void Rig::restart() { client = std::make_unique<Client>(till, clock, random, options); }

std::int64_t Rig::up() {
  const auto wait = client->up.turn(line);
  waits.push_back(wait);
  clock.advance(wait);
  hq.time = hq.time.plus_ms(wait);
  return wait;
}

std::int64_t Rig::down() {
  const auto wait = client->down.turn(line);
  clock.advance(wait);
  hq.time = hq.time.plus_ms(wait);
  return wait;
}

bool Rig::is_settled() {
  return client->token.live(clock.monotonic_ms()) && !till.next_batch(1, 1) && !till.next_forked_batch(1, 1);
}

bool Rig::settle(int turns) {
  for (int i = 0; i < turns; ++i) {
    if (is_settled()) return true;
    up();
  }
  return is_settled();
}

}  // namespace tillside::test
