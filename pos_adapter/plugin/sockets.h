// The seam to the system's sockets; sockets_posix.cpp fills it. No call raises SIGPIPE, all survive interruptions, none
// waits beyond its deadline. A socket is a number of the system's, kNoSocket for none.
#pragma once

#include "pos_adapter/plugin/text.h"
#include "pos_adapter/plugin/threads.h"

namespace tillside::pos {

using Socket = int;
inline constexpr Socket kNoSocket = -1;

enum class Link : std::uint8_t { ok, absent, slow, broken };

Link connect_local(const char* path, Socket& socket);  // waits for nothing
Link connect_loopback(std::uint16_t port, const Deadline& deadline, Socket& socket);
void close_socket(Socket socket);

Link send_all(Socket socket, Text head, Text body, const Deadline& deadline);
// ok with got = 0: the peer has ended.
Link receive_some(Socket socket, char* room, std::size_t size, const Deadline& deadline, std::size_t& got);

}  // namespace tillside::pos
