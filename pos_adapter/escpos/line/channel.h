// One end of a line: bytes both ways, never blocking. The seam to the operating system: channel_posix.cpp (sockets and
// what all share), serial_posix.cpp (serial lines, pseudo-terminals, device files).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "agent/domain/result.h"
#include "pos_adapter/escpos/line/endpoint.h"

namespace tillside::escpos {

// Owns its handles. Move-only; one thread at a time.
class Channel {
 public:
  enum class Got : std::uint8_t {
    bytes,
    nothing,  // not now
    closed,   // the other side sends no more
    failed,   // the line is gone
  };

  Channel() = default;
  Channel(int in, int out, bool is_socket) : in_(in), out_(out), is_socket_(is_socket) {}
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&& other) noexcept;
  ~Channel() { close(); }

  bool is_open() const { return in_ >= 0 || out_ >= 0; }
  int in() const { return in_; }    // -1: nothing ever comes from here
  int out() const { return out_; }  // -1: nothing can be sent there

  Got read(char* into, std::size_t room, std::size_t& got);
  Got write(std::string_view bytes, std::size_t& sent);  // bytes: `sent` of them, at least one
  // A connection that was begun: bytes when it stands, nothing while it does not yet, failed when it never will.
  Got connected();

  void shutdown_write();  // no more from us; the other side may still answer
  void abort();           // closes as a device that lost its power: the other side sees an error
  void close();
  void show_ready(bool ready);                     // a serial line's DTR and RTS; elsewhere nothing
  void forget_link_when_closed(std::string link);  // removes it then
  void hold(int handle);                           // closed with the rest

 private:
  int in_ = -1, out_ = -1, held_ = -1;
  bool is_socket_ = false;
  std::string link_;
};

// A TCP connection is begun only: see Channel::connected(). A serial line stands as it was set up.
Result<Channel> open_printer(const Endpoint& printer);

// Where the POS prints that is no TCP: a serial line, a pseudo-terminal, a device file, standard input (whose answers
// go to CUPS's back channel, if there is one).
Result<Channel> open_pos(const Endpoint& pos);

// A TCP port of ours.
class Listener {
 public:
  // Takes the socket a service manager handed over (LISTEN_FDS), else opens one. Port 0 takes a free one.
  static Result<Listener> open(const Endpoint& place);
  Listener() = default;
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&& other) noexcept;
  ~Listener();

  int handle() const { return handle_; }
  std::uint16_t port() const;
  Channel accept();  // not open when nobody waits

 private:
  int handle_ = -1;
};

}  // namespace tillside::escpos
