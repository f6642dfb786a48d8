#include "sync/client/answer_reader.h"

#include <gtest/gtest.h>

namespace tillside::sync {
namespace {

struct Read {
  Status status;
  bool done = false;
  int code = 0;
  std::string body;
};

Read read(std::string_view text, std::size_t piece) {
  Read result;
  AnswerReader reader([&](const AnswerReader::Head& head) { result.code = head.status; },
                      [&](std::string_view bytes) {
                        result.body += bytes;
                        return true;
                      });
  while (!text.empty() && result.status) {
    result.status = reader.feed(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
  }
  result.done = reader.done();
  return result;
}

TEST(AnswerReader, ReadsTheSameInPiecesOfAnySize) {
  for (const std::string_view text :
       {"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc",
        "HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\n\r\n1;x=y\r\na\r\n2\r\nbc\r\n0\r\nTrailer: 1\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\nContent-Length:3\n\nabc"}) {
    for (const std::size_t piece : {1u, 2u, 5u, 1000u}) {
      const auto result = read(text, piece);
      EXPECT_TRUE(result.status) << text;
      EXPECT_TRUE(result.done) << text;
      EXPECT_EQ(result.code, 200);
      EXPECT_EQ(result.body, "abc");
    }
  }
}

TEST(AnswerReader, RefusesWhatTwoReadersCouldTakeDifferently) {
  for (const std::string_view text :
       {"HTTP/2 200 OK\r\n\r\n", "hello\r\n", "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 0xx OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc"})
    for (const std::size_t piece : {1u, 1000u}) EXPECT_FALSE(read(text, piece).status) << text;
}

TEST(AnswerReader, BoundsItsHead) {
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x'), 1000).status);
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(40'000, 'x'), 1000).status);
}

}  // namespace
}  // namespace tillside::sync
