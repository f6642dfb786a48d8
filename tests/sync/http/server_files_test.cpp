// Large files: whole, in parts, resumed.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/sync/http/running_server.h"

namespace tillside::http {
namespace {

class ServerFiles : public testing::Test {
 protected:
  ServerFiles() {
    for (std::size_t i = 0; i < kSize; ++i) content_.push_back(static_cast<char>(i * 2654435761U >> 24));
    std::ofstream(path_, std::ios::binary) << content_;
    server_.start();
  }
  ~ServerFiles() override { std::filesystem::remove(path_); }

  static constexpr std::size_t kSize = 3 * 1024 * 1024 + 17;
  std::string content_;
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("tillside-file-" + std::to_string(::getpid()));
  RunningServer server_{[this](const Request& request, Responder responder) {
    Response response;
    response.content_type = "application/octet-stream";
    response.file = FileBody{request.path == "/missing" ? path_ / "x" : path_, "\"v1\""};
    responder.send(std::move(response));
  }};
};

TEST_F(ServerFiles, SendsTheWhole) {
  auto client = server_.connect();
  for (int i = 0; i < 2; ++i) {
    const auto response = client.get("/");
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.header("Accept-Ranges"), "bytes");
    EXPECT_EQ(response.header("ETag"), "\"v1\"");
    EXPECT_TRUE(response.body == content_);
  }
}

TEST_F(ServerFiles, SendsAPart) {
  const auto response = server_.connect().get("/", "Range: bytes=1000000-1000009\r\n");
  EXPECT_EQ(response.status, 206U);
  EXPECT_EQ(response.header("Content-Range"), "bytes 1000000-1000009/" + std::to_string(kSize));
  EXPECT_EQ(response.body, content_.substr(1000000, 10));
}

TEST_F(ServerFiles, ResumesAnInterruptedDownload) {
  std::string got;
  {
    auto client = server_.connect();
    client.send_request("GET", "/");
    client.read_until("\r\n\r\n");
    got = client.read_exactly(500000);
  }
  const auto rest =
      server_.connect().get("/", "Range: bytes=" + std::to_string(got.size()) + "-\r\nIf-Range: \"v1\"\r\n");
  EXPECT_EQ(rest.status, 206U);
  EXPECT_TRUE(got + rest.body == content_);
  const auto changed = server_.connect().get("/", "Range: bytes=500000-\r\nIf-Range: \"v0\"\r\n");
  EXPECT_EQ(changed.status, 200U);
  EXPECT_TRUE(changed.body == content_);
}

TEST_F(ServerFiles, HeadUnchangedUnsatisfiableAndMissing) {
  auto client = server_.connect();
  EXPECT_EQ(client.request("HEAD", "/").header("Content-Length"), std::to_string(kSize));
  EXPECT_EQ(client.get("/", "If-None-Match: \"v1\"\r\n").status, 304U);
  const auto beyond = client.get("/", "Range: bytes=99999999-\r\n");
  EXPECT_EQ(beyond.status, 416U);
  EXPECT_EQ(beyond.header("Content-Range"), "bytes */" + std::to_string(kSize));
  EXPECT_EQ(client.get("/missing").status, 404U);
  EXPECT_EQ(client.get("/", "Range: bytes=-1\r\n").body, content_.substr(kSize - 1));
}

TEST_F(ServerFiles, ServesOthersWhileOneReadsSlowly) {
  auto slow = RawHttpClient::tcp(server_.port(), 4096);
  slow.send_request("GET", "/");
  auto quick = server_.connect();
  EXPECT_EQ(quick.get("/", "Range: bytes=0-0\r\n").status, 206U);
  EXPECT_TRUE(slow.read_response().body == content_);
}

TEST_F(ServerFiles, AFileThatShrinksMeanwhileEndsTheConnectionEarly) {
  auto slow = RawHttpClient::tcp(server_.port(), 4096);
  slow.send_request("GET", "/");
  slow.read_until("\r\n\r\n");
  std::filesystem::resize_file(path_, 10);
  EXPECT_LT(slow.read_to_end().size(), kSize);
}

}  // namespace
}  // namespace tillside::http
