#include "agent/cli/printer.h"

#include <thread>

#include "agent/cli/printer_desk.h"
#include "agent/cli/terminal.h"
#include "agent/config.h"
#include "agent/platform/files.h"
#include "agent/platform/log.h"
#include "agent/platform/signals.h"
#include "agent/platform/system_clock.h"
#include "pos_adapter/escpos/line/relay.h"

namespace tillside::cli {
namespace {

constexpr std::string_view kComponent = "printer";

class LocalAgent final : public AgentLine {
 public:
  explicit LocalAgent(Where where) : client_(std::move(where)) {}
  Result<LocalAnswer> get(const std::string& path) override { return client_.get(path); }
  Result<LocalAnswer> post(const std::string& path, std::string_view document) override {
    return client_.post(path, document);
  }

 private:
  LocalClient client_;
};

Where patient(Where where) {
  where.connect_wait = std::chrono::milliseconds(200);
  where.answer_wait = std::chrono::milliseconds(2000);
  return where;
}

Result<PrinterSettings> settings_of(const PrinterWords& words) {
  PrinterSettings settings;
  if (!words.config_file.empty()) {
    auto config = load_config(words.config_file);
    if (!config) return config.error();
    settings = std::move(config->printer);
    log::set_level(config->log_level);
  }
  if (!words.listen.empty()) settings.listen = words.listen;
  if (!words.printer.empty()) settings.printer = words.printer;
  if (!words.lane.empty()) settings.lane = words.lane;
  if (!words.receipt_template.empty()) settings.receipt_template = words.receipt_template;
  if (!words.templates.empty()) settings.templates = words.templates;
  if (words.paper != 0) settings.paper = words.paper;
  if (settings.listen.empty()) settings.listen = "tcp:9100";
  if (settings.printer.empty())
    return Error{ErrorCode::missing_field, "printer", "tcp:HOST:PORT, serial:DEVICE, device:PATH"};
  if (settings.paper != 58 && settings.paper != 80) return Error{ErrorCode::unknown_value, "paper", "58 or 80"};
  return settings;
}

Result<escpos::RelaySettings> relay_settings(const PrinterSettings& settings) {
  escpos::RelaySettings out;
  auto listen = escpos::read_endpoint(settings.listen, true);
  if (!listen) return listen.error();
  auto printer = escpos::read_endpoint(settings.printer, false);
  if (!printer) return printer.error();
  out.listen = std::move(*listen);
  out.printer = std::move(*printer);
  out.passage.cut_wait = std::chrono::milliseconds(settings.cut_wait_ms);
  out.passage.idle_gap = std::chrono::milliseconds(settings.idle_ms);
  out.passage.kick_ends = settings.drawer_ends;
  out.passage.printer.kanji = settings.kanji;
  return out;
}

Status load_templates(const PrinterSettings& settings, escpos::TemplateBook& book) {
  if (!settings.templates.empty()) {
    if (Status done = book.add_folder(settings.templates); !done) return done;
  }
  if (settings.receipt_template.empty() || book.find(settings.receipt_template) != nullptr) return {};
  return Error{ErrorCode::not_found, "printer.template", settings.receipt_template};
}

// The relay, and the thread that talks to the agent. The desk's answers go to the relay and the relay asks the desk.
class Door {
 public:
  Door(const PrinterSettings& settings, const escpos::TemplateBook& book, Where agent)
      : agent_(patient(std::move(agent))),
        talk_(agent_, book,
              {.lane = settings.lane,
               .template_name = settings.receipt_template,
               .paper = settings.paper,
               .join_when_unsure = settings.join_when_unsure},
              [] { return SystemClock().now(); }),
        desk_(
            talk_,
            [this](std::uint64_t number, escpos::PaperAnswer answer) {
              if (escpos::Relay* relay = relay_) relay->answer(number, std::move(answer));
            },
            [](std::string_view what) {
              log::info(kComponent, "receipt", {{"as", std::string(what)}});
            }) {}

  Status open(const escpos::RelaySettings& settings) {
    auto opened = escpos::Relay::open(settings, desk_, [](std::string_view what, const std::string& detail) {
      log::info(kComponent, what, {{"detail", detail}});
    });
    if (!opened) return opened.error();
    owner_ = std::move(*opened);
    relay_ = owner_.get();
    return {};
  }
  ~Door() { relay_ = nullptr; }

  escpos::Relay& relay() { return *owner_; }

 private:
  LocalAgent agent_;
  PrinterTalk talk_;
  std::unique_ptr<escpos::Relay> owner_;  // outlives the desk's thread, which answers it
  std::atomic<escpos::Relay*> relay_{nullptr};
  PrinterDesk desk_;
};

int run(Door& door, const StopSignals& signals) {
  std::thread stopper([&] {
    signals.wait();
    door.relay().stop();
  });
  const Status ended = door.relay().run();
  signals.release();
  stopper.join();
  const escpos::PassageCounts& counts = door.relay().counts();
  log::info(kComponent, "ended",
            {{"receipts", std::to_string(counts.receipts)},
             {"blocks", std::to_string(counts.blocks)},
             {"late", std::to_string(counts.late)},
             {"no_place", std::to_string(counts.no_place)}});
  return ended ? kDone : complain(ended.error());
}

}  // namespace

int printer(const PrinterWords& words, Where agent) {
  const auto settings = settings_of(words);
  if (!settings) return complain(settings.error());
  const auto relay = relay_settings(*settings);
  if (!relay) return complain(relay.error());
  escpos::TemplateBook book;
  if (Status done = load_templates(*settings, book); !done) return complain(done.error());
  book.warm_up();
  const StopSignals signals;  // before any thread begins, so that each inherits the mask
  Door door(*settings, book, std::move(agent));
  if (Status done = door.open(*relay); !done) return complain(done.error());
  if (!words.port_file.empty()) {
    if (Status done = write_private_file(words.port_file, std::to_string(door.relay().port()) + "\n"); !done) {
      return complain(done.error());
    }
  }
  return run(door, signals);
}

}  // namespace tillside::cli
