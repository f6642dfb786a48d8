// However the bytes of a connection are cut, the same requests come out, and every view is readable.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sync/http/request_reader.h"

namespace {

using tillside::http::kBodyPadding;
using tillside::http::RequestReader;
using Progress = RequestReader::Progress;

constexpr tillside::http::ReaderLimits kLimits{.header_bytes = 1024, .header_count = 20, .body_bytes = 2000};

void note(std::string& log, const tillside::http::Request& request) {
  log.append(request.method_text).append(" ").append(request.path).append("?").append(request.query);
  for (const auto& [name, value] : request.headers) log.append("|").append(name).append("=").append(value);
  log.append("|").append(request.body).append("\n");
  unsigned char sum = 0;
  for (std::size_t i = 0; i < kBodyPadding; ++i)
    sum = static_cast<unsigned char>(sum ^ request.body.data()[request.body.size() + i]);
  if (sum == 255 && request.body.size() > kLimits.body_bytes) std::abort();
  if (request.body.size() > kLimits.body_bytes || request.headers.size() > kLimits.header_count) std::abort();
}

// The requests found when the input comes in pieces of `step` bytes; `late`: the next piece comes while one is held.
std::string requests_of(std::string_view input, std::size_t step, bool late) {
  RequestReader reader(kLimits, nullptr);
  std::string log;
  const auto feed = [&](std::size_t most) {
    const auto room = reader.room();
    const auto piece = std::min({room.size(), input.size(), most});
    std::copy_n(input.begin(), piece, room.begin());
    reader.received(piece);
    input.remove_prefix(piece);
  };
  for (;;) {
    const auto progress = reader.advance();
    if (progress == Progress::kRefused) return log;
    if (progress == Progress::kNeedMore) {
      if (input.empty()) return log;
      feed(step);
      continue;
    }
    if (late) feed(step);
    note(log, reader.request());
    reader.finish(false);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = requests_of(input, input.size() + 1, false);
  const std::size_t step = 1 + data[0] % 64;
  if (requests_of(input, step, false) != whole) std::abort();
  if (requests_of(input, step, true) != whole) std::abort();
  return 0;
}
