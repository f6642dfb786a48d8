#include "tests/simulation/oracle.h"

namespace tillside::simulation {
namespace {

std::string between(const std::string& text, std::string_view before, std::size_t& at) {
  const auto begin = text.find(before, at);
  if (begin == std::string::npos) return {};
  const auto from = begin + before.size();
  const auto end = text.find('"', from);
  at = end;
  return text.substr(from, end - from);
}

}  // namespace

bool Oracle::acknowledged(std::size_t disk, const Reply& reply) {
  const auto [known, fresh] = answers_.emplace(reply.identity, reply.body);
  if (!fresh) return known->second == reply.body;
  by_disk_[disk].push_back(reply.identity);
  if (reply.coupons == 0) return true;
  std::size_t at = reply.body.find("\"coupons\":[");
  for (std::uint32_t i = 0; i < reply.coupons; ++i) {
    const std::string id = between(reply.body, "{\"id\":\"", at);
    Coupon& coupon = coupons_[id];
    coupon.texts.insert(between(reply.body, "\"url\":\"", at));
    coupon.rolled_back |= unsteady_disks_.contains(disk);
    ++handed_out_;
  }
  return true;
}

std::uint64_t Oracle::disk_lost(std::size_t disk, const std::set<std::string>& held) {
  std::uint64_t lost = 0;
  for (const std::string& identity : by_disk_[disk]) {
    if (!held.contains(identity)) lost += lost_.insert(identity).second ? 1 : 0;
  }
  return lost;
}

void Oracle::rolled_back(std::size_t disk, std::int64_t units) {
  unsteady_disks_.insert(disk);
  allowance_ += units;
}

const std::string* Oracle::answer_of(const std::string& identity) const {
  const auto found = answers_.find(identity);
  return found == answers_.end() ? nullptr : &found->second;
}

Oracle::Findings Oracle::judge(const std::set<std::string>& held) const {
  Findings found;
  for (const auto& [identity, answer] : answers_) {
    if (!held.contains(identity) && !lost_.contains(identity)) found.missing.push_back(identity);
  }
  for (const std::string& identity : held) {
    if (!answers_.contains(identity)) found.invented.push_back(identity);
  }
  for (const auto& [id, coupon] : coupons_) {
    if (coupon.texts.size() > 1 && !coupon.rolled_back) found.twice.push_back(id);
  }
  found.coupons = handed_out_;
  found.allowance = allowance_;
  return found;
}

}  // namespace tillside::simulation
