// What happens at this till, for its screens: in order, each with an id, the newest kept so that a screen can resume.
//
// Threads: any. Listeners are called in order, under the lock: they queue the message elsewhere and return; they
// neither block nor call back.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace tillside {

class Happenings {
 public:
  static constexpr std::size_t kKept = 256;

  // One message: {"id":7,"type":"advised",...}
  using Message = std::shared_ptr<const std::string>;
  using Listener = std::function<void(const Message&)>;

  // `fields` is the inside of a JSON object after id and type: ",\"lane\":\"L1\"" or empty. Returns the id.
  std::uint64_t tell(std::string_view type, std::string_view fields);

  // Everything kept after `last_id`, then every new message. When last_id is older than what is kept (or of another run
  // of the agent, that is, ahead), the first message is {"id":N,"type":"resync"}.
  std::uint64_t listen(std::uint64_t last_id, Listener listener);
  void forget(std::uint64_t listener);

 private:
  std::mutex mutex_;  // guards all below
  std::uint64_t last_id_ = 0;
  std::deque<std::pair<std::uint64_t, Message>> kept_;
  std::map<std::uint64_t, Listener> listeners_;
  std::uint64_t next_listener_ = 1;
};

}  // namespace tillside
