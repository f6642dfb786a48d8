// CSV: what RFC 4180 allows, what tills write beside it, and what a mapping makes of it.
#include "tests/pos_adapter/journal/support.h"

namespace tillside::journal::testing {
namespace {

const char* const kHeader = "ticket,sku,name,quantity,unit_price,occurred_at\n";

std::vector<Document> read_csv(std::string_view bytes, const Mapping& mapping = default_mapping()) {
  return read_in_pieces(Format::csv, mapping, bytes);
}

Checkout only(std::string_view bytes, const Mapping& mapping = default_mapping()) {
  const auto documents = read_csv(bytes, mapping);
  EXPECT_EQ(documents.size(), 1u);
  if (documents.size() != 1 || !documents[0].checkout.ok()) {
    ADD_FAILURE() << told(documents);
    return {};
  }
  return *documents[0].checkout;
}

Mapping mapping_of(const char* toml) {
  auto mapping = parse_mapping(toml);
  EXPECT_TRUE(mapping.ok()) << mapping.error().field << ": " << mapping.error().detail;
  return *mapping;
}

TEST(Csv, RowsOfOneTicketAreOneCheckout) {
  const auto documents = read_csv(std::string(kHeader) +
                                  "7,apple,Apple,3,1.50,2026-11-20 09:00:00\n"
                                  "7,pear,Pear,0.5,4.00,2026-11-20 09:00:00\n"
                                  "8,apple,Apple,1,1.50,2026-11-20 09:05:00\n");
  ASSERT_EQ(documents.size(), 2u);
  const Checkout& first = *documents[0].checkout;
  EXPECT_EQ(first.checkout_id, "7");
  EXPECT_EQ(first.sequence, 7);
  EXPECT_EQ(first.store_id, "S1");
  EXPECT_EQ(first.lane_id, "L1");
  EXPECT_EQ(format_time(first.occurred_at, utc()), "2026-11-20T09:00:00+00:00");
  EXPECT_EQ(format_date(first.business_date), "2026-11-20");
  ASSERT_EQ(first.lines.size(), 2u);
  EXPECT_EQ(first.lines[0].amount, 450);
  EXPECT_EQ(first.lines[1].quantity, 500);
  EXPECT_EQ(first.lines[1].amount, 200);
  EXPECT_EQ(first.totals.net, 650);
  EXPECT_EQ(documents[0].line, 2u);
  EXPECT_EQ(documents[1].line, 4u);
  EXPECT_EQ(documents[1].checkout->totals.net, 150);
}

TEST(Csv, QuotesHoldDelimitersQuotesAndNewlines) {
  const auto documents = read_csv(
      "ticket,name,quantity,unit_price\n"
      "1,\"a, \"\"b\"\"\r\nc\",1,2.00\n"
      "2,plate 12\" wide,1,3.00\n");
  ASSERT_EQ(documents.size(), 2u);
  EXPECT_EQ(documents[0].checkout->lines[0].name, "a, \"b\"\r\nc");
  EXPECT_EQ(documents[1].checkout->lines[0].name, "plate 12\" wide");
  EXPECT_EQ(documents[1].line, 4u) << "the newline within quotes counts";
}

TEST(Csv, LineEndsMarkAndDelimitersOfEveryKind) {
  for (std::string text :
       {"ticket,unit_price\r\n1,2.00\r\n2,3.00\r\n", "ticket,unit_price\r1,2.00\r2,3.00\r",
        "ticket,unit_price\n1,2.00\n2,3.00", "ticket;unit_price\n1;2.00\n2;3.00\n",
        "ticket\tunit_price\n1\t2.00\n2\t3.00\n", "\xEF\xBB\xBFticket,unit_price\n1,2.00\n2,3.00\n"}) {
    const auto documents = read_csv(text);
    ASSERT_EQ(documents.size(), 2u) << text;
    ASSERT_TRUE(documents[0].checkout.ok()) << text << told(documents);
    EXPECT_EQ(documents[0].checkout->totals.net, 200) << text;
    EXPECT_EQ(documents[1].checkout->totals.net, 300) << text;
  }
}

TEST(Csv, EncodingsBecomeUtf8) {
  const Mapping latin = mapping_of("[file]\nencoding = \"latin1\"\n");
  EXPECT_EQ(only("ticket,name,unit_price\n1,Caf\xE9 \x80,1.00\n", latin).lines[0].name, "Café €");
  const Mapping chinese = mapping_of("[file]\nencoding = \"gb18030\"\n");
  EXPECT_EQ(only("ticket,name,unit_price\n1,\xC1\xF1\xC1\xAB,1.00\n", chinese).lines[0].name, "榴莲");
  const auto refused = read_csv("ticket,name,unit_price\n1,Caf\xE9,1.00\n");
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].checkout.error().code, ErrorCode::invalid_utf8);
}

