#include "sync/http/request_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tillside::http {
namespace {

using Progress = RequestReader::Progress;

constexpr std::string_view kGet = "GET /a?x=1 HTTP/1.1\r\nHost: h\r\n\r\n";

class RequestReaderTest : public testing::Test {
 protected:
  void feed(std::string_view text) {
    while (!text.empty()) {
      const auto room = reader_.room();
      ASSERT_FALSE(room.empty());
      const auto piece = std::min(room.size(), text.size());
      std::copy_n(text.begin(), piece, room.begin());
      reader_.received(piece);
      text.remove_prefix(piece);
      if (!text.empty()) last_ = reader_.advance();
    }
  }
  Progress read(std::string_view text) {
    feed(text);
    return reader_.advance();
  }
  // The code of the refusal of a fresh reader; "" when it is not refused.
  static std::string refusal_of(std::string_view text, ReaderLimits limits = {}) {
    RequestReaderTest::Fresh fresh(limits);
    for (const char c : text) {
      const auto room = fresh.reader.room();
      room[0] = c;
      fresh.reader.received(1);
      if (fresh.reader.advance() == Progress::kRefused) return std::string(fresh.reader.refusal().code);
    }
    return "";
  }
  struct Fresh {
    explicit Fresh(const ReaderLimits& limits) : reader(limits, nullptr) {}
    RequestReader reader;
  };

  RequestReader reader_{ReaderLimits{}, nullptr};
  Progress last_ = Progress::kNeedMore;
};

TEST_F(RequestReaderTest, ReadsARequest) {
  ASSERT_EQ(read(kGet), Progress::kReady);
  const auto& request = reader_.request();
  EXPECT_EQ(request.method, Method::kGet);
  EXPECT_EQ(request.target, "/a?x=1");
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.query, "x=1");
  EXPECT_EQ(request.header("HOST"), "h");
  EXPECT_EQ(request.query_value("x"), "1");
  EXPECT_TRUE(reader_.keep_alive());
  EXPECT_FALSE(reader_.has_following());
}

TEST_F(RequestReaderTest, ReadsByteByByte) {
  const std::string text = "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t i = 0; i < text.size(); ++i) {
    ASSERT_EQ(read(text.substr(i, 1)), i + 1 == text.size() ? Progress::kReady : Progress::kNeedMore) << i;
  }
  EXPECT_EQ(reader_.request().body, "hello");
}

TEST_F(RequestReaderTest, KeepsPaddingReadableBehindABodyOfAnySize) {
  for (const std::size_t size : {1U, 8000U, 8063U, 8064U, 8100U, 8192U, 100000U}) {
    const std::string body(size, 'b');
    ASSERT_EQ(read("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body),
              Progress::kReady);
    EXPECT_EQ(reader_.request().body, body);
    EXPECT_EQ(reader_.request().header("host"), "h");
    unsigned sum = 0;  // the address sanitizer objects when it is not ours
    for (std::size_t i = 0; i < kBodyPadding; ++i) {
      sum += static_cast<unsigned char>(*(reader_.request().body.data() + size + i));
    }
    EXPECT_GE(sum, 0U);
    EXPECT_FALSE(reader_.room().empty());
    reader_.finish(false);
  }
  EXPECT_LE(reader_.capacity(), 16U * 1024) << "a large buffer is given back";
}

TEST_F(RequestReaderTest, DecodesChunksInPlace) {
  ASSERT_EQ(read("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: ignored\r\n\r\n" +
                 std::string(kGet)),
            Progress::kReady);
  EXPECT_EQ(reader_.request().body, "hello world");
  EXPECT_FALSE(reader_.request().has_header("Trailer"));
  EXPECT_TRUE(reader_.has_following());
  reader_.finish(false);
  ASSERT_EQ(reader_.advance(), Progress::kReady);
  EXPECT_EQ(reader_.request().path, "/a");
}

TEST_F(RequestReaderTest, DecodesChunksHoweverTheyAreCut) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n";
  for (std::size_t step = 1; step < text.size(); ++step) {
    RequestReader reader({}, nullptr);
    auto progress = Progress::kNeedMore;
    for (std::size_t at = 0; at < text.size(); at += step) {
      const auto piece = text.substr(at, step);
      std::copy(piece.begin(), piece.end(), reader.room().begin());
      reader.received(piece.size());
      progress = reader.advance();
    }
    ASSERT_EQ(progress, Progress::kReady) << step;
    EXPECT_EQ(reader.request().body, "hello0123456789") << step;
  }
}

TEST_F(RequestReaderTest, KeepsPipelinedRequestsApart) {
  feed(std::string(kGet) + "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok" + std::string(kGet));
  for (const auto* path : {"/a", "/b", "/a"}) {
    ASSERT_EQ(reader_.advance(), Progress::kReady);
    EXPECT_EQ(reader_.request().path, path);
    reader_.finish(false);
  }
  EXPECT_EQ(reader_.advance(), Progress::kNeedMore);
  EXPECT_FALSE(reader_.in_progress());
}

TEST_F(RequestReaderTest, BytesThatComeWhileARequestIsHeldDoNotDisturbIt) {
  ASSERT_EQ(read("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nokGET"), Progress::kReady);
  const std::string_view body = reader_.request().body;
  feed(kGet.substr(3));
  EXPECT_EQ(body, "ok");
  reader_.finish(false);
  ASSERT_EQ(reader_.advance(), Progress::kReady);
  EXPECT_EQ(reader_.request().target, "/a?x=1");
}

