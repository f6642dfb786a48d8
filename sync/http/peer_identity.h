#pragma once
// What only the operating system knows about sockets. One implementation per system: peer_identity_posix.cpp.

#include <cstdint>
#include <filesystem>
#include <optional>

namespace tillside::http {

// The user id of the process at the other end of a connected UNIX-domain socket; nullopt when unknown.
std::optional<std::uint32_t> peer_uid(int socket);

// Makes way for binding a UNIX-domain socket at `path`: nothing there is fine, a socket nobody listens on is removed.
// Throws std::runtime_error when somebody listens there or when it is no socket.
void clear_stale_socket(const std::filesystem::path& path);

// Sets the permission bits of a socket file. Call between bind and listen: nobody can have connected yet.
void set_socket_mode(const std::filesystem::path& path, unsigned mode);

}  // namespace tillside::http
