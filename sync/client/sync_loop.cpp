#include "sync/client/sync_loop.h"

#include <exception>

namespace tillside::sync {
namespace {

constexpr std::int64_t kAfterSurpriseMs = 60'000;

Trouble surprise(const std::exception& caught) { return of_storage(Error{ErrorCode::internal, "sync", caught.what()}); }

}  // namespace

SyncLoop::SyncLoop(Parts parts, Options options, SyncBoard::Tell tell)
    : parts_(parts),
      board_(parts.clock, std::move(tell)),
      up_turns_(std::make_shared<UplinkTurns>(parts.state, parts.keys, parts.outbox, token_, parts.clock, parts.random,
                                              board_, std::move(options.up))),
      down_turns_(parts.sink, token_, parts.clock, parts.random, board_, options.down, [this] { up_waiter_->wake(); }) {
}

SyncLoop::~SyncLoop() { stop(); }

void SyncLoop::start() {
  if (const auto identity = parts_.state.identity()) {
    if (auto status = follow_identity(*identity, parts_.keys); !status) board_.failed(of_storage(status.error()));
  }
  parts_.outbox.on_new_events([turns = up_turns_, waiter = up_waiter_] {
    turns->new_events();
    waiter->wake();
  });
  up_thread_ = std::thread([this] { run_up(); });
  down_thread_ = std::thread([this] { run_down(); });
}

void SyncLoop::stop() {
  if (stopping_.exchange(true)) return;
  parts_.outbox.on_new_events({});
  parts_.up.cancel();
  parts_.down.cancel();
  wake();
  if (up_thread_.joinable()) up_thread_.join();
  if (down_thread_.joinable()) down_thread_.join();
}

void SyncLoop::wake() {
  up_waiter_->wake();
  down_waiter_.wake();
}

std::optional<std::string> SyncLoop::live_token() const {
  return status().online ? token_.live(parts_.clock.monotonic_ms()) : std::nullopt;
}

SyncStatus SyncLoop::status() const {
  auto status = board_.status();
  const auto [last, acknowledged] = parts_.outbox.progress();
  status.backlog = last > acknowledged ? last - acknowledged : 0;
  return status;
}

void SyncLoop::run_up() {
  while (!stopping_) {
    std::int64_t wait = kAfterSurpriseMs;
    const bool had_token = token_.live(parts_.clock.monotonic_ms()).has_value();
    try {
      wait = up_turns_->turn(parts_.up);
    } catch (const std::exception& caught) {
      board_.failed(surprise(caught));
    }
    if (!had_token && token_.live(parts_.clock.monotonic_ms())) down_waiter_.wake();
    if (wait > 0 && !stopping_) up_waiter_->wait(wait);
  }
}

void SyncLoop::run_down() {
  while (!stopping_) {
    std::int64_t wait = kAfterSurpriseMs;
    try {
      wait = down_turns_.turn(parts_.down);
    } catch (const std::exception& caught) {
      board_.failed(surprise(caught));
    }
    if (wait > 0 && !stopping_) down_waiter_.wait(wait);
  }
}

}  // namespace tillside::sync
