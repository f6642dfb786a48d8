#pragma once
// A WebSocket client on RawHttpClient that sends any frame, also wrong ones.

#include <string>
#include <string_view>

#include "tests/fakes/raw_http_client.h"

namespace tillside::fakes {

struct WsFrame {
  int opcode = 0;  // 1 text, 2 binary, 8 close, 9 ping, 10 pong
  bool final = true;
  std::string payload;

  // Of a close frame; 0 when it names none.
  int close_code() const {
    if (opcode != 8 || payload.size() < 2) return 0;
    return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
  }
};

class RawWsClient {
 public:
  explicit RawWsClient(RawHttpClient client) : client_(std::move(client)) {}

  RawResponse open(std::string_view target, std::string_view headers = {}) {
    std::string lines =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    return client_.get(target, lines.append(headers));
  }

  void send_frame(int opcode, std::string_view payload, bool final = true) {
    static constexpr std::string_view kMask = "\x12\x34\x56\x78";
    std::string frame;
    frame.push_back(static_cast<char>((final ? 0x80 : 0) | opcode));
    append_length(frame, payload.size());
    frame.append(kMask);
    for (std::size_t i = 0; i < payload.size(); ++i) frame.push_back(static_cast<char>(payload[i] ^ kMask[i % 4]));
    client_.send(frame);
  }
  void send_text(std::string_view text) { send_frame(1, text); }

  WsFrame read_frame() {
    const auto start = client_.read_exactly(2);
    WsFrame frame;
    frame.final = (start[0] & 0x80) != 0;
    frame.opcode = start[0] & 0x0f;
    frame.payload = client_.read_exactly(read_length(start[1] & 0x7f));
    return frame;
  }

  RawHttpClient& raw() { return client_; }

 private:
  static void append_length(std::string& frame, std::size_t length) {
    if (length < 126) {
      frame.push_back(static_cast<char>(0x80 | length));
      return;
    }
    const int bytes = length < 65536 ? 2 : 8;
    frame.push_back(static_cast<char>(0x80 | (bytes == 2 ? 126 : 127)));
    for (int i = bytes - 1; i >= 0; --i) frame.push_back(static_cast<char>((length >> (8 * i)) & 0xff));
  }

  std::size_t read_length(int first) {
    if (first < 126) return static_cast<std::size_t>(first);
    std::size_t length = 0;
    for (const char c : client_.read_exactly(first == 126 ? 2 : 8))
      length = length * 256 + static_cast<unsigned char>(c);
    return length;
  }

  RawHttpClient client_;
};

}  // namespace tillside::fakes
