// The one thread that writes the till's database, and group commit for whoever asks at the same time.
//
// Threads: submit() and run() from any thread; jobs run on the writer's thread, many in one transaction. Bounded:
// beyond kMaxQueued jobs submit() refuses at once, so that a stuck disk cannot eat memory.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "agent/domain/result.h"
#include "agent/store/session.h"

namespace tillside::store {

class Job {
 public:
  virtual ~Job() = default;
  // Inside the group's transaction. May run again in a transaction of its own when the group failed: starts from
  // nothing each time.
  virtual void apply(Session& session) = 0;
  // A sale or what was promised with it: may use the reserve when the disk is full.
  virtual bool promised() const { return false; }
  // After the commit (no error) or when it could not be made durable. On the writer's thread; must not block.
  virtual void finished(const std::optional<Error>& error) = 0;
};

class Writer {
 public:
  static constexpr std::size_t kMaxQueued = 4096;
  static constexpr std::size_t kMaxGroup = 128;

  struct Options {
    std::filesystem::path reserve_file;  // freed when the disk is full; empty: none
    std::uint64_t reserve_bytes = 4 << 20;
    std::function<void()> on_damage;  // a page could not be read; on the writer's thread
    bool on_callers_thread = false;   // no thread of its own: for simulations, where one thread does everything
  };
  // `session` must outlive the writer.
  Writer(Session& session, Options options);
  ~Writer();  // finishes what is queued

  // false: too much is queued or the writer stops; the job is finished with storage_failed before returning.
  bool submit(std::unique_ptr<Job> job);
  // A job is about to come: the writer wakes now and looks out for it for kLookOut, so that the job need not wait for
  // a thread to wake. Cheap; harmless when none comes.
  static constexpr std::chrono::microseconds kLookOut{150};
  void expect();
  // Runs `work` inside a transaction and waits for its commit. Not from the writer's thread.
  Status run(std::function<void(Session&)> work);

  void stop();
  std::uint64_t refused_full() const { return refused_full_; }  // jobs refused because the disk was full
  std::size_t queued() const;

 private:
  void loop();
  bool queue(std::unique_ptr<Job>& job, std::size_t most);
  void run_here();
  std::vector<std::unique_ptr<Job>> next_group();
  void look_out();
  void commit_group(std::vector<std::unique_ptr<Job>>& group);
  std::optional<Error> try_commit(const std::vector<Job*>& jobs);
  void keep_reserve();
  bool free_reserve();

  Session& session_;
  const Options options_;
  bool reserve_there_ = false;  // writer's thread only
  std::int64_t reserve_tried_ms_ = 0;

  mutable std::mutex mutex_;  // guards the three below
  std::condition_variable wake_;
  std::deque<std::unique_ptr<Job>> queue_;
  bool stopping_ = false;
  bool running_here_ = false;  // without a thread: a job's end handed in another job

  std::atomic<bool> expected_{false};  // a job is about to come
  std::atomic<bool> came_{false};      // something is queued, or stop() was called
  std::atomic<std::uint64_t> refused_full_{0};
  std::thread thread_;  // started when all else is ready; none with on_callers_thread
};

}  // namespace tillside::store
