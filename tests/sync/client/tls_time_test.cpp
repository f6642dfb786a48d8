// Certificates judged at the till's own mark instead of the machine's clock, against a real TLS server.
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "sync/client/transport.h"
#include "tests/fakes/child_process.h"

namespace tillside::sync {
namespace {

namespace fs = std::filesystem;
using fakes::ChildProcess;

constexpr std::int64_t kYear = 365 * kDay;

Instant present() {
  using namespace std::chrono;
  return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// `openssl s_server` with a certificate of its own for 127.0.0.1, valid for 30 days from now.
class TlsServer {
 public:
  TlsServer() {
    std::string name = (fs::temp_directory_path() / "tillside-tls.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    make_certificate("server");
    make_certificate("stranger");
    process_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate(), "-key",
                                 folder_ / "server.key", "-www"},
        folder_ / "log");
    for (int i = 0; i < 4000 && port_.empty(); ++i) {
      const std::string log = content_of(folder_ / "log");
      const auto at = log.find("ACCEPT 127.0.0.1:");
      const auto end = log.find('\n', at);
      if (at != log.npos && end != log.npos) port_ = log.substr(at + 17, end - at - 17);
      if (port_.empty()) (void)::poll(nullptr, 0, 5);
    }
    if (port_.empty()) throw std::runtime_error("no TLS server: " + content_of(folder_ / "log"));
  }
  ~TlsServer() {
    process_.reset();
    std::error_code error;
    fs::remove_all(folder_, error);
  }
  std::string certificate(const std::string& name = "server") const { return folder_ / (name + ".pem"); }
  std::string url(const std::string& host = "127.0.0.1") const { return "https://" + host + ":" + port_; }

 private:
  void make_certificate(const std::string& name) const {
    (void)fakes::run_program({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
                              "/CN=headquarters", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                              folder_ / (name + ".key"), "-out", certificate(name)});
  }
  fs::path folder_;
  std::unique_ptr<ChildProcess> process_;
  std::string port_;
};

class TlsTime : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (::system("openssl version >/dev/null 2>&1") == 0) server = std::make_unique<TlsServer>();
  }
  static void TearDownTestSuite() { server.reset(); }
  void SetUp() override {
    if (!server) GTEST_SKIP() << "no openssl program";
  }
  static bool answers(std::optional<Instant> at, const std::string& ca = server->certificate(),
                      const std::string& url = server->url()) {
    TransportOptions options;
    options.base_url = url;
    options.ca_file = ca;
    options.certificates_at = [at] { return at; };
    HqTransport::Request request;
    request.path = "/";
    const auto answer = make_transport(options)->exchange(request);
    return answer && answer->status == 200;
  }
  static std::unique_ptr<TlsServer> server;
};
std::unique_ptr<TlsServer> TlsTime::server;

TEST_F(TlsTime, WithoutAMarkTheMachinesClockCounts) { EXPECT_TRUE(answers(std::nullopt)); }

TEST_F(TlsTime, AtTheMarkACertificateThatLivesHolds) { EXPECT_TRUE(answers(present().plus_ms(kDay))); }

TEST_F(TlsTime, OneThatIsYoungerThanTheMarkIsLetThrough) { EXPECT_TRUE(answers(present().plus_ms(-kYear))); }

TEST_F(TlsTime, OneThatEndedBeforeTheMarkIsRefused) { EXPECT_FALSE(answers(present().plus_ms(kYear))); }

TEST_F(TlsTime, NothingElseIsForgiven) {
  const auto past = present().plus_ms(-kYear);
  EXPECT_FALSE(answers(past, server->certificate("stranger"))) << "another authority";
  std::string elsewhere = server->url("localhost");
  EXPECT_FALSE(answers(past, server->certificate(), elsewhere)) << "another name";
}

}  // namespace
}  // namespace tillside::sync
