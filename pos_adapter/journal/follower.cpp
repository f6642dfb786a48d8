#include "pos_adapter/journal/follower.h"

#include <thread>
#include <utility>

#include "pos_adapter/journal/drop_folder.h"
#include "pos_adapter/journal/tailed_file.h"
#include "pos_adapter/journal/workplace.h"

namespace tillside::journal {

struct Follower::Impl {
  Impl(FollowerConfig config, CheckoutIntake& intake, CheckpointStore& checkpoints, const Clock& clock,
       Waiter& a_waiter, OnNote on_note)
      : work(std::move(config), intake, checkpoints, clock, a_waiter, std::move(on_note)), waiter(a_waiter) {
    for (const auto& path : work.config.appended_files) tailed.push_back(std::make_unique<TailedFile>(path, work));
    if (!work.config.drop_folder.empty()) drop.emplace(work.config.drop_folder, work);
  }

  bool poll() {
    bool any = false;
    for (const auto& file : tailed) {
      if (work.deliveries.stopped()) return any;
      any = file->poll() || any;
    }
    return (drop && !work.deliveries.stopped() && drop->poll()) || any;
  }

  void run() {
    while (!work.deliveries.stopped()) {
      poll();
      if (!work.deliveries.stopped()) waiter.wait(work.config.poll_ms);
    }
  }

  Workplace work;
  Waiter& waiter;
  std::vector<std::unique_ptr<TailedFile>> tailed;
  std::optional<DropFolder> drop;
  std::thread thread;
};

Follower::Follower(FollowerConfig config, CheckoutIntake& intake, CheckpointStore& checkpoints, const Clock& clock,
                   Waiter& waiter, OnNote on_note)
    : impl_(std::make_unique<Impl>(std::move(config), intake, checkpoints, clock, waiter, std::move(on_note))) {}

Follower::~Follower() { stop(); }

void Follower::start() {
  if (!impl_->thread.joinable()) impl_->thread = std::thread([this] { impl_->run(); });
}

void Follower::stop() {
  impl_->work.deliveries.stop();
  impl_->waiter.wake();
  if (impl_->thread.joinable()) impl_->thread.join();
}

bool Follower::poll() { return impl_->poll(); }

FollowerCounts Follower::counts() const { return impl_->work.counts(); }

const char* name_of(FollowerNote::Kind kind) {
  switch (kind) {
    case FollowerNote::Kind::bad_document:
      return "bad_document";
    case FollowerNote::Kind::conflict:
      return "conflict";
    case FollowerNote::Kind::file_done:
      return "file_done";
    case FollowerNote::Kind::file_failed:
      return "file_failed";
    case FollowerNote::Kind::rotated:
      return "rotated";
    case FollowerNote::Kind::rest_lost:
      return "rest_lost";
    case FollowerNote::Kind::cannot_read:
      return "cannot_read";
    case FollowerNote::Kind::cannot_remember:
      return "cannot_remember";
  }
  return "";
}

}  // namespace tillside::journal