TEST_F(RequestReaderTest, AReadThatIsPendingAcrossFinishLandsBehindWhatFollowed) {
  ASSERT_EQ(read(std::string(kGet) + "GET /second"), Progress::kReady);
  const auto room = reader_.room();
  reader_.finish(true);
  const std::string_view rest = " HTTP/1.1\r\nHost: h\r\n\r\n";
  std::copy(rest.begin(), rest.end(), room.begin());
  reader_.received(rest.size());
  ASSERT_EQ(reader_.advance(), Progress::kReady);
  EXPECT_EQ(reader_.request().path, "/second");
}

TEST_F(RequestReaderTest, ManyHeldRequestsDoNotGrowTheBuffer) {
  for (int i = 0; i < 2000; ++i) {
    ASSERT_EQ(read(kGet), Progress::kReady);
    static_cast<void>(reader_.room());
    reader_.finish(true);
  }
  EXPECT_LE(reader_.capacity(), 16U * 1024);
}

TEST_F(RequestReaderTest, RefusesWhatTwoParsersCouldReadDifferently) {
  const auto post = [](const std::string& lines) { return "POST / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n"; };
  EXPECT_EQ(refusal_of(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Content-Length: 5\r\nContent-Length: 5\r\n")), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Content-Length: 5, 5\r\n")), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Content-Length: -1\r\n")), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Content-Length: +5\r\n")), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Content-Length: 0x5\r\n")), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Content-Length: 99999999999999999999999\r\n")), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Transfer-Encoding: gzip, chunked\r\n")), "transfer-coding-unsupported");
  EXPECT_EQ(refusal_of(post("Transfer-Encoding: identity\r\n")), "transfer-coding-unsupported");
  EXPECT_EQ(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), "ambiguous-length");
  EXPECT_EQ(refusal_of(post("Content-Length : 5\r\n")), "bad-request");
  EXPECT_EQ(refusal_of(post("X: a\r\n folded\r\n")), "bad-request");
  EXPECT_EQ(refusal_of(post("X: a\nY: b\r\n")), "bad-request");
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), "bad-host");
  EXPECT_EQ(refusal_of(post("Host: other\r\n")), "bad-host");
}

TEST_F(RequestReaderTest, RefusesGarbage) {
  EXPECT_EQ(refusal_of("\x16\x03\x01\x02"), "bad-request");
  EXPECT_EQ(refusal_of("GET /\r\n\r\n"), "bad-request");
  EXPECT_EQ(refusal_of("GET / HTTP/2.0\r\n\r\n"), "bad-request");
  EXPECT_EQ(refusal_of("GET  / HTTP/1.1\r\n\r\n"), "bad-request");
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n"), "bad-request");
}

TEST_F(RequestReaderTest, RefusesBadChunks) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(refusal_of(head + "xyz\r\n"), "bad-chunk");
  EXPECT_EQ(refusal_of(head + "5\r\nhelloX\r\n5\r\n"), "bad-chunk");
  EXPECT_EQ(refusal_of(head + "FFFFFFFFFFFFFFFFF\r\n"), "bad-chunk");
  EXPECT_EQ(refusal_of(head + "-1\r\n\r\n"), "bad-chunk");
  EXPECT_EQ(refusal_of(head + "5;" + std::string(20000, 'x')), "bad-chunk");
  EXPECT_EQ(refusal_of(head + "1\r\na\r\n0\r\nX: " + std::string(20000, 'x')), "bad-chunk");
}

TEST_F(RequestReaderTest, RefusesWhatIsTooLarge) {
  const ReaderLimits limits{.header_bytes = 200, .header_count = 5, .body_bytes = 10};
  EXPECT_EQ(refusal_of("GET /" + std::string(300, 'a'), limits), "header-too-large");
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(300, 'a'), limits), "header-too-large");
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\n\r\n", limits),
            "header-too-large");
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", limits), "body-too-large");
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n5\r\n", limits),
            "body-too-large");
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n", limits), "");
}

TEST_F(RequestReaderTest, AsksToContinueOnceAndOnlyWhileTheBodyIsMissing) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  ASSERT_EQ(read(head), Progress::kNeedMore);
  EXPECT_TRUE(reader_.take_continue());
  EXPECT_FALSE(reader_.take_continue());
  ASSERT_EQ(read("ok"), Progress::kReady);
  reader_.finish(false);
  ASSERT_EQ(read(head + "ok"), Progress::kReady);
  EXPECT_FALSE(reader_.take_continue());
  EXPECT_EQ(refusal_of("POST / HTTP/1.1\r\nHost: h\r\nExpect: 200-ok\r\n\r\n"), "bad-expectation");
}

TEST_F(RequestReaderTest, KnowsWhetherToKeepTheConnection) {
  const auto keeps = [](const std::string& text) {
    RequestReader reader({}, nullptr);
    std::copy(text.begin(), text.end(), reader.room().begin());
    reader.received(text.size());
    EXPECT_EQ(reader.advance(), Progress::kReady);
    return reader.keep_alive();
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST_F(RequestReaderTest, UnderstandsAbsoluteTargetsAndSkipsEmptyLines) {
  ASSERT_EQ(read("\r\n\r\nGET http://h:80/p?q HTTP/1.1\r\nHost: h\r\n\r\n"), Progress::kReady);
  EXPECT_EQ(reader_.request().path, "/p");
  EXPECT_EQ(reader_.request().query, "q");
  reader_.finish(false);
  ASSERT_EQ(read("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n"), Progress::kReady);
  EXPECT_EQ(reader_.request().path, "/");
}

TEST_F(RequestReaderTest, RecognisesAWebSocketHandshake) {
  const std::string head = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  ASSERT_EQ(read(head + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
            Progress::kReady);
  EXPECT_TRUE(reader_.request().wants_upgrade);
  reader_.finish(false);
  ASSERT_EQ(read(head + "Connection: keep-alive\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
            Progress::kReady);
  EXPECT_FALSE(reader_.request().wants_upgrade);
}

}  // namespace
}  // namespace tillside::http
