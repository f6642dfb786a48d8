#include "pos_adapter/plugin/courier.h"

namespace tillside::pos {
namespace {

constexpr std::int64_t kSecond = 1000 * kMillisecond;
constexpr std::int64_t kFirstRest = 100 * kMillisecond, kLongestRest = 2 * kSecond, kRelapse = 10 * kSecond;
constexpr std::int64_t kFirstPause = 250 * kMillisecond, kLongestPause = 5 * kSecond;
constexpr std::int64_t kPatience = 2 * kSecond;      // with an agent that has a document of ours in hand
constexpr std::int64_t kLastPatience = kSecond / 2;  // at the closing, for what could not be written
constexpr std::int64_t kWriteAgain = kSecond, kTokenAgain = kSecond, kAdoptAgain = 60 * kSecond;
constexpr int kWritesAtATime = 64, kDeliveriesAtATime = 16;
constexpr std::uint16_t kMostAttempts = 10;  // of a document over which the agent stumbles
constexpr std::uint16_t kMostReads = 4;      // of one that cannot be read

// Three quarters of it to one and a quarter: many tills must not ask together.
std::int64_t about(std::int64_t ns) { return ns * 3 / 4 + ns / 2 * (random_bits() % 1024) / 1024; }

std::int64_t twice(std::int64_t ns, std::int64_t first, std::int64_t longest) {
  const std::int64_t doubled = ns == 0 ? first : ns * 2;
  return doubled < longest ? doubled : longest;
}

std::int64_t sooner(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

}  // namespace

void Courier::run() {
  begin();
  while (!line_.stop) {
    round();
    line_.queue.wait_for_work(next_due());
  }
  finish();
}

void Courier::begin() {
  read_token();
  line_.spool.adopt(line_.queue);
  next_adoption_ = now_ns() + about(kAdoptAgain);
  line_.courier_is_ready();
}

void Courier::round() {
  if (line_.token_is_stale && now_ns() >= next_token_) read_token();
  if (now_ns() >= next_adoption_) {
    line_.spool.adopt(line_.queue);
    next_adoption_ = now_ns() + about(kAdoptAgain);
  }
  write_spool(kWritesAtATime);
  probe();
  for (int i = 0; i < kDeliveriesAtATime && deliver_one(kPatience, &line_.stop); ++i) write_spool(kWritesAtATime);
}

std::int64_t Courier::next_due() const {
  std::int64_t due = next_adoption_;
  if (line_.token_is_stale) due = sooner(due, next_token_);
  if (line_.queue.unspooled() > 0 && line_.spool.wanted()) due = sooner(due, next_write_);
  if (line_.breaker.is_open()) return sooner(due, resting_ ? next_probe_ : 0);
  return line_.queue.waiting() > 0 ? sooner(due, next_delivery_) : due;
}

void Courier::read_token() {
  line_.token_is_stale = false;
  next_token_ = now_ns() + kTokenAgain;
  if (line_.settings.token_file[0] == '\0') return;
  Bytes file;
  line_.token.set(read_private(line_.settings.token_file, kMostToken + 2, file) ? token_in(file.text()) : Text());
}

void Courier::write_spool(int most) {
  if (!line_.spool.wanted() || now_ns() < next_write_) return;
  for (; most > 0; --most) {
    Waiting* const waiting = line_.queue.first_unspooled();
    if (waiting == nullptr) return;
    const bool kept = line_.spool.keep(*waiting);
    line_.spool_is_failing = !kept;
    if (!kept) return void(next_write_ = now_ns() + kWriteAgain);
    line_.queue.now_spooled(*waiting);
  }
}

// What is queued while the agent is waited for is on the disk in milliseconds all the same.
Deadline Courier::within(std::int64_t ns, const std::atomic<bool>* stop) {
  const auto write = [](void* courier) { static_cast<Courier*>(courier)->write_spool(kWritesAtATime); };
  return {now_ns() + ns, stop, write, this};
}

// While the breaker is open: asks whether the agent is there, in growing intervals. One that relapses rests longer.
void Courier::probe() {
  if (!line_.breaker.is_open()) {
    if (resting_) has_closed();
    return;
  }
  if (!resting_) {
    const bool relapsed = closed_at_ != 0 && now_ns() - closed_at_ < kRelapse;
    rest_ns_ = twice(relapsed ? rest_ns_ : 0, kFirstRest, kLongestRest);
    next_probe_ = now_ns() + about(rest_ns_);
    resting_ = true;
  }
  if (now_ns() < next_probe_) return;
  Taken connection(line_.connections);
  if (connection.get() == nullptr) return;
  RequestHead head;
  head.get("/health");
  const Reached reached = connection->ask(line_.settings.addresses(), head.text(), {}, line_.settings.connect_ns,
                                          within(line_.settings.deadline_ns, &line_.stop));
  if (reached == Reached::answered && connection->answer().status() == 200) {
    line_.breaker.answered();
    return has_closed();
  }
  connection->drop();
  rest_ns_ = twice(rest_ns_, kFirstRest, kLongestRest);
  next_probe_ = now_ns() + about(rest_ns_);
}

void Courier::has_closed() {
  closed_at_ = now_ns();
  resting_ = false;
  next_delivery_ = 0;
  line_.queue.set_hopeless(false);
}

void Courier::try_later() {
  pause_ns_ = twice(pause_ns_, kFirstPause, kLongestPause);
  next_delivery_ = now_ns() + about(pause_ns_);
  line_.queue.set_hopeless(true);
}

bool Courier::load(Waiting& waiting, Verb& verb, Text& document) {
  if (!waiting.spooled()) {  // a copy: it may be written, and its memory given back, while it is being sent
    file_.clear();
    if (!file_.append(waiting.document())) return try_later(), false;
    verb = waiting.verb;
    document = file_.text();
    return true;
  }
  const Spool::Read read = line_.spool.read(waiting, file_, verb, document);
  if (read == Spool::Read::whole) return true;
  if (read == Spool::Read::failed && ++waiting.attempts < kMostReads) return try_later(), false;
  set_aside(waiting, {});
  return false;
}

// True: one is gone from the queue, and the next may be tried at once.
bool Courier::deliver_one(std::int64_t patience_ns, const std::atomic<bool>* stop) {
  Waiting* const waiting = line_.queue.front();
  if (waiting == nullptr || line_.breaker.is_open() || now_ns() < next_delivery_ || (stop != nullptr && *stop))
    return false;
  Verb verb = Verb::complete;
  Text document;
  const std::uint32_t before = line_.queue.waiting();
  if (!load(*waiting, verb, document)) return line_.queue.waiting() < before;
  Taken connection(line_.connections);
  if (connection.get() == nullptr) return try_later(), false;
  const Verdict verdict = line_.ask(*connection.get(), verb, document, within(patience_ns, stop));
  if (stop != nullptr && *stop && verdict == Verdict::slow) return false;
  settle(*waiting, verdict, connection->answer());
  return next_delivery_ == 0;
}

void Courier::settle(Waiting& waiting, Verdict verdict, const HttpAnswer& answer) {
  const bool taken = verdict == Verdict::good || (verdict == Verdict::refused && answer.status() == kConflict);
  const bool stumbles = verdict == Verdict::not_ready && answer.status() == 500;
  if (!taken && verdict != Verdict::refused && !(stumbles && ++waiting.attempts >= kMostAttempts)) return try_later();
  pause_ns_ = next_delivery_ = 0;
  line_.queue.set_hopeless(false);
  if (!taken) return set_aside(waiting, answer.body());
  if (waiting.spooled()) line_.spool.forget(waiting);
  line_.delivered.fetch_add(1, std::memory_order_relaxed);
  line_.queue.pop();
}

void Courier::set_aside(Waiting& waiting, Text problem) {
  line_.spool.set_aside(waiting, problem);
  line_.set_aside.fetch_add(1, std::memory_order_relaxed);
  line_.queue.pop();
}

// Calls that are still under way may queue something yet; each ends within its own deadline.
void Courier::finish() {
  line_.wait_for_last_call();
  next_write_ = 0;
  write_spool(static_cast<int>(line_.queue.unspooled()));
  next_delivery_ = 0;
  while (line_.queue.unspooled() > 0 && deliver_one(kLastPatience, nullptr)) {
  }
  line_.spool.tidy();
  line_.spool.let_go();
}

}  // namespace tillside::pos
