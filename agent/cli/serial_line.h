// What a scanner sends over a serial line (USB-COM, RS-232), line by line. The seam: serial_line_posix.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside::cli {

struct SerialPlace {
  std::string device;
  std::uint32_t baud = 9600;  // 1200 to 230400; a USB device takes any
  std::uint8_t data_bits = 8, stop_bits = 1;
  char parity = 'n';  // n, e, o
  bool operator==(const SerialPlace&) const = default;
};

// "/dev/ttyACM0", "/dev/ttyACM0,115200", "/dev/ttyACM0,9600,8n1"; bad_format says what was wanted.
Result<SerialPlace> read_serial_place(std::string_view words);

// One thread at a time.
class SerialLine {
 public:
  // unavailable: not there, not ours to open, or no terminal.
  static Result<SerialLine> open(const SerialPlace& place);
  SerialLine(SerialLine&& other) noexcept;
  SerialLine& operator=(SerialLine&&) = delete;
  ~SerialLine();

  // Waits for the next code: up to a carriage return, line feed, tab or ETX, or until a scanner without a suffix has
  // been silent for 150 ms. Control characters are left out; empty lines are passed over, and so is what is longer than
  // 4 KiB. unavailable: the device went away.
  Result<std::string> next();

 private:
  explicit SerialLine(int handle) : handle_(handle) {}

  int handle_;
  std::string pending_;  // received, not yet handed out
};

}  // namespace tillside::cli
