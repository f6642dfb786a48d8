#include "agent/cli/code_reading.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/domain/scan_layouts.h"
#include "agent/domain/scanned_text.h"

namespace tillside::cli {
namespace {

constexpr const char* kKeyboardZh = "字符变了样：扫码枪和电脑的键盘布局不一致，请都设为美式键盘";
constexpr const char* kKeyboardEn =
    "its characters were changed on the way: set scanner and computer to the same (US) keyboard layout";

constexpr std::size_t kCouponChars = 154, kTokenChars = 30, kTypedChars = 16, kTypedDigits = 24;

std::size_t letters_and_digits(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_alphanumeric));
}

bool begins_as_a_url(std::string_view text) { return drop_word_front(text, "HTTP"); }

// Between "://" and the path; nothing where a keyboard layout changed the signs.
std::string host_of(std::string_view text) {
  const std::size_t from = text.find("://");
  const std::size_t to = from == std::string_view::npos ? from : text.find('/', from + 3);
  return to == std::string_view::npos ? std::string() : std::string(text.substr(from + 3, to - from - 3));
}

void hint_at_the_keyboard(CodeReading& reading, std::string_view clean) {
  if (!begins_as_a_url(clean) || clean.find("://") != std::string_view::npos) return;
  reading.hint_zh = kKeyboardZh;
  reading.hint_en = kKeyboardEn;
}

bool take_coupon(CodeReading& reading, std::string_view text, std::string_view clean) {
  auto code = read_coupon_text(text);
  if (!code) return false;
  reading.what = CodeReading::What::coupon;
  reading.form = begins_as_a_url(clean) && letters_and_digits(clean) > kCouponChars ? "url" : "bare";
  reading.host = host_of(clean);
  reading.code = *code;
  const auto body = decode_coupon(code->body);
  if (body) {
    reading.coupon = *body;
  } else {
    reading.field = body.error().field;
    reading.why_zh = fmt::format("券码内容不是第 1 版的写法（{}）", reading.field);
    reading.why_en = fmt::format("what stands in it is no version 1 coupon ({})", reading.field);
  }
  return true;
}

bool take_typed(CodeReading& reading, std::string_view text, std::string_view clean) {
  const auto code = read_typed(text);
  if (!code) return false;
  reading.what = CodeReading::What::typed;
  reading.form = letters_and_digits(clean) == kTypedDigits ? "digits" : "typed";
  reading.typed = *code;
  return true;
}

// "HTTPS://HOST/R/" with whatever a keyboard made of its signs.
bool is_referral_prefix(std::string_view text) {
  if (text.empty()) return true;
  return drop_symbols_back(text) && drop_letter_back(text, 'R') && drop_symbols_back(text) && begins_as_a_url(text);
}

bool take_referral(CodeReading& reading, std::string_view clean) {
  if (clean.size() < kTokenChars) return false;
  const std::string_view token = clean.substr(clean.size() - kTokenChars);
  const std::string_view before = clean.substr(0, clean.size() - kTokenChars);
  if (!is_referral_prefix(before)) return false;
  const auto referral = read_referral(token);
  if (!referral) return false;
  reading.what = referral->checkout ? CodeReading::What::referral : CodeReading::What::badge;
  reading.form = before.empty() ? "token" : "url";
  reading.host = host_of(clean);
  reading.referral = *referral;
  return true;
}

void say_what_is_missing(CodeReading& reading, std::string_view clean) {
  std::string_view rest = clean;
  const std::size_t path = std::min(clean.rfind("/C/"), clean.rfind("/c/"));
  if (path != std::string_view::npos) rest = clean.substr(path + 3);
  const std::size_t count = letters_and_digits(rest);
  if (path != std::string_view::npos || count > kCouponChars / 2) {
    const bool whole = count == kCouponChars;
    reading.why_zh =
        whole ? "券码里有不该有的字符（例如字母 U 或符号）"
              : fmt::format("券码应有 {} 个字母和数字，这里是 {} 个：没有读全，或多读了", kCouponChars, count);
    reading.why_en = whole ? "a character in it has no place in a code (the letter U, or a sign)"
                           : fmt::format(
                                 "a coupon code has {} letters and digits, this one {}: part of it was lost, or "
                                 "more was read",
                                 kCouponChars, count);
    return;
  }
  reading.why_zh = fmt::format("不是本系统的码：券码 {} 位，短码 {} 位字母数字或 {} 位数字，邀请码 {} 位；这里是 {} 位",
                               kCouponChars, kTypedChars, kTypedDigits, kTokenChars, count);
  reading.why_en = fmt::format(
      "no code of ours: a coupon has {} characters, its short form {} or {} digits, a join "
      "code {}; here are {}",
      kCouponChars, kTypedChars, kTypedDigits, kTokenChars, count);
}

bool take(CodeReading& reading, std::string_view clean) {
  return take_coupon(reading, clean, clean) || take_typed(reading, clean, clean) || take_referral(reading, clean);
}

// As the keys of a US keyboard, where another layout left no code.
bool take_through_a_keyboard(CodeReading& reading, std::string_view clean) {
  for (const std::string& meant : undo_layouts(clean)) {
    if (!take(reading, meant)) continue;
    reading.hint_zh = kKeyboardZh;
    reading.hint_en = kKeyboardEn;
    return true;
  }
  return false;
}

}  // namespace

const char* name_of(CodeReading::What what) {
  switch (what) {
    case CodeReading::What::coupon:
      return "coupon";
    case CodeReading::What::typed:
      return "typed";
    case CodeReading::What::referral:
      return "referral";
    case CodeReading::What::badge:
      return "badge";
    case CodeReading::What::unknown:
      break;
  }
  return "unknown";
}

CodeReading read_code(std::string_view text) {
  CodeReading reading;
  const auto clean = clean_scan(text);
  if (!clean) {
    reading.why_zh = "太长，不是码";
    reading.why_en = "too long for a code";
    return reading;
  }
  const bool taken = take(reading, *clean) || take_through_a_keyboard(reading, *clean);
  if (!taken) say_what_is_missing(reading, *clean);
  hint_at_the_keyboard(reading, *clean);
  return reading;
}

}  // namespace tillside::cli
