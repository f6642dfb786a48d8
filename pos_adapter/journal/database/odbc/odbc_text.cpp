#include "pos_adapter/journal/database/odbc/odbc_text.h"

#include <array>
#include <cstdint>

namespace tillside::odbc {
namespace {

constexpr std::size_t kMostWords = 300;
constexpr char32_t kUnreadable = 0xFFFD;

void append(std::string& out, char32_t code) {
  const auto byte = [&out](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    return byte(0x80 | (code & 0x3F));
  }
  if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
  }
  byte(0x80 | ((code >> 6) & 0x3F));
  byte(0x80 | (code & 0x3F));
}

char32_t next_code(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : (lead >= 0xE0 ? 2 : 1);
  char32_t code = lead & (0x3F >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    code = (code << 6) | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return code;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::string_view bare(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The value of each key that holds a secret, without its braces.
std::vector<std::string> secrets_of(std::string_view connection) {
  std::vector<std::string> secrets;
  while (!connection.empty()) {
    const auto equals = connection.find('=');
    if (equals == std::string_view::npos) break;
    const std::string key = lower(bare(connection.substr(0, equals)));
    connection.remove_prefix(equals + 1);
    const bool braced = bare(connection).starts_with('{');
    const auto end = braced ? connection.find('}') : connection.find(';');
    std::string_view value = bare(connection.substr(0, end));
    if (braced) value.remove_prefix(1);
    const bool secret = key.find("pwd") != std::string::npos || key.find("pass") != std::string::npos ||
                        key.find("secret") != std::string::npos || key.find("token") != std::string::npos ||
                        key.find("key") != std::string::npos;
    if (secret && !value.empty()) secrets.emplace_back(value);
    const auto next = end == std::string_view::npos ? end : connection.find(';', end);
    connection.remove_prefix(next == std::string_view::npos ? connection.size() : next + 1);
  }
  return secrets;
}

}  // namespace

std::vector<SQLWCHAR> to_wide(std::string_view utf8) {
  std::vector<SQLWCHAR> out;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t code = next_code(utf8, at);
    if (code >= 0x10000) {
      out.push_back(static_cast<SQLWCHAR>(0xD800 + ((code - 0x10000) >> 10)));
      out.push_back(static_cast<SQLWCHAR>(0xDC00 + ((code - 0x10000) & 0x3FF)));
    } else {
      out.push_back(static_cast<SQLWCHAR>(code));
    }
  }
  out.push_back(0);
  return out;
}

std::string from_wide(const SQLWCHAR* text, std::size_t length) {
  std::string out;
  for (std::size_t i = 0; i < length; ++i) {
    char32_t code = text[i];
    const bool high = code >= 0xD800 && code < 0xDC00, low = code >= 0xDC00 && code < 0xE000;
    if (high && i + 1 < length && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (text[++i] - 0xDC00U);
    } else if (high || low) {
      code = kUnreadable;
    }
    append(out, code);
  }
  return out;
}

std::string without_secrets(std::string message, std::string_view connection) {
  for (const std::string& secret : secrets_of(connection))
    for (auto at = message.find(secret); at != std::string::npos; at = message.find(secret, at + 3))
      message.replace(at, secret.size(), "***");
  for (char& c : message)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  if (message.size() > kMostWords) {
    std::size_t end = kMostWords;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;
    message.resize(end);
  }
  return message;
}

}  // namespace tillside::odbc
