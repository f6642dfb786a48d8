#include "agent/desk/happenings.h"

namespace tillside {
namespace {

Happenings::Message message(std::uint64_t id, std::string_view type, std::string_view fields) {
  auto text = std::make_shared<std::string>();
  text->reserve(32 + type.size() + fields.size());
  *text += "{\"id\":";
  *text += std::to_string(id);
  *text += ",\"type\":\"";
  *text += type;
  *text += '"';
  *text += fields;
  *text += '}';
  return text;
}

}  // namespace

std::uint64_t Happenings::tell(std::string_view type, std::string_view fields) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t id = ++last_id_;
  const Message told = message(id, type, fields);
  kept_.emplace_back(id, told);
  if (kept_.size() > kKept) kept_.pop_front();
  for (const auto& [number, listener] : listeners_) listener(told);
  return id;
}

std::uint64_t Happenings::listen(std::uint64_t last_id, Listener listener) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t oldest = kept_.empty() ? last_id_ + 1 : kept_.front().first;
  const bool hole = last_id > last_id_ || last_id + 1 < oldest;
  if (hole) listener(message(last_id_, "resync", {}));
  for (const auto& [id, told] : kept_) {
    if (hole || id > last_id) listener(told);
  }
  listeners_.emplace(next_listener_, std::move(listener));
  return next_listener_++;
}

void Happenings::forget(std::uint64_t listener) {
  const std::lock_guard lock(mutex_);
  listeners_.erase(listener);
}

}  // namespace tillside
