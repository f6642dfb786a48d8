#include "agent/store/writer.h"

#include <chrono>
#include <fstream>
#include <future>
#include <utility>

#include "agent/store/sqlite.h"

namespace tillside::store {
namespace {

class WaitedJob final : public Job {
 public:
  explicit WaitedJob(std::function<void(Session&)> work) : work_(std::move(work)) {}
  std::future<Status> outcome() { return done_.get_future(); }
  void apply(Session& session) override { work_(session); }
  void finished(const std::optional<Error>& error) override { done_.set_value(error ? Status(*error) : Status()); }

 private:
  std::function<void(Session&)> work_;
  std::promise<Status> done_;
};

std::int64_t steady_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Writer::Writer(Session& session, Options options) : session_(session), options_(std::move(options)) {
  if (!options_.on_callers_thread) thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() { stop(); }

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    came_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool Writer::queue(std::unique_ptr<Job>& job, std::size_t most) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= most) return false;
    queue_.push_back(std::move(job));
    came_ = true;
  }
  wake_.notify_one();
  if (options_.on_callers_thread) run_here();
  return true;
}

void Writer::run_here() {
  if (std::exchange(running_here_, true)) return;
  while (!queue_.empty()) {
    std::vector<std::unique_ptr<Job>> one;
    one.push_back(std::move(queue_.front()));
    queue_.pop_front();
    commit_group(one);
  }
  running_here_ = false;
}

bool Writer::submit(std::unique_ptr<Job> job) {
  if (queue(job, kMaxQueued)) return true;
  job->finished(Error{ErrorCode::unavailable, {}, "the store has too much to write or is stopping"});
  return false;
}

// Whoever waits adds one job at most, so a full queue does not turn it away.
Status Writer::run(std::function<void(Session&)> work) {
  auto waited = std::make_unique<WaitedJob>(std::move(work));
  auto outcome = waited->outcome();
  std::unique_ptr<Job> job = std::move(waited);
  if (!queue(job, SIZE_MAX)) job->finished(Error{ErrorCode::unavailable, {}, "the store is stopping"});
  return outcome.get();
}

std::size_t Writer::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Writer::loop() {
  keep_reserve();
  for (auto group = next_group(); !group.empty(); group = next_group()) {
    commit_group(group);
    keep_reserve();
  }
}

void Writer::expect() {
  if (expected_.exchange(true)) return;
  wake_.notify_one();
}

void Writer::look_out() {
  const auto until = std::chrono::steady_clock::now() + kLookOut;
  while (!came_.load(std::memory_order_acquire) && std::chrono::steady_clock::now() < until) {
  }
  expected_ = false;
}

std::vector<std::unique_ptr<Job>> Writer::next_group() {
  std::unique_lock lock(mutex_);
  while (queue_.empty() && !stopping_) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty() || expected_; });
    if (!queue_.empty() || stopping_) break;
    lock.unlock();
    look_out();
    lock.lock();
  }
  expected_ = false;
  std::vector<std::unique_ptr<Job>> group;
  while (!queue_.empty() && group.size() < kMaxGroup) {
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  came_ = !queue_.empty() || stopping_;
  return group;
}

void Writer::commit_group(std::vector<std::unique_ptr<Job>>& group) {
  std::vector<Job*> jobs;
  jobs.reserve(group.size());
  for (const auto& job : group) jobs.push_back(job.get());
  auto error = try_commit(jobs);
  if (!error) {
    for (Job* job : jobs) job->finished(std::nullopt);
    session_.after_commit();
    return;
  }
  // One bad job must not take the others with it: each gets a transaction of its own, and a full disk its reserve.
  for (Job* job : jobs) {
    auto alone = try_commit({job});
    if (alone && alone->code == ErrorCode::storage_full && job->promised() && free_reserve()) alone = try_commit({job});
    if (alone && alone->code == ErrorCode::storage_full) ++refused_full_;
    job->finished(alone);
    if (!alone) session_.after_commit();
  }
}

std::optional<Error> Writer::try_commit(const std::vector<Job*>& jobs) {
  try {
    Transaction transaction(session_.database());
    session_.begin();
    for (Job* job : jobs) job->apply(session_);
    session_.before_commit();
    transaction.commit();
    return std::nullopt;
  } catch (const SqliteFailure& failure) {
    session_.rolled_back();
    if (failure.corrupt() && options_.on_damage) options_.on_damage();
    return failure.error();
  } catch (const std::exception& failure) {
    session_.rolled_back();
    return Error{ErrorCode::internal, {}, failure.what()};
  }
}

// Room for sales and coupons already promised when everything else on the disk has filled it.
void Writer::keep_reserve() {
  if (reserve_there_ || options_.reserve_file.empty() || steady_ms() < reserve_tried_ms_) return;
  reserve_tried_ms_ = steady_ms() + 30'000;
  std::error_code error;
  const auto there = std::filesystem::file_size(options_.reserve_file, error);
  if (!error && there >= options_.reserve_bytes) {
    reserve_there_ = true;
    return;
  }
  const auto space = std::filesystem::space(options_.reserve_file.parent_path(), error);
  if (error || space.available < options_.reserve_bytes * 4) return;
  const std::string block(1 << 16, '\xA5');
  std::ofstream out(options_.reserve_file, std::ios::binary);
  for (std::uint64_t written = 0; out && written < options_.reserve_bytes; written += block.size()) out << block;
  out.close();
  reserve_there_ = static_cast<bool>(out);
  if (!reserve_there_) std::filesystem::remove(options_.reserve_file, error);
}

bool Writer::free_reserve() {
  std::error_code error;
  if (!std::filesystem::remove(options_.reserve_file, error)) return false;
  reserve_there_ = false;
  return true;
}

}  // namespace tillside::store
