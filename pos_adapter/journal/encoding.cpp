#include "pos_adapter/journal/encoding.h"

#include <iconv.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "agent/domain/utf8.h"

namespace tillside::journal {
namespace {

constexpr std::array<std::uint16_t, 32> kWindows1252 = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                                        0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

bool all_ascii(std::string_view bytes) {
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    if (word & 0x8080808080808080ULL) return false;
  }
  for (; at < bytes.size(); ++at)
    if (static_cast<unsigned char>(bytes[at]) & 0x80) return false;
  return true;
}

std::string from_latin1(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    append_code_point(out, value >= 0x80 && value < 0xA0 ? kWindows1252[value - 0x80u] : value);
  }
  return out;
}

struct CloseIconv {
  using pointer = iconv_t;
  void operator()(iconv_t handle) const { iconv_close(handle); }
};

Result<std::string> through_iconv(std::string_view bytes, const char* from) {
  const iconv_t opened = iconv_open("UTF-8", from);
  if (opened == reinterpret_cast<iconv_t>(-1)) return Error{ErrorCode::unavailable, "encoding", "iconv lacks it"};
  const std::unique_ptr<iconv_t, CloseIconv> handle(opened);
  std::string in(bytes), out(bytes.size() * 2 + 16, '\0');  // two bytes of GB 18030 make three of UTF-8 at most
  char* source = in.data();
  char* target = out.data();
  std::size_t source_left = in.size(), target_left = out.size();
  if (iconv(handle.get(), &source, &source_left, &target, &target_left) == static_cast<std::size_t>(-1) ||
      source_left != 0)
    return Error{ErrorCode::invalid_utf8, "", "bytes are not " + std::string(from)};
  out.resize(out.size() - target_left);
  return out;
}

}  // namespace

Result<std::string> to_utf8(std::string_view bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      if (!all_ascii(bytes) && !is_utf8(bytes)) return Error{ErrorCode::invalid_utf8, "", ""};
      return std::string(bytes);
    case Encoding::latin1:
      return from_latin1(bytes);
    case Encoding::gb18030:
      return all_ascii(bytes) ? Result<std::string>(std::string(bytes)) : through_iconv(bytes, "GB18030");
  }
  return Error{};
}

Result<Encoding> encoding_of(std::string_view name) {
  std::string lower;
  for (char letter : name) lower += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  for (std::string_view one : {"utf-8", "utf8", "us-ascii", "ascii"})
    if (lower == one) return Encoding::utf8;
  for (std::string_view one : {"latin1", "latin-1", "iso-8859-1", "windows-1252", "cp1252"})
    if (lower == one) return Encoding::latin1;
  for (std::string_view one : {"gb18030", "gbk", "gb2312", "cp936"})
    if (lower == one) return Encoding::gb18030;
  return Error{ErrorCode::unknown_value, "encoding", std::string(name.substr(0, 40))};
}

}  // namespace tillside::journal
