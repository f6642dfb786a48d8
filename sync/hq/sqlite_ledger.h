// The ledger in one SQLite file: WAL, synchronous=FULL, one connection that writes and checkpoints, readers that never
// checkpoint and have deadlines.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>

#include "agent/domain/redemption.h"
#include "sync/hq/ledger.h"
#include "sync/hq/sqlite_db.h"

namespace tillside::hq {

struct Placement;
class EventFiling;

class SqliteLedger : public Ledger {
 public:
  // Opens or creates. `fresh_incarnation` names a new ledger. too_new: written by a newer program. storage_failed: not
  // a database, not readable.
  static Result<std::unique_ptr<SqliteLedger>> open(const std::filesystem::path& file,
                                                    const Bytes16& fresh_incarnation);

  void on_change(OnChange listener) override;

  HqState state() override;
  Status set_public_host(const std::string& host) override;

  Result<Store> add_store(const Store& store) override;
  std::vector<Store> stores() override;
  Status replace_staff(const std::map<std::string, std::vector<Staff>>& by_store) override;
  std::vector<Staff> staff_of(const std::string& store_id) override;

  Status add_code(const EnrolCode& code) override;
  Result<std::string> enrol(const EnrolAttempt& attempt, const BeginTill& begin) override;
  Status enrol_failed(const Bytes32& code_hash) override;

  Result<std::string> contact(TillNumber till, const wire::Epoch& epoch, const Bytes16& nonce,
                              const JudgeContact& judge) override;
  Status check_token(TillNumber till, const wire::Epoch& epoch, std::uint64_t counter) override;
  std::vector<TillInfo> tills() override;
  Status revoke_till(TillNumber till) override;
  Status rotate_till(TillNumber till) override;
  Status write_off_till(TillNumber till) override;
  Status disk_gone(TillNumber till, const wire::Epoch& epoch, Instant now) override;
  Status found_restored(const Bytes16& new_incarnation) override;
  bool still_recovering() override;

  Status begin_run(const OwnKeys& keys, Instant now) override;
  Result<std::uint8_t> rotate_own(const MakeOwnKey& make) override;

  std::vector<KeyRow> keys() override;
  Status revoke_key(KeyId key, std::uint32_t good_to) override;
  bool keys_are_due() override;
  Result<std::size_t> publish_keys(Instant now, Instant renew, const SignKeys& sign) override;

  Result<std::vector<IngestOutcome>> ingest(std::span<const IngestBatch> batches) override;
  std::vector<EpochLedger> till_ledger(TillNumber till) override;

  Result<Campaign> add_campaign(const Campaign& campaign) override;
  Status stop_campaign(std::uint32_t number) override;
  Result<std::vector<StopAwaited>> awaited_stops(std::optional<std::uint32_t> campaign, Instant now) override;
  Status acknowledged(TillNumber till, const Position& position) override;
  Status recall_quota(std::optional<std::uint32_t> campaign, std::optional<TillNumber> till) override;
  Status lend_again(std::optional<std::uint32_t> campaign, std::optional<TillNumber> till, Instant now) override;
  std::vector<CampaignInfo> campaigns() override;
  std::vector<QuotaRow> quotas(std::uint32_t campaign) override;

  Position newest_position(TillNumber till, const std::string& store_id) override;
  ChangePage changes_since(TillNumber till, const std::string& store_id, const Position& since,
                           std::size_t max_bytes) override;
  std::optional<std::string> store_of(TillNumber till) override;

  Result<std::vector<RemovedId>> merge_members(std::span<const MemberRow> rows) override;
  Result<std::uint64_t> merge_member_ids(std::span<const MemberIdRow> rows) override;
  std::optional<MemberRow> member(const PersonKey& person) override;
  std::optional<PersonKey> person_with(const IdHash& id) override;
  MemberCounts member_counts() override;
  Status set_authoritative(std::uint32_t types) override;
  Status publish_deltas() override;
  Status each_member_id(const IdRow& row) override;
  Status publish_snapshot(const wire::MembersCheckpoint& snapshot) override;
  std::optional<wire::MembersCheckpoint> checkpoint() override;

