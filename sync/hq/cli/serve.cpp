#include "sync/hq/cli/serve.h"

#include <sys/stat.h>

#include <charconv>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "agent/platform/log.h"
#include "sync/hq/cli/words.h"
#include "sync/hq/owner_token.h"
#include "sync/hq/private_file.h"

namespace tillside::hq::cli {
namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

int cannot_serve(const Error& error) {
  if (error.field == "hq.key" && error.code == ErrorCode::conflict)
    return fail(
        "hq.key 不是这个数据库认得的密钥，多半是旧的副本；请放回最新的副本。确实没有了，就加上 --key-is-lost 启动一次",
        "hq.key does not hold the key this database knows, likely an older copy: put the newest copy back. If "
        "there is none any more, start once with --key-is-lost");
  if (error.field != "public_host") return fail(error);
  if (error.code == ErrorCode::missing_field)
    return fail("还没有券码与引流码的域名，印出的码会打不开；请加上 --public-host t.example.cn，以后会记住",
                "coupon and referral codes have no host and would lead nowhere; give --public-host t.example.cn once, "
                "it is kept");
  return fail("--public-host 不是域名；请写成 t.example.cn 的样子，不带 https:// 和路径",
              "--public-host is no host; write it like t.example.cn, without https:// and path");
}

}  // namespace

Result<HqOptions> read_listen(const std::string& text) {
  HqOptions options;
  const auto colon = text.rfind(':');
  const auto port = colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), options.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size())
    return Error{ErrorCode::bad_format, "--listen", "an address like 127.0.0.1:7980 is wanted"};
  auto address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (!address.empty()) options.address = address;
  return options;
}

int serve(const HqOptions& options, const std::string& port_file) {
  ::umask(0077);  // whatever is written from here on is its owner's alone
  const auto signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread starts: one waits for them
  std::signal(SIGPIPE, SIG_IGN);
  auto server = HqServer::open(options);
  if (!server) return cannot_serve(server.error());
  if (!port_file.empty())
    if (auto status = write_private_file(port_file, std::to_string((*server)->port()) + "\n"); !status.ok())
      return fail(status.error());
  log::info(
      "serve", "listening",
      {{"address", options.address}, {"port", std::to_string((*server)->port())}, {"data", options.data.string()}});
  std::thread waiter([&] {
    int caught = 0;
    sigwait(&signals, &caught);
    (*server)->stop();
  });
  (*server)->run();
  pthread_kill(waiter.native_handle(), SIGTERM);
  waiter.join();
  log::info("serve", "stopped");
  return kDone;
}

int create_owner(const std::string& data, bool json) {
  std::error_code error;
  std::filesystem::create_directories(data, error);
  std::filesystem::permissions(data, std::filesystem::perms::owner_all, error);
  auto token = owner_token(data);
  if (!token) return fail(token.error());
  const auto file = (std::filesystem::path(data) / kOwnerTokenFile).string();
  if (json)
    std::cout << nlohmann::ordered_json{{"token", *token}, {"token_file", file}}.dump() << '\n';
  else
    std::cout << in_words("所有者令牌：", "owner token: ") << *token << "\n"
              << in_words("令牌文件：", "token file: ") << file << '\n';
  return kDone;
}

}  // namespace tillside::hq::cli
