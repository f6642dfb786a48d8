// tillside: the agent beside the till and the tools that ask it. Wiring only.
#include <CLI/CLI.hpp>

#include "agent/cli/describe.h"
#include "agent/cli/doctor.h"
#include "agent/cli/inspect.h"
#include "agent/cli/look.h"
#include "agent/cli/printer.h"
#include "agent/cli/printer_learn.h"
#include "agent/cli/replay.h"
#include "agent/cli/run_agent.h"
#include "agent/cli/scanner.h"
#include "agent/cli/terminal.h"
#include "agent/cli/tools.h"
#include "agent/config.h"

namespace {

using tillside::cli::LocalClient;
using tillside::cli::say;
using tillside::cli::Where;

struct Words {
  std::filesystem::path config_file, folder, socket, file;
  std::string hq, code, page, verb, identity, staff, showing, format, inspected;
  int port = -1;
  bool json = false, as_live = false;
  tillside::cli::ReplayOrder replay;
  tillside::cli::LearnOrder learn;
  tillside::cli::ScannerOrder scanner;
  tillside::cli::PrinterWords printer;
};

void take_where(CLI::App* command, Words& words) {
  command->add_option("--folder", words.folder, say("代理的数据目录", "the agent's folder"));
  command->add_option("--socket", words.socket, say("代理的 UNIX 套接字", "the agent's UNIX socket"));
  command->add_option("--port", words.port,
                      say("代理的本机端口（不用套接字）", "the agent's loopback port, instead of the socket"));
}

Where where_of(const Words& words) {
  const std::filesystem::path folder = words.folder.empty() ? tillside::default_folder() : words.folder;
  Where where;
  where.token_file = folder / "api-token";
  if (words.port >= 0) {
    where.port = static_cast<std::uint16_t>(words.port);
  } else {
    where.socket = words.socket.empty() ? folder / "agent.sock" : words.socket;
  }
  return where;
}

LocalClient agent_of(const Words& words) { return LocalClient(where_of(words)); }

CLI::App* add_agent(CLI::App& app, Words& words) {
  CLI::App* agent = app.add_subcommand("agent", say("运行收银机旁的代理", "run the agent beside the till"));
  agent->add_option("--config", words.config_file, say("配置文件（TOML）", "settings file (TOML)"));
  agent->add_option("--folder", words.folder, say("数据目录，盖过配置", "data folder, over the settings"));
  agent->add_option("--port", words.port, say("本机端口，0 为任意空闲端口", "loopback port, 0 takes a free one"));
  agent->add_option("--socket", words.socket, say("UNIX 套接字", "UNIX socket"));
  return agent;
}

CLI::App* add_replay(CLI::App& app, Words& words) {
  CLI::App* replay = app.add_subcommand(
      "replay", say("把单据文件逐笔送进代理", "hand a journal file to the agent, document by document"));
  take_where(replay, words);
  CLI::Option* files =
      replay->add_option("files", words.replay.files, "JSON lines, CSV, ARTS POSLog XML, NAXML-POSJournal");
  CLI::Option* database = replay->add_option(
      "--database", words.replay.database,
      say("带 [database] 的配置文件：看数据库里的单据，只看不送", "settings with a [database]: look at its tickets"));
  files->excludes(database);
  CLI::Option* dry_run = replay->add_flag("--dry-run", words.replay.dry_run,
                                          say("只列出会送的单据，不送", "only show what would be handed in"));
  database->needs(dry_run);
  replay->add_option("--first", words.replay.first, say("最多列出几份", "how many a dry run shows"));
  replay->add_option("--mapping", words.replay.mapping,
                     say("CSV 的列对应（TOML）", "what a CSV's columns mean (TOML)"));
  replay->add_option("--lane", words.replay.lane, say("单据没写款台时用它", "lane of documents that name none"));
  replay->add_flag("--as-live", words.replay.as_live, say("按单据自己的时间判断", "judge at each document's own time"));
  replay->add_flag("--advise", words.replay.advise,
                   say("每笔先问建议，像收银机在合计时那样", "ask for advice first, as a POS does at total"));
  replay->add_option("--from", words.replay.from, say("从第几份单据开始", "first document, counted from 1"));
  replay->add_option("--to", words.replay.to, say("到第几份单据为止", "last document"));
  replay->add_flag("--describe", words.replay.describe,
                   say("只说文件里有什么，不送", "only say what the files hold; hand nothing in"));
  replay->add_flag("--json", words.replay.json, "JSON");
  return replay;
}

CLI::App* add_learn(CLI::App* printer, Words& words) {
  CLI::App* learn = printer->add_subcommand(
      "learn", say("从小票样本里学：读到了什么、漏了什么，写出模板草稿",
                   "learn from sample receipts: what is read, what is missed, and a draft of a template"));
  learn
      ->add_option(
          "files", words.learn.files,
          say("收银机发给打印机的字节，- 为标准输入", "what the POS sent to its printer; - for standard input"))
      ->required();
  learn->add_option("--template", words.learn.by, say("只用这个模板", "use this template only"));
  learn->add_option("--templates", words.learn.templates, say("自己的模板目录", "folder of templates of one's own"));
  learn->add_option("--write", words.learn.write, say("把草稿写到这个文件", "write the draft to this file"));
  learn->add_option("--currency", words.learn.currency, "ISO 4217")->default_val("CNY");
  learn->add_option("--zone", words.learn.zone, say("门店时区", "the store's time zone"))->default_val("Asia/Shanghai");
  learn->add_flag("--json", words.learn.json, "JSON");
  return learn;
}

CLI::App* add_printer(CLI::App& app, Words& words) {
  CLI::App* printer = app.add_subcommand(
      "printer", say("站在收银机与小票打印机之间，在切纸前加印券和二维码",
                     "stand between a POS and its receipt printer; coupon and QR are added before the cut"));
  take_where(printer, words);
  printer->require_subcommand(0, 1);
  printer->add_option("--config", words.printer.config_file,
                      say("配置文件的 [printer] 一节", "settings file, [printer]"));
  printer->add_option("--listen", words.printer.listen,
                      say("收银机打到哪里：", "where the POS prints: ") +
                          std::string("tcp:9100, serial:DEV,9600,8n1[,rtscts|xonxoff], pty:PATH, device:PATH, stdin"));
  printer->add_option(
      "--printer", words.printer.printer,
      say("打印机在哪里：", "where the printer is: ") + std::string("tcp:HOST:9100, serial:DEV,9600,8n1, device:PATH"));
  printer->add_option("--lane", words.printer.lane, say("小票没写款台时用它", "lane of receipts that name none"));
  printer->add_option("--paper", words.printer.paper, say("纸宽（毫米）：58 或 80", "paper in mm: 58 or 80"));
  printer->add_option("--templates", words.printer.templates, say("小票模板目录", "folder of receipt templates"));
  printer->add_option("--template", words.printer.receipt_template, say("只用这个模板", "use this template only"));
  printer->add_option("--port-file", words.printer.port_file,
                      say("把占用的端口写到这里", "where the port that was taken is written"));
  return printer;
}

CLI::App* add_inspect(CLI::App& app, Words& words) {
  CLI::App* coupon = app.add_subcommand("coupon", say("优惠券", "coupons"));
  coupon->require_subcommand(1);
  CLI::App* inspect =
      coupon->add_subcommand("inspect", say("说出一个码是什么、写着什么、成不成立、为什么",
                                            "say what a code is, what stands in it, whether it holds and why not"));
  take_where(inspect, words);
  inspect
      ->add_option(
          "code", words.inspected,
          say("码、文件（文本、PNG、JPEG），- 为标准输入", "a code, a file (text, PNG, JPEG), - for standard input"))
      ->required();
  inspect->add_flag("--json", words.json, "JSON");
  return inspect;
}

CLI::App* add_scanner(CLI::App& app, Words& words) {
  CLI::App* scanner = app.add_subcommand(
      "scanner", say("把串口扫码枪扫到的码交给代理", "hand what a serial scanner reads to the agent"));
  take_where(scanner, words);
  scanner->add_option("--config", words.scanner.config_file, say("代理的配置文件", "the agent's settings file"));
  scanner->add_option("--device", words.scanner.device,
                      say("串口，如 /dev/ttyACM0,9600,8n1", "the line, such as /dev/ttyACM0,9600,8n1"));
  scanner->add_option("--lane", words.scanner.lane, say("款台，如 L2", "lane, such as L2"));
  scanner->add_flag("--once", words.scanner.once, say("设备拔掉就结束", "end when the device goes away"));
  scanner->add_flag("--json", words.scanner.json, "JSON");
  return scanner;
}

int run(int argc, char** argv) {
  Words words;
  CLI::App app{say("Tillside：收银机旁的轻代理", "Tillside: the light agent beside the till")};
  app.set_version_flag("--version", "tillside " TILLSIDE_VERSION);
  app.require_subcommand(1);

  CLI::App* agent = add_agent(app, words);
  CLI::App* enroll =
      app.add_subcommand("enroll", say("用一次性注册码接上总部", "join headquarters with a one-time code"));
  take_where(enroll, words);
  enroll->add_option("--hq", words.hq, say("总部地址", "headquarters' address"))->required();
  enroll->add_option("--code", words.code, say("一次性注册码", "the one-time code"))->required();
  enroll->add_flag("--json", words.json, "JSON");

  CLI::App* status = app.add_subcommand("status", say("代理现在怎么样", "how the agent is"));
  take_where(status, words);
  status->add_flag("--json", words.json, "JSON");

  CLI::App* doctor = app.add_subcommand("doctor", say("逐项检查每个接口：哪些正常、哪些不行、怎么修",
                                                      "what works at each door, what does not, and the mend"));
  take_where(doctor, words);
  doctor->add_option(
      "--config", words.config_file,
      say("配置文件，默认 /etc/tillside/agent.toml", "settings file, /etc/tillside/agent.toml unless named"));
  doctor->add_flag("--json", words.json, "JSON");

  CLI::App* open = app.add_subcommand("open", say("打印页面的一次性地址", "print a page's one-time address"));
  take_where(open, words);
  open->add_option("page", words.page, "cashier")->required()->check(CLI::IsMember({"cashier"}));
  open->add_flag("--json", words.json, "JSON");

  CLI::App* checkout = app.add_subcommand("checkout", say("把一份单据交给代理", "hand one document to the agent"));
  take_where(checkout, words);
  checkout->add_option("verb", words.verb, "advise, complete, reverse, event")
      ->required()
      ->check(CLI::IsMember({"advise", "complete", "reverse", "event"}));
  checkout->add_option("file", words.file, say("JSON 文件，- 为标准输入", "a JSON file, - for standard input"))
      ->required();
  checkout->add_flag("--as-live", words.as_live, say("按单据自己的时间判断", "judge at the document's own time"));

  CLI::App* replay = add_replay(app, words);

  CLI::App* receipt =
      app.add_subcommand("receipt", say("打印一笔销售的小票内容", "the receipt block of a remembered checkout"));
  take_where(receipt, words);
  receipt->add_option("identity", words.identity, say("单据标识或 checkout_id", "identity or checkout_id"))->required();
  receipt->add_option("--format", words.format, "text, svg, png, escpos58, escpos80")->default_val("text");

  CLI::App* qr = app.add_subcommand("qr", say("显示入群二维码", "show a join code"));
  take_where(qr, words);
  CLI::Option* staff = qr->add_option("--staff", words.staff, say("导购工号", "a guide's staff id"));
  qr->add_option("--showing", words.showing, say("展示编号", "a showing id"))->excludes(staff);
  qr->add_option("--format", words.format, "text, svg, png, escpos")->default_val("text");

  CLI::App* printer = add_printer(app, words);
  CLI::App* learn = add_learn(printer, words);

  CLI::App* inspect = add_inspect(app, words);
  CLI::App* scanner = add_scanner(app, words);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? tillside::cli::kDone : tillside::cli::kUsage;
  }

