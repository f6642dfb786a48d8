#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "sync/hq/cli/commands.h"
#include "sync/hq/cli/serve.h"
#include "sync/hq/cli/words.h"

#ifndef TILLSIDE_VERSION
#define TILLSIDE_VERSION "0.1.0"
#endif

namespace {

using namespace tillside;
using namespace tillside::hq::cli;

struct Arguments {
  Context context;
  std::string data = "/var/lib/tillside-hq", listen = "127.0.0.1:7980", port_file, public_host;
  bool behind_proxy = false, key_is_lost = false, headquarters = false;
  NewStore store;
  std::string store_id, file, authoritative, host, epoch;
  int hours = 24;
  int wait_s = 10;
  unsigned till = 0;
  unsigned number = 0, generation = 0, good_to = 0;
  ReportArguments report;
  NewCoupons coupons;
  Joined joined;
  std::vector<std::string> settings;
  bool whole_chain = false;
};

class Program {
 public:
  Program() : app_("总部 / Tillside headquarters", "tillside-hq") {
    app_.set_version_flag("--version", "tillside-hq " TILLSIDE_VERSION);
    app_.require_subcommand(1);
    add_serve();
    add_owner();
    add_stores();
    add_tills();
    add_staff();
    add_campaigns();
    add_members();
    add_coupons();
    add_report();
    add_key();
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      const int code = app_.exit(error);
      return code == 0 ? kDone : kUsage;
    }
    return action_();
  }

 private:
  CLI::App* leaf(CLI::App& parent, const char* name, const char* help, std::function<int()> action) {
    auto* command = parent.add_subcommand(name, help);
    command->callback([this, action = std::move(action)] { action_ = action; });
    return command;
  }
  // A subcommand that asks a running headquarters.
  CLI::App* client(CLI::App& parent, const char* name, const char* help, std::function<int()> action) {
    auto* command = leaf(parent, name, help, std::move(action));
    command->add_option("--hq", a_.context.address.url, "总部地址 / URL of headquarters")->envname("TILLSIDE_HQ");
    command->add_option("--token-file", a_.context.address.token_file, "所有者令牌文件 / file with the owner's token")
        ->envname("TILLSIDE_HQ_TOKEN_FILE")
        ->required();
    command->add_flag("--json", a_.context.json, "输出 JSON / print JSON");
    return command;
  }
  CLI::App& group(const char* name, const char* help) {
    auto* command = app_.add_subcommand(name, help);
    command->require_subcommand(1);
    return *command;
  }

  void add_serve() {
    auto* command = leaf(app_, "serve", "运行总部 / run headquarters", [this] {
      auto options = read_listen(a_.listen);
      if (!options) return fail(options.error()), kUsage;
      options->data = a_.data;
      options->behind_tls_proxy = a_.behind_proxy;
      options->public_host = a_.public_host;
      options->key_is_lost = a_.key_is_lost;
      return serve(*options, a_.port_file);
    });
    command->add_option("--data", a_.data, "数据目录 / data folder");
    command->add_option("--listen", a_.listen, "监听地址，端口 0 取空闲端口 / address; port 0 takes a free one");
    command->add_option("--port-file", a_.port_file, "写出端口的文件 / file that gets the port");
    command->add_option("--public-host", a_.public_host, "券码与引流码的域名 / host of coupon and referral URLs");
    command->add_flag("--key-is-lost", a_.key_is_lost,
                      "hq.key 的最新副本已丢失：换一把新密钥继续 / the newest hq.key is lost: go on with a new key");
    command->add_flag("--behind-tls-proxy", a_.behind_proxy, "前面有终止 TLS 的代理 / a proxy in front terminates TLS");
  }

  void add_owner() {
    auto& owner = group("owner", "所有者 / the owner");
    auto* create = leaf(owner, "create", "首次登录：生成并显示所有者令牌 / first sign-in: make and show the token",
                        [this] { return create_owner(a_.data, a_.context.json); });
    create->add_option("--data", a_.data, "数据目录 / data folder");
    create->add_flag("--json", a_.context.json, "输出 JSON / print JSON");
  }

