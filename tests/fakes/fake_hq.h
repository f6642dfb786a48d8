// Headquarters in memory, at the other end of the sync client's transport: contacts, uplink, downlink, snapshots.
//
// Behaves as docs/wire.md says. Faults happen on the line (fake_line.h), not here.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "sync/client/ports.h"

namespace tillside::fakes {

// Thread-safe.
class FakeHq {
 public:
  using Request = sync::HqTransport::Request;
  using Answer = sync::HqTransport::Answer;

  struct EpochLedger {
    std::map<std::uint64_t, std::string> events;
    std::map<std::uint64_t, wire::ChainHash> hashes;
    std::uint64_t held = 0;
    std::map<std::pair<std::uint64_t, wire::ChainHash>, std::string> other_copy;  // of forks
    std::uint64_t newest_fork = 0;                                                // where the last one parts
  };
  struct TillRecord {
    std::vector<VerifyingKey> keys;  // by generation; the last is current
    wire::Epoch epoch{};
    wire::ContactValue newest, previous;  // `previous` got `answer` under `previous_nonce`
    Bytes16 previous_nonce{};
    std::optional<wire::ContactAnswer> answer;
    std::map<wire::Epoch, EpochLedger> ledger;
  };
  struct Memory {  // what a backup of headquarters holds
    std::map<TillNumber, TillRecord> tills;
    std::map<std::string, TillNumber> used_codes;
    std::vector<wire::Change> changes;
    std::map<std::string, std::string> snapshots;
    Bytes16 incarnation{1};
  };

  FakeHq();

  Memory memory;
  Instant time{1'763'800'000'000};
  std::int64_t token_life_ms = 600'000;
  std::size_t most_events = 2000;  // more in a batch is 413
  std::size_t changes_per_answer = 3;
  bool knows_dictionary = true;          // false: 415 for frames that need one
  bool rejects_all_tokens = false;       // 401 for every call but the contact
  bool claims_too_much = false;          // answers a held sequence far beyond what it was sent
  bool says_kept = true;                 // false: an older headquarters, its fork answers have no kept_to
  bool says_its_key = true;              // identity.public_key is filled
  std::vector<wire::HqKeyLink> hq_keys;  // told in every contact; everything is still signed with key()
  std::uint64_t unique = 0;              // never restored: epochs, values and tokens do not repeat

  const wire::KeyPair& key() const { return keys_; }
  Answer handle(const Request& request);
  std::string snapshot_body(const std::string& name);
  void add_snapshot(const std::string& name, std::size_t rows);  // and the change that names it
  bool has_changes_after(const std::string& cursor);
  std::vector<std::string> events_of(TillNumber till, const wire::Epoch& epoch);
  void restore(const Memory& backup);

 private:
  Answer enroll(const Request& request);
  Answer contact(const Request& request);
  Answer uplink(const Request& request, TillNumber till);
  Answer fork(EpochLedger& ledger, const wire::BatchHead& head, const std::vector<std::string_view>& events,
              std::uint64_t seq, bool rooted);
  Answer downlink(const Request& request);
  wire::ContactOutcome decide(TillRecord*& record, const wire::ContactRequest& request);
  void renew(TillRecord& record, const wire::ContactRequest& request, wire::ContactOutcome outcome);
  std::optional<TillNumber> authorised(const Request& request);
  wire::Identity identity_of(TillNumber till, const TillRecord& record);
  wire::ContactValue fresh_value();
  wire::Epoch fresh_epoch();

  std::mutex mutex_;
  wire::KeyPair keys_;
};

}  // namespace tillside::fakes
