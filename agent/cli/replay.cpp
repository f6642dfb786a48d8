#include "agent/cli/replay.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/cli/journal_input.h"
#include "agent/cli/terminal.h"
#include "agent/domain/checkout_json.h"
#include "agent/platform/zones.h"

namespace tillside::cli {
namespace {

using nlohmann::json;

class Replay {
 public:
  Replay(LocalClient& agent, const ReplayOrder& order, const StoreZone& zone)
      : agent_(agent), order_(order), zone_(zone) {}

  // false: the agent is gone, stop.
  bool take(journal::Document&& document) {
    ++position_;
    if (position_ < order_.from || position_ > order_.to) return true;
    ++tally.documents;
    if (!document.checkout) {
      ++tally.unreadable;
      note(document.line, document.checkout.error());
      return true;
    }
    tally.last_at = format_time(document.checkout->occurred_at, zone_);
    if (tally.first_at.empty()) tally.first_at = tally.last_at;
    return deliver(std::move(*document.checkout), document.line);
  }

  ReplayTally tally;
  std::optional<Error> gone;

 private:
  bool deliver(Checkout checkout, std::uint64_t line) {
    const bool sale = is_sale(checkout);
    const bool paid = checkout.state == CheckoutState::completed || checkout.state == CheckoutState::exchanged;
    if (order_.advise && sale && !ask_advice(checkout)) return false;
    const char* path = paid                      ? "/v1/checkouts/complete"
                       : is_undo(checkout.state) ? "/v1/checkouts/reverse"
                                                 : "/v1/checkouts/event";
    auto answer = agent_.post(path, write_checkout(checkout, zone_), order_.as_live);
    if (!answer) {
      gone = answer.error();
      return false;
    }
    count(checkout, *answer, sale, paid, line);
    return true;
  }

  static bool is_undo(CheckoutState state) {
    return state == CheckoutState::voided || state == CheckoutState::returned;
  }

  bool ask_advice(Checkout& checkout) {
    Checkout at_total = checkout;
    at_total.state = CheckoutState::total;
    at_total.tenders.clear();
    auto answer = agent_.post("/v1/checkouts/advise", write_checkout(at_total, zone_), order_.as_live);
    if (!answer) {
      gone = answer.error();
      return false;
    }
    const json advice = json::parse(answer->body, nullptr, false);
    if (answer->status != 200 || !advice.is_object()) return true;
    if (advice.value("showing_id", json()).is_string()) checkout.showing_id = advice["showing_id"].get<std::string>();
    if (advice.contains("join") && advice["join"].is_object()) ++tally.join_codes;
    return true;
  }

  void count(const Checkout& checkout, const LocalAnswer& answer, bool sale, bool paid, std::uint64_t line) {
    if (answer.status == 409) {
      ++tally.conflicts;
    } else if (answer.status != 200) {
      ++tally.refused;
      const Problem problem = problem_of(answer);
      note(line, {ErrorCode::refused, problem.field, problem.what});
      return;
    }
    if (answer.duplicate) {
      ++tally.duplicates;
      return;
    }
    if (answer.status != 200) return;
    if (sale) {
      ++tally.sales;
      tally.net += checkout.totals.net;
      if (!checkout.customer_ids.empty()) ++tally.sales_with_customer;
    } else if (paid) {
      ++tally.worthless;
    } else if (is_undo(checkout.state)) {
      ++tally.reversals;
      tally.reversed += checkout.totals.net;
    } else {
      ++tally.lane_events;
    }
    count_outcome(answer.body, sale);
  }

  void count_outcome(const std::string& body, bool sale) {
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object()) return;
    for (const json& flag : answer.value("flags", json::array())) {
      ++tally.flags[flag.get<std::string>()];
      if (flag == "unknown_original") ++tally.unknown_originals;
    }
    count_coupons(answer);
    tally.revoked += answer.value("revoked", json::array()).size();
    for (const json& one : answer.value("not_earned", json::array())) ++tally.not_earned[one.value("reason", "")];
    if (sale && answer.contains("verdict")) ++tally.verdicts[verdict_name(answer["verdict"])];
  }

  void count_coupons(const json& answer) {
    const json coupons = answer.value("coupons", json::array());
    tally.coupons += coupons.size();
    for (const json& coupon : coupons) ++tally.coupons_by_campaign[std::to_string(coupon.value("campaign", 0))];
    if (coupons.size() == 1 && tally.example.empty()) tally.example = answer.value("identity", "");
  }

