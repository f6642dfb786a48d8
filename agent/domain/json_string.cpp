#include "agent/domain/checkout_json.h"
#include "agent/domain/utf8.h"

namespace tillside {
namespace {

void append_escape(std::string& out, unsigned char c) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out.append("\\u00").push_back(kHex[c >> 4]);
      out.push_back(kHex[c & 15]);
  }
}

bool is_plain_ascii(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t copied = 0, at = 0;
  while (at < text.size()) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (is_plain_ascii(c)) {
      ++at;
    } else if (const std::size_t length = c < 0x80 ? 0 : utf8_length(text, at); length > 0) {
      at += length;
    } else {
      out.append(text, copied, at - copied);
      if (c < 0x80)
        append_escape(out, c);
      else
        out += "\uFFFD";
      copied = ++at;
    }
  }
  out.append(text, copied, at - copied);
  out.push_back('"');
}

}  // namespace tillside
