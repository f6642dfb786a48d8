#include "sync/client/transport.h"

#include "sync/client/curl_transport.h"
#ifndef _WIN32
#include "sync/client/plain_transport.h"
#endif

namespace tillside::sync {

std::unique_ptr<HqTransport> make_transport(TransportOptions options) {
#ifndef _WIN32
  if (check_base_url(options.base_url) && (options.base_url[4] == ':'))
    return std::make_unique<PlainTransport>(std::move(options));
#endif
  return std::make_unique<CurlTransport>(std::move(options));
}

}  // namespace tillside::sync
