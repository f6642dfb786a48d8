// Headquarters' ledger: everything it must not forget, behind one door.
//
// Rows have natural keys (store id; till; till, epoch, sequence; key id, serial; checkout identity): nothing on the
// ingest path is numbered by the database. A method that changes something is durable when it returns without an error,
// and has changed nothing when it returns one. storage_full and storage_failed can come from every method; they are not
// repeated below; methods that return plain values throw DatabaseFailure (a std::runtime_error) instead. Any thread.
//
// Implementations pass tests/contract/ledger_contract.h.
#pragma once

#include <functional>
#include <span>

#include "agent/domain/result.h"
#include "sync/hq/ledger_types.h"
#include "sync/hq/report_types.h"
#include "sync/wire/reservation.h"

namespace tillside::hq {

class Ledger {
 public:
  virtual ~Ledger() = default;

  // Called after a commit that added to the change log, outside of every lock, with the scopes that grew
  // ("chain", "store:<id>", "till:<number>"). Set it before other threads use the ledger.
  using OnChange = std::function<void(const std::vector<std::string>& scopes)>;
  virtual void on_change(OnChange listener) = 0;

  // --- headquarters itself
  virtual HqState state() = 0;
  virtual Status set_public_host(const std::string& host) = 0;  // also tells every till

  // --- stores and staff
  // A number of 0 is given: the lowest above all. conflict: that id exists with other facts, or the number is taken.
  // Adding the same store again changes nothing.
  virtual Result<Store> add_store(const Store& store) = 0;
  virtual std::vector<Store> stores() = 0;
  // Replaces the roster of each store named, and tells its tills. not_found: a store that is not there (none is
  // changed then).
  virtual Status replace_staff(const std::map<std::string, std::vector<Staff>>& by_store) = 0;
  virtual std::vector<Staff> staff_of(const std::string& store_id) = 0;

  // --- enrolment
  // not_found: no such store.
  virtual Status add_code(const EnrolCode& code) = 0;
  // Uses a code once. `begin` makes the new till's first epoch and the answer; it is called inside the transaction with
  // the till's number and store. The same code with the same key again (whose possession was proved): the first answer.
  //   refused: no such code, expired at `now`, used by another key, or too many failures.
  struct EnrolAttempt {
    Bytes32 code_hash{};
    VerifyingKey public_key{};
    Bytes16 nonce{};
    std::string version;
    Instant now;
  };
  struct EnrolPlan {
    EpochRecord epoch;
    std::string answer;
  };
  using BeginTill = std::function<EnrolPlan(TillNumber till, const Store& store, const HqState& hq)>;
  virtual Result<std::string> enrol(const EnrolAttempt& attempt, const BeginTill& begin) = 0;
  // A try with this code whose proof did not hold; five of them end the code.
  virtual Status enrol_failed(const Bytes32& code_hash) = 0;

  // --- contacts
  // Reads the situation, lets `judge` decide, keeps what it decided. Its error comes back as it is and changes nothing.
  // After a plan with `restored_as`: headquarters is recovering, every other live epoch must be readmitted, campaign
  // and till numbers and its own key generation have skipped ahead. A live epoch is lent what campaigns have for it.
  using JudgeContact = std::function<Result<ContactPlan>(const ContactSituation&)>;
  virtual Result<std::string> contact(TillNumber till, const wire::Epoch& epoch, const Bytes16& nonce,
                                      const JudgeContact& judge) = 0;
  // ok: that counter is the newest of that epoch, and the epoch has not ended. refused: revoked. bad_signature: ended
  // by a newer contact, or unknown.
  virtual Status check_token(TillNumber till, const wire::Epoch& epoch, std::uint64_t counter) = 0;
  virtual std::vector<TillInfo> tills() = 0;
  // Its keys too: what they signed beyond what is held now is void. not_found.
  virtual Status revoke_till(TillNumber till) = 0;
  // It changes its key at its next contact, which its token's end brings about at once. not_found; limit: no generation
  // is left; refused: revoked.
  virtual Status rotate_till(TillNumber till) = 0;
  virtual Status write_off_till(TillNumber till) = 0;  // not_found; recovering does not wait for it any more
  // The owner's word that the disk of this epoch is gone for good.
  // The epoch has ended; what it did and has not sent counts as lost, and nobody waits for it (it is still taken if it
  // comes). Headquarters alone decides its coupons, and their exposure comes back, as of an ended epoch of which
  // everything has arrived. Again: nothing changes. not_found; refused: it is live, and its till is not revoked.
  virtual Status disk_gone(TillNumber till, const wire::Epoch& epoch, Instant now) = 0;
  // Something proved that this ledger is an older copy: recovering begins, as after a plan with `restored_as`.
  virtual Status found_restored(const Bytes16& new_incarnation) = 0;
  // True until no till is awaited any more.
  virtual bool still_recovering() = 0;

