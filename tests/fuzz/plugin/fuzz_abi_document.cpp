// The getters over any bytes: they agree with a full parser about what is JSON and what stands where, stay inside the
// caller's buffer, and a spool file that reads back is what was written.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "pos_adapter/plugin/json_text.h"
#include "pos_adapter/plugin/spool_file.h"
#include "pos_adapter/plugin/tillside_pos.h"

namespace {

using namespace tillside::pos;
using nlohmann::json;

void expect(bool holds) {
  if (!holds) std::abort();
}

// The getters in a buffer of every small size, with a guard behind it.
void read_in_rooms(std::string_view text, const char* path) {
  const int64_t size = tillside_pos_text(text.data(), text.size(), path, nullptr, 0);
  for (const std::size_t room : {1U, 2U, 7U, 64U}) {
    char out[72];
    std::memset(out, '#', sizeof out);
    expect(tillside_pos_text(text.data(), text.size(), path, out, room) == size);
    for (std::size_t i = room; i < sizeof out; ++i) expect(out[i] == '#');
    const bool fits = size >= 0 && static_cast<std::size_t>(size) < room;
    expect(out[fits ? static_cast<std::size_t>(size) : 0] == '\0');
  }
}

void compare(std::string_view text) {
  const json parsed = json::parse(text, nullptr, false);
  const bool ours = is_json_object(Text(text.data(), text.size()));
  // The other parser also checks UTF-8 and knows no depth; what it takes within our depth, we take.
  if (!parsed.is_discarded() && parsed.is_object()) {
    for (const auto& [name, value] : parsed.items()) {
      if (!ours || name.find_first_of(".[\\\"") != std::string::npos || name.find('\0') != std::string::npos ||
          name.empty())
        continue;
      const Text found = json_at(Text(text.data(), text.size()), Text(name.data(), name.size()));
      expect(!found.empty());
      expect(json::parse(std::string(found.data, found.size), nullptr, false) == value);
      if (value.is_array()) expect(json_count(found) == value.size());
      if (value.is_string()) {
        std::string out(found.size + 1, '\0');
        const auto size = json_text(found, out.data(), out.size());
        expect(size >= 0 && out.substr(0, static_cast<std::size_t>(size)) == value.get<std::string>());
      }
    }
  }
}

void spool(std::string_view text) {
  Verb verb = Verb::complete;
  Text found;
  (void)read_spool_file(Text(text.data(), text.size()), verb, found);
  const SpoolLine line(Verb::reverse, Text(text.data(), text.size()));
  const std::string file = std::string(line.text().data, line.text().size) + std::string(text);
  expect(read_spool_file(Text(file.data(), file.size()), verb, found) && verb == Verb::reverse);
  expect(found == Text(text.data(), text.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  compare(text);
  for (const char* path : {"verdict.status", "prompts[0].zh", "a", "a[1].b", "[0]", "a.b.c[2][3]"})
    read_in_rooms(text, path);
  (void)tillside_pos_verdict(text.data(), text.size());
  (void)tillside_pos_count(text.data(), text.size(), "prompts");
  (void)tillside_pos_integer(text.data(), text.size(), "a", 7);
  char out[16];
  (void)tillside_pos_prompt(text.data(), text.size(), size, 1, out, sizeof out);
  spool(text);
  return 0;
}
