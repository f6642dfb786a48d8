#pragma once
// A connection that has become a WebSocket (RFC 6455, by Boost.Beast).

#include <memory>

#include "sync/http/shard.h"

namespace tillside::http {

// Answers the opening handshake `request` and serves the listener until either side closes. On the shard's thread;
// the socket's place among the open connections is taken over. The listener hears nothing of a handshake that fails.
void start_websocket(const std::shared_ptr<Shard>& shard, StreamSocket socket, const Request& request,
                     std::shared_ptr<WsListener> listener, const WsOptions& options);

}  // namespace tillside::http
