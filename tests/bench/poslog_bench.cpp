// A POSLog read into checkouts against the same bytes merely parsed by pugixml, turn by turn in one run.
//   tillside_bench_poslog
// The journal is made up: weighed goods, promotions, members, rewards, split tenders, change, returns with links.
#include <cstdio>
#include <ctime>
#include <pugixml.hpp>
#include <sstream>

#include "pos_adapter/journal/replay.h"
#include "tests/bench/statistics.h"

namespace {

using namespace tillside;

constexpr int kTransactions = 2000, kRounds = 21;

std::string price(int minor) {
  std::string digits = std::to_string(minor % 100);
  return std::to_string(minor / 100) + (digits.size() < 2 ? ".0" : ".") + digits;
}

void add_item(std::string& out, int line, int number, bool returned) {
  const int unit = 120 + (number * 37 + line * 911) % 8800, off = line % 4 == 0 ? unit / 10 : 0;
  const std::string kind = returned ? "Return" : "Sale",
                    sku = std::to_string(6900000000000LL + number % 997 * 13 + line);
  out += R"(<LineItem EntryMethod="Scanned"><SequenceNumber>)" + std::to_string(line) + "</SequenceNumber><" + kind +
         R"( ItemType="Stock"><POSIdentity POSIDType="GTIN"><POSItemID>)" + sku +
         "</POSItemID><Qualifier>17</Qualifier></POSIdentity><ItemID>" + sku +
         R"(</ItemID><MerchandiseHierarchy Level="Department">17</MerchandiseHierarchy><Description>洛川红富士 )" +
         std::to_string(line) + "</Description><RegularSalesUnitPrice>" + price(unit) +
         "</RegularSalesUnitPrice><ExtendedAmount>" + price(unit - off) + "</ExtendedAmount><Quantity>1</Quantity>";
  if (off != 0)
    out +=
        R"(<RetailPriceModifier MethodCode="Promotion"><SequenceNumber>1</SequenceNumber><Amount Action="Subtract">)" +
        price(off) + "</Amount><PromotionID>P7</PromotionID></RetailPriceModifier>";
  if (returned)
    out += R"(<TransactionLink ReasonCode="Return"><WorkstationID>11</WorkstationID><BusinessDayDate>2026-11-20)"
           "</BusinessDayDate><SequenceNumber>5</SequenceNumber></TransactionLink>";
  out += "</" + kind + "></LineItem>";
}

void add_transaction(std::string& out, int number) {
  const std::string time = "2026-11-21T1" + std::to_string(number % 10) + ":02:54";
  out += "<Transaction><RetailStoreID>0123</RetailStoreID><WorkstationID>11</WorkstationID><SequenceNumber>" +
         std::to_string(number) + "</SequenceNumber><BusinessDayDate>2026-11-21</BusinessDayDate><EndDateTime>" + time +
         R"(</EndDateTime><OperatorID OperatorName="Lane 11">E1007</OperatorID><CurrencyCode>CNY</CurrencyCode>)"
         R"(<RetailTransaction Version="2.1">)";
  const bool returned = number % 25 == 0;
  const int items = returned ? 1 : 3 + number % 5;
  for (int line = 1; line <= items; ++line) add_item(out, line, number, returned);
  if (number % 3 == 0)
    out +=
        R"(<LineItem><LoyaltyMembership><LoyaltyID>0000000000000000009000111</LoyaltyID></LoyaltyMembership></LineItem>)";
  out += R"(<LineItem><SequenceNumber>90</SequenceNumber><Tender TenderType="Cash" TypeCode=")" +
         std::string(returned ? "Refund" : "Sale") +
         "\"><Amount>500.00</Amount><TenderChange><Amount>12.00</Amount></TenderChange></Tender></LineItem>"
         R"(<Total TotalType="TransactionTaxAmount">0.00</Total></RetailTransaction></Transaction>)"
         "\n";
}

std::string made_up_journal() {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<POSLog>\n";
  for (int number = 1; number <= kTransactions; ++number) add_transaction(out, number);
  return out + "</POSLog>\n";
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class Work>
double seconds_of(Work work) {
  const double begin = cpu_seconds();
  work();
  return cpu_seconds() - begin;
}

void parse_only(const std::string& journal) {
  pugi::xml_document document;
  if (!document.load_buffer(journal.data(), journal.size(), pugi::parse_default, pugi::encoding_utf8)) std::abort();
}

void read_checkouts(std::istream& in) {
  const StoreZone zone;
  journal::Defaults defaults;
  defaults.zone = &zone;
  std::uint64_t lines = 0;
  const auto counts = journal::read_all(in, journal::default_mapping(), defaults, [&](journal::Document&& document) {
    if (!document.checkout) std::abort();
    lines += document.checkout->lines.size();
    return true;
  });
  if (!counts || counts->checkouts != kTransactions || lines < 3 * kTransactions) std::abort();
}

}  // namespace

int main() {
  const std::string journal = made_up_journal();
  std::istringstream in(journal);
  const double mb = static_cast<double>(journal.size()) / 1e6;
  std::vector<double> ratios, ours, floor;
  for (int round = -2; round < kRounds; ++round) {
    const double parsing = seconds_of([&] { parse_only(journal); });
    in.clear();
    in.seekg(0);
    const double reading = seconds_of([&] { read_checkouts(in); });
    if (round < 0) continue;  // warm-up
    ratios.push_back(parsing / reading), ours.push_back(mb / reading), floor.push_back(mb / parsing);
  }
  std::printf(
      R"({"poslog_mb_per_s_vs_pugixml_parse":%.3f,"poslog_mb_per_s":%.1f,"pugixml_mb_per_s":%.1f,"poslog_mb":%.1f})"
      "\n",
      bench::median(ratios), bench::median(ours), bench::median(floor), mb);
  return 0;
}