  void add_stores() {
    auto& store = group("store", "门店 / stores");
    auto* add = client(store, "add", "登记门店 / register a store", [this] { return add_store(a_.context, a_.store); });
    add->add_option("store_id", a_.store.store_id, "POS 的门店号 / as the POS has it")->required();
    add->add_option("--name", a_.store.name, "名称 / name");
    add->add_option("--zone", a_.store.zone, "时区，如 Asia/Shanghai / IANA time zone");
    add->add_option("--currency", a_.store.currency, "币种，如 CNY / ISO 4217 currency");
    add->add_option("--country-code", a_.store.calling_code, "电话国家码，如 86 / country calling code");
    add->add_option("--number", a_.store.number, "编号（默认自动）/ number (given by default)");
    auto* set = client(store, "set", "收银机设置 名称=值 / settings of its tills, name=value", [this] {
      return a_.whole_chain == a_.store_id.empty() ? set_store(a_.context, a_.store_id, a_.settings)
                                                   : (fail("请给门店或 --chain", "give a store or --chain"), kUsage);
    });
    set->add_option("--store", a_.store_id, "门店 / store");
    set->add_flag("--chain", a_.whole_chain, "全连锁 / of the whole chain");
    set->add_option("setting", a_.settings,
                    "redeem_cap_count redeem_cap_value redeem_ask_above manual_key.<code>；名称= 为取消 / name= takes "
                    "it back; 不给则列出 / none: lists them");
    auto* token = client(store, "token", "店长令牌（只能给本店发自提券）/ a manager's token, for vouchers of her store",
                         [this] { return store_token(a_.context, a_.store_id); });
    token->add_option("store_id", a_.store_id, "门店 / store")->required();
    client(store, "list", "列出门店 / list stores", [this] { return list_stores(a_.context); });
  }

  void add_tills() {
    auto& till = group("till", "收银机 / tills");
    auto* code = client(till, "code", "生成一次性登记码 / make a one-time enrolment code",
                        [this] { return make_code(a_.context, a_.store_id, a_.hours); });
    code->add_option("store_id,--store", a_.store_id, "门店 / store")->required();
    code->add_option("--hours", a_.hours, "有效小时数 / valid hours")->check(CLI::Range(1, 720));
    client(till, "list", "列出收银机 / list tills", [this] { return list_tills(a_.context); });
    for (const char* action : {"revoke", "write-off"}) {
      auto* command = client(till, action,
                             std::string_view(action) == "revoke" ? "吊销 / revoke a till"
                                                                  : "恢复时不再等待 / do not wait for it any more",
                             [this, action] { return till_action(a_.context, a_.number, action); });
      command->add_option("till", a_.number, "收银机号 / till number")->required();
    }
    auto* gone = client(till, "disk-gone",
                        "某份数据库已不复存在，不再等待 / the disk of an epoch is gone for good: nothing waits for it",
                        [this] { return disk_gone(a_.context, a_.number, a_.epoch, a_.generation); });
    gone->add_option("--till", a_.number, "收银机号 / till number")->required();
    auto* which = gone->add_option_group("which", "哪一份 / which");
    which->require_option(1);
    which->add_option("--epoch", a_.epoch, "till ledger 列出的十六进制标识 / in hex, as till ledger has it");
    which->add_option("--generation", a_.generation, "或：其最新密钥的代 / or: of its newest key")
        ->check(CLI::Range(0, 15));
    for (const char* action : {"recall", "lend"}) {
      auto* move =
          client(till, action,
                 std::string_view(action) == "recall" ? "停用前收回全部未用额度 / ask all its unused quota back"
                                                      : "恢复借出 / lend to it again",
                 [this, action] { return move_quota(a_.context, action, 0, a_.number); });
      move->add_option("till", a_.number, "收银机号 / till number")->required();
    }
    auto* ledger = client(till, "ledger", "账本核对数 / figures to compare with the till",
                          [this] { return till_ledger(a_.context, a_.number); });
    ledger->add_option("till", a_.number, "收银机号 / till number")->required();
  }

