#include "pos_adapter/escpos/outlet.h"

#include <utility>

namespace tillside::escpos {
namespace {
constexpr std::size_t kPieceBytes = 64 * 1024;
}

void Outlet::append(std::string_view bytes) {
  if (bytes.empty()) return;
  const bool joins = !pieces_.empty() && pieces_.back().number == 0 && pieces_.back().bytes.size() < kPieceBytes;
  if (!joins) pieces_.emplace_back();
  pieces_.back().bytes.append(bytes);
  waiting_ += bytes.size();
}

void Outlet::gate(std::uint64_t number) { pieces_.push_back({.bytes = {}, .number = number, .closed = true}); }

std::optional<std::uint64_t> Outlet::closed_gate() const {
  if (pieces_.empty() || !pieces_.front().closed) return std::nullopt;
  return pieces_.front().number;
}

void Outlet::open(std::string block) {
  if (block.empty()) return pieces_.pop_front();
  waiting_ += block.size();
  pieces_.front().bytes = std::move(block);
  pieces_.front().closed = false;
}

std::string_view Outlet::ready() const {
  if (pieces_.empty() || pieces_.front().closed) return {};
  return std::string_view(pieces_.front().bytes).substr(from_);
}

void Outlet::written(std::size_t size) {
  from_ += size;
  waiting_ -= size;
  if (from_ < pieces_.front().bytes.size()) return;
  if (pieces_.front().number != 0) printed_.push_back(pieces_.front().number);
  pieces_.pop_front();
  from_ = 0;
}

std::vector<std::uint64_t> Outlet::take_printed() { return std::exchange(printed_, {}); }

std::vector<std::uint64_t> Outlet::clear() {
  std::vector<std::uint64_t> lost;
  for (const Piece& piece : pieces_) {
    if (piece.number != 0) lost.push_back(piece.number);
  }
  pieces_.clear();
  from_ = waiting_ = 0;
  return lost;
}

}  // namespace tillside::escpos
