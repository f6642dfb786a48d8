#include "pos_adapter/journal/place.h"

#include <algorithm>
#include <sstream>

namespace tillside::journal {
namespace {

constexpr std::size_t kHead = 1024, kTail = 256;

}  // namespace

std::uint64_t digest_of(std::string_view bytes) {
  std::uint64_t digest = 14695981039346656037ULL;
  for (char byte : bytes) digest = (digest ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
  return digest;
}

std::uint64_t size_of(std::istream& file) {
  file.clear();
  file.seekg(0, std::ios::end);
  const auto end = file.tellg();
  return end < 0 ? 0 : static_cast<std::uint64_t>(end);
}

std::size_t read_at(std::istream& file, std::uint64_t offset, std::size_t count, std::string& out) {
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  const std::size_t before = out.size();
  out.resize(before + count);
  file.read(out.data() + before, static_cast<std::streamsize>(count));
  const auto got = static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0));
  out.resize(before + got);
  file.clear();
  return got;
}

std::optional<Place> place_at(std::istream& file, std::uint64_t offset, std::uint64_t line) {
  const auto head_size = static_cast<std::size_t>(std::min<std::uint64_t>(offset, kHead));
  const auto tail_size = static_cast<std::size_t>(std::min<std::uint64_t>(offset, kTail));
  std::string head, tail;
  if (read_at(file, 0, head_size, head) != head_size) return {};
  if (read_at(file, offset - tail_size, tail_size, tail) != tail_size) return {};
  return Place{offset, line, digest_of(head), digest_of(tail)};
}

bool fits(std::istream& file, const Place& place) {
  if (place.offset == 0) return true;
  const auto there = place_at(file, place.offset, place.line);
  return there && there->head_digest == place.head_digest && there->tail_digest == place.tail_digest;
}

std::string write_place(const Place& place, std::string_view name) {
  std::ostringstream out;
  out << "1 " << place.offset << ' ' << place.line << ' ' << place.head_digest << ' ' << place.tail_digest << ' '
      << name;
  return out.str();
}

std::optional<NamedPlace> parse_place(const std::string& text) {
  std::istringstream in(text);
  int version = 0;
  NamedPlace named;
  in >> version >> named.place.offset >> named.place.line >> named.place.head_digest >> named.place.tail_digest;
  if (!in || version != 1) return {};
  in.get();
  std::getline(in, named.name);
  return named;
}

}  // namespace tillside::journal
