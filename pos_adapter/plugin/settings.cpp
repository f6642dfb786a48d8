#include "pos_adapter/plugin/settings.h"

namespace tillside::pos {
namespace {

constexpr std::uint32_t kUsualPort = 7979, kMostDocuments = 1'000'000, kMostMib = 16'384;

template <std::size_t kRoom>
bool copy(char (&room)[kRoom], const char* text) {
  const std::size_t length = Text::length_of(text);
  if (length >= kRoom) return false;
  std::memcpy(room, text, length + 1);
  return true;
}

std::uint32_t or_usual(std::uint32_t value, std::uint32_t usual) { return value == 0 ? usual : value; }

}  // namespace

std::int64_t deadline_of(std::uint32_t ms, std::int64_t usual_ns) {
  if (ms == 0) return usual_ns;
  return (ms < TILLSIDE_POS_DEADLINE_MOST_MS ? ms : TILLSIDE_POS_DEADLINE_MOST_MS) * kMillisecond;
}

std::int32_t Settings::take(const tillside_pos_options& options) {
  bool fits = true;
  if (options.socket_path != nullptr) {
    fits = copy(local[0], options.socket_path);
  } else {
    fits = copy(local[0], "/run/tillside/agent.sock") && copy(local[1], "/var/lib/tillside/agent.sock");
  }
  if (options.token_file != nullptr) fits = fits && copy(token_file, options.token_file);
  if (options.spool_folder != nullptr) {
    fits = fits && copy(spool, options.spool_folder);
  } else if (!usual_spool_folder(spool, sizeof spool)) {
    spool[0] = '\0';
  }
  const bool in_range = options.tcp_port <= 65535 && options.language <= 1 &&
                        options.deadline_ms <= TILLSIDE_POS_DEADLINE_MOST_MS &&
                        options.connect_ms <= TILLSIDE_POS_DEADLINE_MOST_MS &&
                        options.spool_documents <= kMostDocuments && options.spool_mib <= kMostMib;
  if (!fits || !in_range) return TILLSIDE_POS_WHY_OPTION;
  if (token_file[0] != '\0') port = static_cast<std::uint16_t>(or_usual(options.tcp_port, kUsualPort));
  deadline_ns = or_usual(options.deadline_ms, TILLSIDE_POS_DEADLINE_MS) * kMillisecond;
  connect_ns = or_usual(options.connect_ms, TILLSIDE_POS_CONNECT_MS) * kMillisecond;
  english = options.language == 1;
  if (options.spool_documents != 0) limits.documents = options.spool_documents;
  if (options.spool_mib != 0) limits.bytes = std::uint64_t{options.spool_mib} << 20;
  return TILLSIDE_POS_WHY_NOTHING;
}

Addresses Settings::addresses() const {
  Addresses to;
  for (int i = 0; i < 2; ++i) to.local[i] = local[i][0] == '\0' ? nullptr : local[i];
  to.port = port;
  return to;
}

}  // namespace tillside::pos
