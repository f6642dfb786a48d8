#include "pos_adapter/plugin/connections.h"

namespace tillside::pos {

Connection* Connections::take() {
  for (int i = 0; i < kMost; ++i)
    if (!taken_[i].load(std::memory_order_relaxed) && !taken_[i].exchange(true, std::memory_order_acquire))
      return &all_[i];
  return nullptr;
}

void Connections::give_back(Connection* connection) {
  const auto index = connection - all_;
  if (index >= kKept) connection->drop();
  taken_[index].store(false, std::memory_order_release);
}

void Connections::drop_all() {
  for (Connection& connection : all_) connection.drop();
}

}  // namespace tillside::pos