  Result<std::vector<OwnCoupon>> issue_own(const OwnOrder& order, const TypedOf& typed) override;
  Result<std::vector<OwnCoupon>> welcome(std::span<const JoinFact> facts, std::span<const Campaign> campaigns,
                                         Instant now, const TypedOf& typed) override;
  std::vector<OwnCoupon> own_coupons(const std::string& order_id) override;
  bool was_told(const CouponBytes& body, TillNumber till) override;
  Status revoke_own(KeyId key, std::uint32_t serial) override;
  Result<std::uint64_t> end_own_coupons(Instant now) override;
  Result<std::vector<HandedOver>> handed_over() override;
  bool earned_are_due() override;
  Result<std::uint64_t> tell_earned(Instant now) override;

  Status set_store_token(const std::string& store_id, const Bytes32& hash) override;
  std::optional<std::string> store_with_token(const Bytes32& hash) override;
  Status set_settings(const std::string& store_id, const SettingValues& values) override;
  std::map<std::string, std::string> settings(const std::string& store_id) override;

  std::optional<VerifyingKey> key_of(KeyId key) override;
  Result<wire::ReservationAnswer> reserve(const ReservationAttempt& attempt) override;
  Result<wire::ReservationAnswer> release_reservation(TillNumber till, const wire::Epoch& epoch, const Bytes16& rid,
                                                      Instant now) override;

  Result<std::vector<ReportRow>> report(const ReportQuery& query) override;
  Result<std::vector<RedeemedTwice>> double_redemptions() override;
  Result<CouponReport> coupon_report(Instant now) override;
  Result<std::vector<SettlementRow>> settlement(const DateRange& range) override;
  Result<std::vector<TenderRow>> tenders(const DateRange& range) override;
  Result<std::vector<Oddity>> oddities(const DateRange& range, const OddityThresholds& thresholds) override;
  LedgerCounts counts() override;

 private:
  class Write;  // one locked transaction; see sqlite_ledger.cpp
  class Read;   // one locked reader with a deadline

  explicit SqliteLedger(const std::filesystem::path& file);

  template <class F>
  auto guarded(F body) -> decltype(body());

  // All below: inside a Write.
  std::string meta(const char* name);
  void set_meta(const char* name, std::string_view value);
  void load_state(const Bytes16& fresh_incarnation);
  void save_state();

  void append_change(const std::string& scope, const std::string& key, std::string_view body);
  std::uint64_t chain_head();  // newest position of the chain's scope, inside a write
  void drop_changes(const std::string& scope, std::string_view key_prefix);

  std::uint32_t next_number(const char* floor_name, const char* newest_sql);
  void insert_store(const Store& store);
  bool is_number_of_another(const Store& store);
  std::optional<Store> find_store(const std::string& store_id);
  std::optional<TillInfo> find_till(TillNumber till);
  void save_epoch(const EpochRecord& record);
  std::vector<EpochRecord> epochs_of(TillNumber till);
  ContactSituation situation(TillNumber till, const wire::Epoch& epoch, const Bytes16& nonce);
  void carry_out(TillNumber till, const wire::Epoch& epoch, const Bytes16& nonce, const ContactPlan& plan);
  void become_recovering(const Bytes16& incarnation);
  void settle_recovery(Instant now);

  void note_own_key(std::uint8_t generation);
  void skip_own_generation();
  std::uint32_t next_own_serial();
  Status revoke_own_key(std::uint8_t generation);
  void load_revoked();
  std::optional<VerifyingKey> own_key(std::uint8_t generation);

  void keys_changed(TillNumber till);
  void all_keys_changed();
  void publish_part(KeyPartNumber part, Instant now, bool renew, const SignKeys& sign);
  void revoke_keys_of(TillNumber till);

  IngestOutcome take(const IngestBatch& batch);
  IngestOutcome append(const IngestBatch& batch, const std::string& store_id);
  IngestOutcome quarantine(const IngestBatch& batch);
  IngestOutcome keep_fork(const IngestBatch& batch, const Placement& fork, std::uint64_t held_seq,
                          const std::string* store_id);
  void settle_quotas(const IngestBatch& batch, const std::map<std::uint32_t, std::pair<std::int64_t, std::int64_t>>&);

