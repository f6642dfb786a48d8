#include <gtest/gtest.h>

#include "checkout_samples.h"

namespace tillside {
namespace {

// A document of the fewest fields with `more` added.
std::string small(std::string_view more) {
  std::string json = R"({"state":"completed","lane_id":"L1","sequence":7)";
  if (!more.empty()) json.append(",").append(more);
  return json + "}";
}

std::string one_line(std::string_view fields) { return small(R"("lines":[{)" + std::string(fields) + "}]"); }

// "code field", or "ok".
std::string outcome(std::string_view json) {
  const auto checkout = read_document(json);
  if (checkout) return "ok";
  return std::string(name_of(checkout.error().code)) + " " + checkout.error().field;
}

std::string nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

TEST(CheckoutRead, TakesTheContractsDocument) {
  const auto read = read_document(kContractDocument);
  ASSERT_TRUE(read.ok()) << read.error().field << " " << read.error().detail;
  const Checkout& checkout = *read;
  EXPECT_EQ(checkout.checkout_id, "0123-L2-20261122-000451");
  EXPECT_EQ(checkout.state, CheckoutState::total);
  EXPECT_EQ(checkout.store_id, "0123");
  EXPECT_EQ(checkout.lane_id, "L2");
  EXPECT_EQ(checkout.business_date, date_of(2026, 11, 22));
  EXPECT_EQ(checkout.sequence, 451);
  EXPECT_EQ(format_time(checkout.occurred_at, StoreZone{}), "2026-11-22T09:15:03.120+08:00");
  EXPECT_EQ(checkout.occurred_at_text, "2026-11-22T09:15:03.120+08:00");
  EXPECT_EQ(checkout.operator_id, "E1007");
  EXPECT_EQ(checkout.guide_id, "E2033");
  ASSERT_EQ(checkout.customer_ids.size(), 1u);
  EXPECT_EQ(checkout.customer_ids[0].value, "13800138000");
  EXPECT_EQ(checkout.currency.text(), "CNY");
  ASSERT_EQ(checkout.lines.size(), 1u);
  EXPECT_EQ(checkout.lines[0].name, "榴莲");
  EXPECT_EQ(checkout.lines[0].quantity, 1235);
  EXPECT_EQ(checkout.lines[0].unit_price, 1990);
  EXPECT_EQ(checkout.lines[0].amount, 2458);
  EXPECT_EQ(checkout.totals.net, 2458);
  ASSERT_EQ(checkout.tenders.size(), 1u);
  EXPECT_EQ(checkout.tenders[0].type, TenderType::wechat);
  EXPECT_EQ(checkout.source.pos, "acme 4.2");
  EXPECT_FALSE(checkout.original.has_value());
  EXPECT_FALSE(checkout.decimals_rounded);
  EXPECT_FALSE(checkout.business_date_assumed);
  EXPECT_EQ(checkout.unknown_fields, 0u);
}

TEST(CheckoutRead, TakesTheSmallestDocument) {
  const auto checkout = read_document(R"({"state": "completed", "lane_id": "L2"})");
  ASSERT_TRUE(checkout.ok());
  EXPECT_TRUE(validate(*checkout, Currency{}).ok());
}

TEST(CheckoutRead, FillsInWhatIsLeftOut) {
  const auto checkout = read_document(small(R"("lines":[{"quantity":"1.5","unit_price":1000},
      {"amount":200,"discount":50},{"kind":"discount","amount":-100}])"));
  ASSERT_TRUE(checkout.ok()) << checkout.error().field;
  EXPECT_EQ(checkout->store_id, "0123");
  EXPECT_EQ(checkout->occurred_at, usual_defaults().now);
  EXPECT_EQ(checkout->occurred_at_text, "");
  EXPECT_TRUE(checkout->business_date_assumed);
  EXPECT_EQ(checkout->business_date, date_of(2026, 11, 22));
  EXPECT_EQ(checkout->currency.text(), "CNY");
  EXPECT_TRUE(checkout->prices_include_tax);
  EXPECT_EQ(checkout->lines[0].line_no, 1);
  EXPECT_EQ(checkout->lines[0].amount, 1500);
  EXPECT_EQ(checkout->lines[1].line_no, 2);
  EXPECT_EQ(checkout->lines[1].kind, LineKind::sale);
  EXPECT_EQ(checkout->lines[1].quantity, 1000);
  EXPECT_EQ(checkout->totals.gross, 1700);
  EXPECT_EQ(checkout->totals.discount, 150);
  EXPECT_EQ(checkout->totals.net, 1550);
}

TEST(CheckoutRead, AssumesTheStoresDateOfTheTime) {
  const auto late = read_document(small(R"("occurred_at":"2026-11-22T20:00:00Z")"));
  EXPECT_EQ(late->business_date, date_of(2026, 11, 23));
  const auto local = read_document(small(R"("occurred_at":"2026-11-22 23:59:59")"));
  EXPECT_EQ(local->business_date, date_of(2026, 11, 22));
}

TEST(CheckoutRead, CompletesPartialTotals) {
  const auto net_only = read_document(small(R"("totals":{"net":90})"));
  EXPECT_EQ(net_only->totals.gross, 90);
  const auto no_discount = read_document(small(R"("totals":{"gross":100,"net":90})"));
  EXPECT_EQ(no_discount->totals.discount, 10);
  const auto with_tax = read_document(small(R"("prices_include_tax":false,"totals":{"gross":100,"tax":13})"));
  EXPECT_EQ(with_tax->totals.net, 113);
}

TEST(CheckoutRead, AReturnedLineWithoutAmountIsNegative) {
  const auto checkout = read_document(one_line(R"("kind":"returned","quantity":2,"unit_price":100)"));
  EXPECT_EQ(checkout->lines[0].amount, -200);
  EXPECT_EQ(checkout->totals.net, -200);
}

TEST(CheckoutRead, RoundsDecimalTextsAndSaysSo) {
  const auto rounded = read_document(one_line(R"("amount":"28.325300000000002")"));
  EXPECT_EQ(rounded->lines[0].amount, 2833);
  EXPECT_TRUE(rounded->decimals_rounded);
  const auto exact = read_document(one_line(R"("amount":"28.30")"));
  EXPECT_EQ(exact->lines[0].amount, 2830);
  EXPECT_FALSE(exact->decimals_rounded);
  const auto quantity = read_document(one_line(R"("amount":1,"quantity":"1.2345")"));
  EXPECT_EQ(quantity->lines[0].quantity, 1235);
  EXPECT_TRUE(quantity->decimals_rounded);
}

TEST(CheckoutRead, QuantityMayBeANumber) {
  EXPECT_EQ(read_document(one_line(R"("amount":1,"quantity":3)"))->lines[0].quantity, 3000);
  EXPECT_EQ(read_document(one_line(R"("amount":1,"quantity":1.235)"))->lines[0].quantity, 1235);
  EXPECT_EQ(outcome(one_line(R"("amount":1,"quantity":1e300)")), "out_of_range lines[0].quantity");
  EXPECT_EQ(outcome(one_line(R"("amount":1,"quantity":true)")), "wrong_type lines[0].quantity");
}

TEST(CheckoutRead, ScalesDecimalTextsByACurrencyThatComesLater) {
  const auto yen = read_document(R"({"state":"completed","lane_id":"1","totals":{"net":"28.5"},"currency":"JPY"})");
  EXPECT_EQ(yen->totals.net, 29);
  EXPECT_TRUE(yen->decimals_rounded);
  const auto dinar = read_document(R"({"state":"completed","lane_id":"1","totals":{"net":"28.125"},"currency":"KWD"})");
  EXPECT_EQ(dinar->totals.net, 28125);
  EXPECT_FALSE(dinar->decimals_rounded);
}

TEST(CheckoutRead, NullMeansAbsentAndTheLastOfTwoWins) {
  const auto nulls = read_document(small(R"("customer":null,"lines":null,"totals":null,"tenders":null,"coupons":null,
      "applied_discounts":null,"original":null,"source":null,"operator_id":null,"training":null,"currency":null)"));
  ASSERT_TRUE(nulls.ok()) << nulls.error().field;
  const auto twice = read_document(small(R"("sequence":8,"sequence":9,"currency":"JPY","currency":null,
      "totals":{"net":1,"gross":3},"totals":{"net":2},"coupons":["a"],"coupons":["b"],"training":true,"training":null,
      "customer":{"ids":[{"type":"card","value":"1"}]},"customer":{}, "original":{"sequence":1},"original":null)"));
  ASSERT_TRUE(twice.ok()) << twice.error().field;
  EXPECT_EQ(twice->sequence, 9);
  EXPECT_EQ(twice->currency.text(), "CNY");
  EXPECT_EQ(twice->totals.net, 2);
  EXPECT_EQ(twice->totals.gross, 2);
  EXPECT_EQ(twice->coupons, std::vector<std::string>{"b"});
  EXPECT_FALSE(twice->training);
  EXPECT_TRUE(twice->customer_ids.empty());
  EXPECT_FALSE(twice->original.has_value());
  EXPECT_EQ(outcome(R"({"lane_id":"1","state":"total","state":null})"), "missing_field state");
}

TEST(CheckoutRead, DropsAndCountsUnknownFields) {
  const auto checkout = read_document(small(R"("x":{"deep":[1,2.5e3,{"k":null}]},"y":"\u00e9","totals":{"net":1,"z":[]},
      "lines":[{"amount":1,"colour":"red"}],"source":{"q":false})"));
  ASSERT_TRUE(checkout.ok()) << checkout.error().detail;
  EXPECT_EQ(checkout->unknown_fields, 5u);
}

TEST(CheckoutRead, RefusesUnknownValuesByName) {
  EXPECT_EQ(outcome(R"({"state":"sold"})"), "unknown_value state");
  EXPECT_EQ(outcome(one_line(R"("kind":"gift","amount":1)")), "unknown_value lines[0].kind");
  EXPECT_EQ(outcome(small(R"("tenders":[{"type":"cash","amount":1},{"type":"shells","amount":1}])")),
            "unknown_value tenders[1].type");
  EXPECT_EQ(outcome(small(R"("customer":{"ids":[{"type":"fax","value":"1"}]})")), "unknown_value customer.ids[0].type");
  EXPECT_EQ(outcome(small(R"("customer":{"ids":[{"type":"card","value":"1","proof":"sworn"}]})")),
            "unknown_value customer.ids[0].proof");
  EXPECT_EQ(outcome(small(R"("currency":"RMB")")), "unknown_value currency");
  EXPECT_EQ(outcome(small(R"("source":{"confidence":"sure"})")), "unknown_value source.confidence");
}

TEST(CheckoutRead, RefusesFractionsWhereIntegersAreWanted) {
  EXPECT_EQ(outcome(small(R"("sequence":1.0)")), "wrong_type sequence");
  EXPECT_EQ(outcome(small(R"("series":1e2)")), "wrong_type series");
  EXPECT_EQ(outcome(one_line(R"("amount":24.58)")), "wrong_type lines[0].amount");
  EXPECT_EQ(outcome(one_line(R"("line_no":1.5,"amount":1)")), "wrong_type lines[0].line_no");
  EXPECT_EQ(outcome(small(R"("totals":{"net":1.5})")), "wrong_type totals.net");
}

TEST(CheckoutRead, RefusesNumbersOutOfRange) {
  EXPECT_EQ(outcome(small(R"("sequence":9223372036854775808)")), "out_of_range sequence");
  EXPECT_EQ(outcome(small(R"("sequence":-99999999999999999999999999)")), "out_of_range sequence");
  EXPECT_EQ(outcome(one_line(R"("amount":1000000000001)")), "out_of_range lines[0].amount");
  EXPECT_EQ(outcome(one_line(R"("amount":"1e300")")), "out_of_range lines[0].amount");
  EXPECT_EQ(outcome(one_line(R"("amount":1,"line_no":-1)")), "out_of_range lines[0].line_no");
  EXPECT_EQ(outcome(one_line(R"("quantity":"1000000000","unit_price":1000000000000)")), "overflow lines[0].amount");
}

TEST(CheckoutRead, RefusesWrongTypes) {
  EXPECT_EQ(outcome(small(R"("sequence":"7")")), "wrong_type sequence");
  EXPECT_EQ(outcome(small(R"("lane_id":7)")), "wrong_type lane_id");
  EXPECT_EQ(outcome(small(R"("training":"yes")")), "wrong_type training");
  EXPECT_EQ(outcome(small(R"("lines":{})")), "wrong_type lines");
  EXPECT_EQ(outcome(small(R"("lines":[{"amount":1},null])")), "wrong_type lines[1]");
  EXPECT_EQ(outcome(small(R"("lines":[[[1]]])")), "wrong_type lines[0]");
  EXPECT_EQ(outcome(small(R"("customer":[])")), "wrong_type customer");
  EXPECT_EQ(outcome(small(R"("coupons":[1])")), "wrong_type coupons[0]");
  EXPECT_EQ(outcome(small(R"("original":"451")")), "wrong_type original");
  EXPECT_EQ(outcome(one_line(R"("amount":"abc")")), "bad_format lines[0].amount");
}

TEST(CheckoutRead, NamesWhatIsMissing) {
  EXPECT_EQ(outcome("{}"), "missing_field state");
  EXPECT_EQ(outcome(small(R"("lines":[{"amount":1},{}])")), "missing_field lines[1].amount");
  EXPECT_EQ(outcome(small(R"("customer":{"ids":[{"value":"1"}]})")), "missing_field customer.ids[0].type");
  EXPECT_EQ(outcome(small(R"("customer":{"ids":[{"type":"card"}]})")), "missing_field customer.ids[0].value");
}

TEST(CheckoutRead, RefusesBadTimes) {
  EXPECT_EQ(outcome(small(R"("occurred_at":"yesterday")")), "bad_time occurred_at");
  EXPECT_EQ(outcome(small(R"("business_date":"2026-02-30")")), "bad_time business_date");
  EXPECT_EQ(outcome(small(R"("original":{"business_date":"22.11.2026"})")), "bad_time original.business_date");
}

class NotJson : public testing::TestWithParam<const char*> {};

TEST_P(NotJson, IsRefused) { EXPECT_EQ(outcome(GetParam()).substr(0, 8), "bad_json") << GetParam(); }

INSTANTIATE_TEST_SUITE_P(
    Texts, NotJson,
    testing::Values("", " ", "null", "[]", "7", "\"x\"", "{", "}", "{]", R"({"state")", R"({"state":})",
                    R"({"state":"total")", R"({"state":"total"} x)", R"({"state":"total"}})", R"({"state":"total"}{})",
                    R"({"state":"total",})", R"({,"state":"total"})", R"({"state" "total"})", R"({state:"total"})",
                    R"({"state":"total" "lane_id":"1"})", R"({"x":tru,"state":"total"})",
                    R"({"x":nul,"state":"total"})", R"({"x":01,"state":"total"})", R"({"x":1.,"state":"total"})",
                    R"({"x":.5,"state":"total"})", R"({"x":+1,"state":"total"})", R"({"x":1e,"state":"total"})",
                    R"({"x":-,"state":"total"})", R"({"x":0x1,"state":"total"})", R"({"x":"\q","state":"total"})",
                    R"({"x":"\u12","state":"total"})", R"({"x":[1,],"state":"total"})",
                    R"({"x":[1 2],"state":"total"})", R"({"x":{"a"},"state":"total"})", R"({"x":[}],"state":"total"})",
                    R"({"x":[1},"state":"total"})", R"({"x":"a"b","state":"total"})",
                    "{\"x\":\"a\nb\",\"state\":\"total\"}", R"({"sequence":7x,"state":"total"})",
                    R"({"sequence":"7,"state":"total"})", R"({"training":truefalse,"state":"total"})"));

TEST(CheckoutRead, RefusesBytesThatAreNoUtf8) {
  EXPECT_EQ(outcome(small("\"operator_id\":\"\xC0\xAF\"")), "invalid_utf8 ");
  EXPECT_EQ(outcome(small("\"x\":\"\xED\xA0\x80\"")), "invalid_utf8 ");
  EXPECT_EQ(outcome(small("\"lines\":[{\"name\":\"\xC1\xF1\xC1\xAB\",\"amount\":1}]")), "invalid_utf8 ");  // GBK
  EXPECT_NE(outcome(one_line(R"("amount":1,"name":"\udc00")")), "ok");
  EXPECT_NE(outcome(one_line(R"("amount":1,"name":"\ud800")")), "ok");
  EXPECT_NE(outcome(small(R"("\udc00":1)")), "ok");
}

TEST(CheckoutRead, TakesEscapesAndAByteOrderMark) {
  const auto checkout =
      read_document("\xEF\xBB\xBF" + one_line(R"("amount":1,"name":"\u69b4\u83b2 \ud83c\udf48\n\"")"));
  ASSERT_TRUE(checkout.ok());
  EXPECT_EQ(checkout->lines[0].name, "榴莲 🍈\n\"");
  EXPECT_EQ(outcome(R"({"\u0073tate":"total"})"), "ok");
}

TEST(CheckoutRead, RefusesDepthOver32) {
  EXPECT_EQ(outcome(small("\"x\":" + nested(31))), "ok");
  EXPECT_EQ(outcome(small("\"x\":" + nested(32))), "too_deep ");
  EXPECT_EQ(outcome(small("\"x\":" + nested(1000))), "too_deep ");
  EXPECT_EQ(outcome(small("\"x\":" + nested(400'000))), "too_deep ");
  EXPECT_EQ(outcome(small("\"totals\":{\"x\":" + nested(31) + "}")), "too_deep totals");
  EXPECT_EQ(outcome(small("\"sequence\":" + nested(1000))), "wrong_type sequence");
  EXPECT_NE(outcome(nested(1000)), "ok");
  EXPECT_NE(outcome(small("\"x\":" + std::string(1000, '['))), "ok");
}

TEST(CheckoutRead, BoundsItsLists) {
  std::string lines;
  for (int i = 0; i < 2001; ++i) lines += i == 0 ? R"({"amount":1})" : R"(,{"amount":1})";
  EXPECT_EQ(outcome(small("\"lines\":[" + lines + "]")), "out_of_range lines");
  std::string coupons = "\"a\"";
  for (int i = 1; i < 33; ++i) coupons += ",\"a\"";
  EXPECT_EQ(outcome(small("\"coupons\":[" + coupons + "]")), "out_of_range coupons");
}

TEST(CheckoutRead, AReturnedLineNamesItsSaleAndItsLine) {
  const auto checkout = read_document(small(R"("lines":[
      {"amount":-5,"kind":"returned","original":{"line_no":3,"identity":"0123:L2:20261122:0:7:completed"}},
      {"amount":-5,"kind":"returned","original":{"line_no":4}},
      {"amount":-5,"kind":"returned","original":{"checkout_id":"A-1"}},
      {"amount":-5,"kind":"returned","original":null}])"));
  ASSERT_TRUE(checkout.ok());
  const auto& lines = checkout->lines;
  EXPECT_EQ(lines[0].original->line_no, 3);
  EXPECT_EQ(lines[0].original->sale.identity, "0123:L2:20261122:0:7:completed");
  EXPECT_TRUE(lines[1].original->sale.names_nothing());
  EXPECT_EQ(lines[1].original->line_no, 4);
  EXPECT_EQ(lines[2].original->sale.checkout_id, "A-1");
  EXPECT_EQ(lines[2].original->line_no, 0);
  EXPECT_FALSE(lines[3].original);
  const auto refused = [](std::string_view original) {
    return outcome(small("\"lines\":[{\"amount\":1,\"original\":" + std::string(original) + "}]"));
  };
  EXPECT_EQ(refused(R"({"line_no":-1})"), "out_of_range lines[0].original.line_no");
  EXPECT_EQ(refused("7"), "wrong_type lines[0].original");
}

TEST(CheckoutRead, AReaderGoesOnAfterAnErrorAndAfterALargeDocument) {
  CheckoutReader reader;
  const auto defaults = usual_defaults();
  EXPECT_FALSE(reader.read("{", defaults).ok());
  EXPECT_TRUE(reader.read(kContractDocument, defaults).ok());
  EXPECT_TRUE(reader.read(small("\"x\":\"" + std::string(1'000'000, 'x') + "\""), defaults).ok());
  EXPECT_TRUE(reader.read(kContractDocument, defaults).ok());
}

TEST(CheckoutRead, WhatFollowsThePaddedDocumentDoesNotMatter) {
  std::string padded = kContractDocument + std::string(64, '}');
  padded[kContractDocument.size()] = '"';
  CheckoutReader reader;
  EXPECT_TRUE(reader.read_padded(std::string_view(padded).substr(0, kContractDocument.size()), usual_defaults()).ok());
}

TEST(CheckoutRead, EveryTruncationIsRefused) {
  CheckoutReader reader;
  for (std::size_t length = 0; length < kContractDocument.size(); ++length)
    EXPECT_FALSE(reader.read(kContractDocument.substr(0, length), usual_defaults()).ok()) << length;
}

}  // namespace
}  // namespace tillside
