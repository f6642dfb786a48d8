#include "sync/http/guard.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "sync/http/message.h"

namespace tillside::http {
namespace {

struct HostPort {
  std::string_view host;
  std::string_view port;
};

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<HostPort> split_host(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto host_end = text.front() == '[' ? text.find(']') : text.find(':');
  if (text.front() == '[' && host_end == std::string_view::npos) return std::nullopt;
  const auto cut = text.front() == '[' ? host_end + 1 : std::min(host_end, text.size());
  HostPort parts{text.substr(0, cut), text.substr(cut)};
  if (parts.port.empty()) return parts;
  if (parts.port.front() != ':') return std::nullopt;
  parts.port.remove_prefix(1);
  if (parts.port.empty() || parts.port.size() > 5 || !is_digits(parts.port)) return std::nullopt;
  return parts;
}

bool matches(const HostPort& host, std::string_view allowed) {
  const auto wanted = split_host(allowed);
  return wanted && equal_ignoring_case(host.host, wanted->host) && (wanted->port.empty() || wanted->port == host.port);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls visit(piece) for each piece between separators until it returns true.
template <typename Visit>
void for_each_piece(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (visit(text.substr(0, end))) return;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::pair<std::string_view, std::string_view> split_pair(std::string_view piece) {
  const auto equals = piece.find('=');
  if (equals == std::string_view::npos) return {piece, {}};
  return {piece.substr(0, equals), piece.substr(equals + 1)};
}

}  // namespace

bool host_allowed(std::string_view host, const std::vector<std::string>& configured) {
  static constexpr std::array<std::string_view, 3> kLoopback = {"127.0.0.1", "localhost", "[::1]"};
  const auto parts = split_host(host);
  if (!parts) return false;
  const auto allows = [&](std::string_view allowed) { return matches(*parts, allowed); };
  return std::any_of(kLoopback.begin(), kLoopback.end(), allows) ||
         std::any_of(configured.begin(), configured.end(), allows);
}

bool origin_allowed(std::string_view origin, std::string_view host, const std::vector<std::string>& configured) {
  if (origin.empty()) return true;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme) && !host.empty() && equal_ignoring_case(origin.substr(scheme.size()), host))
      return true;
  }
  return origin != "null" && std::any_of(configured.begin(), configured.end(),
                                         [&](const auto& allowed) { return equal_ignoring_case(origin, allowed); });
}

std::string_view bearer_token(std::string_view authorization) {
  static constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size() ||
      !equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  const auto token = trim(authorization.substr(kScheme.size()));
  return token.find_first_of(" \t,") == std::string_view::npos ? token : std::string_view{};
}

bool same_secret(std::string_view given, std::string_view expected) {
  const auto digest = [](std::string_view text) {
    std::array<unsigned char, crypto_generichash_BYTES> out{};
    crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       nullptr, 0);
    return out;
  };
  const auto a = digest(given);
  const auto b = digest(expected);
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<std::string_view> cookie_value(std::string_view cookie_header, std::string_view name) {
  std::optional<std::string_view> found;
  for_each_piece(cookie_header, ';', [&](std::string_view piece) {
    const auto [key, value] = split_pair(trim(piece));
    if (key != name) return false;
    found = value;
    return true;
  });
  if (found && found->size() >= 2 && found->front() == '"' && found->back() == '"') {
    found = found->substr(1, found->size() - 2);
  }
  return found;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    out.push_back(c);
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || std::string_view("-._~").find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

std::optional<std::string> find_query_value(std::string_view query, std::string_view name) {
  std::optional<std::string> found;
  for_each_piece(query, '&', [&](std::string_view piece) {
    const auto [key, value] = split_pair(piece);
    if (key != name && percent_decode(key, true) != name) return false;
    found = percent_decode(value, true);
    return true;
  });
  return found;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> all;
  for_each_piece(query, '&', [&](std::string_view piece) {
    const auto [key, value] = split_pair(piece);
    auto decoded_key = percent_decode(key, true);
    auto decoded_value = percent_decode(value, true);
    if (!piece.empty() && decoded_key && decoded_value)
      all.emplace_back(*std::move(decoded_key), *std::move(decoded_value));
    return false;
  });
  return all;
}

bool content_type_is(std::string_view content_type, std::string_view expected) {
  return equal_ignoring_case(trim(content_type.substr(0, content_type.find(';'))), expected);
}

}  // namespace tillside::http
