#include "agent/doctor/examine_printer.h"

#include <filesystem>

#include "pos_adapter/escpos/line/endpoint.h"

namespace tillside::doctor {
namespace {

using escpos::Endpoint;

Finding unreadable(const char* key, const std::string& words) {
  return broken("printer",
                {"[printer] " + std::string(key) + " 看不懂：" + words,
                 "[printer] " + std::string(key) + " cannot be understood: " + words},
                {"写成 tcp:主机:端口、serial:设备,9600,8n1 或 device:路径",
                 "write tcp:HOST:PORT, serial:DEVICE,9600,8n1 or device:PATH"});
}

bool is_there(const Endpoint& place, Knock& knock) {
  std::error_code error;
  switch (place.kind) {
    case Endpoint::Kind::tcp:
      return knock.tcp(place.host.empty() ? "127.0.0.1" : place.host, place.port);
    case Endpoint::Kind::serial:
    case Endpoint::Kind::pty:
    case Endpoint::Kind::device:
      return std::filesystem::exists(place.path, error);
    case Endpoint::Kind::standard_input:
      return true;  // a job begins it
  }
  return false;
}

Finding relay(const Endpoint& place, Knock& knock) {
  const std::string words = to_words(place);
  if (is_there(place, knock)) return works("printer", {"中继在 " + words, "the relay takes jobs at " + words});
  return broken("printer", {"中继没有在 " + words + " 等单据", "no relay takes jobs at " + words},
                {"启动 tillside printer 的服务；收银软件此刻会看到“打印机离线”，急用时可把打印机直接接回",
                 "start the service of tillside printer; the POS sees an unplugged printer until then, and may be put "
                 "back on the printer itself"});
}

Finding paper(const Endpoint& place, Knock& knock) {
  const std::string words = to_words(place);
  if (is_there(place, knock)) return works("printer", {"打印机在 " + words, "the printer is at " + words});
  return broken("printer", {"找不到打印机 " + words, "no printer at " + words},
                {"看电源、缆线、地址", "see to its power, its cable and its address"});
}

}  // namespace

Findings examine_printer(const PrinterSettings& printer, Knock& knock) {
  if (printer.printer.empty() && printer.listen.empty()) return {};
  const auto listens = escpos::read_endpoint(printer.listen.empty() ? "tcp:9100" : printer.listen, true);
  if (!listens) return {unreadable("listen", printer.listen)};
  const auto prints = escpos::read_endpoint(printer.printer, false);
  if (!prints) return {unreadable("printer", printer.printer)};
  Findings all{paper(*prints, knock), relay(*listens, knock)};
  std::error_code error;
  if (!printer.templates.empty() && !std::filesystem::is_directory(printer.templates, error))
    all.push_back(broken("printer",
                         {"没有小票模板目录 " + printer.templates.string(),
                          "no folder of receipt templates: " + printer.templates.string()},
                         {"核对 [printer] templates", "check [printer] templates"}));
  return all;
}

}  // namespace tillside::doctor
