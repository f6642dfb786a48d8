#include "pos_adapter/journal/replay.h"

#include <fstream>
#include <string>
#include <utility>

namespace tillside::journal {
namespace {

constexpr std::size_t kPiece = 256 << 10;

// The next bytes of `in` behind what `buffer` holds; false at the end.
bool read_more(std::istream& in, std::string& buffer) {
  const std::size_t before = buffer.size();
  buffer.resize(before + kPiece);
  in.read(buffer.data() + before, static_cast<std::streamsize>(kPiece));
  buffer.resize(before + static_cast<std::size_t>(in.gcount()));
  return buffer.size() != before;
}

bool hand_out(Parsed& parsed, const EachDocument& each, ReplayCounts& counts) {
  counts.ignored += parsed.ignored;
  for (Document& document : parsed.documents) {
    ++(document.checkout.ok() ? counts.checkouts : counts.errors);
    if (!each(std::move(document))) return false;
  }
  return true;
}

}  // namespace

Result<ReplayCounts> read_all(std::istream& in, const Mapping& mapping, const Defaults& defaults,
                              const EachDocument& each) {
  std::string buffer;
  bool more = read_more(in, buffer);
  const auto format = detect(buffer);
  if (!format.ok()) return format.error();
  ReplayCounts counts;
  counts.format = *format;
  const auto reader = make_reader(*format, mapping, defaults);
  while (more) {
    Parsed parsed = reader->read(buffer, Tail::waits);
    buffer.erase(0, parsed.consumed);
    if (!hand_out(parsed, each, counts)) return counts;
    more = read_more(in, buffer);
  }
  Parsed parsed = reader->read(buffer, Tail::closed);
  hand_out(parsed, each, counts);
  return counts;
}

Result<ReplayCounts> read_all(const std::filesystem::path& path, const Mapping& mapping, const Defaults& defaults,
                              const EachDocument& each) {
  std::error_code problem;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, problem))
    return Error{ErrorCode::not_found, "", "cannot read " + path.filename().string()};
  return read_all(in, mapping, defaults, each);
}

}  // namespace tillside::journal
