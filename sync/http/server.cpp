#include "sync/http/server.h"

#include <atomic>
#include <stdexcept>
#include <thread>

#include "sync/http/listener.h"
#include "sync/http/response_writer.h"
#include "sync/http/shard.h"

namespace tillside::http {

struct Server::Parts {
  std::shared_ptr<ServerCore> core = std::make_shared<ServerCore>();
  std::vector<std::shared_ptr<Shard>> shards;
  std::vector<std::shared_ptr<Listener>> listeners;
  std::size_t next_shard = 0;  // the first io thread only
  std::atomic<bool> stop_asked{false};

  Shard& first() { return *shards.front(); }
  ShardChooser chooser() {
    return [this] { return shards[next_shard++ % shards.size()]; };
  }
  void close_listeners() {
    for (const auto& listener : listeners) listener->close();
  }
};

Server::Server(ServerOptions options, Handler handler) : parts_(std::make_shared<Parts>()) {
  auto& core = *parts_->core;
  core.options = std::move(options);
  core.handler = std::move(handler);
  core.common_lines = header_lines(core.options.common_headers);
  const unsigned threads = core.options.threads == 0 ? 1 : core.options.threads;
  for (unsigned i = 0; i < threads; ++i) parts_->shards.push_back(std::make_shared<Shard>(parts_->core));
  parts_->first().on_stop([parts = parts_.get()] { parts->close_listeners(); });
  parts_->first().on_sweep([parts = parts_.get()] {
    for (const auto& listener : parts->listeners) listener->resume();
  });
}

Server::~Server() { parts_->close_listeners(); }

std::uint16_t Server::listen_tcp(const std::string& address, std::uint16_t port) {
  parts_->listeners.push_back(http::listen_tcp(parts_->first(), parts_->chooser(), address, port));
  return port;
}

void Server::listen_unix(const std::filesystem::path& path, unsigned mode) {
  parts_->listeners.push_back(http::listen_unix(parts_->first(), parts_->chooser(), path, mode));
}

void Server::run() {
  auto& shards = parts_->shards;
  for (const auto& listener : parts_->listeners) listener->start();
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < shards.size(); ++i) threads.emplace_back([shard = shards[i]] { shard->run(); });
  parts_->first().run();
  threads.clear();
  for (const auto& shard : shards) shard->finish();
}

void Server::stop() {
  if (parts_->stop_asked.exchange(true)) return;
  for (const auto& shard : parts_->shards) shard->post([shard = shard.get()] { shard->begin_stop(); });
}

void Server::post(std::function<void()> fn) { parts_->first().post(std::move(fn)); }

void Server::every(std::chrono::milliseconds interval, std::function<void()> fn) {
  auto* shard = &parts_->first();
  shard->post([shard, interval, held = std::move(fn)]() mutable { shard->every(interval, std::move(held)); });
}

ServerStats Server::stats() const {
  const auto& core = *parts_->core;
  return {.connections_accepted = core.accepted.load(),
          .connections_refused = core.refused_connections.load(),
          .connections_open = core.open_connections.load(),
          .websockets_open = core.open_websockets.load(),
          .requests = core.requests.load(),
          .requests_refused = core.refused_requests.load()};
}

}  // namespace tillside::http
