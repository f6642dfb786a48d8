#include "agent/cli/printer_talk.h"

#include <fmt/format.h>

#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/domain/checkout_json.h"
#include "agent/platform/zones.h"
#include "pos_adapter/escpos/walker.h"

namespace tillside::cli {
namespace {

using escpos::Certainty;
using escpos::Reading;
using escpos::SlipKind;
using nlohmann::json;

std::string in_path(std::string_view text) {
  std::string out;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    const bool plain = std::isalnum(byte) != 0 || std::string_view("-_.~:").find(character) != std::string_view::npos;
    out += plain ? std::string(1, character) : fmt::format("%{:02X}", byte);
  }
  return out;
}

std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const json& list_in(const json& object, const char* key) {
  static const json none = json::array();
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : none;
}

const char* path_of(CheckoutState state) {
  switch (state) {
    case CheckoutState::completed:
    case CheckoutState::exchanged:
      return "/v1/checkouts/complete";
    case CheckoutState::voided:
    case CheckoutState::returned:
      return "/v1/checkouts/reverse";
    default:
      return "/v1/checkouts/event";
  }
}

bool has_coupons(const json& answer) {
  const auto taken = answer.find("taken_back");
  return !list_in(answer, "coupons").empty() || !list_in(answer, "restored").empty() ||
         (taken != answer.end() && taken->is_object() && !list_in(*taken, "restored").empty());
}

}  // namespace

PrinterTalk::PrinterTalk(AgentLine& agent, const escpos::TemplateBook& book, TalkSettings settings,
                         std::function<Instant()> now)
    : agent_(agent), book_(book), settings_(std::move(settings)), now_(std::move(now)) {}

bool PrinterTalk::warm_up() {
  if (shop_) return true;
  if (!std::exchange(warm_, true)) book_.warm_up();
  const auto answer = agent_.get("/v1/shop");
  if (!answer || answer->status != 200) return false;
  const json shop = json::parse(answer->body, nullptr, false);
  if (!shop.is_object() || !shop.value("enrolled", false)) return false;
  ShopFacts facts;
  facts.store_id = text_in(shop, "store_id");
  const auto currency = currency_of(text_in(shop.value("currency", json::object()), "code"));
  auto zone = load_zone(text_in(shop, "time_zone"));
  if (!currency || !zone) return false;
  facts.currency = *currency;
  facts.zone = std::move(*zone);
  shop_ = std::move(facts);
  return true;
}

Reading PrinterTalk::read(const escpos::PaperReceipt& receipt, Instant at) const {
  const escpos::ReceiptTemplate* only = book_.find(settings_.template_name);
  escpos::PaperText text(only != nullptr ? only->paper : escpos::PaperSettings());
  escpos::Walker walker;
  walker.feed(change(escpos::PrinterState(), receipt.begin), text);
  walker.feed(receipt.bytes, text);
  walker.finish(text);
  const escpos::Paper paper = text.take();
  escpos::ReadingDefaults defaults;
  defaults.store_id = shop_->store_id;
  defaults.lane_id = settings_.lane;
  defaults.currency = shop_->currency;
  defaults.zone = &shop_->zone;
  defaults.now = at;
  return book_.read(paper, defaults, only != nullptr ? settings_.template_name : std::string());
}

Told PrinterTalk::tell(const escpos::PaperReceipt& receipt) {
  Told told;
  const Instant at = now_();
  if (!warm_up()) {
    told.what = "no_agent";
    told.untold = Untold{{}, {}, receipt, at};
    return told;
  }
  Reading reading = read(receipt, at);
  const bool pause = receipt.end == escpos::ReceiptEnd::idle;
  if (pause && reading.certainty != Certainty::sure && (!reading.checkout || reading.certainty == Certainty::unsure)) {
    told.answer.goes_on = true;
    told.what = "goes_on";
    return told;
  }
  switch (reading.certainty) {
    case Certainty::sure:
      return sell(std::move(*reading.checkout));
    case Certainty::unsure:
      told = invite(reading.checkout);
      for (const escpos::Doubt doubt : reading.doubts) told.what += std::string(" ") + escpos::name_of(doubt);
      if (reading.refusal) told.what += " " + reading.refusal->field;
      return told;
    case Certainty::not_a_sale:
      break;
  }
  if (reading.checkout) return note(*reading.checkout);
  told.what = "not_a_sale";
  return told;
}

std::string PrinterTalk::json_of(const Checkout& checkout) const { return write_checkout(checkout, shop_->zone); }

