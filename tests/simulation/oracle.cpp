#include "tests/simulation/oracle.h"

#include "tests/simulation/reading.h"

namespace tillside::simulation {
namespace {

std::size_t hash_of(std::string_view text) { return std::hash<std::string_view>()(text); }

}  // namespace

std::string name_of_hand_over(const std::string& coupon, std::uint32_t till) {
  return "handed over: " + coupon + " by " + std::to_string(till);
}

bool Oracle::told(const std::string& id, std::uint32_t campaign, std::size_t home, const std::string& whom) {
  Coupon& coupon = coupons_[id];
  coupon.campaign = campaign;
  coupon.texts.insert(0);
  coupon.home = home;
  coupon.whom = whom;
  ++handed_out_;
  return whom.empty() || ++welcomes_[whom] == 1;
}

void Oracle::handed_over(std::size_t disk, std::uint32_t till, const std::string& coupon, std::int64_t value) {
  const auto [known, fresh] = answers_.emplace(name_of_hand_over(coupon, till), 0);
  if (fresh) by_disk_[disk].push_back(&known->first);
  redeemed_.push_back({coupon, known->first, value});
  coupons_[coupon].redeemed_at.push_back(disk);
}

void Oracle::headquarters_forgot_its_own(const std::string& id) {
  Coupon& coupon = coupons_[id];
  coupon.forgotten = coupon.unsteady = true;
  ++own_forgotten_;
  if (!coupon.whom.empty()) --welcomes_[coupon.whom];
}

void Oracle::handed_out(std::size_t disk, const Reply& reply, std::string_view list, std::uint32_t count) {
  std::size_t at = reply.body.find(list);
  for (std::uint32_t i = 0; i < count && at != std::string::npos; ++i) {
    Coupon& coupon = coupons_[std::string(next_value(reply.body, "{\"id\":\"", at))];
    coupon.campaign = static_cast<std::uint32_t>(
        std::strtoul(std::string(next_value(reply.body, "\"campaign\":", at)).c_str(), nullptr, 10));
    coupon.texts.insert(hash_of(next_value(reply.body, "\"url\":\"", at)));
    coupon.home = disk;
    coupon.issued_by = reply.identity;
    ++handed_out_;
  }
}

bool Oracle::acknowledged(std::size_t disk, const Reply& reply) {
  const auto [known, fresh] = answers_.emplace(reply.identity, hash_of(reply.body));
  if (!fresh) return known->second == hash_of(reply.body);
  by_disk_[disk].push_back(&known->first);
  const bool reversal = reply.body.find("\"restored\":[") != std::string::npos;
  if (reply.coupons > 0) handed_out(disk, reply, reversal ? "\"restored\":[" : "\"coupons\":[", reply.coupons);
  if (reversal) {
    const auto revoked = list_in(reply.body, "revoked");
    std::size_t at = 0;
    for (auto id = next_value(revoked, "\"id\":\"", at); !id.empty(); id = next_value(revoked, "\"id\":\"", at))
      coupons_[std::string(id)].revoked = true;
  } else if (reply.redeemed > 0) {
    const auto redeemed = list_in(reply.body, "redeemed");
    std::size_t at = 0;
    for (auto id = next_value(redeemed, "\"id\":\"", at); !id.empty(); id = next_value(redeemed, "\"id\":\"", at)) {
      const std::string name(id);
      const auto value = std::strtoll(std::string(next_value(redeemed, "\"value\":", at)).c_str(), nullptr, 10);
      redeemed_.push_back({name, reply.identity, value});
      coupons_[name].redeemed_at.push_back(disk);
    }
  }
  return true;
}

std::uint64_t Oracle::disk_lost(std::size_t disk, const std::set<std::string>& held) {
  std::uint64_t lost = 0;
  for (const std::string* identity : by_disk_[disk]) {
    if (!held.contains(*identity)) lost += lost_.insert(*identity).second ? 1 : 0;
  }
  return lost;
}

void Oracle::rolled_back(std::size_t disk, std::int64_t units) {
  unsteady_disks_.insert(disk);
  allowance_ += units;
}

void Oracle::headquarters_forgot(const std::string& coupon) {
  coupons_[coupon].unsteady = true;
  ++grants_forgotten_;
}

const Oracle::Coupon* Oracle::coupon(const std::string& id) const {
  const auto found = coupons_.find(id);
  return found == coupons_.end() ? nullptr : &found->second;
}

bool Oracle::was_answered(const std::string& identity, const std::string& body) const {
  const auto found = answers_.find(identity);
  return found != answers_.end() && found->second == hash_of(body);
}

bool Oracle::steady(const Coupon& coupon) const {
  if (coupon.unsteady || unsteady_disks_.contains(coupon.home)) return false;
  for (const std::size_t disk : coupon.redeemed_at)
    if (unsteady_disks_.contains(disk)) return false;
  return true;
}

Oracle::Totals Oracle::totals() const {
  Totals totals;
  totals.answers = answers_.size();
  totals.redemptions = redeemed_.size();
  totals.coupons = handed_out_;
  totals.allowance = allowance_;
  totals.grants_forgotten = grants_forgotten_;
  totals.own_forgotten = own_forgotten_;
  for (const auto& [id, coupon] : coupons_) {
    if (coupon.redeemed_at.size() < 2) continue;
    ++(steady(coupon) ? totals.twice : totals.twice_unsteady);
  }
  return totals;
}

class Oracle::Judge {
 public:
  Judge(const Oracle& oracle, const HeldAtHeadquarters& held, const std::map<std::uint32_t, Terms>& terms)
      : oracle_(oracle), held_(held), terms_(terms) {}

