#include "pos_adapter/escpos/code_pages.h"

#include <array>
#include <utility>

#include "agent/domain/utf8.h"
#include "pos_adapter/escpos/code_page_tables.h"

namespace tillside::escpos {
namespace {

using Name = std::pair<std::string_view, Charset>;

// The first name of a charset is the one we write.
constexpr std::array kNames =
    std::to_array<Name>({{"cp437", Charset::cp437},   {"cp737", Charset::cp737},        {"cp850", Charset::cp850},
                         {"cp852", Charset::cp852},   {"cp857", Charset::cp857},        {"cp858", Charset::cp858},
                         {"cp860", Charset::cp860},   {"cp863", Charset::cp863},        {"cp865", Charset::cp865},
                         {"cp866", Charset::cp866},   {"cp1250", Charset::cp1250},      {"cp1251", Charset::cp1251},
                         {"cp1252", Charset::cp1252}, {"cp1253", Charset::cp1253},      {"cp1254", Charset::cp1254},
                         {"cp1257", Charset::cp1257}, {"katakana", Charset::katakana},  {"gb18030", Charset::gb18030},
                         {"big5", Charset::big5},     {"shiftjis", Charset::shift_jis}, {"utf8", Charset::utf8},
                         {"gbk", Charset::gb18030},   {"gb2312", Charset::gb18030},     {"cp936", Charset::gb18030},
                         {"cp950", Charset::big5},    {"sjis", Charset::shift_jis},     {"cp932", Charset::shift_jis},
                         {"latin1", Charset::cp1252}});

constexpr std::array kEpson = std::to_array<std::pair<int, Charset>>({{0, Charset::cp437},
                                                                      {1, Charset::katakana},
                                                                      {2, Charset::cp850},
                                                                      {3, Charset::cp860},
                                                                      {4, Charset::cp863},
                                                                      {5, Charset::cp865},
                                                                      {13, Charset::cp857},
                                                                      {14, Charset::cp737},
                                                                      {16, Charset::cp1252},
                                                                      {17, Charset::cp866},
                                                                      {18, Charset::cp852},
                                                                      {19, Charset::cp858},
                                                                      {45, Charset::cp1250},
                                                                      {46, Charset::cp1251},
                                                                      {47, Charset::cp1253},
                                                                      {48, Charset::cp1254},
                                                                      {51, Charset::cp1257}});

// "WPC-1252" and "windows-1252" are "cp1252".
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char letter : name) {
    if (letter == '-' || letter == '_' || letter == ' ') continue;
    plain += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  }
  for (const std::string_view maker : {"windows", "wpc", "pc", "ibm"})
    if (plain.starts_with(maker)) return "cp" + plain.substr(maker.size());
  return plain;
}

unsigned char byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::string repaired_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length(bytes, at);
    out += length == 0 ? kReplacement : bytes.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return out;
}

char32_t katakana_of(unsigned char byte) { return byte >= 0xA1 && byte <= 0xDF ? 0xFF61U + (byte - 0xA1U) : 0xFFFDU; }

std::string one_byte_to_utf8(std::string_view bytes, Charset charset) {
  const char16_t* upper = upper_half_of(charset);
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte < 0x80) {
      out += each;
    } else {
      append_code_point(out, upper == nullptr ? katakana_of(byte) : upper[byte - 0x80U]);
    }
  }
  return out;
}

bool within(unsigned char byte, unsigned char low, unsigned char high) { return byte >= low && byte <= high; }

// How text would read in one charset: its characters of two bytes, those in everyday use, and bytes that do not fit.
struct WideReading {
  int wide = 0, common = 0, broken = 0;

  // At least four of five are everyday characters, and hardly a byte is left over.
  bool convincing() const { return wide > 0 && broken * 20 <= wide && common * 5 >= wide * 4; }
};

using IsPair = bool (*)(unsigned char, unsigned char);

bool is_gbk(unsigned char first, unsigned char second) {
  return within(first, 0x81, 0xFE) && within(second, 0x40, 0xFE) && second != 0x7F;
}
// GB 2312: punctuation, full-width forms and the first level of characters, in the order of their sound.
bool is_common_gb(unsigned char first, unsigned char second) {
  return second >= 0xA1 && second <= 0xFE && (within(first, 0xA1, 0xA3) || within(first, 0xB0, 0xD7));
}
bool is_big5(unsigned char first, unsigned char second) {
  return within(first, 0x81, 0xFE) && (within(second, 0x40, 0x7E) || within(second, 0xA1, 0xFE));
}
bool is_common_big5(unsigned char first, unsigned char second) {
  return is_big5(first, second) && within(first, 0xA1, 0xC6);
}
bool is_sjis(unsigned char first, unsigned char second) {
  return (within(first, 0x81, 0x9F) || within(first, 0xE0, 0xFC)) && within(second, 0x40, 0xFC) && second != 0x7F;
}
// Punctuation, kana and the first level of kanji.
bool is_common_sjis(unsigned char first, unsigned char second) {
  return is_sjis(first, second) && within(first, 0x81, 0x97);
}

WideReading read_as(std::string_view bytes, IsPair pair, IsPair common) {
  WideReading reading;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (byte_at(bytes, at) < 0x80) continue;
    if (at + 1 == bytes.size() || !pair(byte_at(bytes, at), byte_at(bytes, at + 1))) {
      ++reading.broken;
      continue;
    }
    ++reading.wide;
    if (common(byte_at(bytes, at), byte_at(bytes, at + 1))) ++reading.common;
    ++at;
  }
  return reading;
}

WideReading read_as_utf8(std::string_view bytes) {
  WideReading reading;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length(bytes, at);
    if (length == 0) ++reading.broken;
    if (length > 1) ++reading.wide;
    at += length == 0 ? 1 : length;
  }
  reading.common = reading.wide;
  return reading;
}

}  // namespace

std::optional<Charset> charset_of(std::string_view name) {
  const std::string plain = plain_name(name);
  for (const auto& [known, charset] : kNames)
    if (plain == known) return charset;
  return {};
}

const char* name_of(Charset charset) {
  for (const auto& [name, known] : kNames)
    if (known == charset) return name.data();
  return "";
}

bool is_wide(Charset charset) { return charset >= Charset::gb18030; }

std::optional<Charset> epson_code_page(int n) {
  for (const auto& [number, charset] : kEpson)
    if (number == n) return charset;
  return {};
}

std::string to_utf8(std::string_view bytes, Charset charset) {
  if (charset == Charset::utf8) return repaired_utf8(bytes);
  return is_wide(charset) ? wide_to_utf8(bytes, charset) : one_byte_to_utf8(bytes, charset);
}

std::optional<Charset> guess_wide(std::string_view bytes) {
  if (read_as_utf8(bytes).convincing()) return Charset::utf8;
  if (read_as(bytes, is_gbk, is_common_gb).convincing()) return Charset::gb18030;
  if (read_as(bytes, is_sjis, is_common_sjis).convincing()) return Charset::shift_jis;
  if (read_as(bytes, is_big5, is_common_big5).convincing()) return Charset::big5;
  return {};
}

}  // namespace tillside::escpos
