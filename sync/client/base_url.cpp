#include <algorithm>
#include <string_view>

#include "sync/client/transport.h"

namespace tillside::sync {
namespace {

Status refuse(std::string detail) { return Error{ErrorCode::refused, "hq.url", std::move(detail)}; }

bool starts_with_any_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char want, char have) {
           return want == (have >= 'A' && have <= 'Z' ? static_cast<char>(have + ('a' - 'A')) : have);
         });
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// 127.0.0.0/8 written out in four numbers.
bool is_loopback_v4(std::string_view host) {
  if (host.substr(0, 4) != "127.") return false;
  int dots = 0;
  for (std::size_t i = 0; i < host.size(); ++i) {
    const bool digit = host[i] >= '0' && host[i] <= '9';
    if (!digit && (host[i] != '.' || host[i - 1] == '.' || i + 1 == host.size())) return false;
    if (!digit) ++dots;
  }
  return dots == 3 && host.size() <= 15;
}

}  // namespace

bool is_loopback_host(std::string_view host) { return host == "localhost" || host == "[::1]" || is_loopback_v4(host); }

Status check_base_url(const std::string& url) {
  const bool secure = starts_with_any_case(url, "https://");
  if (!secure && !starts_with_any_case(url, "http://")) return refuse("begins neither with https:// nor http://");
  std::string_view place = std::string_view(url).substr(secure ? 8 : 7);
  if (!place.empty() && place.back() == '/') place.remove_suffix(1);
  if (place.empty() || place.find_first_of("/?#@\\ \t\r\n") != place.npos) return refuse("wants a host and port only");
  const auto bracket = place.find(']');
  const auto colon = place.find(':', bracket == place.npos ? 0 : bracket);
  if (colon != place.npos && !is_port(place.substr(colon + 1))) return refuse("its port is no number");
  if (!secure && !is_loopback_host(place.substr(0, colon)))
    return refuse("plain http is for this machine only; use https");
  return {};
}

}  // namespace tillside::sync
