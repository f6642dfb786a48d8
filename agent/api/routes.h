// From a request to its call: Host, Origin, preflight, address, access, in this order.
#pragma once

#include "agent/api/context.h"
#include "sync/http/router.h"

namespace tillside::api {

// Serves from any number of threads once made.
class Routes {
 public:
  explicit Routes(Context& context);  // outlives this
  void serve(const http::Request& request, http::Responder responder) const;

 private:
  Context& context_;
  http::Router router_;
};

}  // namespace tillside::api