  namespace cli = tillside::cli;
  if (replay->parsed() && words.replay.files.empty() && words.replay.database.empty())
    return cli::complain(
        {tillside::ErrorCode::missing_field, "files", say("要给出文件，或用 --database", "name files, or --database")});
  if (replay->parsed() && words.replay.dry_run) return cli::look(words.replay);
  if (replay->parsed() && words.replay.describe) return cli::describe(words.replay);
  if (agent->parsed()) return cli::run_agent({words.config_file, words.folder, words.socket, words.port});
  if (doctor->parsed()) return cli::doctor({words.config_file, words.folder, words.socket, words.port, words.json});
  if (learn->parsed()) return cli::printer_learn(words.learn);
  if (printer->parsed()) return cli::printer(words.printer, where_of(words));
  LocalClient client = agent_of(words);
  if (enroll->parsed()) return cli::enroll(client, words.hq, words.code, words.json);
  if (status->parsed()) return cli::status(client, words.json);
  if (open->parsed()) return cli::open_page(client, words.page, words.json);
  if (checkout->parsed()) return cli::checkout(client, words.verb, words.file, words.as_live);
  if (replay->parsed()) return cli::replay(client, words.replay);
  if (receipt->parsed()) return cli::receipt(client, words.identity, words.format);
  if (qr->parsed()) return cli::qr(client, words.staff, words.showing, words.format);
  if (scanner->parsed()) return cli::scanner(client, words.scanner);
  if (inspect->parsed()) return cli::inspect(client, words.inspected, words.json);
  return cli::kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    return tillside::cli::complain(tillside::Error{tillside::ErrorCode::internal, {}, problem.what()});
  }
}
