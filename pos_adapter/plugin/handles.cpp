#include "pos_adapter/plugin/handles.h"

#include "pos_adapter/plugin/courier.h"

namespace tillside::pos {
namespace {

// A slot's word: generation (32 bits), state (2 bits), calls under way (30 bits). A handle: generation, slot + 1.
enum class State : std::uint64_t { free = 0, open = 1, closing = 2, forked = 3 };
constexpr std::uint64_t kCalls = (1U << 30) - 1;

constexpr State state_of(std::uint64_t word) { return static_cast<State>(word >> 30 & 3); }
constexpr std::uint64_t word_of(std::uint64_t generation, State state, std::uint64_t calls) {
  return generation << 32 | static_cast<std::uint64_t>(state) << 30 | calls;
}

struct Slot {
  std::atomic<std::uint64_t> word{0};
  Line* line = nullptr;  // changes under the gate while no call is under way
  std::uint32_t process = 0;
  std::atomic<int> owners{0};  // the courier, the calls, and a close that waits
};

Slot slots[kMostHandles];
Gate gate;  // held while lines come and go, and by who forks
bool forks_are_watched = false;

void before_fork() { gate.lock(); }
void after_fork() { gate.unlock(); }

void after_fork_in_child() {
  for (Slot& slot : slots) {
    const std::uint64_t word = slot.word;
    if (state_of(word) == State::free) continue;
    if (slot.line != nullptr) slot.line->close_everything();
    slot.line = nullptr;  // its memory stays: another thread may have been in the middle of it
    slot.word = word_of(word >> 32, State::forked, 0);
  }
  gate.unlock();
}

void let_go(Slot& slot) {
  if (slot.owners.fetch_sub(1) > 1) return;
  gate.lock();
  Line* const line = slot.line;
  slot.line = nullptr;
  slot.word = word_of((slot.word >> 32) + 1, State::free, 0);
  gate.unlock();
  erase(line);
}

void* run_courier(void* argument) {
  auto& slot = *static_cast<Slot*>(argument);
  Courier(*slot.line).run();
  slot.line->courier_has_ended();
  let_go(slot);
  return nullptr;
}

void calls_have_ended(Slot& slot) {
  slot.line->calls_have_ended();
  let_go(slot);
}

Slot* free_slot() {
  for (Slot& slot : slots)
    if (state_of(slot.word) == State::free) return &slot;
  for (Slot& slot : slots)
    if (state_of(slot.word) == State::forked) return &slot;
  return nullptr;
}

// Counts one call more on an open line.
std::int32_t enter(Slot& slot, std::uint64_t generation) {
  std::uint64_t word = slot.word.load(std::memory_order_acquire);
  do {
    if (word >> 32 != generation) return TILLSIDE_POS_WHY_HANDLE;
    if (state_of(word) == State::forked) return TILLSIDE_POS_WHY_FORKED;
    if (state_of(word) != State::open || (word & kCalls) == kCalls) return TILLSIDE_POS_WHY_HANDLE;
  } while (!slot.word.compare_exchange_weak(word, word + 1, std::memory_order_acquire));
  if (slot.process == own_process()) return TILLSIDE_POS_WHY_NOTHING;
  slot.word = word_of(generation, State::forked, 0);  // a fork that went past the C library
  return TILLSIDE_POS_WHY_FORKED;
}

// Under the gate.
std::int32_t start(Slot& slot, Line* line) {
  slot.line = line;
  slot.process = own_process();
  slot.owners = 2;
  std::uint64_t generation = slot.word >> 32;
  generation = generation == 0 ? (random_bits() & 0x3FFFFFFF) + 1 : generation + 1;
  const std::uint64_t before = slot.word;
  slot.word = word_of(generation & 0xFFFFFFFF, State::open, 0);
  if (start_thread(run_courier, &slot)) return TILLSIDE_POS_WHY_NOTHING;
  slot.word = before;
  slot.line = nullptr;
  return TILLSIDE_POS_WHY_NO_MEMORY;
}

}  // namespace

std::int32_t open_line(const Settings& settings, tillside_pos_handle& handle) {
  Line* const line = Line::make(settings);
  if (line == nullptr) return TILLSIDE_POS_WHY_NO_MEMORY;
  gate.lock();
  if (!forks_are_watched) forks_are_watched = around_forks(before_fork, after_fork, after_fork_in_child);
  Slot* const slot = forks_are_watched ? free_slot() : nullptr;
  const std::int32_t why = slot != nullptr     ? start(*slot, line)
                           : forks_are_watched ? TILLSIDE_POS_WHY_TOO_MANY
                                               : TILLSIDE_POS_WHY_NO_MEMORY;
  if (why == TILLSIDE_POS_WHY_NOTHING) handle = (slot->word >> 32) << 32 | static_cast<std::uint64_t>(slot - slots + 1);
  gate.unlock();
  if (why != TILLSIDE_POS_WHY_NOTHING) return erase(line), why;
  const Entered entered(handle);
  if (entered.why() == TILLSIDE_POS_WHY_NOTHING)
    entered.line().wait_until_ready(now_ns() + TILLSIDE_POS_DEADLINE_MS * kMillisecond);
  return why;
}

Entered::Entered(tillside_pos_handle handle) : why_(TILLSIDE_POS_WHY_HANDLE) {
  const std::uint64_t index = (handle & 0xFFFFFFFF) - 1;
  if (index >= kMostHandles) return;
  why_ = enter(slots[index], handle >> 32);
  if (why_ != TILLSIDE_POS_WHY_NOTHING) return;
  slot_ = static_cast<int>(index);
  line_ = slots[index].line;
}

Entered::~Entered() {
  if (slot_ < 0) return;
  Slot& slot = slots[slot_];
  const std::uint64_t word = slot.word.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (state_of(word) == State::closing && (word & kCalls) == 0) calls_have_ended(slot);
}

std::int32_t close_line(tillside_pos_handle handle, std::int64_t deadline_ns, std::int32_t& outcome) {
  const std::int64_t at = now_ns() + deadline_ns;
  Slot* slot = nullptr;
  {
    const Entered entered(handle);
    if (entered.why() != TILLSIDE_POS_WHY_NOTHING) return entered.why();
    slot = &slots[(handle & 0xFFFFFFFF) - 1];
    slot->owners.fetch_add(1);
    std::uint64_t word = slot->word;
    do
      if (state_of(word) != State::open) return slot->owners.fetch_sub(1), TILLSIDE_POS_WHY_HANDLE;
    while (!slot->word.compare_exchange_weak(word, word_of(word >> 32, State::closing, word & kCalls)));
    entered.line().stop = true;
    entered.line().queue.wake();
  }
  Line& line = *slot->line;
  const bool ended = line.wait_until_ended(at);
  outcome = !ended ? TILLSIDE_POS_CARRY_ON : line.queue.unspooled() > 0 ? TILLSIDE_POS_NOT_KEPT : TILLSIDE_POS_ANSWERED;
  let_go(*slot);
  return TILLSIDE_POS_WHY_NOTHING;
}

}  // namespace tillside::pos
