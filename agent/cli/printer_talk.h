// What is said to the agent about one receipt, and what to print below it. The slow half of the print door: it waits
// for the agent, on a thread of its own (printer_desk.h).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent/cli/local_client.h"
#include "agent/domain/time.h"
#include "pos_adapter/escpos/paper_desk.h"
#include "pos_adapter/escpos/receipt_template_book.h"

namespace tillside::cli {

// The calls to the agent; a fake in tests.
class AgentLine {
 public:
  virtual ~AgentLine() = default;
  virtual Result<LocalAnswer> get(const std::string& path) = 0;
  virtual Result<LocalAnswer> post(const std::string& path, std::string_view json) = 0;
};

struct TalkSettings {
  std::string lane = {};           // of receipts that name none; a lane belongs to one door
  std::string template_name = {};  // empty: the one that recognises the receipt
  int paper = 80;                  // mm: 58 or 80
  bool join_when_unsure = true;    // print the join code where a receipt could not be read for sure
};

// What the agent could not be told: to be told again.
struct Untold {
  std::string path, json;  // a document
  std::optional<escpos::PaperReceipt> receipt =
      {};           // or paper, not read yet: the agent has not said which shop this is
  Instant at = {};  // when the paper came
};

struct Told {
  escpos::PaperAnswer answer;
  std::string identity;          // of a sale whose coupons stand in the block; empty: nothing that could be taken back
  std::optional<Untold> untold;  // the agent was not there
  std::string what;              // for the log: "sale", "unsure", "not_a_sale", "goes_on", "refused", "no_agent" …
};

// One thread at a time.
class PrinterTalk {
 public:
  // `now` is asked for each receipt. `book` and `agent` must outlive it.
  PrinterTalk(AgentLine& agent, const escpos::TemplateBook& book, TalkSettings settings, std::function<Instant()> now);

  // Builds what reading takes, and asks which shop this is until it is known: the first receipt then waits for neither.
  bool warm_up();
  Told tell(const escpos::PaperReceipt& receipt);

  // Empty: the agent is still not there; else the identity whose coupons are on no paper, or "".
  std::optional<std::string> tell_again(const Untold& untold);
  // The coupons of that sale are on no paper. False: the agent is not there.
  bool take_back(const std::string& identity);

 private:
  struct ShopFacts {
    std::string store_id;
    Currency currency;
    StoreZone zone;
  };
  escpos::Reading read(const escpos::PaperReceipt& receipt, Instant at) const;
  Told sell(Checkout checkout);
  Told note(const Checkout& checkout);
  Told invite(const std::optional<Checkout>& checkout);
  std::string advised(Checkout checkout);
  std::string block_of(const std::string& identity);
  bool may_be_printed_again(std::string_view body);
  std::string json_of(const Checkout& checkout) const;
  std::string format() const { return settings_.paper == 58 ? "escpos58" : "escpos80"; }

  AgentLine& agent_;
  const escpos::TemplateBook& book_;
  const TalkSettings settings_;
  const std::function<Instant()> now_;
  std::optional<ShopFacts> shop_;
  bool warm_ = false;
};

}  // namespace tillside::cli