// The sale as it stood before it was paid: for the verdict and a showing of its own. Without one it is sold all the
// same.
std::string PrinterTalk::advised(Checkout checkout) {
  checkout.state = CheckoutState::total;
  checkout.tenders.clear();
  const auto answer = agent_.post("/v1/checkouts/advise", json_of(checkout));
  if (!answer || answer->status != 200) return {};
  const json advice = json::parse(answer->body, nullptr, false);
  return advice.is_object() ? text_in(advice, "showing_id") : std::string();
}

Told PrinterTalk::sell(Checkout checkout) {
  Told told;
  told.what = "sale";
  const char* path = path_of(checkout.state);
  if (is_sale(checkout)) checkout.showing_id = advised(checkout);
  std::string document = json_of(checkout);
  const auto answer = agent_.post(path, document);
  if (!answer || answer->status >= 500) {
    told.untold = Untold{path, std::move(document)};
    told.what = "no_agent";
    return told;
  }
  const json body = answer->status == 200 ? json::parse(answer->body, nullptr, false) : json();
  if (!body.is_object()) {
    told.what = answer->status == 409 ? "conflict" : "refused";
    return told;
  }
  const std::string identity = text_in(body, "identity");
  if (answer->duplicate) told.what = "again";
  if (answer->duplicate && has_coupons(body) && !may_be_printed_again(answer->body)) return told;
  told.answer.block = block_of(identity);
  if (has_coupons(body)) told.identity = identity;
  return told;
}

// A receipt that is printed once more bears its coupons once more, as long as they hold: not those that were revoked
// because they had not come out, nor those spent since.
bool PrinterTalk::may_be_printed_again(std::string_view body) {
  const json answer = json::parse(body, nullptr, false);
  for (const char* list : {"coupons", "restored"}) {
    for (const json& coupon : list_in(answer, list)) {
      const auto checked = agent_.post("/v1/coupons/check", json{{"code", text_in(coupon, "url")}}.dump());
      if (!checked || checked->status != 200) return false;
      if (text_in(json::parse(checked->body, nullptr, false), "state") != "free") return false;
    }
  }
  return true;
}

std::string PrinterTalk::block_of(const std::string& identity) {
  auto answer = agent_.get("/v1/checkouts/" + in_path(identity) + "/receipt?join=1&format=" + format());
  return answer && answer->status == 200 ? std::move(answer->body) : std::string();
}

Told PrinterTalk::note(const Checkout& checkout) {
  Told told;
  told.what = "event";
  const char* path = path_of(checkout.state);
  std::string document = json_of(checkout);
  const auto answer = agent_.post(path, document);
  if (!answer || answer->status >= 500) told.untold = Untold{path, std::move(document)};
  return told;
}

// Nothing of value, and nothing recorded: a showing with its join code.
Told PrinterTalk::invite(const std::optional<Checkout>& read) {
  Told told;
  told.what = "unsure";
  if (!settings_.join_when_unsure || (read && is_reversal(*read))) return told;  // a refund invites nobody
  Checkout checkout = read.value_or(Checkout());
  if (!read) {
    checkout.store_id = shop_->store_id;
    checkout.currency = shop_->currency;
    checkout.lane_id = settings_.lane;
    checkout.occurred_at = now_();
    checkout.business_date = shop_->zone.date(checkout.occurred_at);
    checkout.source = {"print", {}, Confidence::parsed};
  }
  const std::string showing = advised(std::move(checkout));
  if (showing.empty()) return told;
  const auto symbol = agent_.get("/v1/qr?showing=" + in_path(showing) + "&words=1&format=" + format());
  if (symbol && symbol->status == 200) told.answer.block = "\n" + symbol->body + "\n";
  return told;
}

std::optional<std::string> PrinterTalk::tell_again(const Untold& untold) {
  if (untold.receipt) {
    if (!warm_up()) return std::nullopt;
    const Reading reading = read(*untold.receipt, untold.at);
    if (!reading.checkout || reading.certainty == Certainty::unsure) return std::string();
    return tell_again({path_of(reading.checkout->state), json_of(*reading.checkout)});
  }
  const auto answer = agent_.post(untold.path, untold.json);
  if (!answer || answer->status >= 500) return std::nullopt;
  const json body = json::parse(answer->body, nullptr, false);
  return body.is_object() && has_coupons(body) ? text_in(body, "identity") : std::string();
}

bool PrinterTalk::take_back(const std::string& identity) {
  const auto answer = agent_.post("/v1/checkouts/" + in_path(identity) + "/not_printed", "{}");
  return answer && answer->status < 500;
}

}  // namespace tillside::cli
