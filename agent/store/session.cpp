#include "agent/store/session.h"

namespace tillside::store {

Session::Session(Database& database)
    : database_(database),
      meta_(database),
      checkouts_(database),
      events_(database),
      issuing_(database, meta_),
      redeeming_(database, meta_),
      told_(database, meta_) {
  events_.load();
  issuing_.load(events_.epoch_no());
}

void Session::begin() {
  if (!stale_) return;
  checkouts_.forget();
  redeeming_.forget();
  events_.load();
  issuing_.load(events_.epoch_no());
  stale_ = false;
}

void Session::before_commit() {
  issuing_.save();
  if (on_commit_) on_commit_(*this);
}

void Session::after_commit() {
  const bool appended = events_.appended();
  events_.clear_appended();
  if (appended && listener_) listener_();
}

void Session::begin_epoch(const wire::Epoch& epoch, bool provisional) {
  issuing_.save();
  const std::int64_t before = events_.epoch_no();
  events_.begin_epoch(epoch, provisional);
  if (before != 0 && events_.epoch_no() != before) redeeming_.end_all_holds();
  issuing_.load(events_.epoch_no());
}

Meta::Meta(Database& database)
    : get_(database.prepare("SELECT v FROM meta WHERE k=?")),
      put_(database.prepare("INSERT INTO meta(k,v) VALUES(?,?) ON CONFLICT(k) DO UPDATE SET v=excluded.v")) {}

std::optional<std::string> Meta::get(std::string_view key) {
  std::optional<std::string> value;
  if (get_.with(key).step()) value.emplace(get_.blob(0));
  get_.rewind();
  return value;
}

void Meta::put(std::string_view key, std::string_view value) { put_.with(key, value).run(); }

std::int64_t Meta::number(std::string_view key, std::int64_t otherwise) {
  const auto text = get(key);
  return text ? std::strtoll(text->c_str(), nullptr, 10) : otherwise;
}

void Meta::put_number(std::string_view key, std::int64_t value) { put(key, std::to_string(value)); }

}  // namespace tillside::store
