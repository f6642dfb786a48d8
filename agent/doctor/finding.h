// What the doctor says of one thing: whether it works, in one line, and the mend where it does not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillside::doctor {

enum class Health : std::uint8_t {
  works,
  look,    // works, and somebody should look at it: stale members, a budget used up
  broken,  // does not work until it is mended
};
std::string_view name_of(Health health);  // "works", "look", "broken"

// The same in both languages; the terminal shows one.
struct Words {
  std::string zh, en;
};

struct Finding {
  std::string_view door;  // a closed list: folder, agent, http, headquarters, clock, members, coupons, storage,
                          // files, database, printer, scanner, library, browser
  Health health = Health::works;
  Words says;
  Words mend = {};  // empty where nothing is to be done
};

using Findings = std::vector<Finding>;

// "5 minutes", "3 hours", "2 days": as long ago as matters to somebody who waits for it.
Words ago(std::int64_t ms);

inline Finding works(std::string_view door, Words says) { return {door, Health::works, std::move(says)}; }
inline Finding look(std::string_view door, Words says, Words mend) {
  return {door, Health::look, std::move(says), std::move(mend)};
}
inline Finding broken(std::string_view door, Words says, Words mend) {
  return {door, Health::broken, std::move(says), std::move(mend)};
}

}  // namespace tillside::doctor
