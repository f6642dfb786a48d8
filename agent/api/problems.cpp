#include "agent/api/problems.h"

#include <array>

#include "sync/http/error_problem.h"

namespace tillside::api {
namespace {

http::Language of(Language language) {
  return language == Language::zh ? http::Language::kChinese : http::Language::kEnglish;
}

constexpr std::array<http::Problem, 7> kRefusals = {{
    {.status = 421,
     .code = "foreign_host",
     .title_zh = "请求的 Host 不是本机",
     .title_en = "The Host of the request is not this machine",
     .mend_zh = "请用 http://127.0.0.1 访问；其他名称须写入配置的 hosts",
     .mend_en = "Call http://127.0.0.1; list other names under hosts in the configuration"},
    {.status = 403,
     .code = "foreign_origin",
     .title_zh = "不允许来自该网页的请求",
     .title_en = "Pages of this origin may not call",
     .mend_zh = "浏览器收银系统的来源须写入配置的 origins",
     .mend_en = "List the browser POS under origins in the configuration"},
    {.status = 403,
     .code = "cross_site",
     .title_zh = "该操作只接受本机页面发起",
     .title_en = "Only our own pages may do this with a cookie",
     .mend_zh = "其他程序请使用令牌",
     .mend_en = "Other programs use the bearer token"},
    {.status = 401,
     .code = "no_token",
     .title_zh = "缺少令牌或令牌不对",
     .title_en = "The token is missing or wrong",
     .mend_zh = "请使用 api-token 文件中的令牌；页面请用 tillside open 打开",
     .mend_en = "Send the token of the api-token file; open pages with tillside open"},
    {.status = 415,
     .code = "wrong_content_type",
     .title_zh = "内容类型必须是 application/json",
     .title_en = "The Content-Type must be application/json",
     .mend_zh = "请加上 Content-Type: application/json",
     .mend_en = "Send Content-Type: application/json"},
    {.status = 410,
     .code = "link_used",
     .title_zh = "链接已使用或已过期",
     .title_en = "This link was used or has expired",
     .mend_zh = "请重新运行 tillside open 打开页面",
     .mend_en = "Run tillside open again"},
    {.status = 426,
     .code = "websocket_only",
     .title_zh = "该地址只接受 WebSocket 连接",
     .title_en = "This address speaks WebSocket",
     .mend_zh = "请用 WebSocket 连接",
     .mend_en = "Connect with a WebSocket"},
}};

}  // namespace

http::Response problem_of(const Error& error, Language language) {
  return http::problem(http::problem_of(error), of(language));
}

http::Response refusal(Refusal what, Language language) {
  return http::problem(kRefusals.at(static_cast<std::size_t>(what)), of(language));
}

}  // namespace tillside::api
