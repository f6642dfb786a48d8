// The connections of a line: one for each call that is under way, kept for the next. Any thread, no lock.
#pragma once

#include "pos_adapter/plugin/connection.h"

namespace tillside::pos {

class Connections {
 public:
  static constexpr int kMost = 64, kKept = 16;

  // For the caller alone until it is given back; null: all are in use. The first free one, so that few are used.
  Connection* take();
  void give_back(Connection* connection);
  void drop_all();  // nobody may be using one

 private:
  std::atomic<bool> taken_[kMost] = {};
  Connection all_[kMost];
};

// One of them for the length of a block.
class Taken {
 public:
  explicit Taken(Connections& from) : from_(from), connection_(from.take()) {}
  ~Taken() {
    if (connection_ != nullptr) from_.give_back(connection_);
  }
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;
  Connection* get() const { return connection_; }
  Connection* operator->() const { return connection_; }

 private:
  Connections& from_;
  Connection* const connection_;
};

}  // namespace tillside::pos
