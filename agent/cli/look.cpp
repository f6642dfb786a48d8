#include "agent/cli/look.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/cli/journal_input.h"
#include "agent/cli/terminal.h"
#include "agent/config.h"
#include "agent/domain/checkout_json.h"
#include "agent/platform/zones.h"

namespace tillside::cli {
namespace {

std::string money(Minor amount, const Currency& currency) {
  std::int64_t unit = 1;
  for (int digit = 0; digit < currency.exponent; ++digit) unit *= 10;
  const std::string sign = amount < 0 ? "-" : "";
  const std::int64_t size = amount < 0 ? -amount : amount;
  if (currency.exponent == 0) return sign + std::to_string(size);
  return fmt::format("{}{}.{:0{}}", sign, size / unit, size % unit, currency.exponent);
}

class Look {
 public:
  Look(const ReplayOrder& order, const StoreZone& zone) : order_(order), zone_(zone) {}

  bool take(const journal::Document& document) {
    ++position_;
    if (position_ < order_.from || position_ > order_.to) return position_ <= order_.to;
    if (document.checkout) {
      show(*document.checkout);
    } else {
      refuse(document.line, document.checkout.error());
    }
    return ++shown_ < order_.first;
  }

  bool partly() const { return bad_ > 0; }
  bool enough() const { return shown_ >= order_.first; }
  std::uint64_t shown() const { return shown_; }

 private:
  void refuse(std::uint64_t line, const Error& error) {
    ++bad_;
    if (order_.json) {
      const nlohmann::json problem = {{"error", name_of(error.code)}, {"field", error.field}, {"detail", error.detail}};
      fmt::print("{}\n", problem.dump());
      return;
    }
    const std::string where = line > 0 ? fmt::format("{} {}: ", say("行", "line"), line) : std::string();
    fmt::print("{:>4}  {}  {}{} {} {}\n", position_, say("读不懂", "unreadable"), where, name_of(error.code),
               error.field, error.detail);
  }

  void show(const Checkout& checkout) {
    if (order_.json) {
      fmt::print("{}\n", write_checkout(checkout, zone_));
      return;
    }
    fmt::print("{:>4}  {}  {}  {} #{}  {}  {} {}  {} {}\n", position_, format_time(checkout.occurred_at, zone_),
               checkout.store_id.empty() ? "-" : checkout.store_id, checkout.lane_id.empty() ? "-" : checkout.lane_id,
               checkout.sequence != 0 ? std::to_string(checkout.sequence) : checkout.checkout_id,
               name_of(checkout.state), checkout.lines.size(), say("行", "lines"),
               money(checkout.totals.net, checkout.currency), checkout.currency.text());
    for (const Line& line : checkout.lines)
      fmt::print("        {:<9} {} {}  {} x {}  {}\n", name_of(line.kind), line.sku, line.name,
                 fmt::format("{:.3f}", static_cast<double>(line.quantity) / 1000),
                 money(line.unit_price, checkout.currency), money(line.amount - line.discount, checkout.currency));
    std::string paid;
    for (const Tender& tender : checkout.tenders)
      paid += fmt::format("  {} {}", name_of(tender.type), money(tender.amount, checkout.currency));
    for (const CustomerId& id : checkout.customer_ids)
      paid += fmt::format("  [{} {}]", name_of(id.type), name_of(id.proof));
    if (!paid.empty()) fmt::print("      {}\n", paid);
    judge(checkout);
  }

  // What the agent would say of it.
  void judge(const Checkout& checkout) {
    const auto flags = validate(checkout, checkout.currency);
    if (!flags) {
      ++bad_;
      fmt::print("        ! {} {} {}\n", say("不会收", "would be refused"), flags.error().field, flags.error().detail);
      return;
    }
    for (const Flag flag : *flags) fmt::print("        ? {}\n", name_of(flag));
  }

  const ReplayOrder& order_;
  const StoreZone& zone_;
  std::uint64_t position_ = 0, shown_ = 0, bad_ = 0;
};

Result<std::uint64_t> look_at_database(const ReplayOrder& order, JournalInput& input, Look& look) {
  auto config = load_config(order.database);
  if (!config) return config.error();
  auto setup = journal::set_up_database(config->database);
  if (!setup) return setup.error();
  if (!setup->door.mapping.zone.empty()) {
    auto zone = load_zone(setup->door.mapping.zone);
    if (!zone) return zone.error();
    input.zone = std::move(*zone);
  }
  const std::string lane = order.lane.empty() ? setup->door.defaults.lane_id : order.lane;
  setup->door.defaults = input.defaults();
  setup->door.defaults.lane_id = lane;
  const auto rows = journal::make_helper_rows(std::move(setup->helper));
  const std::size_t most = order.from - 1 + order.first;
  const Status looked =
      journal::look_at(*rows, setup->door, most, [&](const journal::Document& document) { look.take(document); });
  if (!looked) return looked.error();
  return look.shown();
}

}  // namespace

int look(const ReplayOrder& order) {
  JournalInput input;
  input.lane_id = order.lane;
  input.currency = *currency_of("CNY");
  if (Status taken = input.take_mapping(order.mapping); !taken) return complain(taken.error());
  Look one(order, input.zone);
  if (!order.database.empty()) {
    const auto shown = look_at_database(order, input, one);
    if (!shown) return complain(shown.error());
  }
  for (const auto& file : order.files) {
    if (one.enough()) break;
    auto read = journal::read_all(file, input.mapping, input.defaults(),
                                  [&](journal::Document&& document) { return one.take(document); });
    if (!read) return complain(read.error());
  }
  if (!order.json)
    fmt::print("{}\n",
               fmt::format(fmt::runtime(say("看了 {} 份，什么都没有送", "{} documents shown, nothing handed in")),
                           one.shown()));
  return one.partly() ? kPartly : kDone;
}

}  // namespace tillside::cli
