// Beast's parser asserts that a last chunk it has seen the first line of goes on with at least five bytes: an empty
// chunked body that came byte by byte ended a program built with assertions.
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "sync/http/request_reader.h"

namespace tillside::http {
namespace {

constexpr ReaderLimits kLimits{.header_bytes = 1024, .header_count = 20, .body_bytes = 2000};
constexpr std::string_view kHeader = "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(EmptyChunkedBodyInPieces, IsReadWhereverItIsCut) {
  for (const std::string_view body : {"0\r\n\r\n", "0\r\nTrailer: kept out\r\n\r\n", "0;ext=1\r\n\r\n"}) {
    RequestReader reader(kLimits, nullptr);
    auto progress = RequestReader::Progress::kNeedMore;
    for (const char byte : std::string(kHeader) + std::string(body)) {
      ASSERT_EQ(progress, RequestReader::Progress::kNeedMore);
      reader.room().front() = byte;
      reader.received(1);
      progress = reader.advance();
    }
    ASSERT_EQ(progress, RequestReader::Progress::kReady) << body;
    EXPECT_EQ(reader.request().body, "");
  }
}

}  // namespace
}  // namespace tillside::http
