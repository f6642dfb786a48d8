// advise with 1,000 active campaigns against 10, through the desk alone: without HTTP, which would only flatter it.
//   tillside_bench_rules FOLDER
// Every campaign is in its active window. One in ten asks for a weekday, an hour, a store or a standing, the others for
// goods, as a chain's campaigns do; a tenth are benefits.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "agent/desk/desk.h"
#include "agent/domain/checkout_json.h"
#include "agent/platform/system_clock.h"
#include "tests/bench/sample_checkout.h"

namespace {

using namespace tillside;
using Clock = std::chrono::steady_clock;

constexpr int kRepetitions = 15, kCalls = 2000;

class Nobody final : public MemberLookup {
 public:
  std::optional<MemberRecord> find(const IdHash&) override { return std::nullopt; }
  ReplicaFacts facts() override { return {true, 1u << static_cast<int>(IdType::phone), Instant{1}, Scope::chain}; }
};

Campaign campaign(std::uint32_t number, Instant now) {
  Campaign one;
  one.number = number;
  one.name_zh = "活动" + std::to_string(number);
  one.name_en = "campaign " + std::to_string(number);
  one.reward.amount = 2000;
  one.active_from = now.plus_ms(-kDay);
  one.active_until = now.plus_ms(kDay);
  one.group = "g" + std::to_string(number % 7);
  Conditions& conditions = one.conditions;
  switch (number % 10) {
    case 0:
      one.kind = CampaignKind::benefit;
      one.benefit.emplace();
      one.benefit->basis_points = 9000;
      one.benefit->categories = {"shelf" + std::to_string(number)};
      break;
    case 1:
      conditions.weekdays = {static_cast<int>(number / 10 % 7)};
      break;
    case 2:
      conditions.stores = {"S" + std::to_string(number)};
      break;
    case 3:
      conditions.verdicts = {VerdictStatus::member};
      conditions.tiers = {static_cast<int>(number % 5)};
      break;
    case 4:
      conditions.min_total = 1'000'000;
      break;
    case 5:
      conditions.categories = {"fruit/kind" + std::to_string(number)};
      break;
    default:
      conditions.skus = {"69" + std::to_string(number), "68" + std::to_string(number)};
  }
  return one;
}

Shop shop_with(std::uint32_t campaigns, Instant now) {
  Shop shop;
  shop.enrolled = true;
  shop.store_id = "0123";
  shop.store_number = 1;
  shop.key = {17, 0};
  shop.host = "t.example.cn";
  shop.member_keys = {MemberKey{9}};
  for (std::uint32_t number = 1; number <= campaigns; ++number) shop.campaigns.push_back(campaign(number, now));
  return shop;
}

double p50_us(Desk& desk, const Checkout& checkout) {
  std::vector<double> times;
  times.reserve(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    const auto begin = Clock::now();
    const Reply reply = desk.advise(checkout);
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
    if (reply.error) std::abort();
  }
  std::nth_element(times.begin(), times.begin() + kCalls / 2, times.end());
  return times[kCalls / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  SystemClock clock;
  auto store = store::Store::open({argv[1], &clock, 0, {}});
  if (!store) return std::fprintf(stderr, "%s\n", store.error().detail.c_str()), 1;
  Nobody members;
  ShopWindow window;
  Happenings happenings;
  Desk desk({store->get(), &members, &window, &clock, &happenings});
  const Instant now = clock.now();
  const StoreZone zone;
  CheckoutReader::Defaults defaults;
  defaults.zone = &zone;
  const auto checkout =
      CheckoutReader().read(bench::sample_checkout("total", 1, 1, 1, format_time(now, zone)), defaults);
  if (!checkout) return std::fprintf(stderr, "%s\n", checkout.error().field.c_str()), 1;

  std::vector<double> ratios, few_us, many_us;
  for (int repetition = -1; repetition < kRepetitions; ++repetition) {
    window.replace(shop_with(10, now));
    const double few = p50_us(desk, *checkout);
    window.replace(shop_with(1000, now));
    const double many = p50_us(desk, *checkout);
    if (repetition < 0) continue;  // warm-up
    ratios.push_back(many / few), few_us.push_back(few), many_us.push_back(many);
  }
  for (auto* values : {&ratios, &few_us, &many_us}) std::sort(values->begin(), values->end());
  std::printf(R"({"rules_1000_campaigns_p50_vs_10":%.3f,"rules_10_us":%.2f,"rules_1000_us":%.2f})"
              "\n",
              ratios[kRepetitions / 2], few_us[kRepetitions / 2], many_us[kRepetitions / 2]);
  return 0;
}
