#include "agent/store/contact_store.h"

#include <algorithm>

#include "agent/platform/files.h"
#include "sync/wire/big_endian.h"
#include "sync/wire/signing.h"

namespace tillside::store {
namespace {

constexpr const char* kIdentity = "identity";
constexpr const char* kContact = "contact";
constexpr const char* kPendingNonce = "pending_nonce";
constexpr const char* kRestored = "restored";
constexpr const char* kLeft = "left_epochs";  // u16 length, certificate, u64 newest event; oldest first

std::string pack(const wire::ContactValue& value) {
  std::string bytes;
  wire::append_big_endian(bytes, value.counter);
  wire::append_bytes(bytes, value.random);
  return bytes;
}

wire::ContactValue unpack(const std::optional<std::string>& bytes) {
  wire::ContactValue value;
  if (!bytes || bytes->size() != 8 + value.random.size()) return value;
  value.counter = wire::read_big_endian<std::uint64_t>(bytes->data());
  std::copy_n(bytes->begin() + 8, value.random.size(), value.random.begin());
  return value;
}

std::string pack(const std::vector<wire::LeftEpoch>& left) {
  std::string bytes;
  for (const auto& epoch : left) {
    wire::append_text(bytes, epoch.certificate);
    wire::append_big_endian(bytes, epoch.last_seq);
  }
  return bytes;
}

std::vector<wire::LeftEpoch> left_epochs(Session& session) {
  const std::string bytes = session.meta().get(kLeft).value_or("");
  std::vector<wire::LeftEpoch> left;
  for (std::size_t at = 0; at + 2 <= bytes.size();) {
    const std::size_t length = wire::read_big_endian<std::uint16_t>(bytes.data() + at);
    if (at + 2 + length + 8 > bytes.size()) break;
    left.push_back(
        {bytes.substr(at + 2, length), wire::read_big_endian<std::uint64_t>(bytes.data() + at + 2 + length)});
    at += 2 + length + 8;
  }
  return left;
}

// Readmitted: the epoch before has ended for good. Before the next one begins.
void keep_left_epoch(Session& session, const wire::Identity& before, const wire::ContactAnswer& answer) {
  const bool readmitted = answer.outcome == wire::ContactOutcome::readmitted && answer.identity;
  if (!readmitted || before.certificate.empty() || before.epoch == answer.identity->epoch) return;
  const bool nameless = session.database().integer("SELECT provisional FROM epoch ORDER BY no DESC LIMIT 1") != 0;
  auto left = left_epochs(session);
  left.push_back({before.certificate, nameless ? 0 : session.events().last_seq()});
  if (left.size() > wire::kMostLeftEpochs) left.erase(left.begin());
  session.meta().put(kLeft, pack(left));
}

std::string text_of(const Bytes16& bytes) { return {bytes.begin(), bytes.end()}; }

std::filesystem::path identity_file(const Store& store) { return store.folder() / "identity.json"; }

bool in_contact(Session& session) {
  return session.meta().get(kIdentity) && session.meta().get(kContact) && session.meta().number(kRestored, 0) == 0 &&
         session.database().integer("SELECT provisional FROM epoch ORDER BY no DESC LIMIT 1") == 0;
}

void put_contact(Session& session, const wire::ContactValue& contact) {
  session.meta().put(kContact, pack(contact));
  session.meta().put(kPendingNonce, "");
  session.meta().put_number(kRestored, 0);
  session.redeeming().reset_caps();
}

// Another headquarters, or the same one restored, may have forgotten what it kept of forks.
void send_forks_again(Session& session) { session.database().run("UPDATE epoch SET fork_kept=0 WHERE fork_kept>0"); }

// It may have forgotten epochs that ended long ago, too, and says nothing of them in a contact. The newest event of
// each is sent once more: its answer tells from where on the rest is missing.
void ask_what_is_held(Session& session) {
  session.database().run(
      "WITH newest AS (SELECT e.no,CASE WHEN e.forked_at>0 THEN e.forked_at-1 ELSE"
      " (SELECT max(id) FROM event WHERE id>(e.no<<40) AND id<((e.no+1)<<40))-(e.no<<40) END AS seq FROM epoch e)"
      "UPDATE epoch SET acked=min(acked,max((SELECT seq FROM newest n WHERE n.no=epoch.no)-1,0)) "
      "WHERE provisional=0 AND (SELECT seq FROM newest n WHERE n.no=epoch.no) IS NOT NULL");
}

}  // namespace

Result<std::unique_ptr<StoreContact>> StoreContact::open(Store& store) {
  std::unique_ptr<StoreContact> contact(new StoreContact(store));
  if (Status loaded = contact->load(true); !loaded) return loaded.error();
  return contact;
}

std::optional<wire::Identity> StoreContact::identity_in(Session& session) {
  const auto json = session.meta().get(kIdentity);
  if (!json) return std::nullopt;
  auto identity = wire::read_identity(*json);
  if (!identity) return std::nullopt;
  return std::move(*identity);
}

void StoreContact::put_identity(Session& session, const wire::Identity& identity) {
  session.meta().put(kIdentity, wire::write(identity));
}

void StoreContact::mark_restored(Session& session) { session.meta().put_number(kRestored, 1); }

Status StoreContact::load(bool from_file) {
  std::optional<wire::Identity> identity;
  bool may_issue = false;
  Status read = store_.read([&](Session& session) {
    identity = identity_in(session);
    may_issue = in_contact(session);
  });
  if (!read) return read;
  if (from_file) {
    const auto kept = read_file(identity_file(store_));
    {
      const std::lock_guard lock(mutex_);
      file_json_ = kept.value_or("");
    }
    if (!identity && kept) {
      if (auto parsed = wire::read_identity(*kept)) identity = std::move(*parsed);
    }
  }
  may_issue_.store(may_issue, std::memory_order_release);
  {
    const std::lock_guard lock(mutex_);
    identity_ = identity;
  }
  return identity ? keep_file(wire::write(*identity)) : Status();
}

Status StoreContact::keep_file(const std::string& json) {
  const std::lock_guard lock(mutex_);
  if (json == file_json_) return {};
  if (Status written = write_private_file(identity_file(store_), json); !written) return written;
  file_json_ = json;
  return {};
}

Status StoreContact::reload() {
  const Status loaded = load(false);
  changed_.call();
  return loaded;
}

std::optional<wire::Identity> StoreContact::identity() {
  const std::lock_guard lock(mutex_);
  return identity_;
}

Status StoreContact::store_answer(std::function<void(Session&)> work) {
  if (Status written = store_.writer().run(std::move(work)); !written) return written;
  return reload();
}

Status StoreContact::enrolled(const wire::EnrollAnswer& answer) {
  return store_answer([&answer](Session& session) {
    put_identity(session, answer.identity);
    put_contact(session, answer.contact);
    session.begin_epoch(answer.identity.epoch, false);
  });
}

Result<sync::ContactState::Pending> StoreContact::begin_contact(const Bytes16& fresh_nonce) {
  Pending pending;
  bool fresh = true;
  const Status written = store_.writer().run([&](Session& session) {
    const std::string kept = session.meta().get(kPendingNonce).value_or("");
    pending.request_nonce = fresh_nonce;
    fresh = kept.size() != fresh_nonce.size();
    if (!fresh) {
      std::copy_n(kept.begin(), kept.size(), pending.request_nonce.begin());
    } else {
      session.meta().put(kPendingNonce, text_of(fresh_nonce));
    }
    pending.contact = unpack(session.meta().get(kContact));
    pending.left = left_epochs(session);
  });
  if (!written) return written.error();
  nonce_is_fresh_.store(fresh, std::memory_order_release);
  return pending;
}

Status StoreContact::contacted(const wire::ContactAnswer& answer) {
  const auto known = identity();
  (void)store_.time().sign(answer.time, nonce_is_fresh_.load(std::memory_order_acquire));
  return store_answer([&](Session& session) {
    auto before = identity_in(session);
    if (!before) before = known;
    auto identity = answer.identity ? answer.identity : before;
    if (before) keep_left_epoch(session, *before, answer);
    if (!known || known->hq_incarnation != answer.hq_incarnation) {
      send_forks_again(session);
      ask_what_is_held(session);
    }
    if (identity) {
      if (!answer.identity) identity->hq_incarnation = answer.hq_incarnation;
      wire::take_hq_keys(*identity, before, answer);
      put_identity(session, *identity);
      session.begin_epoch(identity->epoch, false);
    }
    put_contact(session, answer.contact);
  });
}

}  // namespace tillside::store
