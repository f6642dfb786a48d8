#include "pos_adapter/journal/database/frames.h"

#include <cstring>

namespace tillside::journal {
namespace {

constexpr std::uint32_t kNull = 0xFFFFFFFF;

void put(std::string& out, std::uint32_t number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

// The number at `at`, moved behind it; nullopt when it is not all there.
std::optional<std::uint32_t> get(std::string_view bytes, std::size_t& at) {
  std::uint32_t number = 0;
  if (bytes.size() - at < sizeof number) return {};
  std::memcpy(&number, bytes.data() + at, sizeof number);
  at += sizeof number;
  return number;
}

}  // namespace

std::string write_frame(const Frame& frame) {
  std::string out(1, frame.letter);
  put(out, static_cast<std::uint32_t>(frame.fields.size()));
  for (const auto& field : frame.fields) {
    put(out, field ? static_cast<std::uint32_t>(field->size()) : kNull);
    if (field) out += *field;
  }
  return out;
}

std::optional<Frame> take_frame(std::string& bytes, bool& broken) {
  if (bytes.empty()) return {};
  Frame frame;
  frame.letter = bytes[0];
  std::size_t at = 1;
  const auto count = get(bytes, at);
  if (!count) return {};
  broken = *count > kMostFields;
  for (std::uint32_t i = 0; i < *count && !broken; ++i) {
    const auto size = get(bytes, at);
    if (!size) return {};
    if (*size == kNull) {
      frame.fields.emplace_back();
      continue;
    }
    broken = *size > kMostFieldBytes;
    if (broken || bytes.size() - at < *size) return {};
    frame.fields.emplace_back(bytes.substr(at, *size));
    at += *size;
  }
  if (broken) return {};
  bytes.erase(0, at);
  return frame;
}

}  // namespace tillside::journal
