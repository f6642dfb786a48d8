#include "sync/http/router.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "sync/http/guard.h"
#include "sync/http/problem.h"

namespace tillside::http {

// One segment of the tree of patterns.
struct Router::Node {
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals;
  std::unique_ptr<Node> parameter;
  std::array<RouteHandler, 8> handlers;  // by method
  std::vector<std::string> names;        // of the {name}s on the way here

  Node* literal(std::string_view segment) const {
    for (const auto& [text, node] : literals) {
      if (text == segment) return node.get();
    }
    return nullptr;
  }
  bool is_route() const {
    return std::any_of(handlers.begin(), handlers.end(), [](const auto& handler) { return handler != nullptr; });
  }
  const RouteHandler& handler_for(Method method) const {
    const auto& own = handlers[static_cast<std::size_t>(method)];
    if (!own && method == Method::kHead) return handlers[static_cast<std::size_t>(Method::kGet)];
    return own;
  }
};

namespace {

constexpr std::size_t kMostSegments = 16;

// The segments of "/a/b" (without the first slash); more than kMostSegments fit no route.
struct Segments {
  std::array<std::string_view, kMostSegments> at;
  std::size_t count = 0;
};

bool split_path(std::string_view path, Segments& segments) {
  if (path.empty() || path.front() != '/') return false;
  path.remove_prefix(1);
  for (;;) {
    if (segments.count == kMostSegments) return false;
    const auto end = std::min(path.find('/'), path.size());
    segments.at[segments.count++] = path.substr(0, end);
    if (end == path.size()) return true;
    path.remove_prefix(end + 1);
  }
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

std::string_view PathParams::get(std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) return value;
  }
  return {};
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

Router& Router::add(Method method, std::string_view pattern, RouteHandler handler) {
  Segments segments;
  if (!split_path(pattern, segments)) throw std::invalid_argument("bad route: " + std::string(pattern));
  auto* node = root_.get();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < segments.count; ++i) {
    const auto segment = segments.at[i];
    if (is_parameter(segment)) {
      names.emplace_back(segment.substr(1, segment.size() - 2));
      if (!node->parameter) node->parameter = std::make_unique<Node>();
      node = node->parameter.get();
    } else if (auto* next = node->literal(segment)) {
      node = next;
    } else {
      node = node->literals.emplace_back(segment, std::make_unique<Node>()).second.get();
    }
  }
  auto& place = node->handlers[static_cast<std::size_t>(method)];
  if (place || (node->is_route() && node->names != names)) {
    throw std::invalid_argument("route stands already: " + std::string(pattern));
  }
  node->names = std::move(names);
  place = std::move(handler);
  return *this;
}

namespace {

// The deepest-first walk; `chosen` collects the segments that stood for {name}s.
template <typename Node>
const Node* find(const Node& node, const Segments& segments, std::size_t depth, std::vector<std::string_view>& chosen) {
  if (depth == segments.count) return node.is_route() ? &node : nullptr;
  const auto segment = segments.at[depth];
  if (const auto* next = node.literal(segment)) {
    if (const auto* found = find(*next, segments, depth + 1, chosen)) return found;
  }
  if (!node.parameter || segment.empty()) return nullptr;
  chosen.push_back(segment);
  if (const auto* found = find(*node.parameter, segments, depth + 1, chosen)) return found;
  chosen.pop_back();
  return nullptr;
}

template <typename Node>
std::string allowed_methods(const Node& node) {
  std::string allowed;
  for (std::size_t i = 0; i < node.handlers.size(); ++i) {
    if (!node.handler_for(static_cast<Method>(i))) continue;
    if (!allowed.empty()) allowed += ", ";
    allowed += method_name(static_cast<Method>(i));
  }
  return allowed;
}

constexpr Problem kNotFound{
    .status = 404, .code = "not-found", .title_zh = "没有这个地址", .title_en = "There is no such address"};
constexpr Problem kWrongMethod{.status = 405,
                               .code = "method-not-allowed",
                               .title_zh = "此地址不接受该方法",
                               .title_en = "This address does not take that method"};
constexpr Problem kBadPath{
    .status = 400, .code = "bad-path", .title_zh = "地址的编码不正确", .title_en = "The address is badly encoded"};

}  // namespace

void Router::serve(const Request& request, Responder responder) const {
  Segments segments;
  std::vector<std::string_view> chosen;
  const auto* node = split_path(request.path, segments) ? find(*root_, segments, 0, chosen) : nullptr;
  if (!node) return responder.send(problem(kNotFound, request));
  const auto& handler = node->handler_for(request.method);
  if (!handler) {
    auto response = problem(kWrongMethod, request);
    response.with("Allow", allowed_methods(*node));
    return responder.send(std::move(response));
  }
  PathParams params;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    auto value = percent_decode(chosen[i]);
    if (!value) return responder.send(problem(kBadPath, request));
    params.values_.emplace_back(node->names[i], *std::move(value));
  }
  handler(request, params, std::move(responder));
}

}  // namespace tillside::http
