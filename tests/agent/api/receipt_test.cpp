#include <iconv.h>

#include "pos_adapter/escpos/insertion.h"
#include "tests/agent/api/api_test_fixture.h"
#include "tests/fakes/paper.h"
#include "tests/fakes/paper_printer.h"
#include "tests/fakes/scanner.h"
#include "tests/qrcode/reading.h"

namespace tillside::api {
namespace {

std::string from_gb18030(std::string text) {
  const auto handle = ::iconv_open("UTF-8", "GB18030");
  std::string out(text.size() * 4, '\0');
  char* from = text.data();
  char* to = out.data();
  std::size_t from_left = text.size(), to_left = out.size();
  EXPECT_EQ(::iconv(handle, &from, &from_left, &to, &to_left), 0U);
  ::iconv_close(handle);
  out.resize(out.size() - to_left);
  return out;
}

class Receipt : public ApiTest {
 protected:
  void SetUp() override {
    post("/v1/checkouts/advise", sample_total(1, "13700137000"));
    const auto response = post("/v1/checkouts/complete", sample_sale(1, "13700137000"));
    ASSERT_EQ(response.status, 200U) << response.body;
    answer = Json::parse(response.body);
    coupon = answer["coupons"][0];
  }
  std::string url() const { return coupon["url"]; }
  fakes::RawResponse receipt(const std::string& query) const {
    return get("/v1/checkouts/" + answer["identity"].get<std::string>() + "/receipt?" + query);
  }
  static std::string printed(const fakes::Paper& paper) {
    std::string text;
    for (const auto& line : paper.lines()) text += from_gb18030(line) + "\n";
    return text;
  }

