#include "qrcode/symbol.h"

#include <qrcodegen.hpp>
#include <string>
#include <utility>

namespace tillside::qr {
namespace {

constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::size_t kMostCharacters = 3391;  // alphanumeric, version 40 at level M; in bytes it is fewer

using qrcodegen::QrCode;
using qrcodegen::QrSegment;

bool sensible(const EncodeOptions& options) {
  return 1 <= options.min_version && options.min_version <= options.max_version && options.max_version <= 40 &&
         kAutomaticMask <= options.mask && options.mask <= 7;
}

bool sensible(std::string_view text, const EncodeOptions& options) {
  return !text.empty() && text.size() <= kMostCharacters && sensible(options);
}

Symbol copied(const QrCode& code) {
  const int size = code.getSize();
  std::vector<bool> modules;
  modules.reserve(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) modules.push_back(code.getModule(x, y));
  }
  return {code.getVersion(), code.getMask(), std::move(modules)};
}

std::optional<Symbol> encode(const QrSegment& segment, const EncodeOptions& options) {
  try {
    return copied(QrCode::encodeSegments({segment}, QrCode::Ecc::MEDIUM, options.min_version, options.max_version,
                                         options.mask, false));
  } catch (const qrcodegen::data_too_long&) {
    return std::nullopt;
  }
}

QrSegment alphanumeric_segment(std::string_view text) { return QrSegment::makeAlphanumeric(std::string(text).c_str()); }

QrSegment byte_segment(std::string_view text) { return QrSegment::makeBytes({text.begin(), text.end()}); }

}  // namespace

Symbol::Symbol(int version, int mask, std::vector<bool> modules)
    : version_(version), mask_(mask), modules_(std::move(modules)) {}

bool Symbol::dark(int x, int y) const {
  if (x < 0 || y < 0 || x >= size() || y >= size()) return false;
  return modules_[static_cast<std::size_t>(y) * static_cast<std::size_t>(size()) + static_cast<std::size_t>(x)];
}

bool is_alphanumeric(std::string_view text) { return text.find_first_not_of(kAlphanumeric) == std::string_view::npos; }

std::optional<Symbol> encode_alphanumeric(std::string_view text, const EncodeOptions& options) {
  if (!sensible(text, options) || !is_alphanumeric(text)) return std::nullopt;
  return encode(alphanumeric_segment(text), options);
}

std::optional<Symbol> encode_text(std::string_view text, const EncodeOptions& options) {
  if (!sensible(text, options)) return std::nullopt;
  return encode(is_alphanumeric(text) ? alphanumeric_segment(text) : byte_segment(text), options);
}

}  // namespace tillside::qr