  void add_staff() {
    auto& staff = group("staff", "店员 / staff");
    auto* import =
        client(staff, "import", "导入 CSV / import a CSV file", [this] { return import_staff(a_.context, a_.file); });
    import->add_option("file", a_.file, "store_id,staff_id,staff_number,name,role,active")->required();
    auto* list = client(staff, "list", "列出店员 / list staff", [this] { return list_staff(a_.context, a_.store_id); });
    list->add_option("--store", a_.store_id, "只列一家门店 / of one store");
  }

  void add_campaigns() {
    auto& campaign = group("campaign", "活动 / campaigns");
    auto* add = client(campaign, "add", "登记活动 / register campaigns",
                       [this] { return hq::cli::add_campaigns(a_.context, a_.file); });
    add->add_option("file", a_.file, "JSON 文件：一个或一组活动 / one campaign or a list")->required();
    client(campaign, "list", "列出活动 / list campaigns", [this] { return list_campaigns(a_.context); });
    auto* stop = client(campaign, "stop", "停止活动 / stop a campaign",
                        [this] { return stop_campaign(a_.context, a_.number, a_.wait_s); });
    stop->add_option("number", a_.number, "活动编号 / campaign number")->required();
    stop->add_option("--wait", a_.wait_s, "等收银机确认的秒数 / seconds to wait for the tills to acknowledge")
        ->check(CLI::Range(0, 3600));
    for (const char* action : {"recall", "lend"}) {
      auto* move = client(campaign, action,
                          std::string_view(action) == "recall" ? "收回未用额度，不再借出 / ask unused quota back"
                                                               : "恢复借出 / lend again",
                          [this, action] { return move_quota(a_.context, action, a_.number, a_.till); });
      move->add_option("number", a_.number, "活动编号 / campaign number")->required();
      move->add_option("--till", a_.till, "只对这台收银机 / of this till alone");
    }
  }

  void add_members() {
    auto& members = group("members", "会员 / members");
    auto* import = client(members, "import", "导入 CSV / import a CSV file",
                          [this] { return import_members(a_.context, a_.file, a_.authoritative); });
    import->add_option("file", a_.file, "CSV 文件 / CSV file")->required();
    import->add_option("--authoritative", a_.authoritative,
                       "本名单包含全部会员的这些标识，如 phone / types of which this list has every member's");
    auto* joined = client(members, "joined", "某人入群 / somebody joined a store's group",
                          [this] { return member_joined(a_.context, a_.joined); });
    joined->add_option("store_id", a_.joined.store_id, "门店 / store")->required();
    joined->add_option("--member-id", a_.joined.member_id, "会员号 / member id");
    joined->add_option("--phone", a_.joined.phone, "手机号 / phone");
    joined->add_option("--card", a_.joined.card, "卡号 / card");
    joined->add_option("--unionid", a_.joined.unionid, "unionid");
    joined->add_option("--openid", a_.joined.openid, "openid");
    joined->add_option("--external-userid", a_.joined.external_userid, "external_userid");
    joined->add_option("--at", a_.joined.at, "入群时间（默认现在）/ when (now by default)");
  }

  void add_coupons() {
    auto& coupon = group("coupon", "总部自己发的券 / coupons headquarters issues itself");
    auto* make = client(coupon, "make", "批量制作自提券 / make vouchers in bulk",
                        [this] { return make_coupons(a_.context, a_.coupons); });
    make->add_option("--campaign", a_.coupons.campaign, "活动编号 / campaign number")->required();
    make->add_option("--store", a_.coupons.store_id, "领取门店 / the store that hands the goods over")->required();
    make->add_option("--count", a_.coupons.count, "张数 / how many, for the bearer")->check(CLI::Range(1, 5000));
    make->add_option("--members", a_.coupons.members, "CSV：每人一张 / CSV of members, one each");
    make->add_option("--limit", a_.coupons.limit, "该商品在该店最多几张 / of this item at this store at most");
    make->add_option("--order", a_.coupons.order, "订单号：重复调用得到同一批 / the same order gives the same codes");
    make->add_option("--csv", a_.coupons.csv, "写入 CSV 文件 / write a CSV file");
    auto* revoke =
        client(coupon, "revoke", "作废一张 / revoke one", [this] { return revoke_coupon(a_.context, a_.file); });
    revoke->add_option("id", a_.file, "券号 / the coupon's id")->required();
  }

