#include "agent/api/api.h"

#include <stdexcept>
#include <utility>

#include "agent/api/access.h"
#include "agent/api/context.h"
#include "agent/api/handlers.h"
#include "agent/api/routes.h"

namespace tillside::api {
namespace {

constexpr unsigned kSocketMode = 0666;

http::ServerOptions server_options(const ApiOptions& options) {
  http::ServerOptions server;
  server.threads = options.threads;
  server.common_headers = {{"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-store"}};
  server.on_fault = options.on_fault;
  return server;
}

std::filesystem::path token_path(const ApiOptions& options) { return options.folder / "api-token"; }

}  // namespace

struct LocalApi::Inside {
  Inside(ApiParts parts, ApiOptions options, std::string token)
      : context(std::move(parts), std::move(options), std::move(token)),
        routes(context),
        server(server_options(context.options), [this](const http::Request& request, http::Responder responder) {
          routes.serve(request, std::move(responder));
        }) {
    context.server = &server;
  }

  void listen() {
    context.port = server.listen_tcp("127.0.0.1", context.options.tcp_port);
    if (!context.options.unix_socket.empty()) server.listen_unix(context.options.unix_socket, kSocketMode);
  }

  Context context;
  Routes routes;
  http::Server server;
};

LocalApi::LocalApi(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
LocalApi::~LocalApi() = default;

Result<std::unique_ptr<LocalApi>> LocalApi::open(ApiParts parts, ApiOptions options) {
  auto token = load_or_make_token(token_path(options));
  if (!token) return token.error();
  try {
    auto inside = std::make_unique<Inside>(std::move(parts), std::move(options), *std::move(token));
    inside->listen();
    return std::unique_ptr<LocalApi>(new LocalApi(std::move(inside)));
  } catch (const std::runtime_error& error) {
    return Error{ErrorCode::unavailable, {}, error.what()};
  }
}

std::uint16_t LocalApi::tcp_port() const { return inside_->context.port; }

std::filesystem::path LocalApi::token_file() const { return token_path(inside_->context.options); }

Result<std::string> LocalApi::make_link(std::string_view page) {
  if (!is_page(page)) return Error{ErrorCode::unknown_value, "page", "no page of ours"};
  return link_url(inside_->context, page);
}

void LocalApi::run() { inside_->server.run(); }

void LocalApi::stop() { inside_->server.stop(); }

}  // namespace tillside::api
