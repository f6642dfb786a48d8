#include <charconv>
#include <cstdint>
#include <memory>

#include "agent/api/handlers.h"

namespace tillside::api {
namespace {

// A screen that listens to what happens. It says nothing itself; what it sends is ignored.
class Screen final : public http::WsListener {
 public:
  Screen(Happenings& happenings, std::uint64_t after) : happenings_(happenings), after_(after) {}

  void on_open(const std::shared_ptr<http::WsSession>& session) override {
    listener_ = happenings_.listen(after_, [session](const Happenings::Message& message) { session->send(message); });
  }

  void on_text(std::string_view) override {}

  void on_close(std::uint16_t) override {
    if (listener_ != 0) happenings_.forget(listener_);
    listener_ = 0;
  }

 private:
  Happenings& happenings_;
  const std::uint64_t after_;
  std::uint64_t listener_ = 0;
};

// A screen that resumes is sent all that is kept at once; the rest of the room is for a burst while it reads.
http::WsOptions bounds() {
  http::WsOptions options;
  options.message_limit = 4 * 1024;
  options.queue_messages = 4 * Happenings::kKept;
  options.queue_bytes = 4 * 1024 * 1024;
  return options;
}

std::optional<std::uint64_t> number_of(const std::string& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

void events(Context& context, Call call) {
  if (!call.request().wants_upgrade) return call.refuse(Refusal::no_upgrade);
  const auto after = number_of(call.request().query_value_or("after", "0"));
  if (!after) return call.fail({ErrorCode::wrong_type, "after", "a message's id is a whole number"});
  call.take_responder().upgrade(std::make_shared<Screen>(*context.parts.happenings, *after), bounds());
}

}  // namespace tillside::api
