// Journals of real tills that nobody of this project wrote. Skipped where they are not.
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "pos_adapter/journal/replay.h"
#include "tests/pos_adapter/journal/support.h"

namespace tillside::journal::testing {
namespace {

struct Tally {
  int sales = 0, reversals = 0, worthless = 0, members = 0, errors = 0, refused = 0, weighed = 0, voided_lines = 0,
      returned_lines = 0, split_tenders = 0, changed = 0;
  std::map<CheckoutState, int> states;
  std::map<std::string, int> flags;
  std::set<std::string> identities;
  Minor net = 0;
};

// What is replayed over the API is a duplicate of what came from the file.
void expect_survives_writing(const Checkout& checkout) {
  static CheckoutReader reader;
  CheckoutReader::Defaults fallback;
  fallback.zone = &utc();
  const auto again = reader.read(write_checkout(checkout, utc()), fallback);
  ASSERT_TRUE(again.ok()) << again.error().field << " " << again.error().detail;
  EXPECT_EQ(identity_of(*again), identity_of(checkout));
  EXPECT_EQ(content_digest(*again, Bytes32{}), content_digest(checkout, Bytes32{})) << checkout.sequence;
}

Tally tally(const std::filesystem::path& path, const Mapping& mapping, const Currency& currency) {
  Tally out;
  const auto counts = read_all(path, mapping, defaults(), [&](Document&& document) {
    if (!document.checkout.ok()) {
      ++out.errors;
      ADD_FAILURE() << document.line << " " << name_of(document.checkout.error().code) << " "
                    << document.checkout.error().field << " " << document.checkout.error().detail;
      return true;
    }
    const Checkout& checkout = *document.checkout;
    const auto flags = validate(checkout, currency);
    if (!flags.ok()) {
      ++out.refused;
      ADD_FAILURE() << checkout.sequence << " " << flags.error().field << " " << flags.error().detail;
      return true;
    }
    for (Flag flag : *flags) ++out.flags[name_of(flag)];
    expect_survives_writing(checkout);
    out.identities.insert(identity_of(checkout));
    ++out.states[checkout.state];
    if (is_sale(checkout)) {
      ++out.sales;
      out.net += checkout.totals.net;
      out.members += checkout.customer_ids.empty() ? 0 : 1;
    }
    out.reversals += is_reversal(checkout) ? 1 : 0;
    out.worthless += checkout.state == CheckoutState::completed && !is_sale(checkout) ? 1 : 0;
    for (const Line& line : checkout.lines) {
      out.weighed += line.quantity % 1000 != 0 ? 1 : 0;
      out.voided_lines += line.kind == LineKind::voided ? 1 : 0;
      out.returned_lines += line.kind == LineKind::returned ? 1 : 0;
    }
    int given = 0;
    for (const Tender& tender : checkout.tenders) given += tender.amount > 0 ? 1 : 0;
    out.split_tenders += given > 1 ? 1 : 0;
    out.changed += given < static_cast<int>(checkout.tenders.size()) ? 1 : 0;
    return true;
  });
  EXPECT_TRUE(counts.ok());
  return out;
}

TEST(RealInputs, NcrDay) {
  if (shared_data().empty()) GTEST_SKIP();
  const auto usd = *currency_of("USD");
  const Tally day = tally(shared_data() / "poslog" / "ncr-acs-42-sales.xml", default_mapping(), usd);
  EXPECT_EQ(day.sales, 42);
  EXPECT_EQ(day.members, 4);
  EXPECT_EQ(day.states.at(CheckoutState::completed), 42);
  EXPECT_EQ(day.states.at(CheckoutState::no_sale), 2);
  EXPECT_EQ(day.states.at(CheckoutState::sign_on), 4);
  EXPECT_EQ(day.states.at(CheckoutState::sign_off), 3);
  EXPECT_EQ(day.identities.size(), 51u);
  EXPECT_EQ(day.voided_lines, 4);
  EXPECT_EQ(day.returned_lines, 1);  // an empty bottle brought back
  EXPECT_EQ(day.changed, 9);         // six got change, three cash back
  EXPECT_GT(day.weighed, 100);
  EXPECT_TRUE(day.flags.empty()) << day.flags.begin()->first << " " << day.flags.begin()->second;
}

TEST(RealInputs, NcrDayInPieces) {
  if (shared_data().empty()) GTEST_SKIP();
  std::ifstream in(shared_data() / "poslog" / "ncr-acs-42-sales.xml", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const std::string whole = told(read_in_pieces(Format::poslog, default_mapping(), bytes));
  for (const std::size_t step : {std::size_t{9'973}, std::size_t{65'536}, std::size_t{300'007}}) {
    std::vector<std::size_t> cuts;
    for (std::size_t cut = step; cut < bytes.size(); cut += step) cuts.push_back(cut);
    EXPECT_EQ(told(read_in_pieces(Format::poslog, default_mapping(), bytes, cuts)), whole) << step;
  }
}

TEST(RealInputs, NcrOneTransaction) {
  if (shared_data().empty()) GTEST_SKIP();
  const auto usd = *currency_of("USD");
  const Tally day = tally(shared_data() / "poslog" / "ncr-acs-small.xml", default_mapping(), usd);
  EXPECT_EQ(day.sales, 1);
  EXPECT_EQ(day.members, 1);
  EXPECT_EQ(day.net, 107);
  EXPECT_TRUE(day.flags.empty());
}

TEST(RealInputs, RetailDays) {
  if (shared_data().empty()) GTEST_SKIP();
  struct Day {
    const char* file;
    int sales, reversals, worthless;
  };
  const auto mapping = load_mapping(source_dir() / "installer/sample_store/online-retail.toml");
  ASSERT_TRUE(mapping.ok()) << mapping.error().field << " " << mapping.error().detail;
  for (const Day& want :
       {Day{"2010-12-01.csv", 127, 6, 10}, Day{"2010-12-02.csv", 142, 23, 2}, Day{"2010-12-03.csv", 68, 7, 33},
        Day{"2010-12-05.csv", 88, 7, 0}, Day{"2010-12-06.csv", 102, 18, 13}}) {
    const Tally day = tally(shared_data() / "online-retail" / want.file, *mapping, *currency_of("GBP"));
    EXPECT_EQ(day.sales, want.sales) << want.file;
    EXPECT_EQ(day.reversals, want.reversals) << want.file;
    EXPECT_EQ(day.worthless, want.worthless) << want.file;
    EXPECT_EQ(day.identities.size(), static_cast<std::size_t>(want.sales + want.reversals + want.worthless));
    EXPECT_TRUE(day.flags.empty()) << want.file << " " << day.flags.begin()->first;
  }
}

}  // namespace
}  // namespace tillside::journal::testing
