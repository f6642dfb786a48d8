#include "agent/domain/error_words.h"

#include <array>
#include <optional>

namespace tillside {
namespace {

struct Words {
  ErrorCode code;
  const char* name;
  const char *title_zh, *title_en;
  const char *mend_zh, *mend_en;
};

constexpr std::array<Words, 23> kWords = {{
    {ErrorCode::bad_json, "bad_json", "不是有效的 JSON 文档", "This is not a valid JSON document",
     "请检查发送方生成的 JSON，最外层应为一个对象",
     "Check the JSON the sender makes; the outermost value is one object"},
    {ErrorCode::too_deep, "too_deep", "JSON 嵌套超过 32 层", "The JSON is nested deeper than 32 levels",
     "请去掉多余的嵌套后重发", "Send it again without the nesting"},
    {ErrorCode::invalid_utf8, "invalid_utf8", "文本不是有效的 UTF-8 编码", "The text is not valid UTF-8",
     "请将 GBK 等编码转换为 UTF-8 后重发", "Convert the text (GBK and the like) to UTF-8 and send it again"},
    {ErrorCode::missing_field, "missing_field", "缺少必填字段", "A required field is missing", "请补上所指字段后重发",
     "Add the named field and send it again"},
    {ErrorCode::wrong_type, "wrong_type", "字段类型不对", "A field has the wrong type",
     "请按文档改正类型：整数不带小数，文本加引号",
     "Use the type the documentation gives: integers without a fraction, text in quotes"},
    {ErrorCode::unknown_value, "unknown_value", "字段取值不在允许的列表中",
     "A field holds a value that is not in its list", "请改用文档所列的取值",
     "Use one of the values listed in the documentation"},
    {ErrorCode::out_of_range, "out_of_range", "数值或长度超出范围", "A number or a length is out of range",
     "请检查所指字段的正负号、大小和长度", "Check the sign, size and length of the named field"},
    {ErrorCode::overflow, "overflow", "金额合计超出可表示的范围", "A sum of amounts is too large",
     "请检查金额单位：应为最小货币单位（分）", "Check the unit of the amounts: minor units (cents)"},
    {ErrorCode::currency_mismatch, "currency_mismatch", "币种与门店币种不一致", "The currency is not the store's",
     "请改用门店币种，或在总部修改门店设置",
     "Use the store's currency, or change the store's settings at headquarters"},
    {ErrorCode::bad_time, "bad_time", "日期或时间无效", "The date or time is not valid",
     "请使用 2026-11-22T09:15:03+08:00 这样的格式", "Write it as 2026-11-22T09:15:03+08:00"},
    {ErrorCode::bad_format, "bad_format", "格式不正确", "The format is not right", "请核对后重新输入或重新扫码",
     "Check it and enter or scan it again"},
    {ErrorCode::bad_signature, "bad_signature", "签名校验不通过", "The signature does not hold",
     "可能是伪造或损坏的码，请勿接受；如有疑问请联系总部",
     "It may be forged or damaged: do not accept it; ask headquarters if in doubt"},
    {ErrorCode::not_found, "not_found", "找不到所指的记录", "There is no such record", "请核对编号后重试",
     "Check the number and try again"},
    {ErrorCode::conflict, "conflict", "同一编号已记录过不同内容", "The same identity was recorded with other content",
     "两份内容都已保留，请核对收银流水号是否重复使用",
     "Both are kept; check whether the POS used a sequence number twice"},
    {ErrorCode::not_ready, "not_ready", "本机尚未就绪，暂不能发券", "This till is not ready to issue yet",
     "请完成登记并联网一次；收银不受影响", "Enrol it and let it reach headquarters once; sales go on"},
    {ErrorCode::fenced, "fenced", "另一份相同的数据已在使用，本机已停止发券",
     "Another copy of this till's data is in use; this one stopped issuing",
     "请停用多余的一台，本机联网后会自动换用新身份",
     "Stop the surplus copy; this one takes a new epoch at its next contact"},
    {ErrorCode::limit, "limit", "已达到上限或额度用完", "A limit is reached or the quota is used up",
     "联网后会自动补充额度，或请总部调整上限",
     "It is refilled when the network is back, or ask headquarters to raise it"},
    {ErrorCode::storage_full, "storage_full", "磁盘已满，未能保存", "The disk is full; this was not saved",
     "请清理磁盘空间，系统会自动恢复；收银不受影响",
     "Free some disk space; the agent recovers by itself and sales go on"},
    {ErrorCode::storage_failed, "storage_failed", "数据库读写失败", "The database could not be read or written",
     "请运行 tillside doctor 检查磁盘；收银不受影响", "Run tillside doctor to check the disk; sales go on"},
    {ErrorCode::too_new, "too_new", "数据由更新的版本写成", "This was written by a newer version", "请升级本程序后重试",
     "Upgrade this program and try again"},
    {ErrorCode::unavailable, "unavailable", "暂时无法连接对方或对方正忙", "The other side cannot be reached or is busy",
     "请稍后再试，系统也会自动重试", "Try again later; the agent retries by itself"},
    {ErrorCode::refused, "refused", "对方拒绝了请求", "The other side refused the request",
     "请查看原因后处理，必要时联系总部", "See the reason given; ask headquarters if need be"},
    {ErrorCode::internal, "internal", "程序内部错误", "An internal error", "请保留日志并报告；收银不受影响",
     "Keep the log and report it; sales go on"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (static_cast<std::size_t>(kWords[i].code) != i) return false;
  return kWords.size() == static_cast<std::size_t>(ErrorCode::internal) + 1;
}
static_assert(in_order());

const Words& words_of(ErrorCode code) {
  const auto index = static_cast<std::size_t>(code);
  return index < kWords.size() ? kWords[index] : kWords.back();
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_language(std::string_view tag, char first, char second) {
  if (tag.size() < 2 || (tag[0] | 0x20) != first || (tag[1] | 0x20) != second) return false;
  return tag.size() == 2 || tag[2] == '-' || tag[2] == '_' || tag[2] == '.' || tag[2] == '@';
}

// "q=0.8" in thousandths; 1000 when there is none.
int weight_of(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  int value = 0, unit = 1000;
  for (const char c : parameters.substr(at + 2)) {
    if (c == '.') continue;
    if (c < '0' || c > '9' || unit == 0) break;
    value += (c - '0') * unit;
    unit /= 10;
  }
  return value;
}

}  // namespace

const char* name_of(ErrorCode code) { return words_of(code).name; }

Language language_of(std::string_view text) {
  int best = 0;
  Language chosen = Language::zh;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto item = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    const auto semicolon = item.find(';');
    const auto tag = without_blanks(item.substr(0, semicolon));
    const bool english = is_language(tag, 'e', 'n');
    if (!english && !is_language(tag, 'z', 'h')) continue;
    const int weight = semicolon == std::string_view::npos ? 1000 : weight_of(item.substr(semicolon));
    if (weight <= best) continue;
    best = weight;
    chosen = english ? Language::en : Language::zh;
  }
  return chosen;
}

std::string_view title_of(ErrorCode code, Language language) {
  return language == Language::zh ? words_of(code).title_zh : words_of(code).title_en;
}

std::string_view mend_of(ErrorCode code, Language language) {
  return language == Language::zh ? words_of(code).mend_zh : words_of(code).mend_en;
}

}  // namespace tillside
