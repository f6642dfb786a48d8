// Symbols shown again and again (a guide's badge, the open checkout's join code) are encoded once.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "qrcode/symbol.h"

namespace tillside::qr {

// Keeps the most recently asked symbols by their text. Thread-safe; encoding happens outside the lock, so two threads
// that ask for the same new text at once may both encode it, and get equal symbols.
class SymbolCache {
 public:
  // Never holds more than `capacity` symbols; 0 keeps none and only encodes.
  explicit SymbolCache(std::size_t capacity, const EncodeOptions& options = {});

  // The symbol encode_text() makes of `text`; null where that gives nothing (which is not remembered). It stays valid
  // for as long as the caller holds it, also after the cache has let it go.
  std::shared_ptr<const Symbol> get(std::string_view text);

  std::size_t size() const;

 private:
  struct Entry {
    std::string text;
    std::shared_ptr<const Symbol> symbol;
  };
  using Entries = std::list<Entry>;

  std::shared_ptr<const Symbol> find(std::string_view text);
  std::shared_ptr<const Symbol> keep(std::string_view text, std::shared_ptr<const Symbol> symbol);

  const std::size_t capacity_;
  const EncodeOptions options_;

  mutable std::mutex mutex_;                                         // guards what follows
  Entries entries_;                                                  // most recently asked first
  std::unordered_map<std::string_view, Entries::iterator> by_text_;  // the keys view the entries' own text
};

}  // namespace tillside::qr
