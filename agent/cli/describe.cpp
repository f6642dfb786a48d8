#include "agent/cli/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "agent/cli/journal_input.h"
#include "agent/cli/terminal.h"

namespace tillside::cli {
namespace {

using nlohmann::json;

struct StoreFacts {
  std::string store_id;
  Currency currency;
  std::uint64_t documents = 0;
  std::set<std::string> lanes, dates;
};

struct FileFacts {
  std::uint64_t documents = 0, unreadable = 0, sales = 0, reversals = 0;
  std::vector<StoreFacts> stores;
  std::string zone;  // named by the mapping
  std::set<std::string> formats;

  void take(const journal::Document& document) {
    ++documents;
    if (!document.checkout) {
      ++unreadable;
      return;
    }
    const Checkout& checkout = *document.checkout;
    sales += is_sale(checkout) ? 1 : 0;
    reversals += is_reversal(checkout) ? 1 : 0;
    StoreFacts& store = store_of(checkout);
    ++store.documents;
    store.lanes.insert(checkout.lane_id);
    store.dates.insert(format_date(checkout.business_date));
  }

 private:
  StoreFacts& store_of(const Checkout& checkout) {
    const auto same = [&](const StoreFacts& one) {
      return one.store_id == checkout.store_id && one.currency.text() == checkout.currency.text();
    };
    const auto found = std::find_if(stores.begin(), stores.end(), same);
    if (found != stores.end()) return *found;
    stores.push_back({checkout.store_id, checkout.currency, 0, {}, {}});
    return stores.back();
  }
};

json as_json(const FileFacts& facts) {
  json stores = json::array();
  for (const StoreFacts& store : facts.stores) {
    stores.push_back({{"store_id", store.store_id},
                      {"currency", std::string(store.currency.text())},
                      {"exponent", store.currency.exponent},
                      {"documents", store.documents},
                      {"lanes", store.lanes},
                      {"business_dates", store.dates}});
  }
  return {{"documents", facts.documents},
          {"unreadable", facts.unreadable},
          {"sales", facts.sales},
          {"reversals", facts.reversals},
          {"formats", facts.formats},
          {"zone", facts.zone.empty() ? json() : json(facts.zone)},
          {"stores", stores}};
}

void print(const FileFacts& facts) {
  fmt::print("{}\n", fmt::format(fmt::runtime(say("{} 份单据，{} 笔销售，{} 笔退货或作废，{} 份读不懂",
                                                  "{} documents: {} sales, {} reversals, {} unreadable")),
                                 facts.documents, facts.sales, facts.reversals, facts.unreadable));
  for (const StoreFacts& store : facts.stores) {
    fmt::print("{}\n", fmt::format(fmt::runtime(say("门店 {}：{} 份，{}，{} 个款台，{} 个营业日",
                                                    "store {}: {} documents, {}, {} lanes, {} business dates")),
                                   store.store_id.empty() ? "-" : store.store_id, store.documents,
                                   store.currency.text(), store.lanes.size(), store.dates.size()));
  }
}

}  // namespace

int describe(const ReplayOrder& order) {
  JournalInput input;
  input.lane_id = order.lane;
  input.currency = *currency_of("CNY");
  if (Status taken = input.take_mapping(order.mapping); !taken) return complain(taken.error());
  FileFacts facts;
  facts.zone = input.mapping.zone;
  for (const auto& file : order.files) {
    auto read = journal::read_all(file, input.mapping, input.defaults(), [&](journal::Document&& document) {
      facts.take(document);
      return true;
    });
    if (!read) return complain(read.error());
    facts.formats.insert(journal::name_of(read->format));
  }
  std::sort(facts.stores.begin(), facts.stores.end(), [](const auto& a, const auto& b) {
    return a.documents != b.documents ? a.documents > b.documents : a.store_id < b.store_id;
  });
  if (order.json) {
    fmt::print("{}\n", as_json(facts).dump(2));
  } else {
    print(facts);
  }
  return facts.unreadable > 0 ? kPartly : kDone;
}

}  // namespace tillside::cli