  static std::vector<CampaignInfo> campaigns_in(Database& db);  // of any connection
  std::int64_t available(std::uint32_t campaign);
  void lend(std::uint32_t campaign, TillNumber till, const wire::Epoch& epoch, Instant now);
  void lend_all(TillNumber till, const wire::Epoch& epoch, Instant now);
  struct QuotaPlace {
    std::uint32_t campaign = 0;
    TillNumber till = 0;
    wire::Epoch epoch{};
  };
  Status set_recalled(std::optional<std::uint32_t> campaign, std::optional<TillNumber> till, bool recalled);
  void tell_quota(const QuotaPlace& place, bool recalled);
  void recall_what_is_over(TillNumber till, const wire::Epoch& epoch, Instant now);
  std::vector<QuotaPlace> quotas_of_live_epochs(std::optional<std::uint32_t> campaign, std::optional<TillNumber> till);
  void await_stop(std::uint32_t campaign);
  void count_awaited();

  // none: headquarters decides. ended: so it does, but not everything its till did in that life is here.
  enum class Home : std::uint8_t { none, decides, ended, spent };
  Home home_of(KeyId key, std::uint32_t serial);
  void ask_home(KeyId key, std::uint32_t serial, Instant now);
  void settle_ended_epochs(TillNumber till);
  struct Judged {
    RedeemReason reason = RedeemReason::none;
    bool exposed = false;   // its home may redeem it as well until it says that it will not
    bool ask_home = false;  // home's word would let it be granted, or give back the unit
  };
  Judged judge_reservation(const ReservationAttempt& attempt);
  bool is_home(const ReservationAttempt& attempt);
  void charge_forgotten(const EventFiling& filing, const IngestBatch& batch);

  // sqlite_ledger_own.cpp
  struct OwnIssue;
  OwnCoupon issue_one(const OwnIssue& what, const PersonKey& person, const TypedOf& typed);
  std::optional<KeyId> home_at(const std::string& store_id);
  std::optional<KeyId> home_key_of(KeyId key, std::uint32_t serial);  // who decides that coupon alone
  std::int64_t told_at(const std::string& store_id);
  void tell_coupon(const std::string& store_id, const OwnCoupon& coupon, std::uint64_t typed_mac);
  void tell_gone(KeyId key, std::uint32_t serial, int ended);
  void tell_ended(const EventFiling& filing);
  void tell_stores_of(const PersonKey& person, const MemberRecord& record);
  std::optional<Instant> first_join_of(const JoinFact& fact);
  void keep_first_join(const PersonKey& person, std::string_view before, std::string_view now);
  bool was_welcomed(const JoinFact& fact);
  // sqlite_ledger_earned.cpp
  struct Earned;
  struct EarnedRun;
  void tell_one_earned(const Earned& coupon, EarnedRun& run);
  std::vector<std::string> stores_of(const PersonKey& person);
  void forget_earned_of(const PersonKey& person);
  void claim(std::span<const MemberIdRow> rows);
  std::string settings_change(const std::string& store_id);

  void save_checkpoint(const wire::MembersCheckpoint& checkpoint);
  std::uint32_t covered_types();  // outside a Write: it reads every member

  std::mutex write_mutex_;
  Database writer_;  // guarded by write_mutex_, as is what follows
  HqState state_;
  OwnKeys own_keys_;                    // of begin_run()
  std::uint32_t own_serial_floor_ = 0;  // the same
  std::vector<std::string> touched_;
  std::atomic<bool> keys_due_{true};      // set inside a write, read by anyone
  std::atomic<bool> earned_due_{true};    // the same
  std::atomic<std::int64_t> awaited_{0};  // rows of stop_awaited
  OnChange listener_;

  std::mutex state_mutex_;
  HqState published_;  // guarded by state_mutex_: state_ as of the last commit, for those who must not wait for one

  std::mutex read_mutex_;
  std::unique_ptr<Database> reader_;  // guarded by read_mutex_: short reads
  std::mutex report_mutex_;
  std::unique_ptr<Database> report_reader_;  // guarded by report_mutex_: long ones
  std::filesystem::path file_;
};

}  // namespace tillside::hq
