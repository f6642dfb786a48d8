#include <algorithm>

#include "agent/store/session.h"

namespace tillside::store {

EventLog::EventLog(Database& database)
    : database_(database), append_(database.prepare("INSERT INTO event(id,at,body,chain) VALUES(?,?,?,?)")) {}

void EventLog::load() {
  epoch_no_ = database_.integer("SELECT max(no) FROM epoch");
  last_seq_ = 0;
  head_ = {};
  appended_ = false;
  Statement last = database_.prepare("SELECT id,chain FROM event WHERE id>? AND id<? ORDER BY id DESC LIMIT 1");
  if (last.with(event_id(epoch_no_, 0), event_id(epoch_no_ + 1, 0)).step()) {
    last_seq_ = static_cast<std::uint64_t>(last.integer(0) - event_id(epoch_no_, 0));
    const std::string_view chain = last.blob(1);
    std::copy_n(chain.begin(), std::min(chain.size(), head_.size()), head_.begin());
  }
}

std::uint64_t EventLog::append(std::string_view body, Instant at) {
  head_ = wire::chain(head_, body);
  ++last_seq_;
  append_.with(event_id(epoch_no_, last_seq_), at.ms, body, head_).run();
  appended_ = true;
  return last_seq_;
}

void EventLog::begin_epoch(const wire::Epoch& epoch, bool provisional) {
  Statement current = database_.prepare("SELECT epoch,provisional FROM epoch WHERE no=?");
  if (current.with(epoch_no_).step()) {
    const bool same = current.blob(0) == std::string_view(reinterpret_cast<const char*>(epoch.data()), epoch.size());
    const bool nameless = current.integer(1) != 0;
    current.rewind();
    if (same) return;
    if (nameless) {
      database_.prepare("UPDATE epoch SET epoch=?, provisional=? WHERE no=?").with(epoch, provisional, epoch_no_).run();
      return;
    }
  }
  ++epoch_no_;
  last_seq_ = 0;
  head_ = {};
  database_.prepare("INSERT INTO epoch(no,epoch,acked,forked_at,provisional) VALUES(?,?,0,0,?)")
      .with(epoch_no_, epoch, provisional)
      .run();
}

}  // namespace tillside::store
