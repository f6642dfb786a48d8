#include "agent/doctor/examine_spool.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "agent/domain/time.h"

namespace tillside::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kQueuedTooLong = 2 * kMinute;
constexpr const char* kSetAside = "set-aside";

struct Spooled {
  std::size_t waiting = 0, refused = 0;
  fs::file_time_type oldest = fs::file_time_type::max();
  std::error_code error;
};

void count_documents(const fs::path& folder, Spooled& into) {
  const bool refused = folder.filename() == kSetAside;
  std::error_code gone;  // delivered, and erased, while we look
  for (const auto& entry : fs::directory_iterator(folder, into.error)) {
    if (entry.path().extension() != ".doc") continue;
    ++(refused ? into.refused : into.waiting);
    const auto written = entry.last_write_time(gone);
    if (!refused && !gone) into.oldest = std::min(into.oldest, written);
  }
}

Spooled spooled_in(const fs::path& spool) {
  Spooled found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(spool, found.error))
    if (entry.is_directory(error)) count_documents(entry.path(), found);
  return found;
}

Finding waiting_in(const std::string& spool, const Spooled& found, fs::file_time_type now) {
  if (found.waiting == 0) return works("library", {"没有单据在等：" + spool, "nothing waits in " + spool});
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now - std::min(now, found.oldest)).count();
  const Words old = ago(since);
  Words says{fmt::format("{} 份单据在等，最早的等了 {}：{}", found.waiting, old.zh, spool),
             fmt::format("{} documents wait, the oldest for {}: {}", found.waiting, old.en, spool)};
  if (since < kQueuedTooLong) return works("library", std::move(says));
  return look("library", std::move(says),
              {"看代理是否在运行；收银软件开着才会补交，一份也不会丢",
               "see whether the agent runs; the POS delivers them while it is open, and loses none"});
}

Findings examine_spool(const fs::path& spool, fs::file_time_type now) {
  const std::string words = spool.string();
  std::error_code error;
  const bool there = fs::exists(spool, error);
  if (!there && !error) return {works("library", {"还没有单据等过：" + words, "nothing has waited yet in " + words})};
  const Spooled found = error ? Spooled{.error = error} : spooled_in(spool);
  if (found.error)
    return {look("library", {"看不到 " + words, "cannot look into " + words},
                 {"用收银软件的用户或 root 运行 doctor", "run doctor as the POS's user or as root"})};
  Findings all{waiting_in(words, found, now)};
  if (found.refused > 0)
    all.push_back(look(
        "library",
        {fmt::format("{} 份单据被代理拒收：{}", found.refused, (spool / kSetAside).string()),
         fmt::format("{} documents were refused: {}", found.refused, (spool / kSetAside).string())},
        {"每份后面写着原因；改好收银软件后删掉", "each has the reason behind it; mend the POS, then remove them"}));
  return all;
}

}  // namespace

Findings examine_spools(const std::vector<fs::path>& spools, fs::file_time_type now) {
  Findings all;
  for (const fs::path& spool : spools)
    for (Finding& finding : examine_spool(spool, now)) all.push_back(std::move(finding));
  return all;
}

}  // namespace tillside::doctor
