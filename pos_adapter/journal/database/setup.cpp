#include "pos_adapter/journal/database/setup.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "pos_adapter/journal/database/query.h"
#include "pos_adapter/journal/decimals.h"

namespace tillside::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNumbersBack = 500, kSecondsBack = 600;

// One line: a file made with an editor ends with a line end.
Result<std::string> read_connection(const fs::path& file) {
  std::error_code problem;
  const auto others = fs::perms::group_all | fs::perms::others_all;
  const auto status = fs::status(file, problem);
  if (problem || !fs::is_regular_file(status))
    return Error{ErrorCode::not_found, "database.connection_file", "no file " + file.string()};
  if ((status.permissions() & others) != fs::perms::none)
    return Error{ErrorCode::refused, "database.connection_file", "others can read it: chmod 600 " + file.string()};
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in || trimmed(text).empty())
    return Error{ErrorCode::bad_format, "database.connection_file", "cannot be read, or is empty: " + file.string()};
  return std::string(trimmed(text));
}

Status take_marks(const DatabaseSettings& settings, DatabaseDoorConfig& door) {
  const bool time = settings.high_water_is == "time";
  door.kind = time ? MarkKind::time : MarkKind::integer;
  if (!settings.start.empty()) {
    const auto start = parse_mark(settings.start, door.kind);
    if (!start.ok()) return Error{start.error().code, "database.start", start.error().detail};
    door.start = *start;
  }
  const std::int64_t back = settings.look_back >= 0 ? settings.look_back : (time ? kSecondsBack : kNumbersBack);
  door.rules.look_back = time ? back * 1000 : back;
  return {};
}

}  // namespace

Result<DatabaseSetup> set_up_database(const DatabaseSettings& settings) {
  const auto missing = [](const char* key) { return Error{ErrorCode::missing_field, key, "required"}; };
  if (settings.connection_file.empty()) return missing("database.connection_file");
  if (settings.query.empty()) return missing("database.query");
  if (settings.high_water.empty()) return missing("database.high_water");
  if (Status query = check_query(settings.query); !query) return query.error();
  DatabaseSetup setup;
  if (!settings.mapping.empty()) {
    auto mapping = load_mapping(settings.mapping);
    if (!mapping.ok()) {
      Error error = mapping.error();
      error.detail = "database.mapping: " + error.detail;
      return error;
    }
    setup.door.mapping = std::move(*mapping);
  }
  auto connection = read_connection(settings.connection_file);
  if (!connection.ok()) return connection.error();
  if (Status marks = take_marks(settings, setup.door); !marks) return marks.error();
  setup.door.query = settings.query;
  setup.door.high_water = settings.high_water;
  setup.door.defaults.lane_id = settings.lane;
  setup.door.poll_ms = settings.poll_s * 1000;
  setup.door.rules.settled_after_ms = settings.settled_after_s * 1000;
  setup.door.chunk = static_cast<std::size_t>(settings.rows);
  setup.helper.connection = std::move(*connection);
  setup.helper.query = settings.query;
  setup.helper.timeout_s = static_cast<int>(settings.timeout_s);
  setup.helper.as_bytes = setup.door.mapping.encoding != Encoding::utf8;
  setup.helper.uncommitted = settings.read_uncommitted;
  return setup;
}

}  // namespace tillside::journal
