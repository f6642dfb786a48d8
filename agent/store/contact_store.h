// Who this till is and what its last contact left behind, durable in the till's database.
//
// The identity is also kept as identity.json (mode 0600) beside the database: a till whose database was set aside still
// knows who it is, tells headquarters so with an empty contact value, and is taken back under a new epoch. Until that
// contact nothing is issued. The database's copy is the truth; the file follows each commit and is mended at the start.
// Any thread, but not the writer's.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "agent/store/listeners.h"
#include "agent/store/store.h"
#include "sync/client/ports.h"

namespace tillside::store {

class StoreContact final : public sync::ContactState {
 public:
  // Takes the identity from the database, else from the file. storage_failed when the database cannot be read.
  static Result<std::unique_ptr<StoreContact>> open(Store& store);

  std::optional<wire::Identity> identity() override;
  // Ends whatever was before: contact value, pending contact; the epoch gets its name.
  Status enrolled(const wire::EnrollAnswer& answer) override;
  Result<Pending> begin_contact(const Bytes16& fresh_nonce) override;
  // The answer's time, whose signature was checked, moves the trusted clock's mark (Store::time()). A nonce that was
  // sent before may bring an old answer again: its time is not taken for the present.
  Status contacted(const wire::ContactAnswer& answer) override;

  // Enrolled, the current epoch named by headquarters, and in contact since this database began or was restored.
  bool may_issue() const { return may_issue_.load(std::memory_order_acquire); }
  // Called on the thread that stored it, after the identity or may_issue() changed.
  void on_identity(std::function<void()> listener) { changed_.add(std::move(listener)); }

  // Inside a writer's job: the identity as this transaction sees it, and its replacement. Call reload() after the
  // commit.
  static std::optional<wire::Identity> identity_in(Session& session);
  static void put_identity(Session& session, const wire::Identity& identity);
  Status reload();

  // Marks a database that came back from a backup: nothing is issued until the next contact. Inside a writer's job.
  static void mark_restored(Session& session);

 private:
  explicit StoreContact(Store& store) : store_(store) {}
  Status load(bool from_file);
  Status store_answer(std::function<void(Session&)> work);
  Status keep_file(const std::string& json);

  Store& store_;
  Listeners changed_;
  std::atomic<bool> may_issue_{false};
  std::atomic<bool> nonce_is_fresh_{false};  // of the contact under way
  std::mutex mutex_;                         // guards the two below
  std::optional<wire::Identity> identity_;
  std::string file_json_;  // as identity.json holds it
};

}  // namespace tillside::store
