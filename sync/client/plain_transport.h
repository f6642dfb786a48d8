// Exchanges with a headquarters on this machine: HTTP/1.1 over a plain socket to a loopback address. POSIX.
#pragma once

#include <memory>

#include "sync/client/transport.h"

namespace tillside::sync {

class PlainTransport final : public HqTransport {
 public:
  explicit PlainTransport(TransportOptions options);
  ~PlainTransport() override;

  Result<Answer> exchange(const Request& request) override;
  void cancel() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tillside::sync
