// Receipts made by other people's ESC/POS libraries, in Chinese and in English, printed through a running print door:
// the bytes at the printer are theirs and our block, and what a scanner finds on the paper is their codes and ours.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tests/fakes/paper_printer.h"
#include "tests/fakes/print_line.h"
#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const std::string kCoupon = "HTTPS://T.EXAMPLE.CN/C/";
const std::string kJoin = "HTTPS://T.EXAMPLE.CN/R/";

struct Library {
  std::string name;
  std::string answers;  // to what is asked of the printer, in hexadecimal
  bool bar_code;
};
const Library kLibraries[] = {
    {"receipt-printer-encoder", "16161616", true},
    {"node-thermal-printer", "00", true},
    {"escpos-buffer", "16161616", false},
    {"receiptline", "1616161600", true},
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What stands in `paper` and not in `sent`, if it stands in one place; where that is.
struct Block {
  std::size_t at = 0;
  std::string bytes;
};
std::optional<Block> added(const std::string& paper, const std::string& sent) {
  if (paper.size() < sent.size()) return std::nullopt;
  const auto [here, there] = std::mismatch(sent.begin(), sent.end(), paper.begin());
  const auto at = static_cast<std::size_t>(here - sent.begin());
  const std::size_t size = paper.size() - sent.size();
  if (paper.substr(at + size) != sent.substr(at)) return std::nullopt;
  return Block{at, paper.substr(at, size)};
}

std::vector<std::string> beginning_with(const std::string& words, const std::vector<std::string>& codes) {
  std::vector<std::string> out;
  std::copy_if(codes.begin(), codes.end(), std::back_inserter(out),
               [&](const std::string& code) { return code.starts_with(words); });
  return out;
}

class Encoders : public ::testing::TestWithParam<std::tuple<Library, std::string>> {
 protected:
  static void SetUpTestSuite() { open_shop_with(""); }
  static void open_shop_with(const std::string& settings) {
    if (!fs::exists(fs::path(TILLSIDE_ENCODERS) / "node_modules" / ".package-lock.json"))
      run_program({"npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", TILLSIDE_ENCODERS});
    town = std::make_unique<Town>();
    town->add_campaigns(json::array({simple_campaign(1, 1000, 500)}));
    till = town->add_till("till");
    till->more_settings = settings;
    till->start();
    till->enroll();
    till->wait_until_ready(1);
  }
  static void TearDownTestSuite() {
    till.reset();
    town.reset();
  }

  // Patient at the cut: what is tried here is not how fast a busy machine answers.
  void open_door() {
    const fs::path port_file = town->folder() / "door.port", settings = town->folder() / "door.toml";
    fs::remove(port_file);
    std::ofstream(settings) << "[printer]\ncut_wait_ms = 10000\n";
    door = std::make_unique<ChildProcess>(
        std::vector<std::string>{program("tillside"), "printer", "--socket", till->socket(), "--config", settings,
                                 "--lane", "L2", "--listen", "tcp:127.0.0.1:0", "--printer",
                                 "tcp:127.0.0.1:" + std::to_string(printer.port()), "--port-file", port_file},
        town->folder() / "door.log");
    wait_until("the print door", [&] { return fs::exists(port_file); });
    std::ifstream(port_file) >> port;
  }

  // Returns what was sent.
  std::string deliver(const Library& library, const std::string& kind) {
    const fs::path sent = town->folder() / "sent";
    const std::string answers = run_program({"node", std::string(TILLSIDE_ENCODERS) + "/deliver.mjs", library.name,
                                             kind, std::to_string(++number), std::to_string(port), sent});
    EXPECT_EQ(answers, library.answers + "\n");
    return content_of(sent);
  }
  std::string paper_with(const std::string& sent) {
    printer.wait_for([&](const std::vector<std::string>& jobs) {
      std::size_t size = 0;
      for (const std::string& job : jobs) size += job.size();
      return size > sent.size();
    });
    (void)door->stop();
    return printer.paper();
  }
  int sales() { return till->status()["ledger"]["checkouts"]; }

  void expect_our_coupon() {
    const auto coupons = beginning_with(kCoupon, codes);
    ASSERT_EQ(coupons.size(), 1U) << "on the paper: " << json(codes);
    const auto checked = till->client().post("/v1/coupons/check", json{{"code", coupons[0]}}.dump());
    ASSERT_TRUE(checked);
    EXPECT_EQ(checked->json()["state"], "free") << checked->body;
  }
  void expect_our_join_code() {
    const auto joins = beginning_with(kJoin, codes);
    ASSERT_EQ(joins.size(), 1U) << "on the paper: " << json(codes);
    const std::string token = joins[0].substr(kJoin.size());
    EXPECT_EQ(asked_about(token), 200) << token << " was shown to nobody here";
    EXPECT_EQ(asked_about("4" + token.substr(1, token.size() - 2) + (token.back() == '0' ? "1" : "0")), 404);
  }
  // The agent knows the showings it has given.
  int asked_about(const std::string& showing) {
    const auto answer = till->client().post("/v1/prompts/" + showing, R"({"answer":"asked","operator_id":"E1007"})");
    return answer ? answer->status : 0;
  }

  void expect_whole_and_read() {
    const auto& [library, kind] = GetParam();
    open_door();
    const int before = sales();
    const std::string sent = deliver(library, kind);
    const std::string paper = paper_with(sent);

    const auto block = added(paper, sent);
    ASSERT_TRUE(block) << "something else than one block was added";
    block_size = block->bytes.size();

    const auto papers = printed_papers(paper);
    ASSERT_FALSE(papers.empty());
    codes = codes_on(papers[0]);  // above the first cut
    expect_our_coupon();
    expect_our_join_code();
    const std::string link = kind == "western" ? "https://shop.example.com/r/" : "https://shop.example.cn/r/";
    EXPECT_EQ(beginning_with(link, codes), std::vector<std::string>{link + std::to_string(number)}) << json(codes);
    const std::string bar = std::to_string((kind == "western" ? 100000 : 200000) + number);
    EXPECT_EQ(beginning_with(bar, codes).size(), library.bar_code ? 1U : 0U) << json(codes);

    wait_until("the sale", [&] { return sales() == before + 1; });
    wait_until_equal(*town, *till);
  }

  static inline std::unique_ptr<Town> town;
  static inline std::unique_ptr<Till> till;
  static inline int number = 450;

  FakePrinter printer;
  std::unique_ptr<ChildProcess> door;
  std::uint16_t port = 0;
  std::size_t block_size = 0;
  std::vector<std::string> codes;  // on the paper
};

TEST_P(Encoders, TheirReceiptIsWholeAndOurCodesAreReadFromThePaper) {
  expect_whole_and_read();
  EXPECT_GT(block_size, 10'000U) << "pictures";
}

// The printer draws our QR symbols itself, with the commands the libraries use for theirs; the typed code as a bar
// code.
class EncodersAndNativeCodes : public Encoders {
 protected:
  static void SetUpTestSuite() { open_shop_with("[receipt]\nqr = \"native\"\nbarcode = true\n"); }
};

TEST_P(EncodersAndNativeCodes, TheirReceiptIsWholeAndOurCodesAreReadFromThePaper) {
  expect_whole_and_read();
  EXPECT_LT(block_size, 7'000U) << "only the bar code is a picture";
  const auto is_typed_code = [](const std::string& code) {
    return code.size() == 24 && code.find_first_not_of("0123456789") == std::string::npos;
  };
  EXPECT_EQ(std::count_if(codes.begin(), codes.end(), is_typed_code), 1) << json(codes);
}

std::string name_of(const ::testing::TestParamInfo<std::tuple<Library, std::string>>& of) {
  std::string name = std::get<0>(of.param).name + "_" + std::get<1>(of.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
const auto kAll = ::testing::Combine(::testing::ValuesIn(kLibraries), ::testing::Values("western", "chinese"));
INSTANTIATE_TEST_SUITE_P(Libraries, Encoders, kAll, name_of);
INSTANTIATE_TEST_SUITE_P(Libraries, EncodersAndNativeCodes, kAll, name_of);

}  // namespace
}  // namespace tillside::fakes
