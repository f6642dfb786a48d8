// Structures of callers that were compiled with another size of them: read and written as far as both sides know.
#pragma once

#include <cstring>
#include <type_traits>

#include "pos_adapter/plugin/tillside_pos.h"

namespace tillside::pos {

// `Structure` begins with abi_version and struct_size.
template <typename Structure>
class Exchanged {
  using Ours = std::remove_const_t<Structure>;

 public:
  // `oldest`: what a caller must have at least. why() tells what is wrong with `theirs`.
  Exchanged(Structure* theirs, std::size_t oldest) : theirs_(theirs) {
    why_ = what_is_wrong(oldest);
    if (why_ != TILLSIDE_POS_WHY_NOTHING) return;
    shared_ = theirs->struct_size < sizeof ours_ ? theirs->struct_size : sizeof ours_;
    std::memcpy(&ours_, theirs, shared_);
  }
  std::int32_t why() const { return why_; }
  Ours& ours() { return ours_; }
  void write_back() {
    if (why_ == TILLSIDE_POS_WHY_NOTHING) std::memcpy(theirs_, &ours_, shared_);
  }

 private:
  std::int32_t what_is_wrong(std::size_t oldest) const {
    if (theirs_ == nullptr) return TILLSIDE_POS_WHY_NULL;
    if (theirs_->abi_version == 0 || theirs_->abi_version > TILLSIDE_POS_ABI_VERSION) return TILLSIDE_POS_WHY_VERSION;
    return theirs_->struct_size < oldest ? TILLSIDE_POS_WHY_SIZE : TILLSIDE_POS_WHY_NOTHING;
  }

  Structure* const theirs_;
  Ours ours_ = {};
  std::size_t shared_ = 0;
  std::int32_t why_ = TILLSIDE_POS_WHY_NOTHING;
};

}  // namespace tillside::pos
