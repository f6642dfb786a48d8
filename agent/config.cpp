#include "agent/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <sstream>

#include "agent/platform/files.h"

namespace tillside {
namespace {

using Take = std::function<bool(const toml::node&)>;

Take text(std::string& out) {
  return [&out](const toml::node& node) {
    const auto value = node.value<std::string>();
    if (value) out = *value;
    return value.has_value();
  };
}
Take path(std::filesystem::path& out) {
  return [&out](const toml::node& node) {
    const auto value = node.value<std::string>();
    if (value) out = *value;
    return value.has_value();
  };
}
Take flag(bool& out) {
  return [&out](const toml::node& node) {
    const auto value = node.value<bool>();
    if (value) out = *value;
    return value.has_value();
  };
}
Take number(int& out) {
  return [&out](const toml::node& node) {
    const auto value = node.value<std::int64_t>();
    if (!value || *value < 0 || *value > 65535) return false;
    out = static_cast<int>(*value);
    return true;
  };
}
Take port(std::uint16_t& out) {
  return [&out](const toml::node& node) {
    const auto value = node.value<std::int64_t>();
    if (!value || *value < 0 || *value > 65535) return false;
    out = static_cast<std::uint16_t>(*value);
    return true;
  };
}
Take number(std::int64_t& out, std::int64_t lowest, std::int64_t highest) {
  return [=, &out](const toml::node& node) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < lowest || *value > highest) return false;
    out = *value;
    return true;
  };
}
Take text_or_number(std::string& out) {
  return [&out](const toml::node& node) {
    if (const auto whole = node.value_exact<std::int64_t>()) {
      out = std::to_string(*whole);
      return true;
    }
    return text(out)(node);
  };
}
template <class Item, class Read>
Take list(std::vector<Item>& out, Read read) {
  return [&out, read](const toml::node& node) {
    const toml::array* items = node.as_array();
    if (items == nullptr) return false;
    for (const toml::node& item : *items) {
      auto value = read(item);
      if (!value) return false;
      out.emplace_back(std::move(*value));
    }
    return true;
  };
}
Take one_of(std::string& out, std::vector<std::string> words) {
  return [&out, words = std::move(words)](const toml::node& node) {
    const auto value = node.value<std::string>();
    if (!value || std::find(words.begin(), words.end(), *value) == words.end()) return false;
    out = *value;
    return true;
  };
}
std::optional<std::string> as_text(const toml::node& node) { return node.value<std::string>(); }
std::optional<std::uint32_t> as_user(const toml::node& node) {
  const auto value = node.value<std::int64_t>();
  const bool fits = value && *value >= 0 && *value <= std::numeric_limits<std::uint32_t>::max();
  return fits ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
}

std::map<std::string, Take, std::less<>> readers(Config& config) {
  journal::DatabaseSettings& database = config.database;
  return {{"till.folder", path(config.folder)},
          {"headquarters.url", text(config.hq_url)},
          {"headquarters.ca_file", text(config.hq_ca_file)},
          {"api.port", port(config.port)},
          {"api.port_file", path(config.port_file)},
          {"api.socket", path(config.socket)},
          {"api.hosts", list(config.hosts, as_text)},
          {"api.origins", list(config.origins, as_text)},
          {"api.trusted_users", list(config.trusted_users, as_user)},
          {"lanes.counter_restarts", list(config.restarting_lanes, as_text)},
          {"journal.drop", path(config.drop_folder)},
          {"journal.follow", list(config.appended_files, as_text)},
          {"journal.mapping", path(config.mapping)},
          {"journal.lane", text(config.journal_lane)},
          {"journal.as_live", flag(config.journal_as_live)},
          {"database.connection_file", path(database.connection_file)},
          {"database.query", text(database.query)},
          {"database.high_water", text(database.high_water)},
          {"database.high_water_is", one_of(database.high_water_is, {"number", "time"})},
          {"database.start", text_or_number(database.start)},
          {"database.look_back", number(database.look_back, 0, 10'000'000)},
          {"database.mapping", path(database.mapping)},
          {"database.lane", text(database.lane)},
          {"database.poll_s", number(database.poll_s, 1, 3600)},
          {"database.settled_after_s", number(database.settled_after_s, 0, 3600)},
          {"database.timeout_s", number(database.timeout_s, 1, 600)},
          {"database.rows", number(database.rows, 10, 100'000)},
          {"database.read_uncommitted", flag(database.read_uncommitted)},
          {"receipt.shop", text(config.receipt_shop)},
          {"receipt.barcode", flag(config.receipt_barcode)},
          {"receipt.letters", one_of(config.receipt_letters, {"chinese", "western"})},
          {"receipt.qr", one_of(config.receipt_qr, {"raster", "native"})},
          {"printer.listen", text(config.printer.listen)},
          {"printer.printer", text(config.printer.printer)},
          {"printer.lane", text(config.printer.lane)},
          {"printer.templates", path(config.printer.templates)},
          {"printer.template", text(config.printer.receipt_template)},
          {"printer.paper", number(config.printer.paper)},
          {"printer.cut_wait_ms", port(config.printer.cut_wait_ms)},
          {"printer.idle_ms", port(config.printer.idle_ms)},
          {"printer.drawer_ends", flag(config.printer.drawer_ends)},
          {"printer.kanji", flag(config.printer.kanji)},
          {"printer.join_when_unsure", flag(config.printer.join_when_unsure)},
          {"scanner.device", text(config.scanner.device)},
          {"scanner.lane", text(config.scanner.lane)},
          {"library.spools", list(config.spools, as_text)},
          {"log.level", text(config.log_level)}};
}

Status read_table(const toml::table& table, const std::string& prefix,
                  const std::map<std::string, Take, std::less<>>& known, Config& config) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      if (Status status = read_table(*inner, name + ".", known, config); !status) return status;
      continue;
    }
    if (prefix == "manual_keys.") {
      if (!text(config.manual_keys[std::string(key.str())])(node))
        return Error{ErrorCode::wrong_type, name, "a text is wanted"};
      continue;
    }
    const auto reader = known.find(name);
    if (reader == known.end()) return Error{ErrorCode::unknown_value, name, "no such setting"};
    if (!reader->second(node)) return Error{ErrorCode::wrong_type, name, "not what this setting takes"};
  }
  return {};
}

}  // namespace

std::filesystem::path default_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  std::filesystem::path system = "/var/lib/tillside";
  std::error_code error;
  if (std::filesystem::exists(system, error) || home == nullptr || std::string_view(home) == "/root") return system;
  if (state != nullptr && *state != 0) return std::filesystem::path(state) / "tillside";
  return std::filesystem::path(home) / ".local" / "state" / "tillside";
}

Result<Config> load_config(const std::filesystem::path& file) {
  Config config;
  const auto content = read_file(file);
  if (!content) return Error{ErrorCode::not_found, {}, "cannot read " + file.string()};
  try {
    const toml::table table = toml::parse(*content, file.string());
    if (Status status = read_table(table, {}, readers(config), config); !status) return status.error();
  } catch (const toml::parse_error& problem) {
    std::ostringstream where;
    where << problem.source().begin;
    return Error{
        ErrorCode::bad_format, {}, file.string() + ": " + std::string(problem.description()) + ", " + where.str()};
  }
  return config;
}

}  // namespace tillside