  // --- headquarters' own keys (sync/hq/hq_keys.h)
  // First of all, and again after a restart: which key signs which generation. A ledger that stands before the newest
  // of them (restored, or a rotation was cut short) goes on from there. Serials of own coupons go on beyond what this
  // ledger may have given in a life that is forgotten, as long as that was fewer than 256 a minute.
  // conflict: the key of its newest generation is another one than this ledger knows; nothing else is done.
  virtual Status begin_run(const OwnKeys& keys, Instant now) = 0;
  // The next generation, with a key of its own: headquarters signs with it from the commit on, every part of the
  // directory is due. `make` makes the key durable, inside the transaction; its error comes back. limit: all 16
  // generations are used up. Returns the generation.
  using MakeOwnKey = std::function<Result<VerifyingKey>(std::uint8_t generation)>;
  virtual Result<std::uint8_t> rotate_own(const MakeOwnKey& make) = 0;

  // --- keys (agent/domain/key_directory.h; sync/hq/key_publisher.h decides when)
  // Every key of headquarters and of every till, rising, as the directory tells it.
  virtual std::vector<KeyRow> keys() = 0;
  // Coupons of this key above serial `good_to` hold no more. Again with another serial: that one counts. not_found;
  // refused: headquarters signs with this very key.
  virtual Status revoke_key(KeyId key, std::uint32_t good_to) = 0;
  // Something changed in the directory since it was published, or may have. Quick.
  virtual bool keys_are_due() = 0;
  // Puts every part that changed, that was signed at or before `renew`, or after `now`, into the chain's change log
  // under a new version. `sign` makes the document; it is called inside the transaction. Returns how many parts there
  // are.
  using SignKeys = std::function<std::string(const KeyPart&)>;
  virtual Result<std::size_t> publish_keys(Instant now, Instant renew, const SignKeys& sign) = 0;

  // --- ingest
  // All batches in one transaction; outcome by outcome, in order. Per batch: events already held with the same digest
  // change nothing; new ones are kept verbatim, filed (checkouts, coupons, reversals, showings ...) and counted against
  // their quotas; those that cannot be used are parked with their reason; gap and stale_token take nothing in. Of a
  // fork the events that differ are kept beside, once each however often they come; a batch that follows them (by its
  // `prev`) is more of the same fork, also beyond what is held.
  // A batch that starts beyond what is held, at the oldest event its till still has, is taken and its hole is named.
  virtual Result<std::vector<IngestOutcome>> ingest(std::span<const IngestBatch> batches) = 0;
  virtual std::vector<EpochLedger> till_ledger(TillNumber till) = 0;