TEST(Csv, DecimalsAreRoundedHalfAwayFromZeroAndSaySo) {
  const Checkout rounded = only("ticket,quantity,unit_price\n1,1,28.325300000000002\n1,1,0.005\n1,1,-0.005\n");
  EXPECT_EQ(rounded.lines[0].amount, 2833);
  EXPECT_EQ(rounded.lines[1].amount, 1);
  EXPECT_EQ(rounded.lines[2].amount, -1);
  EXPECT_TRUE(rounded.decimals_rounded);
  const Checkout exact = only("ticket,quantity,unit_price\n1,1.235,19.90\n");
  EXPECT_EQ(exact.lines[0].amount, 2458) << "24.5765";
  EXPECT_FALSE(exact.decimals_rounded) << "a weighed product is no lost digit";
  EXPECT_EQ(only("ticket,quantity,unit_price\n1,1000,0.0125\n").lines[0].amount, 1250) << "rounded once, not twice";
}

TEST(Csv, NationalNumbersAndDates) {
  const Mapping german =
      mapping_of("[formats]\ndecimal_point = \",\"\nthousands = \".\"\noccurred_at = \"%d.%m.%Y %H:%M\"\n");
  const Checkout checkout = only("ticket;quantity;unit_price;occurred_at\n1;2;1.234,50;3.2.2026 8:05\n", german);
  EXPECT_EQ(checkout.totals.net, 246'900);
  EXPECT_EQ(format_time(checkout.occurred_at, utc()), "2026-02-03T08:05:00+00:00");
  const Mapping american = mapping_of("[formats]\noccurred_at = \"%m/%d/%y %I:%M %p\"\n");
  EXPECT_EQ(format_time(only("ticket,unit_price,occurred_at\n1,1,2/3/26 12:30 AM\n", american).occurred_at, utc()),
            "2026-02-03T00:30:00+00:00");
}

TEST(Csv, OneUnreadableRowCostsItsTicketAndNoOther) {
  const auto documents = read_csv(std::string(kHeader) +
                                  "1,a,A,1,1.00,2026-11-20 09:00:00\n"
                                  "2,a,A,1,1.00,2026-11-20 09:01:00\n"
                                  "2,b,B,one,1.00,2026-11-20 09:01:00\n"
                                  "2,c,C,1,1.00,2026-11-20 09:01:00\n"
                                  "3,a,A,1,1.00,2026-11-20 09:02:00\n");
  ASSERT_EQ(documents.size(), 3u);
  EXPECT_TRUE(documents[0].checkout.ok());
  EXPECT_EQ(documents[1].checkout.error().field, "quantity");
  EXPECT_EQ(documents[1].line, 4u);
  EXPECT_TRUE(documents[2].checkout.ok());
}

TEST(Csv, ARowThatNamesNoTicketSpoilsTheOneAroundItOnly) {
  const auto within = read_csv("ticket,sku,unit_price\n1,a,1.00\nrubbish\n1,b,1.00\n2,a,1.00\n");
  ASSERT_EQ(within.size(), 2u);
  EXPECT_FALSE(within[0].checkout.ok()) << "the row may have been its third";
  EXPECT_EQ(within[0].line, 3u);
  EXPECT_TRUE(within[1].checkout.ok());
  const auto between = read_csv("ticket,sku,unit_price\n1,a,1.00\nrubbish\n2,a,1.00\n");
  ASSERT_EQ(between.size(), 3u);
  EXPECT_TRUE(between[0].checkout.ok());
  EXPECT_EQ(between[1].line, 3u);
  EXPECT_FALSE(between[1].checkout.ok());
  EXPECT_TRUE(between[2].checkout.ok());
}

TEST(Csv, AQuoteNeverClosedCostsOneLine) {
  const auto documents = read_csv("ticket,sku,unit_price\n1,\"open,1.00\n2,b,1.00\n3,c,1.00\n");
  ASSERT_EQ(documents.size(), 3u) << told(documents);
  EXPECT_EQ(documents[0].line, 2u);
  EXPECT_FALSE(documents[0].checkout.ok());
  EXPECT_EQ(documents[1].checkout->checkout_id, "2");
  EXPECT_EQ(documents[2].checkout->checkout_id, "3");
}

TEST(Csv, AHugeLineIsRefusedAndPassedOver) {
  const std::string huge = "2," + std::string(2 * kMaxDocument + 17, 'x') + ",1.00\n";
  const auto documents = read_csv("ticket,sku,unit_price\n1,a,1.00\n" + huge + "3,c,1.00\n");
  ASSERT_EQ(documents.size(), 3u);
  EXPECT_TRUE(documents[0].checkout.ok());
  EXPECT_FALSE(documents[1].checkout.ok());
  EXPECT_EQ(documents[2].checkout->checkout_id, "3");
  EXPECT_EQ(documents[2].line, 4u);
}

TEST(Csv, ATicketOfTooManyRowsIsRefused) {
  std::string text = "ticket,unit_price\n";
  for (std::size_t row = 0; row <= kMaxLines; ++row) text += "1,1.00\n";
  const auto documents = read_csv(text + "2,1.00\n");
  ASSERT_EQ(documents.size(), 2u);
  EXPECT_EQ(documents[0].checkout.error().code, ErrorCode::out_of_range);
  EXPECT_TRUE(documents[1].checkout.ok());
}

TEST(Csv, TheLastTicketIsHeldBackUntilTheNextTheIdleTimeOrTheEnd) {
  const std::string_view text = "ticket,unit_price\n1,1.00\n2,1.00\n2,2.00\n2,3.";
  for (const bool idle : {false, true}) {
    Mapping mapping = default_mapping();
    mapping.ticket_ends = idle ? TicketEnds::idle : TicketEnds::next;
    const auto reader = make_reader(Format::csv, mapping, defaults());
    const Parsed first = reader->read(text, Tail::waits);
    ASSERT_EQ(first.documents.size(), 1u);
    EXPECT_EQ(first.documents[0].end, std::string_view("ticket,unit_price\n1,1.00\n").size());
    const Parsed quiet = reader->read(text.substr(first.consumed), Tail::idle);
    ASSERT_EQ(quiet.documents.size(), idle ? 1u : 0u);
    if (idle) {
      EXPECT_EQ(quiet.documents[0].checkout->totals.net, 300) << "the torn row still waits";
    }
  }
  const auto closed = read_csv("ticket,unit_price\n1,1.00\n2,1.00\n2,2.00");
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(closed[1].checkout->totals.net, 300);
}

TEST(Csv, ReadingGoesOnInTheMiddle) {
  const std::string text = "\xEF\xBB\xBFticket,unit_price\n1,1.00\n2,1.00\n2,2.00\n3,4.00\n";
  const auto whole = read_csv(text);
  ASSERT_EQ(whole.size(), 3u);
  for (std::size_t done = 0; done < whole.size(); ++done) {
    const auto from = static_cast<std::size_t>(whole[done].end);
    const auto reader = make_reader(Format::csv, default_mapping(), defaults(), {from, whole[done].next_line, text});
    const Parsed rest = reader->read(std::string_view(text).substr(from), Tail::closed);
    EXPECT_EQ(told(rest.documents), told({whole.begin() + static_cast<std::ptrdiff_t>(done) + 1, whole.end()}));
  }
}

TEST(Csv, AHeaderWithoutTheTicketSaysSoOnce) {
  const auto documents = read_csv("a,b\n1,2\n3,4\n");
  ASSERT_EQ(documents.size(), 1u);
  EXPECT_EQ(documents[0].checkout.error().code, ErrorCode::missing_field);
  EXPECT_EQ(documents[0].checkout.error().field, "ticket");
}

TEST(Csv, ColumnsWithoutAHeaderRow) {
  const Mapping mapping =
      mapping_of("[file]\nheader = [\"no\", \"price\"]\n[columns]\nticket = \"no\"\nunit_price = \"price\"\n");
  EXPECT_EQ(only("5,1.25\n", mapping).totals.net, 125);
}

TEST(Csv, CancellationsAndNegativeTickets) {
  const Mapping mapping = mapping_of("[cancellation]\nticket_prefix = \"C\"\n[lines]\ndiscount_skus = [\"D\"]\n");
  const Checkout returned = only("ticket,sku,quantity,unit_price\nC536379,a,-2,1.50\n", mapping);
  EXPECT_EQ(returned.state, CheckoutState::returned);
  EXPECT_EQ(returned.sequence, 536379);
  EXPECT_EQ(returned.checkout_id, "C536379");
  EXPECT_FALSE(returned.original);
  EXPECT_EQ(returned.totals.net, -300);
  EXPECT_EQ(returned.lines[0].kind, LineKind::returned);
  const Checkout positive = only("ticket,sku,quantity,unit_price\nC9,a,2,1.50\n", mapping);
  EXPECT_EQ(positive.totals.net, -300) << "written with positive figures";
  const Checkout discount = only("ticket,sku,quantity,unit_price\nC8,D,-1,27.50\n", mapping);
  EXPECT_EQ(discount.lines[0].kind, LineKind::discount);
  EXPECT_EQ(discount.totals.net, -2750);
  const Checkout debt = only("ticket,sku,quantity,unit_price\nA563185,B,1,-11062.06\n", mapping);
  EXPECT_EQ(debt.state, CheckoutState::returned);
  EXPECT_EQ(debt.totals.net, -1106206);
  const Checkout counted = only("ticket,sku,quantity,unit_price\n7,a,-10,0.0\n", mapping);
  EXPECT_EQ(counted.state, CheckoutState::completed);
  EXPECT_FALSE(is_sale(counted));
  for (const Checkout& checkout : {returned, positive, discount, debt, counted})
    EXPECT_TRUE(validate(checkout, checkout.currency).ok()) << checkout.checkout_id;
}

TEST(Csv, ACancellationByColumnReversesTheNamedOriginal) {
  const Mapping mapping = mapping_of("[cancellation]\ncolumn = \"art\"\nvalues = [\"STORNO\"]\nstate = \"voided\"\n");
  const Checkout voided = only("ticket,art,unit_price,original\n9,STORNO,2.00,8\n", mapping);
  EXPECT_EQ(voided.state, CheckoutState::voided);
  ASSERT_TRUE(voided.original);
  EXPECT_EQ(voided.original->checkout_id, "8");
}

TEST(Csv, CustomersTendersAndKinds) {
  const Mapping mapping = mapping_of(
      "[customer]\ntype = \"phone\"\nproof = \"named\"\nstrip_suffix = \".0\"\nnobody = [\"0\"]\n"
      "[constants]\ntender = \"cash\"\n");
  const Checkout named = only("ticket,unit_price,customer\n1,2.00,13900000001.0\n", mapping);
  ASSERT_EQ(named.customer_ids.size(), 1u);
  EXPECT_EQ(named.customer_ids[0].value, "13900000001");
  EXPECT_EQ(named.customer_ids[0].type, IdType::phone);
  EXPECT_EQ(named.customer_ids[0].proof, Proof::named);
  ASSERT_EQ(named.tenders.size(), 1u);
  EXPECT_EQ(named.tenders[0].amount, 200);
  EXPECT_TRUE(only("ticket,unit_price,customer\n1,2.00,0\n", mapping).customer_ids.empty());
  const Checkout mixed = only(
      "ticket,kind,amount,discount,tender_type,tender_amount\n1,sale,5.00,0.50,wechat,3.00\n1,fee,1.00,,alipay,2.50\n");
  EXPECT_EQ(mixed.totals.net, 550);
  EXPECT_EQ(mixed.totals.discount, 50);
  ASSERT_EQ(mixed.tenders.size(), 2u);
  EXPECT_EQ(mixed.lines[1].kind, LineKind::fee);
  EXPECT_EQ(*validate(mixed, mixed.currency), Flags{Flag::business_date_assumed});
}

TEST(Csv, ARowThatOnlyPaysIsNoLine) {
  const Checkout sale =
      only("ticket,sku,unit_price,tender_type,tender_amount\n1,apple,5.00,,\n1,,,wechat,3.00\n1,,,cash,2.00\n");
  EXPECT_EQ(sale.lines.size(), 1u);
  EXPECT_EQ(sale.totals.net, 500);
  ASSERT_EQ(sale.tenders.size(), 2u);
  EXPECT_EQ(sale.tenders[1].amount, 200);
  const Checkout whole = only("ticket,sku,unit_price,tender_type\n1,apple,5.00,\n1,,,card\n");
  EXPECT_EQ(whole.lines.size(), 1u);
  ASSERT_EQ(whole.tenders.size(), 1u);
  EXPECT_EQ(whole.tenders[0].amount, 500);
}

TEST(Csv, MinorAmountsAndOtherCurrencies) {
  const Mapping minor = mapping_of("[formats]\namounts_are_minor = true\n");
  EXPECT_EQ(only("ticket,quantity,unit_price\n1,2,150\n", minor).totals.net, 300);
  const Checkout yen = only("ticket,unit_price,currency\n1,150,JPY\n");
  EXPECT_EQ(yen.totals.net, 150);
  EXPECT_EQ(yen.currency.text(), "JPY");
}

}  // namespace
}  // namespace tillside::journal::testing
