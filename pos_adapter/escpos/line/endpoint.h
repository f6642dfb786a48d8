// Where a line begins or ends, as an integrator writes it:
//
//   tcp:HOST:PORT   tcp:PORT (to listen: on every address)   a socket, 9100 where no port is said
//   serial:DEVICE[,BAUD[,8n1[,rtscts|xonxoff]]]              a serial line; 9600,8n1, no flow control where not said
//   pty:PATH                                                 to listen: a pseudo-terminal, with a link at PATH to it
//   device:PATH                                              a device file (/dev/usb/lp0) or a named pipe
//   stdin                                                    to listen: one job on standard input, then the end
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside::escpos {

struct SerialSettings {
  enum class Parity : std::uint8_t { none, even, odd };
  enum class Flow : std::uint8_t { none, hardware, software };
  std::uint32_t baud = 9600;  // 1200 to 230400
  std::uint8_t data_bits = 8, stop_bits = 1;
  Parity parity = Parity::none;
  Flow flow = Flow::none;
  bool operator==(const SerialSettings&) const = default;
};

struct Endpoint {
  enum class Kind : std::uint8_t { tcp, serial, pty, device, standard_input };
  Kind kind = Kind::tcp;
  std::string host;  // tcp; empty: every address
  std::uint16_t port = 9100;
  std::string path;
  SerialSettings serial;
  bool operator==(const Endpoint&) const = default;

  // A job has a beginning and an end there, told by the connection.
  bool has_jobs() const { return kind == Kind::tcp || kind == Kind::standard_input; }
};

// bad_format with what was wanted. `to_listen`: a place for the POS; else a printer.
Result<Endpoint> read_endpoint(std::string_view words, bool to_listen);

std::string to_words(const Endpoint& endpoint);

}  // namespace tillside::escpos
