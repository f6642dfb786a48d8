// What the subcommands share: asking headquarters, and printing what it says.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sync/hq/cli/commands.h"
#include "sync/hq/cli/words.h"

namespace tillside::hq::cli {

using Json = nlohmann::ordered_json;
using Print = std::function<int(const Json&)>;

// Prints the problem; kFailed.
int refused(const AdminAnswer& answer);
// Asks, prints the answer as it came when that is wanted, and hands it to `print`.
int exchange(const Context& context, const std::string& method, const std::string& path, const std::string& body,
             const Print& print, const std::string& content_type = "application/json");
std::string text(const Json& json, const char* name);  // "-" when absent
std::optional<std::string> content_of(const std::string& file);
int cannot_read(const std::string& file);
int list_bad_rows(const Json& json, std::uint64_t count);  // to stderr; kPartly when there are any

// What people read; silent with --json, where the answer itself was printed.
template <class... Args>
void say(const Context& context, const std::string& zh, const std::string& en, const Args&... args) {
  if (!context.json) std::cout << fmt::format(fmt::runtime(in_words(zh, en)), args...) << '\n';
}

}  // namespace tillside::hq::cli
