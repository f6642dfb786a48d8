// The programs as a person calls them: codes, pictures of codes, with an agent that answers and without one.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>
// clang-format off
#include <jpeglib.h>  // needs FILE
// clang-format on

#include "agent/domain/referral.h"
#include "qrcode/bitmap.h"
#include "qrcode/code128.h"
#include "qrcode/png.h"
#include "qrcode/symbol.h"
#include "tests/agent/domain/coupon_samples.h"

namespace tillside::cli {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

std::string coupon() {
  const CouponBytes body = encode_coupon(samples::coupon()).value();
  return coupon_url("go.example.cn", body, sign_coupon(body, samples::kChain, samples::key_pair(1).signing));
}

std::string digits() { return format_typed_digits(typed_code(samples::coupon(), samples::kTypedKey)); }

// A QR code above a bar code, as on a receipt.
qr::Bitmap receipt() {
  const qr::Bitmap symbol = qr::draw(*qr::encode_text(coupon())), bars = qr::draw(*qr::encode_code128c(digits()));
  qr::Bitmap picture(384, symbol.height() + bars.height() + 40);
  const auto put = [&](const qr::Bitmap& part, int top) {
    for (int y = 0; y < part.height(); ++y) {
      for (int x = 0; x < part.width(); ++x) {
        if (part.dark(x, y)) picture.darken(x, top + y, 1, 1);
      }
    }
  };
  put(symbol, 0);
  put(bars, symbol.height() + 20);
  return picture;
}

std::string jpeg_of(const qr::Bitmap& picture) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &out, &size);
  jpeg.image_width = static_cast<JDIMENSION>(2 * picture.width());
  jpeg.image_height = static_cast<JDIMENSION>(2 * picture.height());
  jpeg.input_components = 1;
  jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 60, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  std::vector<unsigned char> row(jpeg.image_width);
  while (jpeg.next_scanline < jpeg.image_height) {
    for (std::size_t x = 0; x < row.size(); ++x)
      row[x] = picture.dark(static_cast<int>(x) / 2, static_cast<int>(jpeg.next_scanline) / 2) ? 40 : 220;
    unsigned char* line = row.data();
    jpeg_write_scanlines(&jpeg, &line, 1);
  }
  jpeg_finish_compress(&jpeg);
  std::string file(reinterpret_cast<char*>(out), size);
  jpeg_destroy_compress(&jpeg);
  std::free(out);
  return file;
}

// Answers every call with what it was given for that path, one connection after the other.
class CannedAgent {
 public:
  CannedAgent(json status, json check) : status_(status.dump()), check_(check.dump()) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&here), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size);
    port_ = ntohs(here.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~CannedAgent() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string port() const { return std::to_string(port_); }

 private:
  void serve() {
    for (int line = 0; (line = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(line)) answer(line);
  }
  void answer(int line) const {
    std::string asked;
    std::array<char, 4096> block;
    while (!whole(asked)) {
      const ssize_t got = ::read(line, block.data(), block.size());
      if (got <= 0) return;
      asked.append(block.data(), static_cast<std::size_t>(got));
    }
    const bool check = asked.rfind("POST /v1/coupons/check ", 0) == 0;
    const std::string& body = check ? check_ : status_;
    const std::string text =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
    if (::write(line, text.data(), text.size()) < 0) return;
  }
  static bool whole(const std::string& asked) {
    const auto end = asked.find("\r\n\r\n"), length = asked.find("Content-Length: ");
    if (end == std::string::npos) return false;
    const std::size_t body = length < end ? std::stoul(asked.substr(length + 16)) : 0;
    return asked.size() >= end + 4 + body;
  }

  const std::string status_, check_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

struct Said {
  int exit = -1;
  std::string out;
  json parsed() const { return json::parse(out).at("codes"); }
};

class Inspect : public ::testing::Test {
 protected:
  Inspect() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder = std::filesystem::temp_directory_path() / ("tillside-inspect-" + std::to_string(::getpid()) + test->name());
    std::filesystem::create_directories(folder);
  }
  ~Inspect() override { std::filesystem::remove_all(folder); }

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(folder / name, std::ios::binary) << content;
    return (folder / name).string();
  }
  Said run(const std::string& words, const std::string& language = "zh_CN.UTF-8") const {
    const std::string command = "LC_ALL=" + language + " '" TILLSIDE_PROGRAM "' coupon inspect --folder '" +
                                (folder / "no-agent").string() + "' " + words + " 2>&1";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    Said said;
    std::array<char, 4096> block;
    for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;)
      said.out.append(block.data(), got);
    said.exit = WEXITSTATUS(::pclose(pipe));
    return said;
  }

  std::filesystem::path folder;
};

