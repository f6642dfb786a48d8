// tillside-odbc: answers the agent's orders for rows until the agent closes its end (frames.h). Nobody types it.
#include <clocale>
#include <cstdio>
#include <cstdlib>

#include "pos_adapter/journal/database/frames.h"
#include "pos_adapter/journal/database/odbc/parent.h"
#include "pos_adapter/journal/database/odbc/session.h"

namespace {

using tillside::Status;
using tillside::journal::Frame;
using tillside::journal::take_frame;
using tillside::journal::write_frame;
using namespace tillside::odbc;

constexpr std::size_t kMostBuffered = 64 << 10;

Ask ask_of(const Frame& frame) {
  Ask ask;
  ask.connection = frame.text(0);
  ask.query = frame.text(1);
  ask.kind = frame.text(2);
  ask.after = frame.text(3);
  ask.limit = static_cast<std::size_t>(std::strtoull(frame.text(4).c_str(), nullptr, 10));
  ask.timeout_s = static_cast<unsigned>(std::strtoul(frame.text(5).c_str(), nullptr, 10));
  ask.as_bytes = frame.text(6) == "1";
  ask.uncommitted = frame.text(7) == "1";
  return ask;
}

bool answer(Session& session, const Ask& ask) {
  std::string out;
  bool open = true;
  const auto flush = [&](std::size_t from) {
    if (out.size() <= from) return;
    open = open && write_all(out);
    out.clear();
  };
  Sink sink;
  sink.on_columns = [&](std::vector<std::optional<std::string>> columns) {
    out += write_frame({'C', std::move(columns)});
  };
  sink.on_row = [&](std::vector<std::optional<std::string>> row) {
    out += write_frame({'R', std::move(row)});
    flush(kMostBuffered);
  };
  const Status done = session.read(ask, sink);
  out += done.ok() ? write_frame({'D', {}}) : write_frame({'E', {name_of(done.error().code), done.error().detail}});
  flush(0);
  return open;
}

}  // namespace

int main(int argc, char**) {
  if (argc != 1) {
    std::fputs("tillside-odbc: 由 tillside agent 启动 · started by tillside agent\n", stderr);
    return 2;
  }
  std::setlocale(LC_ALL, "C.UTF-8");
  die_with_parent();
  Session session;
  std::string bytes;
  bool broken = false;
  while (read_some(bytes))
    while (const auto frame = take_frame(bytes, broken)) {
      if (frame->letter != 'Q' || frame->fields.size() < 8) return 1;
      if (!answer(session, ask_of(*frame))) return 0;
    }
  return broken ? 1 : 0;
}
