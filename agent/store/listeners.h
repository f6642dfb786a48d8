// Who wants to know that something happened. Any thread; a call works on a copy of the list, never under the lock.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace tillside::store {

class Listeners {
 public:
  // Stays until the end: what it captures must outlive the owner of this list. Must not block.
  void add(std::function<void()> listener) {
    const std::lock_guard lock(mutex_);
    auto longer = std::make_shared<std::vector<std::function<void()>>>(*list_);
    longer->push_back(std::move(listener));
    list_ = std::move(longer);
  }

  void call() const {
    for (const auto& listener : *current()) listener();
  }

 private:
  using List = std::vector<std::function<void()>>;
  std::shared_ptr<const List> current() const {
    const std::lock_guard lock(mutex_);
    return list_;
  }

  mutable std::mutex mutex_;
  std::shared_ptr<const List> list_ = std::make_shared<const List>();
};

}  // namespace tillside::store
