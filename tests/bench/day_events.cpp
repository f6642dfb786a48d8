// A day of checkouts through a real desk, as a POS would send it (advise, then complete), and what the till would tell
// headquarters of it.
//
//   tillside_bench_day dump DAY.jsonl OUTDIR     OUTDIR/<day>.jsonl, an event a line: what the dictionary is trained on
//   tillside_bench_day bytes DAY.jsonl           {"checkouts","events","raw","batched","singly"} bytes on the wire
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>

#include "agent/desk/replica_lookup.h"
#include "agent/platform/files.h"
#include "agent/platform/random.h"
#include "agent/platform/system_clock.h"
#include "agent/shop_builder.h"
#include "agent/store/outbox.h"
#include "pos_adapter/journal/replay.h"
#include "sync/wire/compress.h"
#include "tests/bench/seeded_till.h"

namespace {

using namespace tillside;

struct Till {
  explicit Till(const std::filesystem::path& folder) {
    store::Store::Options options;
    options.folder = folder;
    options.clock = &clock;
    store = std::move(store::Store::open(std::move(options)).value());
    members = std::move(store::Members::open({folder}).value());
    contact = std::move(store::StoreContact::open(*store).value());
    downlink = std::move(store::StoreDownlink::open(*store, *members, *contact).value());
    keys = std::make_unique<store::KeyFile>(folder);
    Shop shop = build_shop({}, *contact, *downlink, *keys);
    zone = shop.zone;
    window.replace(std::move(shop));
    lookup = std::make_unique<ReplicaLookup>(*members);
    desk = std::make_unique<Desk>(Desk::Parts{store.get(), lookup.get(), &window, &clock, &happenings});
  }

  SystemClock clock;
  StoreZone zone;
  ShopWindow window;
  Happenings happenings;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::Members> members;
  std::unique_ptr<store::StoreContact> contact;
  std::unique_ptr<store::StoreDownlink> downlink;
  std::unique_ptr<store::KeyFile> keys;
  std::unique_ptr<ReplicaLookup> lookup;
  std::unique_ptr<Desk> desk;
};

std::uint64_t play(Till& till, const std::string& day) {
  journal::Defaults defaults;
  defaults.store_id = "0123";
  defaults.zone = &till.zone;
  std::uint64_t sales = 0;
  auto read = journal::read_all(std::filesystem::path(day), journal::default_mapping(), defaults,
                                [&](journal::Document&& document) {
                                  if (!document.checkout) return true;
                                  Checkout checkout = std::move(*document.checkout);
                                  if (is_sale(checkout)) {
                                    ++sales;
                                    Checkout at_total = checkout;
                                    at_total.state = CheckoutState::total;
                                    at_total.tenders.clear();
                                    const auto advice = nlohmann::json::parse(till.desk->advise(at_total, {true}).body);
                                    if (advice["showing_id"].is_string())
                                      checkout.showing_id = advice["showing_id"].get<std::string>();
                                  }
                                  std::promise<void> done;
                                  till.desk->deliver(std::move(checkout), true, [&](Delivery) { done.set_value(); });
                                  done.get_future().wait();
                                  return true;
                                });
  if (!read) fmt::print(stderr, "{}: {}\n", day, read.error().detail);
  return sales;
}

struct Bytes {
  std::uint64_t raw = 0, sent = 0, events = 0;
};

Bytes send(const std::vector<std::string>& events, std::size_t per_batch) {
  wire::Compressor compressor;
  Bytes bytes;
  wire::BatchHead head;
  head.epoch = {1, 2, 3, 4, 5, 6, 7, 8};
  for (std::size_t at = 0; at < events.size(); at += per_batch) {
    std::vector<std::string_view> batch(
        events.begin() + static_cast<std::ptrdiff_t>(at),
        events.begin() + static_cast<std::ptrdiff_t>(std::min(events.size(), at + per_batch)));
    head.first_seq = at + 1;
    head.count = static_cast<std::uint32_t>(batch.size());
    const std::string text = wire::write_batch(head, batch);
    for (const auto event : batch) head.prev = wire::chain(head.prev, event);
    bytes.raw += text.size();
    bytes.sent += compressor.compress(text).size();
    bytes.events += batch.size();
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string mode = argv[1], day = argv[2];
  const auto folder = std::filesystem::temp_directory_path() / ("tillside-day-" + to_hex(random_bytes<Bytes16>()));
  const std::filesystem::path sample = std::filesystem::path(TILLSIDE_SOURCE_DIR) / "installer" / "sample_store";
  bench::Seed seed;
  seed.campaigns_file = sample / "campaigns.json";
  seed.staff_csv = sample / "staff.csv";
  seed.members_csv = sample / "members.csv";
  if (auto seeded = bench::seed_till(folder, seed); !seeded) {
    fmt::print(stderr, "seed: {} {} {}\n", name_of(seeded.error().code), seeded.error().field, seeded.error().detail);
    return 1;
  }
  std::vector<std::string> events;
  std::uint64_t sales = 0;
  {
    Till till(folder);
    sales = play(till, day);
    till.desk.reset();
    store::StoreOutbox outbox(*till.store);
    (void)till.store->read([&](store::Session& session) {
      auto rows = session.database().prepare("SELECT body FROM event ORDER BY id");
      while (rows.step()) events.emplace_back(rows.text(0));
    });
  }
  std::filesystem::remove_all(folder);
  if (mode == "dump" && argc == 4) {
    std::filesystem::create_directories(argv[3]);
    const std::string stem = std::filesystem::path(day).stem();
    std::ofstream out(fmt::format("{}/{}.jsonl", argv[3], stem));
    for (const std::string& event : events) out << event << '\n';
    return 0;
  }
  const Bytes batched = send(events, 500), singly = send(events, 1);
  fmt::print("{{\"checkouts\":{},\"events\":{},\"raw\":{},\"batched\":{},\"singly\":{}}}\n", sales, batched.events,
             batched.raw, batched.sent, singly.sent);
  return 0;
}
