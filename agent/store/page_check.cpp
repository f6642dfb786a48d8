#include "agent/store/page_check.h"

#include <vector>

namespace tillside::store {
namespace {

std::vector<std::string> tables_of(Database& database) {
  std::vector<std::string> names;
  Statement rows = database.prepare("SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name");
  while (rows.step()) names.emplace_back(rows.text(0));
  return names;
}

std::string damage_of(Database& database, const std::string& table) {
  Statement row = database.prepare("PRAGMA quick_check(\"" + table + "\")");
  return row.step() && row.text(0) != "ok" ? table + ": " + std::string(row.text(0)) : std::string();
}

}  // namespace

PageCheck::PageCheck(std::unique_ptr<Database> reader, Done done)
    : reader_(std::move(reader)), thread_([this, done = std::move(done)] { run(done); }) {}

PageCheck::~PageCheck() {
  stopping_ = true;
  reader_->interrupt();
  thread_.join();
}

void PageCheck::run(const Done& done) {
  std::string damage;
  try {
    for (const std::string& table : tables_of(*reader_)) {
      if (stopping_ || !damage.empty()) break;
      damage = damage_of(*reader_, table);
    }
  } catch (const SqliteFailure& failure) {
    if (!failure.corrupt()) return;
    damage = failure.message;
  }
  if (!stopping_) done(damage);
}

}  // namespace tillside::store
