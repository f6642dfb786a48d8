#include "pos_adapter/escpos/tail.h"

#include <algorithm>

namespace tillside::escpos {

using How = Measure::How;

Tail::Tail(const Measure& measure, std::size_t seen) : measure_(measure), done_(false) {
  if (measure.how == How::bytes) {
    left_ = measure.count > seen ? measure.count - seen : 0;
    done_ = left_ == 0;
  } else if (measure.how == How::letters || measure.how == How::images) {
    done_ = measure.blocks == 0;
  } else {
    left_ = measure.limit;
  }
}

std::size_t Tail::take(std::string_view bytes) {
  switch (measure_.how) {
    case How::until_nul:
      return take_until_nul(bytes);
    case How::rising:
      return take_rising(bytes);
    case How::fields:
      return take_fields(bytes);
    case How::letters:
    case How::images:
      return take_blocks(bytes);
    default:
      return take_counted(bytes);
  }
}

std::size_t Tail::take_counted(std::string_view bytes) {
  const std::uint64_t taken = std::min<std::uint64_t>(left_, bytes.size());
  left_ -= taken;
  done_ = left_ == 0;
  return static_cast<std::size_t>(taken);
}

std::size_t Tail::take_until_nul(std::string_view bytes) {
  const std::size_t nul = bytes.substr(0, static_cast<std::size_t>(left_)).find('\0');
  const std::size_t taken = take_counted(nul == std::string_view::npos ? bytes : bytes.substr(0, nul + 1));
  done_ = done_ || nul != std::string_view::npos;
  return taken;
}

std::size_t Tail::take_rising(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !done_) {
    const auto value = static_cast<std::uint8_t>(bytes[taken]);
    const bool closes = value == 0;
    done_ = closes || value <= last_value_ || left_ == 0;
    if (done_ && !closes) return taken;
    last_value_ = value;
    ++taken;
    --left_;
  }
  return taken;
}

std::size_t Tail::take_fields(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !done_) {
    const char letter = bytes[taken];
    if (letter == ';') --measure_.blocks;
    if (letter != ';' && (letter < '0' || letter > '9')) {
      done_ = true;
      return taken;
    }
    ++taken;
    --left_;
    done_ = measure_.blocks == 0 || left_ == 0;
  }
  return taken;
}

void Tail::begin_block(std::uint8_t byte) {
  size_[size_bytes_++] = byte;
  if (measure_.how == How::letters) {
    left_ = std::uint64_t{size_[0]} * measure_.unit;
    size_bytes_ = 4;
  } else if (size_bytes_ == 4) {
    left_ = std::uint64_t{size_[0] + 256U * size_[1]} * (size_[2] + 256U * size_[3]) * 8;
  }
}

std::size_t Tail::take_blocks(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !done_) {
    if (size_bytes_ < 4) {
      begin_block(static_cast<std::uint8_t>(bytes[taken++]));
    } else {
      const std::uint64_t here = std::min<std::uint64_t>(left_, bytes.size() - taken);
      left_ -= here;
      taken += static_cast<std::size_t>(here);
    }
    if (size_bytes_ == 4 && left_ == 0) {
      size_bytes_ = 0;
      done_ = --measure_.blocks == 0;
    }
  }
  return taken;
}

}  // namespace tillside::escpos
