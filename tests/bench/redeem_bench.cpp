// Checking a coupon, or completing with one coupon spent and one issued, each against its floor; one caller.
//   tillside_bench_redeem check|complete AGENT_PORT TOKEN BEAST_PORT FOLDER
// The floor of check is a bare Ed25519 verification and a bare loopback round trip of the same request; the caller of
// this pins this process, the agent and the bare server to one CPU. FOLDER is on the disk the agent writes to.
#include <sodium.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "agent/platform/system_clock.h"
#include "tests/bench/bare_rows.h"
#include "tests/bench/http_line.h"
#include "tests/bench/sample_checkout.h"
#include "tests/bench/statistics.h"

namespace {

using namespace tillside;
using namespace tillside::bench;

constexpr int kRepetitions = 7, kRequests = 600;

std::string now() { return format_time(SystemClock().now(), StoreZone()); }

// A signature over 67 bytes, as a coupon's is.
class Verification {
 public:
  Verification() {
    crypto_sign_keypair(public_.data(), secret_.data());
    crypto_sign_detached(signature_.data(), nullptr, text_.data(), text_.size(), secret_.data());
  }
  std::int64_t run() const {
    const std::int64_t begin = now_ns();
    if (crypto_sign_verify_detached(signature_.data(), text_.data(), text_.size(), public_.data()) != 0) std::abort();
    return now_ns() - begin;
  }

 private:
  std::array<std::uint8_t, 67> text_{};
  std::array<std::uint8_t, 32> public_{};
  std::array<std::uint8_t, 64> secret_{}, signature_{};
};

class Bench {
 public:
  Bench(std::uint16_t agent, std::string token, std::uint16_t beast, const std::filesystem::path& folder)
      : token_(std::move(token)), agent_(agent), beast_(beast), rows_(folder / "bare.db") {
    agent_.exchange(complete_of({}));
    take_coupon();
  }

  void check() {
    const std::string request = http_post("/v1/coupons/check", token_, "{\"code\":\"" + coupon_ + "\"}");
    const Verification verification;
    std::vector<double> ratio, ours_us, verify_us, trip_us;
    for (int repetition = -1; repetition < kRepetitions; ++repetition) {
      std::vector<std::int64_t> ours, verify, trip;
      for (int i = 0; i < kRequests; ++i) {
        ours.push_back(agent_.exchange(request));
        verify.push_back(verification.run());
        trip.push_back(beast_.exchange(request));
      }
      if (agent_.last().find("\"state\":\"free\"") == std::string::npos) throw std::runtime_error(agent_.last());
      if (repetition < 0) continue;
      ours_us.push_back(p50_us(ours)), verify_us.push_back(p50_us(verify)), trip_us.push_back(p50_us(trip));
      ratio.push_back(ours_us.back() / (verify_us.back() + trip_us.back()));
    }
    std::printf(R"({"coupon_check_p50_vs_ed25519_verify":%.3f,"coupon_check_p50_us":%.1f,"bare_verify_p50_us":%.1f,)"
                R"("bare_check_trip_p50_us":%.1f})"
                "\n",
                median(ratio), median(ours_us), median(verify_us), median(trip_us));
  }

  void complete() {
    std::vector<double> ratio, ours_us, rows_us, trip_us;
    for (int repetition = -1; repetition < kRepetitions; ++repetition) {
      std::vector<std::int64_t> ours, rows, trip;
      for (int i = 0; i < kRequests; ++i) {
        const std::string request = complete_of(coupon_);
        ours.push_back(agent_.exchange(request));
        if (agent_.last().find("\"redeemed\":[{") == std::string::npos) throw std::runtime_error(agent_.last());
        take_coupon();
        const std::int64_t begin = now_ns();
        rows_.checkout_that_redeems(++bare_);
        rows.push_back(now_ns() - begin);
        trip.push_back(beast_.exchange(request));
      }
      if (repetition < 0) continue;
      ours_us.push_back(p50_us(ours)), rows_us.push_back(p50_us(rows)), trip_us.push_back(p50_us(trip));
      ratio.push_back(ours_us.back() / (rows_us.back() + trip_us.back()));
    }
    std::printf(R"({"complete_with_redeem_and_issue_p50_vs_floor":%.3f,"complete_with_redeem_p50_us":%.1f,)"
                R"("bare_redeem_rows_p50_us":%.1f,"bare_redeem_trip_p50_us":%.1f})"
                "\n",
                median(ratio), median(ours_us), median(rows_us), median(trip_us));
  }

 private:
  void take_coupon() {
    const std::string& answer = agent_.last();
    const auto at = answer.find("\"url\":\"");
    if (at == std::string::npos) throw std::runtime_error("no coupon: " + answer);
    coupon_ = answer.substr(at + 7, answer.find('"', at + 7) - at - 7);
  }

  std::string complete_of(const std::string& coupon) {
    ++number_;
    std::string body = sample_checkout("completed", 1, number_, number_ * 31 % 100'000, now());
    if (!coupon.empty()) body.insert(body.size() - 1, ",\"coupons\":[\"" + coupon + "\"]");
    return http_post("/v1/checkouts/complete", token_, body);
  }

  const std::string token_;
  HttpLine agent_, beast_;
  BareRows rows_;
  std::string coupon_;
  std::uint64_t number_ = static_cast<std::uint64_t>(SystemClock().now().ms % 100'000'000) * 10'000;
  std::int64_t bare_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6 || sodium_init() < 0) return 2;
  const std::string what = argv[1];
  try {
    Bench bench(static_cast<std::uint16_t>(std::atoi(argv[2])), argv[3], static_cast<std::uint16_t>(std::atoi(argv[4])),
                argv[5]);
    if (what == "check") return bench.check(), 0;
    if (what == "complete") return bench.complete(), 0;
    return 2;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    return 1;
  }
}
