#pragma once
// From method and path to the code that answers. Patterns are literal segments and {name}s: "/v1/staff/{id}/referral".

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/http/server.h"

namespace tillside::http {

// The decoded {name} segments of a path. Valid during the handler's call only: copy what is kept.
class PathParams {
 public:
  // Empty when the pattern has no such name.
  std::string_view get(std::string_view name) const;
  std::string_view operator[](std::string_view name) const { return get(name); }

 private:
  friend class Router;
  std::vector<std::pair<std::string_view, std::string>> values_;
};

using RouteHandler = std::function<void(const Request&, const PathParams&, Responder)>;

// Routes are added first, then served from any number of threads. A literal segment wins over a {name}.
// HEAD is served by GET's route. An unknown path is answered 404, a known path's other methods 405 with Allow,
// a path that does not decode 400, each as a problem document.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // Throws std::invalid_argument when the pattern does not start with '/' or stands there already.
  Router& add(Method method, std::string_view pattern, RouteHandler handler);
  Router& get(std::string_view pattern, RouteHandler handler) { return add(Method::kGet, pattern, std::move(handler)); }
  Router& post(std::string_view pattern, RouteHandler handler) {
    return add(Method::kPost, pattern, std::move(handler));
  }
  Router& put(std::string_view pattern, RouteHandler handler) { return add(Method::kPut, pattern, std::move(handler)); }
  Router& del(std::string_view pattern, RouteHandler handler) {
    return add(Method::kDelete, pattern, std::move(handler));
  }

  void serve(const Request& request, Responder responder) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace tillside::http
