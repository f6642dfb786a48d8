// One request and the duty to answer it, together, so that they can be handed to another thread.
#pragma once

#include <memory>

#include "sync/hq/problems.h"
#include "sync/http/server.h"

namespace tillside::hq {

struct Call {
  http::Request request;  // its views end with send()
  http::Responder responder;

  void send(http::Response response) { responder.send(std::move(response)); }
  void refuse(const Error& error) { send(problem_of(error, request)); }
  void refuse(const Error& error, unsigned status, std::string_view code) {
    send(problem_of(error, request, status, code));
  }
};
using CallPtr = std::shared_ptr<Call>;

}  // namespace tillside::hq