  Json answer, coupon;
};

TEST_F(Receipt, OnNarrowPaperTheCouponCanBeReadAndTyped) {
  const auto response = receipt("format=escpos58");
  ASSERT_EQ(response.status, 200U) << response.body;
  EXPECT_EQ(response.header("Content-Type"), "application/vnd.escpos");
  const auto paper = fakes::print_on_paper(response.body, 384);
  ASSERT_EQ(paper.pictures().size(), 1U);
  EXPECT_EQ(fakes::scan_qr(paper.pictures()[0]), url());
  const auto text = printed(paper);
  for (const std::string& words :
       {coupon["typed"].get<std::string>(), std::string("周末满100减20"), std::string("满100元减20元"),
        std::string("2026-11-22 09:15"), std::string("2026-11-29")}) {
    EXPECT_THAT(text, ::testing::HasSubstr(words));
  }
}

TEST_F(Receipt, ACouponRestoredByAReturnIsPrintedToo) {
  auto spends = sample_sale(2, "13700137000");
  spends["coupons"] = {url()};
  ASSERT_EQ(post("/v1/checkouts/complete", spends).status, 200U);
  auto voided = spends;
  voided["coupons"] = Json::array();
  voided["state"] = "voided";
  const auto response = post("/v1/checkouts/reverse", voided);
  const auto undone = Json::parse(response.body);
  ASSERT_EQ(undone["restored"].size(), 1U) << response.body;
  const auto paper = get("/v1/checkouts/" + undone["identity"].get<std::string>() + "/receipt?format=escpos58&join=1");
  ASSERT_EQ(paper.status, 200U) << paper.body;
  const auto pictures = fakes::print_on_paper(paper.body, 384).pictures();
  ASSERT_EQ(pictures.size(), 1U) << "a refund invites nobody";
  EXPECT_EQ(fakes::scan_qr(pictures[0]), undone["restored"][0]["url"].get<std::string>());
}

TEST_F(Receipt, NoLineIsWiderThanThePaper) {
  const auto paper = fakes::print_on_paper(receipt("format=escpos58").body, 384);
  for (const auto& line : paper.lines()) EXPECT_LE(line.size(), 32U) << from_gb18030(line);
}

TEST_F(Receipt, ThePrinterIsLeftAsItWas) {
  const auto bytes = receipt("format=escpos80").body;
  EXPECT_THAT(bytes, ::testing::StartsWith("\x1C&"));
  EXPECT_EQ(bytes.substr(bytes.rfind("\x1B"
                                     "a"),
                         3),
            std::string("\x1B"
                        "a\0",
                        3));
  EXPECT_EQ(bytes.substr(bytes.rfind("\x1D!"), 3), std::string("\x1D!\0", 3));
  EXPECT_EQ(bytes.find("\x1B@"), std::string::npos);
}

TEST_F(Receipt, TheBlockReadsFromTheShopsNameToTheDates) {
  const auto paper = fakes::print_on_paper(receipt("format=escpos80").body, 576);
  std::vector<std::string> order;
  for (const auto& item : paper.items) {
    if (item.kind == fakes::PaperItem::Kind::picture) order.emplace_back("<code>");
    if (item.kind == fakes::PaperItem::Kind::text && !item.text.empty()) order.push_back(from_gb18030(item.text));
  }
  const std::string rule(48, '-');
  ASSERT_GE(order.size(), 12U);
  EXPECT_EQ(order[0], rule);
  EXPECT_EQ(order[1], Json::parse(get("/v1/shop").body)["store_name"].get<std::string>());
  EXPECT_EQ(order[2], rule);
  EXPECT_EQ(order[3], "周末满100减20");
  EXPECT_EQ(order[4], "减20元");
  EXPECT_EQ(order[5], "满100元减20元");
  const auto code = std::find(order.begin(), order.end(), "<code>");
  ASSERT_NE(code, order.end());
  EXPECT_EQ(*(code + 1), "券码 " + coupon["typed"].get<std::string>());
  EXPECT_EQ(*(code + 2), "有效期 Valid");
  EXPECT_EQ(*(code + 3), "2026-11-22 09:15 至 2026-11-29");
  EXPECT_EQ(order.back(), rule);
}

TEST_F(Receipt, TheValueIsInLargeLetters) {
  const auto bytes = receipt("format=escpos58").body;
  const auto large = bytes.find("\x1D!\x11");
  ASSERT_NE(large, std::string::npos);
  EXPECT_EQ(from_gb18030(bytes.substr(large + 3, bytes.find('\n', large) - large - 3)), "减20元");
}

// No Chinese letter, no Kanji mode; the shop's Chinese name is left out.
TEST_F(Receipt, ForAPrinterWithoutChineseLettersItIsEnglish) {
  const auto bytes = receipt("format=escpos58&letters=western&join=1").body;
  EXPECT_THAT(bytes, ::testing::StartsWith("\x1C.\x1Bt\x10"));
  EXPECT_EQ(bytes.find("\x1C&"), std::string::npos);
  const auto paper = fakes::print_on_paper(bytes, 384);
  std::vector<std::string> order;
  for (const auto& item : paper.items) {
    if (item.kind == fakes::PaperItem::Kind::picture) order.emplace_back("<code>");
    if (item.kind == fakes::PaperItem::Kind::text && !item.text.empty()) order.push_back(item.text);
  }
  const std::string rule(32, '-');
  const std::vector<std::string> expected = {rule,
                                             coupon["title"]["en"],
                                             "CNY 20 off",
                                             coupon["reward"]["en"],
                                             "<code>",
                                             "Code " + coupon["typed"].get<std::string>(),
                                             "Valid",
                                             "2026-11-22 09:15 to 2026-11-29",
                                             "Show at checkout, once",
                                             rule,
                                             "Scan to join our members' group",
                                             "<code>",
                                             rule};
  EXPECT_EQ(order, expected);
  EXPECT_EQ(fakes::scan_qr(paper.pictures().at(0)), url());
  for (const char letter : printed(paper)) EXPECT_LT(static_cast<unsigned char>(letter), 0x80);
}

TEST_F(Receipt, InWesternLettersItLeavesThePrinterAsThePosHadIt) {
  const auto bytes = receipt("format=escpos80&letters=western").body;
  escpos::PrinterState at;
  at.set(escpos::Look::code_page, 2);
  const auto block = escpos::block_at(at, bytes);
  ASSERT_TRUE(block);
  EXPECT_THAT(*block, ::testing::HasSubstr("\x1Bt\x02"));
  EXPECT_GT(block->rfind("\x1C&"), bytes.size()) << "Kanji mode is on again behind it";
}

TEST_F(Receipt, OnThePaperTheSymbolHasTheContractsSize) {
  for (const auto& [format, dots] : {std::pair{"escpos58", 384}, std::pair{"escpos80", 576}}) {
    const auto bytes = receipt("format=" + std::string(format)).body;
    const auto papers = fakes::printed_papers(bytes, dots);
    ASSERT_EQ(papers.size(), 1U);
    EXPECT_EQ(fakes::codes_on(papers[0]), std::vector<std::string>{url()}) << format;
    int left = dots, right = 0;
    const auto picture = fakes::print_on_paper(bytes, dots).pictures().at(0);
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x)
        if (picture.dark(x, y)) left = std::min(left, x), right = std::max(right, x);
    EXPECT_EQ(right - left + 1 + 8 * 5, 265) << "45 modules of 5 dots and the quiet zone: version 7";
    EXPECT_NEAR((left + right) / 2, dots / 2, 1) << "in the middle";
    EXPECT_EQ(picture.height, 265);
  }
}

TEST_F(Receipt, APrinterKnownToDrawSymbolsIsAskedTo) {
  const auto bytes = receipt("format=escpos58&qr=native&barcode=1&join=1").body;
  EXPECT_LT(bytes.size(), 8000U) << "the bar code alone is raster";
  const auto paper = fakes::print_on_paper(bytes, 384);
  const auto symbols = paper.of(fakes::PaperItem::Kind::qr);
  ASSERT_EQ(symbols.size(), 2U);
  EXPECT_EQ(symbols[0].text, url());
  EXPECT_EQ(symbols[0].dots_per_module, 5);
  EXPECT_EQ(symbols[0].alignment, 1);
  EXPECT_EQ(symbols[0].level, 'M');
  const auto codes = fakes::codes_on(fakes::printed_papers(bytes, 384).at(0));
  ASSERT_EQ(codes.size(), 3U);
  EXPECT_EQ(codes[0], url());
  EXPECT_EQ(codes[1], coupon["digits"].get<std::string>());
  EXPECT_EQ(codes[2], "HTTPS://T.EXAMPLE.CN/R/" + answer["showing_id"].get<std::string>());
}

TEST_F(Receipt, TheBarcodeIsPrintedWhenAskedFor) {
  const auto paper = fakes::print_on_paper(receipt("format=escpos58&barcode=1").body, 384);
  const auto pictures = paper.pictures();
  const bool read = std::any_of(pictures.begin(), pictures.end(), [&](const fakes::Picture& picture) {
    return fakes::scan_code128(picture) == coupon["digits"].get<std::string>();
  });
  EXPECT_TRUE(read);
}

TEST_F(Receipt, ThePictureShowsTheSameCode) {
  const auto response = receipt("format=png");
  EXPECT_EQ(response.header("Content-Type"), "image/png");
  EXPECT_EQ(fakes::scan_qr(qr::read_png(response.body)), url());
}

TEST_F(Receipt, TheTextHoldsWordsAndBlocks) {
  const auto response = receipt("format=text");
  EXPECT_EQ(response.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_THAT(response.body, ::testing::HasSubstr(coupon["typed"].get<std::string>()));
  EXPECT_THAT(response.body, ::testing::HasSubstr("█"));
}

TEST_F(Receipt, TheDrawingHoldsWordsAndPaths) {
  const auto response = receipt("format=svg");
  EXPECT_EQ(response.header("Content-Type"), "image/svg+xml");
  EXPECT_THAT(response.body, ::testing::HasSubstr("减20元"));
  EXPECT_THAT(response.body, ::testing::EndsWith("</svg>\n"));
}

TEST_F(Receipt, TheJoinCodeIsAddedForWhoIsNotInTheGroup) {
  const auto paper = fakes::print_on_paper(receipt("format=escpos80&join=1").body, 576);
  ASSERT_EQ(paper.pictures().size(), 2U);
  const auto join = fakes::scan_qr(paper.pictures()[1]);
  EXPECT_EQ(join, "HTTPS://T.EXAMPLE.CN/R/" + answer["showing_id"].get<std::string>());
}

TEST_F(Receipt, ACheckoutIsFoundByItsOwnNumberToo) {
  EXPECT_EQ(get("/v1/checkouts/0123-L2-20261122-1/receipt?format=text").body, receipt("format=text").body);
}

TEST_F(Receipt, NothingToPrintIsNoContent) {
  auto small = sample_sale(2);
  for (auto* sum : {&small["lines"][0]["amount"], &small["lines"][0]["unit_price"], &small["totals"]["gross"],
                    &small["totals"]["net"], &small["tenders"][0]["amount"]}) {
    *sum = 500;
  }
  const auto sold = Json::parse(post("/v1/checkouts/complete", small).body);
  const auto response = get("/v1/checkouts/" + sold["identity"].get<std::string>() + "/receipt?format=escpos58");
  EXPECT_EQ(response.status, 204U);
  EXPECT_EQ(response.body, "");
}

TEST_F(Receipt, AnUnknownFormatOrCheckoutIsNamed) {
  EXPECT_EQ(code_of(receipt("format=pdf"), 422), "unknown_value");
  EXPECT_EQ(code_of(get("/v1/checkouts/none/receipt?format=text"), 404), "not_found");
}

TEST_F(Receipt, ASymbolOfAShowingAndOfAGuideInEachFormat) {
  const std::string showing = answer["showing_id"];
  const auto invitation = get("/v1/qr?showing=" + showing + "&format=escpos58&words=1");
  ASSERT_EQ(invitation.status, 200U) << invitation.body;
  EXPECT_THAT(printed(fakes::print_on_paper(invitation.body, 384)), ::testing::HasSubstr("扫码加入会员群"));
  EXPECT_EQ(fakes::codes_on(fakes::printed_papers(invitation.body, 384).at(0)).size(), 1U);
  const auto png = get("/v1/qr?showing=" + showing + "&format=png");
  EXPECT_EQ(fakes::scan_qr(qr::read_png(png.body)), "HTTPS://T.EXAMPLE.CN/R/" + showing);
  const auto referral = Json::parse(get("/v1/staff/E2033/referral").body);
  EXPECT_EQ(referral["qr"], "/v1/qr?staff=E2033");
  const auto paper = fakes::print_on_paper(get("/v1/staff/E2033/referral?format=escpos").body, 384);
  EXPECT_EQ(fakes::scan_qr(paper.pictures().at(0)), referral["url"].get<std::string>());
  EXPECT_THAT(get("/v1/qr?staff=E2033&format=svg").body, ::testing::StartsWith("<svg"));
  EXPECT_THAT(get("/v1/qr?staff=E2033&format=text").body, ::testing::HasSubstr("█"));
}

TEST_F(Receipt, ASymbolNobodyMadeIsRefused) {
  EXPECT_EQ(code_of(get("/v1/qr"), 422), "missing_field");
  EXPECT_EQ(code_of(get("/v1/qr?showing=ABC"), 422), "bad_format");
  EXPECT_EQ(code_of(get("/v1/qr?staff=E9999"), 404), "not_found");
  EXPECT_EQ(code_of(get("/v1/staff/E2035/referral"), 503), "not_ready");
}

}  // namespace
}  // namespace tillside::api
