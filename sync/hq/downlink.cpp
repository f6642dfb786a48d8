#include "sync/hq/downlink.h"

#include <algorithm>
#include <charconv>

#include "agent/platform/log.h"
#include "sync/wire/compress.h"

namespace tillside::hq {
namespace {

constexpr std::size_t kWorthCompressing = 512;

std::int64_t wait_of(const http::Request& request, std::int64_t longest) {
  const auto text = request.query_value_or("wait", "0");
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::clamp<std::int64_t>(seconds, 0, longest);
}

http::Response as_response(const http::Request& request, std::string document) {
  const bool zstd = request.header("Accept-Encoding").find("zstd") != std::string_view::npos;
  if (!zstd || document.size() < kWorthCompressing) return http::json_response(std::move(document));
  thread_local wire::Compressor compressor(3, false);
  auto response = http::json_response(compressor.compress(document));
  response.with("Content-Encoding", "zstd");
  return response;
}

bool is_ahead(const Position& a, const Position& b) {
  return a.chain > b.chain || a.store > b.store || a.till > b.till;
}

bool concerns(const std::vector<std::string>& scopes, TillNumber till, const std::string& store_id) {
  return std::any_of(scopes.begin(), scopes.end(), [&](const std::string& scope) {
    return scope == "chain" || scope == "store:" + store_id || scope == "till:" + std::to_string(till);
  });
}

}  // namespace

void Downlink::answer(const CallPtr& call, TillNumber till, std::uint8_t key_generation) {
  const auto store_id = ledger_.store_of(till);
  if (!store_id) return call->refuse({ErrorCode::bad_signature, "token", "unknown till"});
  Waiter waiter{call, till, key_generation, *store_id, {}, false, 0};
  const auto incarnation = ledger_.state().incarnation;
  waiter.since.incarnation = incarnation;
  if (const auto since = call->request.query_value_or("since", ""); !since.empty()) {
    auto cursor = read_cursor(keys_, till, since);
    if (!cursor) return call->refuse(cursor.error());
    waiter.reset = cursor->incarnation != incarnation || !cursor->own;
    if (!waiter.reset) waiter.since = *cursor;
    if (is_ahead(waiter.since.position, ledger_.newest_position(till, *store_id))) return restored(call);
    if (auto status = ledger_.acknowledged(till, waiter.since.position); !status.ok())
      log::warn("downlink", "an acknowledgement could not be kept", {{"why", status.error().detail}});
  }
  const auto wait = wait_of(call->request, limits_.longest_wait_s);
  waiter.until = clock_.monotonic_ms() + wait * kSecond;
  if (try_respond(waiter, wait == 0 || waiter.reset)) return;
  hold(std::move(waiter));
}

// We never gave out such a cursor: a ledger that we are an older copy of did.
void Downlink::restored(const CallPtr& call) {
  log::error("downlink", "a till's cursor is ahead of this ledger: headquarters was restored and is recovering");
  if (auto status = ledger_.found_restored(random_bytes<16>()); !status.ok()) return call->refuse(status.error());
  call->refuse({ErrorCode::bad_signature, "since", "headquarters was restored: make contact"});
}

bool Downlink::try_respond(const Waiter& waiter, bool even_if_empty) {
  const auto page = ledger_.changes_since(waiter.till, waiter.store_id, waiter.since.position, limits_.page_bytes);
  if (page.changes.empty() && !even_if_empty) return false;
  if (ledger_.state().key_generation != waiter.key_generation) {
    waiter.call->refuse({ErrorCode::bad_signature, "token", "headquarters' key has changed: make contact"});
    return true;
  }
  wire::DownlinkAnswer head;
  head.cursor = write_cursor(keys_, waiter.till, waiter.since.incarnation, page.position);
  head.hq_incarnation = waiter.since.incarnation;
  head.as_of = clock_.now();
  head.more = page.more;
  head.reset = waiter.reset;
  const std::vector<std::string_view> changes(page.changes.begin(), page.changes.end());
  waiter.call->send(as_response(waiter.call->request, wire::write_downlink(head, changes)));
  return true;
}

void Downlink::respond(const Waiter& waiter) {
  try {
    try_respond(waiter, true);
  } catch (const std::exception&) {
    waiter.call->send(busy(waiter.call->request, "the ledger is busy"));
  }
}

void Downlink::hold(Waiter waiter) {
  const auto seen = waiter.since.position;
  const auto till = waiter.till;
  const auto store_id = waiter.store_id;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiters_.size() >= limits_.held_open)
      return waiter.call->send(busy(waiter.call->request, "too many callers wait"));
    waiters_.push_back(std::move(waiter));
  }
  if (ledger_.newest_position(till, store_id) != seen)
    changed({"till:" + std::to_string(till)});  // it changed between the look and the wait
}

void Downlink::changed(const std::vector<std::string>& scopes) {
  std::list<Waiter> ready;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = waiters_.begin(); at != waiters_.end();) {
      const auto here = at++;
      if (concerns(scopes, here->till, here->store_id)) ready.splice(ready.end(), waiters_, here);
    }
  }
  hand_over(std::move(ready));
}

void Downlink::tick() {
  const auto now = clock_.monotonic_ms();
  std::list<Waiter> ready;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = waiters_.begin(); at != waiters_.end();) {
      const auto here = at++;
      if (!here->call->responder.alive())
        waiters_.erase(here);
      else if (now >= here->until)
        ready.splice(ready.end(), waiters_, here);
    }
  }
  hand_over(std::move(ready));
}

void Downlink::hand_over(std::list<Waiter> ready) {
  for (auto& waiter : ready) {
    const auto shared = std::make_shared<Waiter>(std::move(waiter));
    if (!workers_.post([this, shared] { respond(*shared); }))
      shared->call->send(busy(shared->call->request, "too much waits"));
  }
}

void Downlink::stop() {
  std::list<Waiter> ready;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ready.swap(waiters_);
  }
  hand_over(std::move(ready));
}

std::size_t Downlink::held() const {
  const std::lock_guard lock(mutex_);
  return waiters_.size();
}

}  // namespace tillside::hq
