#include "pos_adapter/escpos/walker.h"

#include <algorithm>

namespace tillside::escpos {
namespace {

std::uint32_t bytes_of_kanji(std::uint8_t font) {  // FS ( A: 0 or '0' A, 1 or '1' B, 2 or '2' C
  switch (font) {
    case 1:
    case '1':
      return 60;
    case 2:
    case '2':
      return 32;
    default:
      return Grammar{}.kanji_bytes;
  }
}

}  // namespace

void Walker::feed(std::string_view bytes, Sink& sink) {
  while (!bytes.empty()) {
    if (measured_) {
      bytes = take_tail(bytes, sink);
    } else if (held_.empty() && is_text(bytes.front())) {
      bytes = take_text(bytes, sink);
    } else {
      bytes = take_head(bytes, sink);
    }
  }
}

std::string_view Walker::take_text(std::string_view bytes, Sink& sink) {
  const auto end = std::find_if_not(bytes.begin(), bytes.end(), is_text);
  const auto size = static_cast<std::size_t>(end - bytes.begin());
  sink.text(fed_, bytes.substr(0, size), grammar_.display);
  fed_ += size;
  return bytes.substr(size);
}

// Gathers as much as tells the length. What was looked at and belongs to something else is read again.
std::string_view Walker::take_head(std::string_view bytes, Sink& sink) {
  held_.push_back(bytes.front());
  ++fed_;
  const Measure measure = escpos::measure(held_, grammar_);
  if (measure.how == Measure::How::more) return bytes.substr(1);
  kind_ = kind_of(held_, grammar_);
  std::string again;
  if (measure.how == Measure::How::bytes && measure.count < held_.size()) {
    again = held_.substr(static_cast<std::size_t>(measure.count));
    held_.resize(static_cast<std::size_t>(measure.count));
    kind_ = Kind::unknown;
    fed_ -= again.size();
  }
  measured_ = true;
  tail_ = Tail(measure, held_.size());
  if (tail_.done()) deliver({}, true, sink);
  if (!again.empty()) feed(again, sink);
  return bytes.substr(1);
}

std::string_view Walker::take_tail(std::string_view bytes, Sink& sink) {
  const std::size_t taken = tail_.take(bytes);
  fed_ += taken;
  deliver(bytes.substr(0, taken), tail_.done(), sink);
  return bytes.substr(taken);
}

void Walker::deliver(std::string_view piece, bool last, Sink& sink) {
  std::uint64_t at = fed_ - piece.size();
  if (!handed_over_) {
    const std::size_t part = std::min(kHeadBytes - held_.size(), piece.size());
    held_.append(piece.substr(0, part));
    piece.remove_prefix(part);
    at += part;
    const bool whole = last && piece.empty();
    if (!whole && held_.size() < kHeadBytes) return;
    learn();
    const std::uint64_t begin = at - held_.size();
    handed_over_ = true;
    sink.command({.kind = kind_, .at = begin, .head = held_, .whole = whole, .to_display = grammar_before_.display});
    if (whole) return end_command();
  }
  if (!piece.empty() || last) sink.data(at, piece, last);
  if (last) end_command();
}

void Walker::end_command() {
  held_.clear();
  measured_ = false;
  handed_over_ = false;
}

void Walker::learn() {
  grammar_before_ = grammar_;
  if (kind_ == Kind::peripheral) grammar_.display = (held_[2] & 3) == 2;
  if (grammar_.display) return;
  if (kind_ == Kind::reset) grammar_.kanji_bytes = Grammar{}.kanji_bytes;
  if (kind_ == Kind::kanji_font && held_.size() > 6)
    grammar_.kanji_bytes = bytes_of_kanji(static_cast<std::uint8_t>(held_[6]));
}

void Walker::finish(Sink& sink) {
  if (held_.empty()) return;
  if (handed_over_) {
    sink.data(fed_, {}, true);
  } else {
    sink.command({.kind = Kind::unknown, .at = fed_ - held_.size(), .head = held_, .to_display = grammar_.display});
  }
  end_command();
}

}  // namespace tillside::escpos