TEST_F(Inspect, WithoutAnAgentACouponIsDecodedAndSaidToBeUnchecked) {
  const Said zh = run(coupon());
  EXPECT_EQ(zh.exit, 0);
  for (const char* words : {"优惠券", "000112000001c3", "下次来店券", "满100元减20元", "2026-11-22T09:15:00+08:00",
                            "2026-11-29T23:59:59.999+08:00", "没有验签", "假定"})
    EXPECT_THAT(zh.out, HasSubstr(words));
  const Said en = run(coupon(), "en_US.UTF-8");
  for (const char* words :
       {"next visit", "CNY 20 off from CNY 100", "signature not checked: no agent", "home store", "123"})
    EXPECT_THAT(en.out, HasSubstr(words));
}

TEST_F(Inspect, AsJsonEachFieldHasItsName) {
  const Said said = run("--json " + coupon());
  ASSERT_EQ(said.exit, 0) << said.out;
  const json code = said.parsed().at(0);
  EXPECT_EQ(code["what"], "coupon");
  EXPECT_EQ(code["coupon"]["campaign"], 1);
  EXPECT_EQ(code["coupon"]["till"], 17);
  EXPECT_EQ(code["coupon"]["serial"], 451);
  EXPECT_EQ(code["coupon"]["staff"], 33);
  EXPECT_EQ(code["coupon"]["person"], "c0ffee01");
  EXPECT_EQ(code["coupon"]["min_spend"], 10000);
  EXPECT_TRUE(code["holds"].is_null());
  EXPECT_EQ(code["reason"], "no_agent");
}

TEST_F(Inspect, TheAgentsWordIsPassedOn) {
  const json status{{"zone", "America/New_York"}, {"currency", "USD"}};
  const CannedAgent forged(status, {{"state", "refused"}, {"reason", "forged"}, {"zh", "假券"}, {"en", "Forged"}});
  const Said no = run("--json --port " + forged.port() + " " + coupon());
  EXPECT_EQ(no.exit, 1);
  EXPECT_EQ(no.parsed()[0]["holds"], false);
  EXPECT_EQ(no.parsed()[0]["zone"], "America/New_York");
  EXPECT_EQ(no.parsed()[0]["coupon"]["valid_until"], "2026-11-28T23:59:59.999-05:00");

  const CannedAgent spent(status, {{"state", "refused"}, {"reason", "spent"}, {"zh", "已用"}, {"en", "Spent"}});
  const Said used = run("--port " + spent.port() + " " + coupon(), "en_US.UTF-8");
  EXPECT_EQ(used.exit, 0);
  EXPECT_THAT(used.out, HasSubstr("genuine"));
  EXPECT_THAT(used.out, HasSubstr("usable now  no"));
  EXPECT_THAT(used.out, HasSubstr("Spent"));

  const CannedAgent free(
      status,
      {{"state", "free"},
       {"reason", nullptr},
       {"zh", "可用"},
       {"en", "Valid"},
       {"coupon",
        {{"id", "000112000001c3"}, {"title", {{"zh", "周末"}, {"en", "Weekend"}}}, {"reward", {{"zh", "减20元"}}}}}});
  const Said yes = run("--json --port " + free.port() + " " + digits());
  EXPECT_EQ(yes.exit, 0);
  EXPECT_EQ(yes.parsed()[0]["form"], "digits");
  EXPECT_EQ(yes.parsed()[0]["holds"], true);
  EXPECT_EQ(yes.parsed()[0]["usable"], true);
  EXPECT_EQ(yes.parsed()[0]["terms"]["id"], "000112000001c3");
  const Said words = run("--port " + free.port() + " " + digits());
  for (const char* word : {"周末", "000112000001c3", "减20元", "真伪  真", "现在可用  是"})
    EXPECT_THAT(words.out, HasSubstr(word));
}

