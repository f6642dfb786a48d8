// The store's replica of the members as the desk asks for it.
#pragma once

#include "agent/desk/desk.h"
#include "agent/store/members.h"

namespace tillside {

class ReplicaLookup final : public MemberLookup {
 public:
  explicit ReplicaLookup(store::Members& members) : members_(members) {}  // outlives this
  std::optional<MemberRecord> find(const IdHash& hash) override { return members_.find(hash); }
  ReplicaFacts facts() override { return members_.facts(); }

 private:
  store::Members& members_;
};

}  // namespace tillside