  static std::string verdict_name(const json& verdict) {
    std::string status = verdict.value("status", "");
    if (status != "member") return status;
    return verdict.value("here", json()) == true ? "member_here" : "member_elsewhere";
  }

  struct Problem {
    std::string field, what;
  };
  static Problem problem_of(const LocalAnswer& answer) {
    const json problem = json::parse(answer.body, nullptr, false);
    if (!problem.is_object()) return {{}, fmt::format("HTTP {}", answer.status)};
    return {problem.value("field", ""), problem.value("title", "") + " " + problem.value("detail", "")};
  }

  void note(std::uint64_t line, const Error& error) {
    if (tally.problems.size() >= 20) return;
    tally.problems.push_back(fmt::format("{} {}: {} {}", say("行", "line"), line, error.field, error.detail));
  }

  LocalClient& agent_;
  const ReplayOrder& order_;
  const StoreZone& zone_;
  std::uint64_t position_ = 0;
};

json as_json(const ReplayTally& tally) {
  return {{"documents", tally.documents},
          {"sales", tally.sales},
          {"sales_with_customer", tally.sales_with_customer},
          {"reversals", tally.reversals},
          {"worthless", tally.worthless},
          {"lane_events", tally.lane_events},
          {"duplicates", tally.duplicates},
          {"conflicts", tally.conflicts},
          {"refused", tally.refused},
          {"unreadable", tally.unreadable},
          {"unknown_originals", tally.unknown_originals},
          {"coupons", tally.coupons},
          {"revoked", tally.revoked},
          {"join_codes", tally.join_codes},
          {"net", tally.net},
          {"reversed", tally.reversed},
          {"coupons_by_campaign", tally.coupons_by_campaign},
          {"example", tally.example},
          {"first_at", tally.first_at},
          {"last_at", tally.last_at},
          {"verdicts", tally.verdicts},
          {"not_earned", tally.not_earned},
          {"flags", tally.flags},
          {"problems", tally.problems}};
}

void print(const ReplayTally& tally) {
  const auto row = [](const char* zh, const char* en, std::uint64_t count) {
    fmt::print("  {:<12} {}\n", count, say(zh, en));
  };
  row("份单据", "documents", tally.documents);
  row("笔销售", "sales", tally.sales);
  row("笔报了会员", "sales with a customer", tally.sales_with_customer);
  row("笔退货或作废", "reversals", tally.reversals);
  row("份零金额单据（不算销售）", "documents worth nothing (no sale)", tally.worthless);
  row("份其他事件", "other events", tally.lane_events);
  row("张优惠券", "coupons issued", tally.coupons);
  row("张优惠券作废", "coupons revoked", tally.revoked);
  row("份以前收过（无害）", "taken before (harmless)", tally.duplicates);
  row("份内容冲突（两份都留）", "conflicts (both kept)", tally.conflicts);
  row("份没有收下", "not taken", tally.refused + tally.unreadable);
  for (const std::string& problem : tally.problems) fmt::print(stderr, "  {}\n", problem);
}

// Where file and mapping say nothing, the till's own store, currency and zone.
Status take_shop(LocalClient& agent, JournalInput& input) {
  auto answer = agent.get("/v1/status");
  if (!answer) return answer.error();
  const json status = json::parse(answer->body, nullptr, false);
  if (answer->status != 200 || !status.is_object())
    return Error{ErrorCode::unavailable, {}, "the agent gives no status"};
  input.store_id = status.value("store_id", "");
  auto currency = currency_of(status.value("currency", "CNY"));
  if (!currency) return currency.error();
  input.currency = *currency;
  auto zone = load_zone(status.value("zone", "Asia/Shanghai"));
  if (!zone) return zone.error();
  input.zone = std::move(*zone);
  return {};
}

}  // namespace

int replay(LocalClient& agent, const ReplayOrder& order) {
  JournalInput input;
  input.lane_id = order.lane;
  if (Status shop = take_shop(agent, input); !shop) return complain(shop.error());
  if (Status mapping = input.take_mapping(order.mapping); !mapping) return complain(mapping.error());

  Replay run(agent, order, input.zone);
  for (const auto& file : order.files) {
    auto counts = journal::read_all(file, input.mapping, input.defaults(),
                                    [&](journal::Document&& document) { return run.take(std::move(document)); });
    if (!counts) return complain(counts.error());
    if (run.gone) return complain(*run.gone);
  }
  if (order.json) {
    fmt::print("{}\n", as_json(run.tally).dump(2));
  } else {
    print(run.tally);
  }
  return run.tally.refused + run.tally.unreadable > 0 ? kPartly : kDone;
}

}  // namespace tillside::cli
