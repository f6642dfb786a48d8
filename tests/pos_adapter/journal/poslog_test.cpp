// ARTS POSLog: the project's own journal, what the standard allows beside it, and what an enemy would write.
#include <fstream>
#include <iterator>
#include <map>

#include "pos_adapter/journal/replay.h"
#include "tests/pos_adapter/journal/poslog_text.h"

namespace tillside::journal::testing {
namespace {

std::map<std::int64_t, Checkout> own_journal() {
  std::map<std::int64_t, Checkout> out;
  const auto counts =
      read_all(source_dir() / "tests/data/journal/poslog.xml", default_mapping(), defaults(), [&](Document&& document) {
        EXPECT_TRUE(document.checkout.ok());
        if (document.checkout.ok()) out[document.checkout->sequence] = *document.checkout;
        return true;
      });
  EXPECT_TRUE(counts.ok());
  return out;
}

TEST(Poslog, OwnJournalAddsUp) {
  const auto day = own_journal();
  ASSERT_EQ(day.size(), 6u);
  int sales = 0, reversals = 0, members = 0;
  Minor net = 0;
  for (const auto& [number, checkout] : day) {
    const auto flags = validate(checkout, *currency_of("CNY"));
    ASSERT_TRUE(flags.ok()) << number << " " << flags.error().field;
    EXPECT_TRUE(flags->empty()) << number << " " << name_of(flags->front());
    sales += is_sale(checkout) ? 1 : 0;
    reversals += is_reversal(checkout) ? 1 : 0;
    members += checkout.customer_ids.empty() ? 0 : 1;
    net += checkout.totals.net;
  }
  EXPECT_EQ(sales, 4);
  EXPECT_EQ(reversals, 1);
  EXPECT_EQ(members, 1);
  EXPECT_EQ(net, 13363);
}

TEST(Poslog, WeighedGoodsTaxRewardAndMember) {
  const Checkout checkout = own_journal().at(501);
  EXPECT_EQ(checkout.store_id, "0123");
  EXPECT_EQ(checkout.lane_id, "11");
  EXPECT_EQ(checkout.operator_id, "E1007");
  EXPECT_EQ(format_time(checkout.occurred_at, utc()), "2026-11-21T10:02:54+00:00");
  EXPECT_EQ(checkout.occurred_at_text, "2026-11-21T10:02:54");
  EXPECT_EQ(checkout.lines[0].quantity, 1235);
  EXPECT_EQ(checkout.lines[0].name, "金枕榴莲");
  EXPECT_EQ(checkout.totals.tax, 53);
  EXPECT_FALSE(checkout.prices_include_tax);
  EXPECT_EQ(checkout.totals.discount, 739) << "written twice, counted once";
  EXPECT_EQ(checkout.totals.net, 7589);
  ASSERT_EQ(checkout.customer_ids.size(), 1u);
  EXPECT_EQ(checkout.customer_ids[0].value, "9000111") << "without the zeros that fill its field";
  EXPECT_EQ(checkout.customer_ids[0].type, IdType::card);
  EXPECT_EQ(checkout.customer_ids[0].proof, Proof::scanned);
}

TEST(Poslog, VoidedLineChangeSplitTenderCashBackAndPostVoid) {
  const auto day = own_journal();
  const Checkout& voided_line = day.at(88);
  EXPECT_EQ(voided_line.lines[3].kind, LineKind::voided);
  EXPECT_EQ(voided_line.lines[3].amount, -2360);
  ASSERT_EQ(voided_line.tenders.size(), 2u);
  EXPECT_EQ(voided_line.tenders[1].amount, -212);
  EXPECT_EQ(day.at(502).tenders.size(), 2u);
  EXPECT_EQ(day.at(502).tenders[0].type, TenderType::card);
  EXPECT_EQ(day.at(502).tenders[1].type, TenderType::cash);
  EXPECT_EQ(day.at(90).tenders[1].amount, -5000);
  EXPECT_EQ(day.at(90).totals.net, 2484);
  EXPECT_EQ(day.at(503).state, CheckoutState::no_sale);
  const Checkout& post_void = day.at(89);
  EXPECT_EQ(post_void.state, CheckoutState::voided);
  ASSERT_TRUE(post_void.original);
  EXPECT_EQ(post_void.original->lane_id, "12");
  EXPECT_EQ(post_void.original->sequence, 88);
}

TEST(Poslog, AnyPrefixIsTheSame) {
  const std::string plain = transaction(retail(apple()));
  std::string prefixed;
  for (std::size_t at = 0; at < plain.size(); ++at) {
    prefixed += plain[at];
    if (plain[at] == '<') prefixed += plain[at + 1] == '/' ? (++at, "/arts:") : "arts:";
  }
  EXPECT_EQ(write_checkout(only(prefixed), utc()), write_checkout(only(plain), utc()));
}

TEST(Poslog, StatusWords) {
  const auto state = [](const std::string& status) {
    return only(transaction(retail(apple(), " TransactionStatus=\"" + status + "\""))).state;
  };
  EXPECT_EQ(state("Completed"), CheckoutState::completed);
  EXPECT_EQ(state("Suspended"), CheckoutState::suspended);
  EXPECT_EQ(state("SuspendedRetrieved"), CheckoutState::resumed);
  EXPECT_EQ(state("Voided"), CheckoutState::voided);
  EXPECT_EQ(state("PostVoided"), CheckoutState::voided);
  EXPECT_EQ(state("Totaled"), CheckoutState::total);
  const auto unknown = read(transaction(retail(apple(), " TransactionStatus=\"Bewitched\"")));
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(unknown[0].checkout.error().code, ErrorCode::unknown_value);
  EXPECT_EQ(only(transaction(retail(apple()), " CancelFlag=\"true\"")).state, CheckoutState::voided);
  EXPECT_TRUE(only(transaction(retail(apple()), " TrainingModeFlag=\"true\"")).training);
}

TEST(Poslog, ControlsAreEventsAndOthersAreIgnored) {
  const auto state = [](const std::string& what) {
    return only(transaction("<ControlTransaction><ReasonCode>x</ReasonCode>" + what + "</ControlTransaction>")).state;
  };
  EXPECT_EQ(state("<OperatorSignOn/>"), CheckoutState::sign_on);
  EXPECT_EQ(state("<OperatorSignOff/>"), CheckoutState::sign_off);
  EXPECT_EQ(state("<NoSale>2026-11-20T15:19:11</NoSale>"), CheckoutState::no_sale);
  EXPECT_EQ(state("<BusinessEOD/>"), CheckoutState::day_close);
  EXPECT_EQ(state("<ReprintReceipt/>"), CheckoutState::reprint);
  const auto reader = make_reader(Format::poslog, default_mapping(), defaults());
  const Parsed parsed = reader->read(transaction("<TenderControlTransaction/>") +
                                         transaction("<ControlTransaction><PriceChange/></ControlTransaction>"),
                                     Tail::closed);
  EXPECT_TRUE(parsed.documents.empty());
  EXPECT_EQ(parsed.ignored, 2u);
}

TEST(Poslog, ReturnsAndExchanges) {
  const std::string link =
      "<TransactionLink ReasonCode=\"Return\"><RetailStoreID>9</RetailStoreID><WorkstationID>30</WorkstationID>"
      "<SequenceNumber>5</SequenceNumber><BusinessDayDate>2026-11-19</BusinessDayDate></TransactionLink>";
  const std::string back =
      sale("<ItemID>7</ItemID><ExtendedAmount>6.00</ExtendedAmount><Quantity>3</Quantity>" + link, "", "Return");
  const Checkout returned =
      only(transaction(retail(back + "<LineItem><Tender TenderType=\"Cash\"><Amount>6.00</Amount></Tender></LineItem>"
                                     "<Total TotalType=\"TransactionGrandAmount\">6.00</Total>")));
  EXPECT_EQ(returned.state, CheckoutState::returned);
  EXPECT_EQ(returned.totals.net, -600);
  EXPECT_EQ(returned.tenders[0].amount, -600);
  ASSERT_TRUE(returned.original);
  EXPECT_EQ(returned.original->sequence, 5);
  const Checkout exchanged = only(transaction(retail(back + apple() + apple())));
  EXPECT_EQ(exchanged.state, CheckoutState::exchanged);
  EXPECT_EQ(exchanged.totals.net, 600);
}

TEST(Poslog, AVoidedLineWithItsAmountAsItWasCancelsItself) {
  const Checkout checkout = only(transaction(
      retail(apple() + apple(" VoidFlag=\"true\"") + "<Total TotalType=\"TransactionGrandAmount\">6.00</Total>")));
  EXPECT_EQ(checkout.totals.gross, 600);
  EXPECT_EQ(checkout.lines.size(), 3u);
  EXPECT_EQ(checkout.lines[2].kind, LineKind::voided);
}

TEST(Poslog, DiscountsBeforeAndAfterTheExtendedAmount) {
  const std::string off = "<RetailPriceModifier><Amount Action=\"Subtract\">1.00</Amount></RetailPriceModifier>";
  const auto line = [&](const std::string& extended) {
    return only(transaction(retail(sale("<RegularSalesUnitPrice>2.00</RegularSalesUnitPrice><ExtendedAmount>" +
                                        extended + "</ExtendedAmount><Quantity>3</Quantity>" + off))))
        .lines[0];
  };
  EXPECT_EQ(line("6.00").amount, 600);
  EXPECT_EQ(line("6.00").discount, 100);
  EXPECT_EQ(line("5.00").amount, 600);
  EXPECT_EQ(line("5.00").discount, 100);
  const Checkout bill = only(transaction(retail(
      apple() + "<LineItem><SequenceNumber>2</SequenceNumber><Discount><Amount>0.50</Amount></Discount></LineItem>")));
  EXPECT_EQ(bill.totals.net, 550);
  EXPECT_EQ(bill.lines[1].kind, LineKind::discount);
}

TEST(Poslog, RewardsReachTheirLinesByTheOperatorsSequence) {
  const auto reward = [](const std::string& flags, const std::string& amount, const std::string& reference) {
    return "<LineItem><LoyaltyReward " + flags + "><RewardCategory>Monetary</RewardCategory><ExtendedRewardAmount>" +
           amount + "</ExtendedRewardAmount><OperatorSequenceReference>" + reference +
           "</OperatorSequenceReference></LoyaltyReward></LineItem>";
  };
  const std::string goods =
      sale("<ItemID>7</ItemID><ExtendedAmount>6.00</ExtendedAmount><OperatorSequence>4</OperatorSequence>");
  const Checkout pieces = only(transaction(retail(goods + reward("a:detailedData=\"true\"", "-0.60", "4") +
                                                  reward("a:summarizedActivity=\"true\"", "-0.60", "0"))));
  EXPECT_EQ(pieces.lines[0].discount, 60);
  EXPECT_EQ(pieces.lines.size(), 1u);
  const Checkout sum = only(transaction(retail(goods + reward("a:detailedData=\"true\"", "-0.50", "4") +
                                               reward("a:summarizedActivity=\"true\"", "-0.60", "0"))));
  EXPECT_EQ(sum.totals.discount, 60) << "pieces that do not make up the sum give way to it";
  EXPECT_EQ(sum.lines[1].kind, LineKind::discount);
  const Checkout points = only(transaction(
      retail(goods + "<LineItem><LoyaltyReward><RewardCategory>CustomOffer</RewardCategory><ExtendedRewardAmount>4"
                     "</ExtendedRewardAmount></LoyaltyReward></LineItem>")));
  EXPECT_EQ(points.totals.discount, 0) << "not money";
}

TEST(Poslog, MembersAndNobody) {
  const auto ids = [](const std::string& inside, const std::string& line = "") {
    return only(transaction(retail(apple() + "<LineItem" + line + "><LoyaltyMembership>" + inside +
                                   "</LoyaltyMembership></LineItem>")))
        .customer_ids;
  };
  EXPECT_TRUE(ids("<LoyaltyID>0000000000000000000000000</LoyaltyID><MembershipID>0000</MembershipID>").empty());
  EXPECT_EQ(ids("<LoyaltyID>000000000000000000000</LoyaltyID><MembershipID>42</MembershipID>").at(0).value, "42");
  EXPECT_EQ(ids("<LoyaltyID>0012345678901</LoyaltyID>").at(0).value, "0012345678901")
      << "an ordinary card keeps its zeros";
  EXPECT_EQ(ids("<LoyaltyID>5</LoyaltyID>", " EntryMethod=\"Keyed\"").at(0).proof, Proof::named);
}

TEST(Poslog, StoresAndLanesAreRenamedAndDecimalsRounded) {
  auto mapping = parse_mapping("[stores]\n\"9\" = \"0123\"\n[lanes]\n\"31\" = \"L2\"\n");
  ASSERT_TRUE(mapping.ok());
  const Checkout checkout =
      only(transaction(retail(sale("<ExtendedAmount>28.325300000000002</ExtendedAmount>"))), *mapping);
  EXPECT_EQ(checkout.store_id, "0123");
  EXPECT_EQ(checkout.lane_id, "L2");
  EXPECT_EQ(checkout.lines[0].amount, 2833);
  EXPECT_TRUE(checkout.decimals_rounded);
}

TEST(Poslog, BadOnesAmongGoodOnes) {
  const auto documents = read("<POSLog>\n" + transaction(retail(apple()), "", 1) + "\n" +
                              transaction("<RetailTransaction><broken></RetailTransaction>", "", 2) + "\n" +
                              transaction(retail(sale("<ExtendedAmount>dear</ExtendedAmount>")), "", 3) + "\n" +
                              "<Transaction><RetailStoreID>9</RetailStoreID>\n" +  // the till died here
                              transaction(retail(apple()), "", 5) + "</POSLog>");
  ASSERT_EQ(documents.size(), 5u) << told(documents);
  EXPECT_TRUE(documents[0].checkout.ok());
  EXPECT_EQ(documents[1].checkout.error().code, ErrorCode::bad_format);
  EXPECT_EQ(documents[1].line, 3u);
  EXPECT_EQ(documents[2].checkout.error().field, "LineItem 1: ExtendedAmount");
  EXPECT_EQ(documents[3].line, 5u);
  EXPECT_TRUE(documents[4].checkout.ok());
  EXPECT_EQ(documents[4].checkout->sequence, 5);
}

TEST(Poslog, CommentsCdataAndAttributesHideNothing) {
  const auto documents =
      read("<POSLog><!-- <Transaction> --><![CDATA[</Transaction>]]>" +
           transaction("<!-- </Transaction> -->" + retail(sale("<Description><![CDATA[</Transaction>]]></Description>"
                                                               "<ExtendedAmount>1</ExtendedAmount>",
                                                               " note=\"</Transaction>\""))) +
           "</POSLog>");
  ASSERT_EQ(documents.size(), 1u);
  ASSERT_TRUE(documents[0].checkout.ok()) << told(documents);
  EXPECT_EQ(documents[0].checkout->lines[0].name, "</Transaction>");
}

TEST(Poslog, EntitiesAreNotExpanded) {
  std::string laughs = "<?xml version=\"1.0\"?><!DOCTYPE POSLog [<!ENTITY a0 \"ha\">";
  for (int level = 1; level < 12; ++level) {
    laughs += "<!ENTITY a" + std::to_string(level) + " \"";
    for (int times = 0; times < 10; ++times) laughs += "&a" + std::to_string(level - 1) + ";";
    laughs += "\">";
  }
  laughs += "<!ENTITY outside SYSTEM \"file:///etc/passwd\">]><POSLog>";
  const auto documents = read(laughs +
                              transaction(retail(sale("<Description>&a11;&outside;&amp;</Description>"
                                                      "<ExtendedAmount>1</ExtendedAmount>"))) +
                              "</POSLog>");
  ASSERT_EQ(documents.size(), 1u);
  ASSERT_TRUE(documents[0].checkout.ok());
  EXPECT_EQ(documents[0].checkout->lines[0].name, "&a11;&outside;&");
}

TEST(Poslog, DepthAndSizeAreBounded) {
  std::string deep;
  for (int level = 0; level < 1000; ++level) deep += "<a>";
  for (int level = 0; level < 1000; ++level) deep += "</a>";
  const auto nested = read(transaction(deep) + transaction(retail(apple())));
  ASSERT_EQ(nested.size(), 2u);
  EXPECT_EQ(nested[0].checkout.error().code, ErrorCode::too_deep);
  EXPECT_TRUE(nested[1].checkout.ok());
  const std::string long_text = "<Note>" + std::string(2 * kMaxDocument, 'x') + "</Note>";
  for (std::size_t chunk : {std::size_t{1} << 30, std::size_t{100'000}}) {
    const std::string bytes = "<POSLog>" + transaction(long_text) + transaction(retail(apple())) + "</POSLog>";
    std::vector<std::size_t> cuts;
    for (std::size_t cut = chunk; cut < bytes.size(); cut += chunk) cuts.push_back(cut);
    const auto large = read_in_pieces(Format::poslog, default_mapping(), bytes, cuts);
    ASSERT_EQ(large.size(), 2u);
    EXPECT_EQ(large[0].checkout.error().code, ErrorCode::out_of_range);
    EXPECT_TRUE(large[1].checkout.ok());
  }
}

TEST(Poslog, EncodingsAndInvalidUtf8) {
  const std::string latin =
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><POSLog>" +
      transaction(retail(sale("<Description>Caf\xE9</Description><ExtendedAmount>1</ExtendedAmount>"))) + "</POSLog>";
  EXPECT_EQ(read(latin).at(0).checkout->lines[0].name, "Café");
  const auto invalid = read("<POSLog>" + transaction(retail(sale("<Description>\xC3\x28</Description>"))) +
                            transaction(retail(apple())) + "</POSLog>");
  ASSERT_EQ(invalid.size(), 2u);
  EXPECT_EQ(invalid[0].checkout.error().code, ErrorCode::invalid_utf8);
  EXPECT_TRUE(invalid[1].checkout.ok());
}

}  // namespace
}  // namespace tillside::journal::testing
