// Asks our programs over HTTP, on a UNIX socket or on loopback TCP.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillside::fakes {

struct JsonAnswer {
  int status = 0;
  bool duplicate = false;  // Tillside-Duplicate: true
  std::string body;

  nlohmann::json json() const { return nlohmann::json::parse(body); }
};

// One thread at a time; one connection, kept alive.
class JsonClient {
 public:
  static JsonClient at_socket(const std::filesystem::path& socket) { return JsonClient(socket.string(), 0, {}); }
  static JsonClient at_port(std::uint16_t port, std::string token) { return JsonClient({}, port, std::move(token)); }

  // nullopt: nobody answered (refused, reset, killed before it answered, 30 seconds).
  std::optional<JsonAnswer> get(const std::string& path);
  std::optional<JsonAnswer> post(const std::string& path, std::string_view body, bool as_live = false,
                                 const std::string& type = "application/json");

 private:
  JsonClient(std::string socket, std::uint16_t port, std::string token);
  std::optional<JsonAnswer> exchange(const std::string& path, const std::string_view* body,
                                     const std::vector<std::string>& headers);

  struct Curl;
  std::shared_ptr<Curl> curl_;
  std::string socket_, token_;
  std::uint16_t port_ = 0;
};

}  // namespace tillside::fakes
