#include "pos_adapter/journal/database/ticket_window.h"

#include <algorithm>
#include <utility>

#include "pos_adapter/journal/place.h"

namespace tillside::journal {
namespace {

std::uint64_t mixed(std::uint64_t digest, std::string_view text) {
  return (digest ^ digest_of(text)) * 1099511628211ULL;
}

bool earlier(const TicketRows& a, const TicketRows& b) { return a.first < b.first; }

}  // namespace

KeptRow::KeptRow(const std::array<std::string, kCells>& cells) {
  for (std::size_t i = 0; i < kCells; ++i) {
    text_ += cells[i];
    ends_[i] = static_cast<std::uint32_t>(text_.size());
  }
}

std::string_view KeptRow::cell(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(text_).substr(begin, ends_[index] - begin);
}

void TicketWindow::begin_pass(std::int64_t now_ms) {
  now_ms_ = now_ms;
  seen_.clear();
  next_.clear();
  rows_ = 0;
  overflowed_ = false;
}

void TicketWindow::add(RowAt row) {
  newest_ = std::max(newest_, row.mark);
  TicketRows& ticket = seen_[row.ticket];
  if (ticket.rows.empty()) {
    ticket.ticket = std::move(row.ticket);
    ticket.lane = std::move(row.lane);
    ticket.first = row.mark;
  }
  ticket.last = row.mark;
  ticket.digest = mixed(ticket.digest, row.row.text());
  if (row.row.error) ticket.digest = mixed(ticket.digest, row.row.error->detail);
  if (ticket.rows.size() > kMaxLines) return;  // one too many is enough to refuse it
  ticket.rows.push_back(std::move(row.row));
  ++rows_;
}

void TicketWindow::give(TicketRows&& ticket, std::vector<TicketRows>& out) {
  rows_ -= ticket.rows.size();
  const auto before = known_.find(ticket.ticket);
  const bool again = before != known_.end() && before->second.given && before->second.digest == ticket.digest;
  next_[ticket.ticket] = {ticket.digest, now_ms_, true, ticket.first, ticket.last};
  if (!again) out.push_back(std::move(ticket));
}

std::vector<TicketRows> TicketWindow::passed() {
  std::vector<TicketRows> out;
  const Mark floor = set_back(newest_, rules_.look_back);
  for (auto at = seen_.begin(); at != seen_.end();) {
    const bool old = at->second.last <= floor;
    if (old) give(std::move(at->second), out);
    at = old ? seen_.erase(at) : std::next(at);
  }
  if (rows_ > rules_.most_rows) {
    overflowed_ = true;
    std::vector<std::pair<Mark, std::string>> order;
    order.reserve(seen_.size());
    for (const auto& [name, ticket] : seen_) order.emplace_back(ticket.last, name);
    std::sort(order.begin(), order.end());
    for (const auto& [last, name] : order) {
      if (rows_ <= rules_.most_rows) break;
      const auto oldest = seen_.find(name);
      give(std::move(oldest->second), out);
      seen_.erase(oldest);
    }
  }
  move_base(floor);
  std::sort(out.begin(), out.end(), earlier);
  return out;
}

// As far as `base`, but never into a ticket: its rows must come together again.
void TicketWindow::move_base(Mark base) {
  const auto keep_whole = [&](Mark first, Mark last) {
    const bool cut = first <= base && last > base;
    if (cut) base = set_back(first, 1);
    return cut;
  };
  for (bool again = true; again;) {
    again = false;
    for (const auto& [name, ticket] : seen_) again = keep_whole(ticket.first, ticket.last) || again;
    for (const auto& [name, one] : next_) again = keep_whole(one.first, one.last) || again;
  }
  base_ = std::max(base_, base);
  std::erase_if(next_, [this](const auto& one) { return one.second.last <= base_; });
}

bool TicketWindow::settled(const TicketRows& ticket, const std::map<std::string, Mark>& newest_of_lane) const {
  if (ticket.last <= set_back(newest_, rules_.look_back)) return true;
  const auto before = known_.find(ticket.ticket);
  if (before == known_.end() || before->second.digest != ticket.digest) return false;
  if (before->second.given) return true;
  if (newest_of_lane.at(ticket.lane) > ticket.last) return true;
  return now_ms_ - before->second.since_ms >= rules_.settled_after_ms;
}

std::vector<TicketRows> TicketWindow::end_pass() {
  std::vector<TicketRows> out;
  std::map<std::string, Mark> newest_of_lane;  // the first row of its latest ticket
  for (const auto& [name, ticket] : seen_) {
    Mark& newest = newest_of_lane.try_emplace(ticket.lane, ticket.first).first->second;
    newest = std::max(newest, ticket.first);
  }
  Mark base = set_back(newest_, rules_.look_back);
  open_ = 0;
  for (auto& [name, ticket] : seen_) {
    if (settled(ticket, newest_of_lane)) {
      give(std::move(ticket), out);
      continue;
    }
    ++open_;
    base = std::min(base, set_back(ticket.first, 1));
    const auto before = known_.find(name);
    const bool same = before != known_.end() && before->second.digest == ticket.digest;
    const std::int64_t since = same ? before->second.since_ms : now_ms_;
    next_[name] = {ticket.digest, since, false, ticket.first, ticket.last};
  }
  seen_.clear();
  move_base(base);
  known_ = std::move(next_);
  next_.clear();
  std::sort(out.begin(), out.end(), earlier);
  return out;
}

std::vector<TicketRows> TicketWindow::rest() {
  std::vector<TicketRows> out;
  out.reserve(seen_.size());
  for (auto& [name, ticket] : seen_) out.push_back(std::move(ticket));
  seen_.clear();
  std::sort(out.begin(), out.end(), earlier);
  return out;
}

// What came out in `passed` is remembered all the same.
void TicketWindow::abandon_pass() {
  for (auto& [name, one] : next_)
    if (one.given) known_[name] = one;
  seen_.clear();
  next_.clear();
}

}  // namespace tillside::journal
