// A POSLog in pieces, as the tests write it.
#pragma once

#include <string>
#include <vector>

#include "tests/pos_adapter/journal/support.h"

namespace tillside::journal::testing {

inline std::string transaction(const std::string& inside, const std::string& attributes = "", int number = 7) {
  return "<Transaction" + attributes +
         "><RetailStoreID>9</RetailStoreID><WorkstationID>31</WorkstationID><SequenceNumber>" + std::to_string(number) +
         "</SequenceNumber><BusinessDayDate>2026-11-20</BusinessDayDate><EndDateTime>2026-11-20T15:15:25</EndDateTime>"
         "<OperatorID>91</OperatorID><CurrencyCode>CNY</CurrencyCode>" +
         inside + "</Transaction>";
}

inline std::string retail(const std::string& inside, const std::string& attributes = "") {
  return "<RetailTransaction" + attributes + ">" + inside + "</RetailTransaction>";
}

inline std::string sale(const std::string& inside, const std::string& line = "", const std::string& item = "Sale") {
  return "<LineItem" + line + "><SequenceNumber>1</SequenceNumber><" + item + ">" + inside + "</" + item +
         "></LineItem>";
}

inline std::string apple(const std::string& line = "", const std::string& item = "Sale") {
  return sale(
      "<ItemID>7</ItemID><RegularSalesUnitPrice>2.00</RegularSalesUnitPrice><ExtendedAmount>6.00</ExtendedAmount>"
      "<Quantity>3</Quantity>",
      line, item);
}

inline std::vector<Document> read(const std::string& bytes, const Mapping& mapping = default_mapping()) {
  return read_in_pieces(Format::poslog, mapping, bytes);
}

inline Checkout only(const std::string& bytes, const Mapping& mapping = default_mapping()) {
  const auto documents = read("<POSLog>" + bytes + "</POSLog>", mapping);
  if (documents.size() != 1 || !documents[0].checkout.ok()) {
    ADD_FAILURE() << told(documents);
    return {};
  }
  const auto flags = validate(*documents[0].checkout, documents[0].checkout->currency);
  EXPECT_TRUE(flags.ok()) << flags.error().field << " " << flags.error().detail;
  return *documents[0].checkout;
}

inline std::string tender(const std::string& inside, const std::string& type = "Cash", const std::string& more = "") {
  return "<LineItem><Tender TenderType=\"" + type + "\"" + more + ">" + inside + "</Tender></LineItem>";
}

inline std::string total(const std::string& amount, const std::string& type = "TransactionGrandAmount") {
  return "<Total TotalType=\"" + type + "\">" + amount + "</Total>";
}

}  // namespace tillside::journal::testing
