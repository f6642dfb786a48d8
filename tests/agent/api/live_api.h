// The local API on a free port over a real desk, store and small shop in a temporary folder, for the length of a test.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "agent/api/api.h"
#include "agent/desk/desk.h"

namespace tillside::api {

inline constexpr Instant kSundayMorning{1'795'310'103'000};  // 2026-11-22T09:15:03+08:00

class HandClock final : public Clock {
 public:
  Instant now() const override { return Instant{ms_}; }
  std::int64_t monotonic_ms() const override { return ms_; }
  void advance(std::int64_t ms) { ms_ += ms; }

 private:
  std::atomic<std::int64_t> ms_{kSundayMorning.ms};
};

// Who is in the group; filled before the API is asked.
class SmallGroup final : public MemberLookup {
 public:
  std::optional<MemberRecord> find(const IdHash& hash) override;
  ReplicaFacts facts() override { return known; }
  std::map<IdHash, MemberRecord> members;
  ReplicaFacts known{true, 1U << static_cast<int>(IdType::phone), kSundayMorning.plus_ms(-kHour), Scope::chain};
};

// 13800138000 is a member here (person 77), 13900139000 of another store, everybody else is none.
class LiveApi {
 public:
  struct Options {
    const Clock* clock = nullptr;  // required
    std::vector<std::string> origins = {};
    std::int64_t quota = 100;                 // coupons the till was lent
    std::vector<std::string> campaigns = {};  // beside number 1, as documents
  };
  explicit LiveApi(Options options);
  ~LiveApi();

  void restart();  // the API alone, on the same folder and another port

  std::uint16_t port() const { return api_->tcp_port(); }
  std::string token() const;
  std::filesystem::path socket() const { return folder_ / "api.sock"; }
  const std::filesystem::path& folder() const { return folder_; }
  LocalApi& api() { return *api_; }
  Desk& desk() { return *desk_; }
  Happenings& happenings() { return happenings_; }
  store::Store& store() { return *store_; }
  const Shop& shop() const { return *window_.current(); }
  void set_ready(bool ready) { ready_ = ready; }

 private:
  void start();
  void stop();

  const Options options_;
  const std::filesystem::path folder_;
  std::atomic<bool> ready_{true};
  SmallGroup group_;
  ShopWindow window_;
  Happenings happenings_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<LocalApi> api_;
  std::thread thread_;
};

// A sale of 123.45 yuan at lane L2, which earns the shop's coupon.
nlohmann::json sample_sale(std::int64_t sequence, const std::string& phone = {});
nlohmann::json sample_total(std::int64_t sequence, const std::string& phone = {});

}  // namespace tillside::api
