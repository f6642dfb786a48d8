// Exchanges with headquarters over libcurl, certificates verified. libcurl is loaded at the first exchange, not before.
#pragma once

#include <memory>

#include "sync/client/transport.h"

namespace tillside::sync {

class CurlTransport final : public HqTransport {
 public:
  using Options = TransportOptions;
  explicit CurlTransport(Options options);
  ~CurlTransport() override;

  Result<Answer> exchange(const Request& request) override;
  void cancel() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tillside::sync
