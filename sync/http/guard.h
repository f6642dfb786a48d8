#pragma once
// Pure checks at the door: who may call, and what their addresses, cookies and queries say.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillside::http {

// Whether a Host header names this machine's loopback (127.0.0.1, localhost, [::1], each with any or no port) or one
// of `configured`. A configured name without a port allows any port; with one, that port only. Defends against DNS
// rebinding: a foreign page may resolve its own name to 127.0.0.1, but its Host betrays it. Empty is refused.
bool host_allowed(std::string_view host, const std::vector<std::string>& configured = {});

// Whether a browser's Origin may call. No Origin (not a browser's cross-site call) is allowed; "null" never is.
// Allowed are http(s)://<Host> itself (same origin) and what `configured` lists literally ("https://pos.example:8443").
bool origin_allowed(std::string_view origin, std::string_view host, const std::vector<std::string>& configured = {});

// The token of "Bearer <token>" (scheme case-insensitive); empty when there is none or it is malformed.
std::string_view bearer_token(std::string_view authorization);

// Equality that tells nothing by its timing, also not the length: both are hashed, the hashes compared.
bool same_secret(std::string_view given, std::string_view expected);

// The value of one cookie in a Cookie header; surrounding quotes are removed. nullopt when absent.
std::optional<std::string_view> cookie_value(std::string_view cookie_header, std::string_view name);

// %XX decoded; nullopt on a bad escape or a NUL. `plus_is_space` for queries and forms.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

// Everything but unreserved characters (RFC 3986) as %XX.
std::string percent_encode(std::string_view text);

// The first parameter of that name in "a=1&b=2"; nullopt when absent or badly encoded.
std::optional<std::string> find_query_value(std::string_view query, std::string_view name);

// All parameters in their order; badly encoded ones are left out.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

// The media type of a Content-Type header, without parameters, equals `expected` ("application/json").
bool content_type_is(std::string_view content_type, std::string_view expected);

}  // namespace tillside::http