TEST_F(Inspect, WhatWasNotLookedAtIsNeitherTrueNorFalse) {
  const json status{{"zone", "Asia/Shanghai"}, {"currency", "CNY"}};
  const json where{{"till", 17}, {"zh", "网络恢复后可用"}, {"en", "when the network is back"}};
  const CannedAgent away(status,
                         {{"state", "refused"}, {"reason", "needs_network"}, {"coupon", nullptr}, {"works_at", where}});
  const Said said = run("--json --port " + away.port() + " " + digits());
  EXPECT_EQ(said.exit, 0);
  EXPECT_TRUE(said.parsed()[0]["holds"].is_null());
  EXPECT_EQ(said.parsed()[0]["usable"], false);
  EXPECT_THAT(run("--port " + away.port() + " " + digits(), "en_US.UTF-8").out,
              HasSubstr("works  when the network is back"));
  const CannedAgent fenced(status, {{"state", "refused"}, {"reason", "not_ready"}, {"coupon", nullptr}});
  EXPECT_TRUE(run("--json --port " + fenced.port() + " " + coupon()).parsed()[0]["holds"].is_null());
}

TEST_F(Inspect, ReadsEveryCodeOfAPngAndAJpeg) {
  for (const std::string& picture :
       {file("receipt.png", qr::png(receipt())), file("receipt.jpg", jpeg_of(receipt()))}) {
    const Said said = run("--json '" + picture + "'");
    ASSERT_EQ(said.exit, 0) << said.out;
    ASSERT_EQ(said.parsed().size(), 2U) << picture;
    EXPECT_EQ(said.parsed()[0]["coupon"]["id"], "000112000001c3");
    EXPECT_EQ(said.parsed()[1]["typed"]["digits"], digits());
  }
}

TEST_F(Inspect, ReadsStandardInputTextOrPicture) {
  EXPECT_THAT(run("- <'" + file("code.txt", coupon() + "\n") + "'").out, HasSubstr("000112000001c3"));
  EXPECT_THAT(run("- <'" + file("code.png", qr::png(receipt())) + "'").out, HasSubstr("000112000001c3"));
  EXPECT_THAT(run("'" + file("code.txt", coupon() + "\n") + "'").out, HasSubstr("000112000001c3"));
}

TEST_F(Inspect, WhatIsNoCodeOrNoPictureFailsWithItsReason) {
  const Said none = run("6901234567892", "en_US.UTF-8");
  EXPECT_EQ(none.exit, 1);
  EXPECT_THAT(none.out, HasSubstr("no code of ours"));
  const Said blank = run("'" + file("blank.png", qr::png(qr::Bitmap(200, 200))) + "'", "en_US.UTF-8");
  EXPECT_EQ(blank.exit, 1);
  EXPECT_THAT(blank.out, HasSubstr("no QR code or bar code"));
  const Said torn = run("'" + file("torn.png", qr::png(receipt()).substr(0, 500)) + "'", "en_US.UTF-8");
  EXPECT_EQ(torn.exit, 1);
  EXPECT_THAT(torn.out, HasSubstr("not a sound PNG"));
  const Said half = run("'" + file("torn.jpg", jpeg_of(receipt()).substr(0, 300)) + "'", "en_US.UTF-8");
  EXPECT_EQ(half.exit, 1);
}

TEST_F(Inspect, AJoinCodeIsToldFromACoupon) {
  Referral badge;
  badge.checkout = false;
  badge.till_or_store = 123;
  badge.staff = 33;
  badge.minute = 1'520'715;
  const Said said = run("--json " + referral_url("go.example.cn", encode_referral(badge, ReferralKey{})));
  EXPECT_EQ(said.exit, 0);
  EXPECT_EQ(said.parsed()[0]["what"], "badge");
  EXPECT_EQ(said.parsed()[0]["referral"]["store"], 123);
  EXPECT_EQ(said.parsed()[0]["reason"], "not_asked");
}

}  // namespace
}  // namespace tillside::cli
