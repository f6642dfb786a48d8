#include "sync/http/listener.h"

#include <fmt/format.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "sync/http/connection.h"
#include "sync/http/peer_identity.h"
#include "sync/http/problem.h"
#include "sync/http/response_writer.h"

namespace tillside::http {
namespace {

using Error = boost::system::error_code;
using asio::ip::tcp;
using Local = asio::local::stream_protocol;

template <typename Protocol>
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;
template <typename Protocol>
using Accepted = asio::basic_stream_socket<Protocol, Executor>;

Peer peer_of(Accepted<tcp>& socket) {
  Error error;
  const auto endpoint = socket.remote_endpoint(error);
  Peer peer;
  if (error) return peer;
  peer.is_loopback = endpoint.address().is_loopback();
  peer.address = endpoint.address().to_string();
  peer.port = endpoint.port();
  (void)socket.set_option(tcp::no_delay(true), error);
  return peer;
}

Peer peer_of(Accepted<Local>& socket) {
  Peer peer;
  peer.is_unix = peer.is_loopback = true;
  peer.uid = peer_uid(socket.native_handle());
  return peer;
}

std::string busy_answer(const Shard& shard, const ServerCore& core) {
  const auto response = problem({.status = 503,
                                 .code = "too-many-connections",
                                 .title_zh = "连接数已满",
                                 .title_en = "Too many connections",
                                 .mend_zh = "复用已有连接，或稍后重试",
                                 .mend_en = "Reuse a connection, or try again shortly"},
                                Language::kChinese);
  std::string out;
  append_head(out, response,
              {.content_length = response.body.size(),
               .keep_alive = false,
               .date = shard.date(),
               .common_lines = core.common_lines});
  return out + response.body;
}

template <typename Protocol>
class StreamListener final : public Listener, public std::enable_shared_from_this<StreamListener<Protocol>> {
 public:
  StreamListener(Shard& shard, ShardChooser choose, Acceptor<Protocol> acceptor, std::filesystem::path file)
      : shard_(shard), choose_(std::move(choose)), acceptor_(std::move(acceptor)), file_(std::move(file)) {}

  void start() override {
    auto target = choose_();
    auto& io = target->io();
    acceptor_.async_accept(
        io, [self = this->shared_from_this(), target = std::move(target)](
                const Error& error, Accepted<Protocol> socket) { self->on_accept(error, std::move(socket), target); });
  }

  void resume() override {
    if (std::exchange(paused_, false) && acceptor_.is_open()) start();
  }

  void close() override {
    if (!acceptor_.is_open()) return;
    Error ignored;
    acceptor_.close(ignored);
    std::error_code no_matter;
    if (!file_.empty()) std::filesystem::remove(file_, no_matter);
  }

 private:
  void on_accept(const Error& error, Accepted<Protocol> socket, const std::shared_ptr<Shard>& target) {
    if (!acceptor_.is_open()) return;
    if (error) {
      shard_.core().report("accept: " + error.message());
      paused_ = true;
      return;
    }
    admit(std::move(socket), target);
    start();
  }

  void admit(Accepted<Protocol> socket, const std::shared_ptr<Shard>& target) {
    auto& core = shard_.core();
    if (core.open_connections.fetch_add(1, std::memory_order_relaxed) >= core.options.max_connections) {
      core.open_connections.fetch_sub(1, std::memory_order_relaxed);
      return turn_away(socket);
    }
    core.accepted.fetch_add(1, std::memory_order_relaxed);
    Error error;
    socket.non_blocking(true, error);
    auto peer = peer_of(socket);
    auto connection = std::make_shared<Connection>(target, StreamSocket(std::move(socket)), std::move(peer));
    if (target->in_own_thread()) return connection->start();
    target->post([connection] { connection->start(); });
  }

  void turn_away(Accepted<Protocol>& socket) {
    shard_.core().refused_connections.fetch_add(1, std::memory_order_relaxed);
    Error ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(busy_answer(shard_, shard_.core())), ignored);
    socket.shutdown(asio::socket_base::shutdown_both, ignored);
  }

  Shard& shard_;
  ShardChooser choose_;
  Acceptor<Protocol> acceptor_;
  std::filesystem::path file_;  // of a UNIX-domain socket
  bool paused_ = false;
};

}  // namespace

std::shared_ptr<Listener> listen_tcp(Shard& shard, ShardChooser choose, const std::string& address,
                                     std::uint16_t& port) {
  try {
    const tcp::endpoint endpoint(asio::ip::make_address(address), port);
    Acceptor<tcp> acceptor(shard.io().get_executor());
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
    port = acceptor.local_endpoint().port();
    return std::make_shared<StreamListener<tcp>>(shard, std::move(choose), std::move(acceptor), "");
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error(fmt::format("{}:{}: {}", address, port, error.code().message()));
  }
}

std::shared_ptr<Listener> listen_unix(Shard& shard, ShardChooser choose, const std::filesystem::path& path,
                                      unsigned mode) {
  try {
    clear_stale_socket(path);
    Acceptor<Local> acceptor(shard.io().get_executor());
    acceptor.open();
    acceptor.bind(Local::endpoint(path.string()));
    set_socket_mode(path, mode);
    acceptor.listen();
    return std::make_shared<StreamListener<Local>>(shard, std::move(choose), std::move(acceptor), path);
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), error.code().message()));
  }
}

}  // namespace tillside::http
