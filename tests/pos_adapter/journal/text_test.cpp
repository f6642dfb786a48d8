// The small readers: encodings, dates, decimals, the mapping file, formats by content, JSON lines.
#include <sstream>

#include "agent/domain/utf8.h"
#include "pos_adapter/journal/dates.h"
#include "pos_adapter/journal/decimals.h"
#include "pos_adapter/journal/encoding.h"
#include "pos_adapter/journal/place.h"
#include "tests/pos_adapter/journal/support.h"

namespace tillside::journal::testing {
namespace {

TEST(Encoding, Utf8IsJudgedStrictly) {
  for (const char* good : {"", "plain ascii, longer than eight bytes", "榴莲", "é", "\xF0\x9F\x8D\x89", "\xEF\xBF\xBD"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF8\x88\x80\x80\x80", "\xE6\xA6", "abcdefgh\xFF"})
    EXPECT_FALSE(is_utf8(bad));
}

TEST(Encoding, NationalBytes) {
  EXPECT_EQ(*to_utf8("\xA3\x31 \x80 \xFC", Encoding::latin1), "£1 € ü");
  EXPECT_EQ(*to_utf8("\xC6\xBB\xB9\xFB", Encoding::gb18030), "苹果");
  EXPECT_EQ(*to_utf8("\x81\x30\x81\x30", Encoding::gb18030), "\xC2\x80");
  EXPECT_FALSE(to_utf8("\xC6", Encoding::gb18030).ok());
  EXPECT_EQ(*encoding_of("GBK"), Encoding::gb18030);
  EXPECT_FALSE(encoding_of("EBCDIC").ok());
}

TEST(Dates, FormatsAndNonsense) {
  EXPECT_EQ(*parse_local("1970-01-02 00:00:01", "%Y-%m-%d %H:%M:%S"), kDay + kSecond);
  EXPECT_EQ(*parse_local("2/1/1970 12:05 PM", "%d/%m/%Y %I:%M %p"), kDay + 12 * kHour + 5 * kMinute);
  EXPECT_EQ(*parse_local("1970年1月2日", "%Y年%m月%d日"), kDay);
  for (const char* bad :
       {"2026-02-29 10:00", "2026-13-01 10:00", "2026-01-01 24:00", "2026-01-01", "2026-01-01 10:00x"})
    EXPECT_FALSE(parse_local(bad, "%Y-%m-%d %H:%M").ok()) << bad;
  EXPECT_TRUE(parse_local("2024-02-29 10:00", "%Y-%m-%d %H:%M").ok());
  EXPECT_EQ(format_date(*parse_day("2026-11-20T00:00:00", "")), "2026-11-20");
  EXPECT_EQ(parse_day("31.12.1969", "%d.%m.%Y")->days, -1);
}

TEST(Decimals, ProductsAndNumbers) {
  Decimals decimals(*currency_of("CNY"));
  EXPECT_EQ(*decimals.product("1.235", "19.90", "x"), 2458);
  EXPECT_EQ(*decimals.product("-1.47", "2.99", "x"), -440);
  EXPECT_FALSE(decimals.rounded());
  EXPECT_EQ(*decimals.amount("-0.005", "x"), -1);
  EXPECT_TRUE(decimals.rounded());
  EXPECT_FALSE(decimals.product("1000000000", "9999999999", "x").ok());
  EXPECT_EQ(decimals.amount("12,5", "price").error().field, "price");
  EXPECT_EQ(*whole_number(" 42 ", "x"), 42);
  for (const char* bad : {"", "-1", "1.0", "9007199254740992", "99999999999999999999"})
    EXPECT_FALSE(whole_number(bad, "x").ok()) << bad;
}

TEST(Detect, ByContent) {
  EXPECT_EQ(*detect("\xEF\xBB\xBF\n {\"a\":1}"), Format::json_lines);
  EXPECT_EQ(*detect(" <?xml version=\"1.0\"?>"), Format::poslog);
  EXPECT_EQ(*detect("InvoiceNo,StockCode"), Format::csv);
  EXPECT_EQ(detect(" \r\n").error().code, ErrorCode::not_found);
  EXPECT_EQ(detect("[{}]").error().code, ErrorCode::bad_format);
  EXPECT_EQ(detect(std::string_view("\xFF\xFE<\0", 4)).error().code, ErrorCode::bad_format);
}

TEST(MappingFile, SaysWhatIsWrong) {
  const auto field = [](const char* toml) {
    const auto mapping = parse_mapping(toml);
    return mapping.ok() ? std::string("fine") : mapping.error().field;
  };
  EXPECT_EQ(field(""), "fine");
  EXPECT_EQ(field("[columns]\nticket = \"No\"\n"), "fine");
  EXPECT_EQ(field("[columns]\nsku = \"No\"\n"), "columns.ticket");
  EXPECT_EQ(field("[columns]\nticket = \"No\"\nflavour = \"x\"\n"), "columns.flavour");
  EXPECT_EQ(field("[constants]\ncurrency = \"QQQ\"\n"), "constants.currency");
  EXPECT_EQ(field("[constants]\nlane = \"L1\"\n"), "constants.lane");
  EXPECT_EQ(field("[constants]\nlane_id = 1\n"), "constants.lane_id");
  EXPECT_EQ(field("[file]\nticket_ends = \"soon\"\n"), "file.ticket_ends");
  EXPECT_EQ(field("[file]\nidle_seconds = 0\n"), "file.idle_seconds");
  EXPECT_EQ(field("[lines]\nfee_skus = [1]\n"), "lines.fee_skus");
  EXPECT_EQ(field("[colums]\n"), "colums");
  EXPECT_EQ(field("file = 3\n"), "file");
  EXPECT_EQ(field("[file\n"), "line 1");
  EXPECT_EQ(load_mapping("/nonexistent/mapping.toml").error().code, ErrorCode::not_found);
}

TEST(JsonLines, BadLinesAreNamedAndPassedOver) {
  const std::string good = R"({"state":"no_sale","lane_id":"L1","sequence":5,"occurred_at":"2026-11-22T09:00:00Z"})";
  const auto documents = read_in_pieces(
      Format::json_lines, default_mapping(),
      good + "\r\n\n" + "{\"state\":\"dancing\"}\n" + "\xFF\n" + std::string(kMaxDocument + 100, ' ') + "{}\n" + good);
  ASSERT_EQ(documents.size(), 5u) << told(documents);
  EXPECT_TRUE(documents[0].checkout.ok()) << told(documents);
  EXPECT_EQ(documents[0].checkout->store_id, "S1");
  EXPECT_EQ(documents[1].line, 3u);
  EXPECT_EQ(documents[1].checkout.error().code, ErrorCode::unknown_value);
  EXPECT_FALSE(documents[2].checkout.ok());
  EXPECT_EQ(documents[4].line, 6u);
  EXPECT_TRUE(documents[4].checkout.ok()) << "the last line may lack its end once the file is closed";
}

TEST(JsonLines, WhatADocumentLeavesOutIsFilledIn) {
  const auto documents = read_in_pieces(
      Format::json_lines, *parse_mapping("[constants]\nstore_id = \"0123\"\nlane_id = \"L9\"\npos = \"acme\"\n"),
      R"({"state":"sign_on","occurred_at":"2026-11-22T09:00:00"})");
  ASSERT_EQ(documents.size(), 1u);
  ASSERT_TRUE(documents[0].checkout.ok()) << told(documents);
  const Checkout& checkout = *documents[0].checkout;
  EXPECT_EQ(checkout.store_id, "0123");
  EXPECT_EQ(checkout.lane_id, "L9");
  EXPECT_EQ(checkout.source.adapter, "journal");
  EXPECT_EQ(checkout.source.pos, "acme");
  EXPECT_EQ(format_date(checkout.business_date), "2026-11-22");
}

TEST(JsonLines, HugeAndDeepLinesCostBoundedMemory) {
  const std::string good = R"({"state":"no_sale","lane_id":"L1","sequence":5,"occurred_at":"2026-11-22T09:00:00Z"})";
  const std::string bytes = std::string(3 * kMaxDocument, '[') + "\n" + std::string(1000, '[') + "\n" + good + "\n";
  const auto reader = make_reader(Format::json_lines, default_mapping(), defaults());
  std::string buffer;
  std::vector<Document> documents;
  std::size_t most = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 65'536) {
    buffer += bytes.substr(at, 65'536);
    Parsed parsed = reader->read(buffer, Tail::waits);
    buffer.erase(0, parsed.consumed);
    most = std::max(most, buffer.size());
    for (Document& document : parsed.documents) documents.push_back(std::move(document));
  }
  ASSERT_EQ(documents.size(), 3u);
  EXPECT_EQ(documents[0].checkout.error().code, ErrorCode::out_of_range);
  EXPECT_FALSE(documents[1].checkout.ok());
  EXPECT_EQ(documents[2].line, 3u);
  EXPECT_LE(most, kMaxDocument + 65'536);
}

TEST(Place, KnowsItsFileAgain) {
  std::istringstream file(std::string(3000, 'a') + std::string(3000, 'b'));
  const auto place = place_at(file, 4000, 12);
  ASSERT_TRUE(place);
  EXPECT_TRUE(fits(file, *place));
  std::istringstream grown(file.str() + "more"), shorter(file.str().substr(0, 3999)), other(file.str());
  EXPECT_TRUE(fits(grown, *place));
  EXPECT_FALSE(fits(shorter, *place));
  std::string changed = file.str();
  changed[3990] = 'x';
  std::istringstream same_head(changed);
  EXPECT_FALSE(fits(same_head, *place));
  const auto again = parse_place(write_place(*place, "day one.csv"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->name, "day one.csv");
  EXPECT_EQ(again->place.line, 12u);
  EXPECT_TRUE(fits(other, again->place));
  EXPECT_FALSE(parse_place("nonsense"));
  EXPECT_FALSE(parse_place("2 1 1 1 1 x"));
}

}  // namespace
}  // namespace tillside::journal::testing
