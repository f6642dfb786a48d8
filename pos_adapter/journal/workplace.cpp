#include "pos_adapter/journal/workplace.h"

#include <utility>

namespace tillside::journal {

Workplace::Workplace(FollowerConfig configured, CheckoutIntake& intake, CheckpointStore& checkpoint_store,
                     const Clock& a_clock, Waiter& waiter, Follower::OnNote on_note)
    : config(std::move(configured)),
      checkpoints(checkpoint_store),
      clock(a_clock),
      deliveries(intake, waiter, config.as_live, config.in_flight),
      on_note_(std::move(on_note)) {}

void Workplace::tell(const std::string& file, const Answered& answered) {
  const Delivery& delivery = answered.delivery;
  {
    const std::lock_guard lock(mutex_);
    counts_.recorded += delivery.kind == Delivery::Kind::recorded ? 1 : 0;
    counts_.duplicate += delivery.kind == Delivery::Kind::duplicate ? 1 : 0;
    counts_.conflict += delivery.kind == Delivery::Kind::conflict ? 1 : 0;
    counts_.refused += delivery.kind == Delivery::Kind::refused && !answered.unreadable ? 1 : 0;
    counts_.unreadable += answered.unreadable ? 1 : 0;
    counts_.later = deliveries.put_off();
  }
  const Error error = delivery.error.value_or(Error{});
  if (delivery.kind == Delivery::Kind::refused) note(FollowerNote::Kind::bad_document, file, error, answered.line);
  if (delivery.kind == Delivery::Kind::conflict) note(FollowerNote::Kind::conflict, file, error, answered.line);
}

void Workplace::note(FollowerNote::Kind kind, const std::string& file, Error error, std::uint64_t line) {
  {
    const std::lock_guard lock(mutex_);
    counts_.files_done += kind == FollowerNote::Kind::file_done ? 1 : 0;
    counts_.files_failed += kind == FollowerNote::Kind::file_failed ? 1 : 0;
    counts_.rotations += kind == FollowerNote::Kind::rotated ? 1 : 0;
    counts_.rests_lost += kind == FollowerNote::Kind::rest_lost ? 1 : 0;
  }
  if (on_note_) on_note_({kind, file, line, std::move(error)});
}

void Workplace::remember(const std::string& source, const std::string& value) {
  const Status put = checkpoints.put_checkpoint(source, value);
  if (!put.ok()) note(FollowerNote::Kind::cannot_remember, source, put.error());
}

Defaults Workplace::defaults() const {
  Defaults out = config.defaults;
  out.now = clock.now();
  return out;
}

FollowerCounts Workplace::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace tillside::journal
