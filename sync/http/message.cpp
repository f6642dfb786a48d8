#include "sync/http/message.h"

#include <algorithm>
#include <array>

#include "sync/http/guard.h"

namespace tillside::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

const HeaderView* find(const std::vector<HeaderView>& headers, std::string_view name) {
  for (const auto& header : headers) {
    if (equal_ignoring_case(header.name, name)) return &header;
  }
  return nullptr;
}

}  // namespace

std::string_view method_name(Method method) {
  static constexpr std::array<std::string_view, 8> kNames = {"GET",    "HEAD",  "POST",    "PUT",
                                                             "DELETE", "PATCH", "OPTIONS", ""};
  return kNames[static_cast<std::size_t>(method)];
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Request::header(std::string_view name) const {
  const auto* found = find(headers, name);
  return found ? found->value : std::string_view{};
}

bool Request::has_header(std::string_view name) const { return find(headers, name) != nullptr; }

std::optional<std::string> Request::query_value(std::string_view name) const { return find_query_value(query, name); }

std::string Request::query_value_or(std::string_view name, std::string_view fallback) const {
  auto value = query_value(name);
  return value ? *std::move(value) : std::string(fallback);
}

Response json_response(std::string body, unsigned status) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

Response text_response(std::string body, unsigned status) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

}  // namespace tillside::http
