#include "pos_adapter/journal/csv_split.h"

#include <algorithm>
#include <array>

#include "pos_adapter/journal/reader.h"

namespace tillside::journal {
namespace {

constexpr auto kNone = std::string_view::npos;

// Size of the line end at `at`: 1 or 2; 0 when a CR might still be followed by LF.
std::size_t line_end_size(std::string_view bytes, std::size_t at, bool closed) {
  if (bytes[at] == '\n') return 1;
  if (at + 1 < bytes.size()) return bytes[at + 1] == '\n' ? 2 : 1;
  return closed ? 1 : 0;
}

Split first_line_of(std::string_view bytes, Record& out) {
  const auto end = bytes.find_first_of("\r\n");
  out.size = end == kNone ? bytes.size() : end + line_end_size(bytes, end, true);
  out.lines = end == kNone ? 0 : 1;
  return Split::broken;
}

class Splitter {
 public:
  Splitter(std::string_view bytes, char delimiter, bool closed, Record& out)
      : bytes_(bytes), delimiter_(delimiter), closed_(closed), out_(out) {}

  Split run() {
    while (true) {
      const Step step = field();
      if (step == Step::next) continue;
      if (step == Step::end) return Split::record;
      const bool too_long = bytes_.size() > kMaxDocument;
      return too_long || (closed_ && quoted_) ? first_line_of(bytes_, out_) : Split::torn;
    }
  }

 private:
  enum class Step { next, end, missing };

  Step field() {
    std::string& field = next_field();
    if (at_ < bytes_.size() && bytes_[at_] == '"' && !quoted_part(field)) return Step::missing;
    return plain_part(field);
  }

  std::string& next_field() {
    if (count_ == out_.fields.size()) out_.fields.emplace_back();
    std::string& field = out_.fields[count_++];
    field.clear();
    return field;
  }

  bool quoted_part(std::string& field) {
    quoted_ = true;
    ++at_;
    while (true) {
      const auto quote = bytes_.find('"', at_);
      if (quote == kNone || (quote + 1 == bytes_.size() && !closed_)) return false;
      field.append(bytes_, at_, quote - at_);
      at_ = quote + 1;
      if (at_ >= bytes_.size() || bytes_[at_] != '"') break;
      field += '"';
      ++at_;
    }
    out_.lines += static_cast<std::uint64_t>(std::count(field.begin(), field.end(), '\n'));
    quoted_ = false;
    return true;
  }

  Step plain_part(std::string& field) {
    const std::array<char, 3> stops = {delimiter_, '\n', '\r'};
    const auto stop = bytes_.find_first_of(std::string_view(stops.data(), stops.size()), at_);
    if (stop == kNone && !closed_) return Step::missing;
    field.append(bytes_, at_, stop == kNone ? kNone : stop - at_);
    if (stop == kNone) return finish(bytes_.size());
    if (bytes_[stop] == delimiter_) {
      at_ = stop + 1;
      return Step::next;
    }
    const std::size_t size = line_end_size(bytes_, stop, closed_);
    if (size == 0) return Step::missing;
    ++out_.lines;
    return finish(stop + size);
  }

  Step finish(std::size_t end) {
    out_.size = end;
    out_.fields.resize(count_);
    return Step::end;
  }

  std::string_view bytes_;
  char delimiter_;
  bool closed_;
  Record& out_;
  std::size_t at_ = 0, count_ = 0;
  bool quoted_ = false;
};

}  // namespace

Split split_record(std::string_view bytes, char delimiter, bool closed, Record& out) {
  out.lines = 0;
  return Splitter(bytes.substr(0, kMaxDocument + 1), delimiter, closed && bytes.size() <= kMaxDocument, out).run();
}

std::optional<char> find_delimiter(std::string_view head, bool closed) {
  static constexpr std::string_view kCandidates = ",;\t";
  std::array<int, 3> counts{};
  bool quoted = false, whole = closed || head.size() > kMaxDocument;
  for (char byte : head.substr(0, kMaxDocument)) {
    if (byte == '"') quoted = !quoted;
    if (quoted) continue;
    whole = whole || byte == '\n' || byte == '\r';
    if (byte == '\n' || byte == '\r') break;
    const auto which = kCandidates.find(byte);
    if (which != kNone) ++counts[which];
  }
  if (!whole) return {};
  const auto most = std::max_element(counts.begin(), counts.end());
  return *most == 0 ? ',' : kCandidates[static_cast<std::size_t>(most - counts.begin())];
}

}  // namespace tillside::journal
