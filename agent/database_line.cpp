#include "agent/database_line.h"

#include <utility>

#include "agent/platform/log.h"
#include "agent/platform/random.h"
#include "agent/platform/zones.h"

namespace tillside {
namespace {

void tell(const journal::DatabaseNote& note) {
  using Kind = journal::DatabaseNote::Kind;
  if (note.kind == Kind::back) return log::info("database", journal::name_of(note.kind));
  log::warn("database", journal::name_of(note.kind),
            {{"field", note.error.field}, {"code", name_of(note.error.code)}, {"why", note.error.detail}});
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  fill_random(&number, sizeof number);
  return number;
}

}  // namespace

struct DatabaseLine::Impl {
  StoreZone zone;
  journal::RealWaiter waiter;
  std::unique_ptr<journal::RowSource> rows;
  std::unique_ptr<journal::DatabaseDoor> door;  // before what it stands on
};

DatabaseLine::DatabaseLine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DatabaseLine::~DatabaseLine() = default;

Result<std::unique_ptr<DatabaseLine>> DatabaseLine::open(const journal::DatabaseSettings& settings, const Shop& shop,
                                                         const Parts& parts) {
  auto setup = journal::set_up_database(settings);
  if (!setup) return setup.error();
  auto impl = std::make_unique<Impl>();
  impl->zone = shop.zone;
  if (!setup->door.mapping.zone.empty()) {
    auto zone = load_zone(setup->door.mapping.zone);
    if (!zone) return zone.error();
    impl->zone = std::move(*zone);
  }
  journal::Defaults& defaults = setup->door.defaults;
  defaults.store_id = shop.store_id;
  defaults.currency = shop.currency;
  defaults.zone = &impl->zone;
  impl->rows = journal::make_helper_rows(std::move(setup->helper));
  impl->door = std::make_unique<journal::DatabaseDoor>(
      std::move(setup->door), journal::DatabaseDoor::Parts{impl->rows.get(), parts.intake, parts.checkpoints,
                                                           parts.clock, &impl->waiter, random_number, tell});
  impl->door->start();
  return std::unique_ptr<DatabaseLine>(new DatabaseLine(std::move(impl)));
}

}  // namespace tillside
