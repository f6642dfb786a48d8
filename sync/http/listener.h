#pragma once
// A listening socket: takes connections in, turns them away when there are too many.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "sync/http/shard.h"

namespace tillside::http {

// Lives on one shard. start, resume and close on its thread (or before it runs).
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void start() = 0;
  virtual void resume() = 0;  // accepts again after the process ran out of descriptors
  virtual void close() = 0;
};

// Chooses the shard of the next connection.
using ShardChooser = std::function<std::shared_ptr<Shard>()>;

// Both bind and listen at once and throw std::runtime_error that names the place and the reason.
std::shared_ptr<Listener> listen_tcp(Shard& shard, ShardChooser choose, const std::string& address,
                                     std::uint16_t& port);
std::shared_ptr<Listener> listen_unix(Shard& shard, ShardChooser choose, const std::filesystem::path& path,
                                      unsigned mode);

}  // namespace tillside::http
