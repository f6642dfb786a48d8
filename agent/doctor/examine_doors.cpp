#include "agent/doctor/examine_doors.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>

#include "pos_adapter/journal/database/setup.h"
#include "pos_adapter/journal/mapping.h"

namespace tillside::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLittleRoom = 512ull << 20, kNoRoom = 32ull << 20;
constexpr auto kWaitsTooLong = std::chrono::minutes(2);

bool only_for_its_owner(const fs::path& path) {
  std::error_code error;
  const auto others = fs::perms::group_all | fs::perms::others_all;
  return (fs::status(path, error).permissions() & others) == fs::perms::none && !error;
}

Finding room_of(const fs::path& folder) {
  std::error_code error;
  const auto left = fs::space(folder, error).available;
  const std::string mib = std::to_string(left >> 20);
  Words says{"磁盘剩余 " + mib + " MB", mib + " MB left on the disk"};
  Words mend{"清理磁盘", "make room on the disk"};
  if (error || left < kNoRoom) return broken("folder", std::move(says), std::move(mend));
  if (left < kLittleRoom) return look("folder", std::move(says), std::move(mend));
  return works("folder", std::move(says));
}

bool readable(const fs::path& file) { return std::ifstream(file).good(); }

struct Folder {
  std::size_t waiting = 0, unreadable = 0;
};

Folder count(const fs::path& drop, fs::file_time_type now) {
  Folder found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(drop, error)) {
    const auto kind = entry.path().extension();
    const bool ours = kind == ".xml" || kind == ".jsonl" || kind == ".json" || kind == ".csv";
    if (ours && entry.is_regular_file(error) && now - entry.last_write_time(error) > kWaitsTooLong) ++found.waiting;
  }
  for (const char* place : {"done", "failed"})
    for (const auto& entry : fs::directory_iterator(drop / place, error))
      if (entry.path().string().ends_with(".errors.txt")) ++found.unreadable;
  return found;
}

Findings examine_drop(const fs::path& drop, fs::file_time_type now) {
  std::error_code error;
  if (!fs::is_directory(drop, error))
    return {broken("files", {"投放文件夹不存在：" + drop.string(), "no drop folder: " + drop.string()},
                   {"建立文件夹，并让收银软件能写入", "make the folder and let the POS write into it"})};
  const Folder found = count(drop, now);
  Findings all;
  if (found.waiting > 0)
    all.push_back(broken("files",
                         {fmt::format("{} 个文件放了两分钟还没读", found.waiting),
                          fmt::format("{} files have waited over two minutes", found.waiting)},
                         {"看代理是否在运行、是否已注册、能否读写该文件夹",
                          "see whether the agent runs, is enrolled, and may read and write the folder"}));
  if (found.unreadable > 0)
    all.push_back(look("files",
                       {fmt::format("{} 个文件有读不懂的单据", found.unreadable),
                        fmt::format("{} files held documents that could not be read", found.unreadable)},
                       {"看 done 和 failed 里的 .errors.txt", "read the .errors.txt in done and failed"}));
  if (all.empty()) all.push_back(works("files", {"投放 " + drop.string(), "drop folder " + drop.string()}));
  return all;
}

Finding examine_followed(const fs::path& file) {
  if (readable(file)) return works("files", {"追读 " + file.string(), "follows " + file.string()});
  return broken("files", {"追读的文件打不开：" + file.string(), "cannot read " + file.string()},
                {"核对路径，并给代理读取权限；收银软件还没写过时属正常",
                 "check the path and let the agent read it; normal before the POS has written the first time"});
}

}  // namespace

Findings examine_folder(const Config& config) {
  std::error_code error;
  if (!fs::is_directory(config.folder, error))
    return {broken(
        "folder", {"数据目录不存在：" + config.folder.string(), "no folder " + config.folder.string()},
        {"先启动一次 tillside agent，或用 --folder 指明", "start tillside agent once, or name it with --folder"})};
  Findings all;
  if (!only_for_its_owner(config.folder))
    all.push_back(
        broken("folder",
               {"数据目录别的用户能进：" + config.folder.string(), "other users can enter " + config.folder.string()},
               {"chmod 700 " + config.folder.string(), "chmod 700 " + config.folder.string()}));
  all.push_back(room_of(config.folder));
  return all;
}

Findings examine_files(const Config& config, fs::file_time_type now) {
  Findings all;
  if (!config.drop_folder.empty()) all = examine_drop(config.drop_folder, now);
  for (const auto& file : config.appended_files) all.push_back(examine_followed(file));
  if (all.empty() || config.mapping.empty()) return all;
  if (const auto mapping = journal::load_mapping(config.mapping); !mapping)
    all.push_back(broken("files",
                         {"列对应文件有误：" + mapping.error().field + " " + mapping.error().detail,
                          "the mapping is wrong: " + mapping.error().field + " " + mapping.error().detail},
                         {"改正 " + config.mapping.string(), "mend " + config.mapping.string()}));
  return all;
}

Findings examine_database(const Config& config) {
  if (!config.database.configured()) return {};
  const auto wrong = [](const Error& error, Words mend) {
    const std::string what = error.field + " " + error.detail;
    return Findings{
        broken("database", {"数据库读不到：" + what, "the database cannot be read: " + what}, std::move(mend))};
  };
  auto setup = journal::set_up_database(config.database);
  if (!setup) return wrong(setup.error(), {"改正配置里的 [database]", "mend [database] in the settings"});
  const StoreZone zone;
  setup->door.defaults.zone = &zone;
  setup->door.chunk = 10;
  const auto rows = journal::make_helper_rows(std::move(setup->helper));
  std::size_t seen = 0;
  const Status looked = journal::look_at(*rows, setup->door, 1, [&](const journal::Document&) { ++seen; });
  if (!looked)
    return wrong(looked.error(),
                 {"核对连接、账号、查询和列对应；用 tillside replay --dry-run --database 试看",
                  "check connection, account, query and mapping; try tillside replay --dry-run --database"});
  if (seen > 0) return {works("database", {"数据库读得到单据", "the database gives tickets"})};
  return {look("database", {"数据库连得上，但查询没有给出任何行", "the database answers, but the query gives no row"},
               {"核对查询和 start", "check the query and start"})};
}

}  // namespace tillside::doctor
