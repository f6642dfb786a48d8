// Whether something takes a TCP connection at a place.
#pragma once

#include "agent/doctor/examine_printer.h"

namespace tillside::cli {

class TcpKnock : public doctor::Knock {
 public:
  bool tcp(const std::string& host,
           std::uint16_t port) override;  // two seconds at most; says nothing to whoever is there
};

}  // namespace tillside::cli
