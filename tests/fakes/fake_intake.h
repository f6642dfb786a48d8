// A desk that only remembers: answers as the real one would (recorded, duplicate, conflict), or as the test orders.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agent/domain/intake.h"

namespace tillside::fakes {

// Thread-safe. Answers at once on the caller's thread unless held.
class FakeIntake : public CheckoutIntake {
 public:
  void deliver(Checkout checkout, bool as_live, std::function<void(Delivery)> done) override {
    Delivery delivery;
    {
      const std::lock_guard lock(mutex_);
      as_live_ = as_live;
      delivery = judge(checkout);
      ++waiting_;
      most_waiting_ = std::max(most_waiting_, waiting_);
      if (held_) {
        kept_.emplace_back(std::move(done), std::move(delivery));
        return;
      }
      --waiting_;
    }
    done(std::move(delivery));
  }

  void put_off(int deliveries) {  // the next ones are answered `later`
    const std::lock_guard lock(mutex_);
    put_off_ = deliveries;
  }
  void refuse(std::int64_t sequence) {
    const std::lock_guard lock(mutex_);
    refused_sequence_ = sequence;
  }
  void hold() {  // answers wait for release()
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  std::size_t release() {  // gives the answers that wait, in order; how many there were
    std::vector<std::pair<std::function<void(Delivery)>, Delivery>> kept;
    {
      const std::lock_guard lock(mutex_);
      kept.swap(kept_);
      waiting_ -= static_cast<int>(kept.size());
    }
    for (auto& [done, delivery] : kept) done(std::move(delivery));
    return kept.size();
  }

  std::vector<std::string> order() const {  // identities in the order of their recording
    const std::lock_guard lock(mutex_);
    return order_;
  }
  Checkout checkout(const std::string& identity) const {
    const std::lock_guard lock(mutex_);
    return checkouts_.at(identity);
  }
  int count(Delivery::Kind kind) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(kind);
    return found == answers_.end() ? 0 : found->second;
  }
  int most_waiting() const {
    const std::lock_guard lock(mutex_);
    return most_waiting_;
  }
  bool as_live() const {
    const std::lock_guard lock(mutex_);
    return as_live_;
  }

 private:
  Delivery judge(const Checkout& checkout) {
    Delivery delivery;
    delivery.identity = identity_of(checkout);
    const Bytes16 content = content_digest(checkout, Bytes32{});
    const auto known = contents_.find(delivery.identity);
    if (put_off_ > 0) {
      --put_off_;
      delivery.kind = Delivery::Kind::later;
    } else if (checkout.sequence == refused_sequence_) {
      delivery.kind = Delivery::Kind::refused;
      delivery.error = Error{ErrorCode::out_of_range, "lines[0].amount", "the wrong sign here"};
    } else if (known == contents_.end()) {
      contents_[delivery.identity] = content;
      checkouts_[delivery.identity] = checkout;
      order_.push_back(delivery.identity);
    } else {
      delivery.kind = known->second == content ? Delivery::Kind::duplicate : Delivery::Kind::conflict;
    }
    ++answers_[delivery.kind];
    return delivery;
  }

  mutable std::mutex mutex_;  // guards all below
  std::map<std::string, Bytes16> contents_;
  std::map<std::string, Checkout> checkouts_;
  std::vector<std::string> order_;
  std::map<Delivery::Kind, int> answers_;
  std::vector<std::pair<std::function<void(Delivery)>, Delivery>> kept_;
  int put_off_ = 0, waiting_ = 0, most_waiting_ = 0;
  std::int64_t refused_sequence_ = -1;
  bool held_ = false, as_live_ = false;
};

// Keeps checkpoints in memory; can be told to fail.
class FakeCheckpoints : public CheckpointStore {
 public:
  std::optional<std::string> get_checkpoint(const std::string& source) override {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(source);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }
  Status put_checkpoint(const std::string& source, const std::string& value) override {
    const std::lock_guard lock(mutex_);
    if (failing_) return Error{ErrorCode::storage_full, "", ""};
    values_[source] = value;
    return {};
  }
  void fail(bool failing) {
    const std::lock_guard lock(mutex_);
    failing_ = failing;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> values_;  // guarded by mutex_
  bool failing_ = false;                       // guarded by mutex_
};

}  // namespace tillside::fakes
