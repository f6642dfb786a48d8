// How far a file has been read, so that the file is known again under any name and after a restart.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace tillside::journal {

// The digests (FNV-1a, 64 bits) cover the file's first bytes, at most 1024, and the last before the offset, at most
// 256.
struct Place {
  std::uint64_t offset = 0, line = 1;
  std::uint64_t head_digest = 0, tail_digest = 0;
};

std::uint64_t digest_of(std::string_view bytes);

// nullopt: the stream has not that many bytes, or cannot be read.
std::optional<Place> place_at(std::istream& file, std::uint64_t offset, std::uint64_t line);
bool fits(std::istream& file, const Place& place);  // the beginning of any file fits

std::uint64_t size_of(std::istream& file);
// Up to `count` bytes from `offset`, appended to `out`; how many there were.
std::size_t read_at(std::istream& file, std::uint64_t offset, std::size_t count, std::string& out);

// "1 <offset> <line> <head> <tail> <name>", as kept in a CheckpointStore; nullopt for anything else.
std::string write_place(const Place& place, std::string_view name);
struct NamedPlace {
  Place place;
  std::string name;
};
std::optional<NamedPlace> parse_place(const std::string& text);

}  // namespace tillside::journal