  std::vector<std::string> found() && {
    answers();
    coupons();
    redemptions();
    for (const auto& [id, coupon] : oracle_.coupons_) bound(id, coupon);
    budgets();
    report();
    return std::move(wrong_);
  }

 private:
  bool lost(const std::string& identity) const { return oracle_.lost_.contains(identity); }

  void answers() {
    for (const auto& [identity, answer] : oracle_.answers_)
      if (!held_.identities.contains(identity) && !lost(identity)) wrong_.push_back("lost: " + identity);
    for (const std::string& identity : held_.identities)
      if (!oracle_.answers_.contains(identity)) wrong_.push_back("invented: " + identity);
  }

  void coupons() {
    for (const auto& [id, coupon] : oracle_.coupons_) {
      if (coupon.texts.size() > 1 && !oracle_.is_unsteady(coupon.home))
        wrong_.push_back("one coupon id, two coupons: " + id);
      if (!held_.coupons.contains(id) && !lost(coupon.issued_by) && !coupon.forgotten)
        wrong_.push_back("lost: the coupon " + id);
    }
    for (const std::string& id : held_.coupons)
      if (oracle_.coupon(id) == nullptr) wrong_.push_back("invented: the coupon " + id);
  }

  void redemptions() {
    std::set<std::pair<std::string, std::string>> approved;
    for (const Redeemed& one : oracle_.redeemed_) {
      approved.emplace(one.coupon, one.identity);
      if (!lost(one.identity) && !is_held(one)) wrong_.push_back("lost: the redemption of " + one.coupon);
    }
    for (const auto& [id, rows] : held_.redemptions)
      for (const HeldRedemption& row : rows)
        if (!approved.contains({id, row.identity})) wrong_.push_back("invented: a redemption of " + id);
  }
  bool is_held(const Redeemed& one) const {
    const auto rows = held_.redemptions.find(one.coupon);
    if (rows == held_.redemptions.end()) return false;
    for (const HeldRedemption& row : rows->second)
      if (row.identity == one.identity && row.value == one.value) return true;
    return false;
  }

  // Home decides once, headquarters grants once; under strict there is one of both.
  void bound(const std::string& id, const Coupon& coupon) {
    const auto terms = terms_.find(coupon.campaign);
    if (coupon.redeemed_at.size() < 2 || terms == terms_.end() || !oracle_.steady(coupon)) return;
    if (terms->second.strict) wrong_.push_back("a strict coupon was redeemed twice: " + id);
    int granted = 0, decided = 0;
    const auto rows = held_.redemptions.find(id);
    if (rows == held_.redemptions.end()) return;
    for (const HeldRedemption& row : rows->second) ++(row.reserved ? granted : decided);
    if (decided > 1) wrong_.push_back("its home redeemed a coupon twice: " + id);
    if (granted > 1) wrong_.push_back("headquarters granted a coupon twice: " + id);
    ++doubles_[coupon.campaign];
  }

  void budgets() {
    std::map<std::uint32_t, std::int64_t> handed_out, redeemed;
    for (const auto& [id, coupon] : oracle_.coupons_) {
      handed_out[coupon.campaign] += static_cast<std::int64_t>(coupon.texts.size());
      redeemed[coupon.campaign] += static_cast<std::int64_t>(coupon.redeemed_at.size());
    }
    const auto slack = oracle_.allowance_ + oracle_.own_forgotten_;
    for (const auto& [number, terms] : terms_) {
      if (handed_out[number] > terms.issue + slack) passed("handed out", number, handed_out[number], terms.issue);
      const auto most = terms.issue + terms.exposure + slack + oracle_.grants_forgotten_;
      if (redeemed[number] > most) passed("redeemed", number, redeemed[number], terms.issue + terms.exposure);
      if (doubles_[number] > terms.exposure + oracle_.grants_forgotten_)
        passed("redeemed twice", number, doubles_[number], terms.exposure);
    }
  }
  void passed(const std::string& what, std::uint32_t number, std::int64_t count, std::int64_t budget) {
    wrong_.push_back("the budget of campaign " + std::to_string(number) + " was passed: " + std::to_string(budget) +
                     " (and " + std::to_string(oracle_.allowance_) + " for disks that went back), " +
                     std::to_string(count) + " " + what);
  }

  // Both tills are named, and nobody who did not.
  void report() {
    for (const auto& [id, rows] : held_.redemptions) {
      if (rows.size() < 2) continue;
      const auto told = held_.doubles.find(id);
      for (const HeldRedemption& row : rows)
        if (told == held_.doubles.end() || !told->second.contains({row.till, row.identity}))
          wrong_.push_back("a double redemption is not named: " + id);
    }
    for (const auto& [id, names] : held_.doubles) {
      const Coupon* coupon = oracle_.coupon(id);
      if (names.size() < 2 || coupon == nullptr || coupon->redeemed_at.size() < 2)
        wrong_.push_back("a double redemption is named that was none: " + id);
    }
  }

  const Oracle& oracle_;
  const HeldAtHeadquarters& held_;
  const std::map<std::uint32_t, Terms>& terms_;
  std::map<std::uint32_t, std::int64_t> doubles_;
  std::vector<std::string> wrong_;
};

std::vector<std::string> Oracle::judge(const HeldAtHeadquarters& held,
                                       const std::map<std::uint32_t, Terms>& terms) const {
  return Judge(*this, held, terms).found();
}

}  // namespace tillside::simulation