  // --- campaigns and quotas
  // A number of 0 is given; numbers are never used twice. conflict: that number has other terms. The same terms again
  // change nothing. Live tills are lent their first units.
  virtual Result<Campaign> add_campaign(const Campaign& campaign) = 0;
  // Nothing more is issued or lent, what tills hold unused is asked back. Again: changes nothing. not_found.
  virtual Status stop_campaign(std::uint32_t number) = 0;
  // Tills that have not acknowledged a stop (of this campaign), by campaign and till. A till acknowledges by asking for
  // what changed after it; revoked tills are not waited for.
  virtual Result<std::vector<StopAwaited>> awaited_stops(std::optional<std::uint32_t> campaign, Instant now) = 0;
  // The till has taken in every change up to there. Quick while no stop is waited for.
  virtual Status acknowledged(TillNumber till, const Position& position) = 0;
  // Asks back what is lent and unused, and lends no more: of a campaign, of a till (it retires), or of one at the
  // other. What comes back is the till's word, in its events; nothing is taken back by time. not_found; one is wanted.
  virtual Status recall_quota(std::optional<std::uint32_t> campaign, std::optional<TillNumber> till) = 0;
  virtual Status lend_again(std::optional<std::uint32_t> campaign, std::optional<TillNumber> till, Instant now) = 0;
  virtual std::vector<CampaignInfo> campaigns() = 0;
  virtual std::vector<QuotaRow> quotas(std::uint32_t campaign) = 0;

  // --- change log
  virtual Position newest_position(TillNumber till, const std::string& store_id) = 0;
  // What changed after `since` for this till, oldest first, the latest state of each thing only; about `max_bytes`.
  virtual ChangePage changes_since(TillNumber till, const std::string& store_id, const Position& since,
                                   std::size_t max_bytes) = 0;
  virtual std::optional<std::string> store_of(TillNumber till) = 0;

  // --- members. Rows come sorted (by person, by hash) so that a million of them are few page writes.
  // Returns the identifiers these persons had and have no more.
  virtual Result<std::vector<RemovedId>> merge_members(std::span<const MemberRow> rows) = 0;
  // Returns how many identifiers changed.
  virtual Result<std::uint64_t> merge_member_ids(std::span<const MemberIdRow> rows) = 0;
  // Her record (encode_member bytes) and her identifiers; by an identifier.
  virtual std::optional<MemberRow> member(const PersonKey& person) = 0;
  virtual std::optional<PersonKey> person_with(const IdHash& id) = 0;
  virtual MemberCounts member_counts() = 0;
  virtual Status set_authoritative(std::uint32_t types) = 0;
  // Puts every changed identifier and the checkpoint into the change log.
  virtual Status publish_deltas() = 0;
  // Calls row() for every identifier in rising order, from one consistent view.
  using IdRow = std::function<void(const IdHash&, std::string_view record)>;
  virtual Status each_member_id(const IdRow& row) = 0;
  // The checkpoint now names this snapshot; deltas it holds leave the change log.
  virtual Status publish_snapshot(const wire::MembersCheckpoint& snapshot) = 0;
  virtual std::optional<wire::MembersCheckpoint> checkpoint() = 0;

  // --- coupons headquarters issues itself (sync/hq/issuing_desk.h). Each is counted in its campaign's issuable budget,
  // has the first live till of its store for its home, and is told to that store and, when it is somebody's, to hers.
  static constexpr std::uint32_t kMostInOrder = 5000;
  static constexpr std::int64_t kMostToldStore = 20'000, kMostToldPerson = 20;
  static constexpr std::int64_t kMostEarnedStore = 10'000;      // of these its tills' coupons fill no more, told in all
  using TypedOf = std::function<TypedCode(const CouponBody&)>;  // its short form
  // not_found: campaign, store. conflict: that order was another. refused: stopped, over, or no campaign of that kind.
  // limit: the budget, the order's own limit, or too many live ones at that store. unavailable: recovering.
  virtual Result<std::vector<OwnCoupon>> issue_own(const OwnOrder& order, const TypedOf& typed) = 0;
  // Welcomes whoever joined a group for the first time ever while one of `campaigns` (of kind welcome, in order) was
  // active: once for each person and each of her identifiers, for ever. Returns those issued now. Must come before
  // merge_members() of the same persons. Recovering: nobody is welcomed.
  virtual Result<std::vector<OwnCoupon>> welcome(std::span<const JoinFact> facts, std::span<const Campaign> campaigns,
                                                 Instant now, const TypedOf& typed) = 0;
  virtual std::vector<OwnCoupon> own_coupons(const std::string& order_id) = 0;
  // This very coupon was told to that till's store.
  virtual bool was_told(const CouponBytes& body, TillNumber till) = 0;
  virtual Status revoke_own(KeyId key, std::uint32_t serial) = 0;  // not_found: none of headquarters; it stays so
  // Those whose validity has ended are told no more. Returns how many.
  virtual Result<std::uint64_t> end_own_coupons(Instant now) = 0;
  virtual Result<std::vector<HandedOver>> handed_over() = 0;
  // Coupons that tills issued to members, heard of since, or to somebody who is known to be one since: told to the
  // store of their till, which stays their home, and to hers; of one person kMostToldPerson live ones at most. Returns
  // how many were looked at, some at a time.
  virtual bool earned_are_due() = 0;
  virtual Result<std::uint64_t> tell_earned(Instant now) = 0;

