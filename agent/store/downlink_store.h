// Where headquarters' changes land: campaigns, staff, settings, keys (members' and the directory) and quotas in the
// till's database, members in their replica, snapshots as files until they are whole.
//
// A page goes to the replica first and then, with its cursor, into one transaction of the till's database: a crash in
// between repeats the page, which is harmless. A replica that lost its file makes the cursor begin at nothing again.
// Any thread, but not the writer's; apply() and the snapshot calls from one thread at a time.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/campaign.h"
#include "agent/domain/key_directory.h"
#include "agent/domain/staff.h"
#include "agent/store/contact_store.h"
#include "agent/store/members.h"

namespace tillside::store {

class StoreDownlink final : public sync::DownlinkSink {
 public:
  // All three outlive it. Campaigns, staff and settings of earlier runs are read here.
  static Result<std::unique_ptr<StoreDownlink>> open(Store& store, Members& members, StoreContact& contact);

  std::string cursor() override;
  // Quotas of another epoch than the current one are left out: they are frozen. With `reset`, or from nothing,
  // campaigns that do not come again are dropped when the last page is in; until then they hold.
  Status apply(const wire::DownlinkAnswer& answer) override;
  std::optional<wire::MembersCheckpoint> wanted_snapshot() override;
  std::uint64_t snapshot_bytes(const std::string& name) override;
  // Overwrites from `offset` on, which is at most what is there (else out_of_range). More than the checkpoint promised
  // is thrown away whole: bad_format.
  Status snapshot_piece(const std::string& name, std::uint64_t offset, std::string_view bytes) override;
  Status snapshot_done(const wire::MembersCheckpoint& checkpoint) override;

  // Sorted by goes_before. Those this version cannot read are left out and counted.
  std::vector<Campaign> campaigns() const;
  std::size_t unreadable_campaigns() const;
  StaffRoster roster() const;
  wire::Settings settings() const;
  Bytes16 hq_incarnation() const;
  // The chain's verifying keys; never null. Parts that are not signed by headquarters or are damaged are left out
  // and counted; old ones change nothing.
  std::shared_ptr<const KeyDirectory> keys() const;
  std::uint64_t refused_keys() const { return refused_keys_; }
  // Called on apply()'s thread after something other than members, coupons and quotas changed.
  void on_change(std::function<void()> listener) { changed_.add(std::move(listener)); }

 private:
  struct Shelf {  // what the getters hand out
    std::vector<Campaign> campaigns;
    std::size_t unreadable = 0;
    StaffRoster roster;
    wire::Settings settings;
    Bytes16 hq_incarnation{};
    std::shared_ptr<const KeyDirectory> keys = std::make_shared<KeyDirectory>();
  };

  StoreDownlink(Store& store, Members& members, StoreContact& contact);
  Status put_page(const wire::DownlinkAnswer& answer, bool from_nothing, bool& reset_ended);
  std::vector<const wire::KeysChange*> good_keys(const wire::DownlinkAnswer& answer);
  std::shared_ptr<const KeyDirectory> load_keys(const std::vector<std::string>& documents);
  std::shared_ptr<const KeyPart> held_part(const std::string& document, const wire::Identity& identity);
  Status load();
  std::filesystem::path piece_file(const std::string& name) const;
  void drop_other_pieces(const std::string& name) const;

  Store& store_;
  Members& members_;
  StoreContact& contact_;
  const std::filesystem::path snapshots_;
  Listeners changed_;
  // What was found to be signed by headquarters, by its signature, and by which keys: it is not verified again. One
  // thread: apply()'s.
  std::map<std::string, std::shared_ptr<const KeyPart>, std::less<>> verified_;
  std::vector<VerifyingKey> verified_by_;
  mutable std::mutex mutex_;  // guards the shelf
  Shelf shelf_;
  std::atomic<std::uint64_t> refused_keys_{0};
};

}  // namespace tillside::store