  void add_report() {
    auto* command = client(app_, "report", "报表 / report", [this] { return hq::cli::report(a_.context, a_.report); });
    command
        ->add_option("what", a_.report.what,
                     "doubles 重复核销 / redeemed twice; coupons 发券与回收 / out and back; settlement 门店结算 / "
                     "between stores; tenders 付款方式 / what was paid with; vouchers 自提券 / handed over; oddities "
                     "收银员异常 / at operators; stops "
                     "未确认停止的收银机 / tills that have not heard of a stop; 缺省为汇总 / else the summary")
        ->check(CLI::IsMember({"doubles", "coupons", "settlement", "tenders", "vouchers", "oddities", "stops"}));
    command->add_option("--from", a_.report.from, "起始营业日 / first business date");
    command->add_option("--to", a_.report.to, "截止营业日 / last business date");
    command->add_option("--by", a_.report.by, "store | guide | day | operator")
        ->check(CLI::IsMember({"store", "guide", "day", "operator"}));
    command->add_flag("--csv", a_.report.csv, "输出 CSV（默认）/ print CSV (the default)");
    command->add_flag("--bom", a_.report.bom, "供 Excel 打开的 CSV / CSV for Excel");
    for (const char* name :
         {"same-person", "same-person-a-day", "voided-cash", "overrides", "unapproved", "differing"}) {
      auto key = std::string(name);
      std::replace(key.begin(), key.end(), '-', '_');
      command
          ->add_option_function<unsigned>(
              "--" + std::string(name), [this, key](unsigned value) { a_.report.thresholds[key] = value; },
              "oddities 的阈值 / threshold of oddities")
          ->check(CLI::Range(1u, 1'000'000'000u));
    }
  }

  void add_key() {
    auto* key = client(app_, "key", "连锁编号与公钥 / chain id and public key", {});
    key->callback([this, key] {
      if (key->get_subcommands().empty()) action_ = [this] { return show_key(a_.context); };
    });
    leaf(*key, "list", "列出总部与各收银机的验签公钥 / list the verifying keys", [this] {
      return list_keys(a_.context);
    })->fallthrough();
    auto* rotate = leaf(*key, "rotate", "更换收银机或总部的密钥 / a new key for a till or headquarters", [this] {
      return a_.headquarters ? rotate_own_key(a_.context) : rotate_key(a_.context, a_.till, a_.wait_s);
    });
    rotate->fallthrough();
    auto* whose = rotate->add_option_group("whose");
    whose->add_option("--till", a_.till, "收银机号 / till number");
    whose->add_flag("--headquarters", a_.headquarters, "总部自己的密钥 / headquarters' own key");
    whose->require_option(1);
    rotate->add_option("--wait", a_.wait_s, "等待的秒数 / seconds to wait for it")->check(CLI::Range(0, 3600));
    auto* revoke = leaf(*key, "revoke", "吊销一代密钥 / revoke a generation of a key",
                        [this] { return revoke_key(a_.context, a_.number, a_.generation, a_.good_to); });
    revoke->fallthrough();
    revoke->add_option("till", a_.number, "收银机号，0 为总部 / till number, 0: headquarters")->required();
    revoke->add_option("generation", a_.generation, "第几代 / generation")->required()->check(CLI::Range(0, 15));
    revoke->add_option("--good-to", a_.good_to, "仍有效的最后序号，0 为全部作废 / last serial that holds; 0: none does")
        ->required();
    auto* host = client(app_, "host", "设置券码与引流码的域名 / set the host of coupon and referral URLs",
                        [this] { return set_host(a_.context, a_.host); });
    host->add_option("host", a_.host, "域名 / host")->required();
  }

  CLI::App app_;
  Arguments a_;
  std::function<int()> action_;
};

}  // namespace

int main(int argc, char** argv) { return Program().run(argc, argv); }
