#include "qrcode/symbol_cache.h"

#include <utility>

namespace tillside::qr {

SymbolCache::SymbolCache(std::size_t capacity, const EncodeOptions& options) : capacity_(capacity), options_(options) {}

std::shared_ptr<const Symbol> SymbolCache::get(std::string_view text) {
  if (auto known = find(text)) return known;
  std::optional<Symbol> symbol = encode_text(text, options_);
  if (!symbol) return nullptr;
  return keep(text, std::make_shared<const Symbol>(*std::move(symbol)));
}

std::size_t SymbolCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::shared_ptr<const Symbol> SymbolCache::find(std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->symbol;
}

std::shared_ptr<const Symbol> SymbolCache::keep(std::string_view text, std::shared_ptr<const Symbol> symbol) {
  if (capacity_ == 0) return symbol;
  const std::lock_guard lock(mutex_);
  if (const auto raced = by_text_.find(text); raced != by_text_.end()) return raced->second->symbol;
  entries_.push_front({std::string(text), symbol});
  by_text_.emplace(entries_.front().text, entries_.begin());
  if (entries_.size() > capacity_) {
    by_text_.erase(entries_.back().text);
    entries_.pop_back();
  }
  return symbol;
}

}  // namespace tillside::qr
