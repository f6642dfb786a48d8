// What a scanner sends over a serial line (USB-COM, RS-232), code by code. The line itself is the print door's.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "agent/domain/result.h"
#include "pos_adapter/escpos/line/channel.h"
#include "pos_adapter/escpos/line/waits.h"

namespace tillside::cli {

// "/dev/ttyACM0", "/dev/ttyACM0,115200", "/dev/ttyACM0,9600,8n1"; bad_format says what was wanted.
Result<escpos::Endpoint> read_serial_place(std::string_view words);

// One thread at a time.
class SerialLine {
 public:
  // unavailable: not there, not ours to open, or no terminal.
  static Result<SerialLine> open(const escpos::Endpoint& place);

  // Waits for the next code: up to a carriage return, line feed, tab or ETX, or until a scanner without a suffix has
  // been silent for 150 ms. Control characters are left out; empty lines are passed over, and so is what is longer than
  // 4 KiB. unavailable: the device went away.
  Result<std::string> next();

 private:
  explicit SerialLine(escpos::Channel channel)
      : channel_(std::move(channel)), waits_(std::make_unique<escpos::Waits>()) {}
  // Waits for more of what has begun. False: it stays silent.
  Result<bool> more();

  escpos::Channel channel_;
  std::unique_ptr<escpos::Waits> waits_;
  std::string pending_;  // received, not yet handed out
};

}  // namespace tillside::cli