  // A store manager's token, by its hash: one a store, a new one ends the one before. not_found.
  virtual Status set_store_token(const std::string& store_id, const Bytes32& hash) = 0;
  virtual std::optional<std::string> store_with_token(const Bytes32& hash) = 0;

  // --- settings that tills take from the downlink: of one store (not_found), or of the chain (an empty id)
  virtual Status set_settings(const std::string& store_id, const SettingValues& values) = 0;
  virtual std::map<std::string, std::string> settings(const std::string& store_id) = 0;

  // --- redemptions away from home
  // The key that till (0: headquarters) had under that generation; nullopt: none of this chain.
  virtual std::optional<VerifyingKey> key_of(KeyId key) = 0;
  // Grants or refuses, once: the same rid has its first answer. Refused with a RedeemReason's name:
  //   spent revoked      headquarters knows so; spent also: reserved by an epoch that ended
  //   held               another reservation of it is open
  //   unknown_campaign
  //   beyond_ceiling     of headquarters, and none of that serial was ever issued; forged: other terms than it has
  //   home_only          `strict`, and its home has not given it to headquarters; home itself may ask
  //   ended_epoch        `strict`, of a life of its home that ended, and not everything that one did has arrived
  //   no_exposure        as many grants as the campaign's exposure are out there, without home's word
  // Where home's word would help, home is asked by its downlink (wire::YieldWish). Its `yield` event decides: what it
  // let go costs no exposure from then on, the grants there are included; so do coupons of an ended life of which
  // everything has arrived.
  // conflict: that rid is another till's or another coupon's. unavailable: recovering, nothing is granted.
  virtual Result<wire::ReservationAnswer> reserve(const ReservationAttempt& attempt) = 0;
  // Ends a grant; its unit comes back. A rid that is not known leaves a tombstone.
  virtual Result<wire::ReservationAnswer> release_reservation(TillNumber till, const wire::Epoch& epoch,
                                                              const Bytes16& rid, Instant now) = 0;

  // --- reports. unavailable: it took longer than the readers' deadline.
  virtual Result<std::vector<ReportRow>> report(const ReportQuery& query) = 0;
  // Coupons redeemed more than once, in the order headquarters heard of it. A sale that was sent twice redeemed once.
  virtual Result<std::vector<RedeemedTwice>> double_redemptions() = 0;
  // Coupons out and back by campaign and store, as they stand at `now`, against the budgets.
  virtual Result<CouponReport> coupon_report(Instant now) = 0;
  // Between stores that issue and stores that redeem, by issuing store, redeeming store, campaign and currency.
  virtual Result<std::vector<SettlementRow>> settlement(const DateRange& range) = 0;
  // What sales were paid with, by store, currency and tender.
  virtual Result<std::vector<TenderRow>> tenders(const DateRange& range) = 0;
  // What stands out at an operator, by kind, store and operator.
  virtual Result<std::vector<Oddity>> oddities(const DateRange& range, const OddityThresholds& thresholds) = 0;
  virtual LedgerCounts counts() = 0;
};

}  // namespace tillside::hq
