#include "sync/hq/contacts.h"

#include <algorithm>

#include "sync/hq/hq_key_choice.h"
#include "sync/hq/marks.h"

namespace tillside::hq {
namespace {

using wire::ContactOutcome;
using wire::ContactRequest;

constexpr std::uint8_t kLastGeneration = 15;

enum class Finding : std::uint8_t { honest, repeated, copy, parted, must_recover, restored };

// What is held of the epoch is not this till's own: beyond its newest event (its disk went back), or of another history
// than the events it has not been acknowledged (a copy's came first). It could add nothing to this epoch any more.
// Whoever was acknowledged where the last fork begins is on the side that is held.
bool has_parted(const ContactSituation& situation, const ContactRequest& request) {
  return situation.held_seq > request.last_seq || situation.newest_fork > request.acked_seq;
}

bool is_ahead(const wire::ContactValue& value, const wire::ContactValue& newest) {
  return value.counter > newest.counter || (value.counter == newest.counter && value.random != newest.random);
}

// A value ahead that headquarters never made proves nothing, unless the secret that would tell was lost with the rest.
Finding examine(const ContactSituation& situation, const ContactRequest& request, const HqKeys& keys) {
  const auto& record = *situation.record;
  if (record.state == EpochState::ended) return Finding::copy;
  if (record.previous == request.contact && record.nonce == request.request_nonce && !record.answer.empty())
    return Finding::repeated;
  if (is_ahead(request.contact, record.newest)) {
    if (is_own(keys, request.till, request.epoch, request.contact)) return Finding::restored;
    return record.must_recover ? Finding::must_recover : Finding::copy;
  }
  if (request.contact.counter < record.newest.counter) return Finding::copy;
  if (record.must_recover) return Finding::must_recover;
  return has_parted(situation, request) ? Finding::parted : Finding::honest;
}

class Judge {
 public:
  Judge(const ContactSituation& situation, const ContactRequest& request, const HqKeys& keys, const ContactDice& dice,
        Instant now)
      : situation_(situation), request_(request), keys_(keys), dice_(dice), now_(now) {}

  Result<ContactPlan> run() {
    plan_.version = request_.version;
    plan_.at = now_;
    hq_ = situation_.hq;
    known_ = key_known_to(request_, keys_, hq_);
    if (!situation_.record) return unknown_epoch();
    if (!wire::verify(request_, situation_.record->public_key)) return signed_otherwise();
    if (situation_.answer_to_nonce) return again(*situation_.answer_to_nonce);
    switch (examine(situation_, request_, keys_)) {
      case Finding::repeated:
        return again(situation_.record->answer);
      case Finding::honest:
        return honest();
      case Finding::copy:
      case Finding::parted:
        return fenced();
      case Finding::restored:
        restore();
        return readmitted();
      case Finding::must_recover:
        return readmitted();
    }
    return not_ours();
  }

 private:
  static Error not_ours() { return {ErrorCode::bad_signature, "signature", "not signed by this till's key"}; }

  // By a key of this epoch from before it changed: the answer that changed it was lost, or it is a copy from before.
  // Or by a key that only a certificate vouches for: this headquarters was restored from before the change.
  Result<ContactPlan> signed_otherwise() {
    const auto& record = *situation_.record;
    for (const auto& old : situation_.old_keys) {
      if (old.epoch != record.epoch || !wire::verify(request_, old.public_key)) continue;
      if (situation_.answer_to_nonce) return again(*situation_.answer_to_nonce);
      return examine(situation_, request_, keys_) == Finding::repeated ? again(record.answer) : fenced();
    }
    const auto certificate = vouched_for(request_.certificate, keys_, hq_);
    if (!certificate || certificate->till != request_.till || certificate->epoch != request_.epoch ||
        certificate->generation <= record.generation || !wire::verify(request_, certificate->public_key))
      return not_ours();
    if (!hq_.recovering) restore();
    plan_.rotated = true;
    return readmitted(OldKey{record.epoch, certificate->generation, certificate->public_key});
  }

  Result<ContactPlan> again(const std::string& answer) {
    plan_.nothing_changes = true;
    plan_.answer = signed_as_now(answer);
    return plan_;
  }

  // An answer that another key of headquarters signed than this till knows would be refused for ever: the till repeats
  // its nonce until it believes one. It says the same under a key it knows.
  std::string signed_as_now(const std::string& answer) const {
    auto held = wire::read_contact_answer(answer);
    if (!held || wire::verify_time(*held, request_.request_nonce, keys_.signing(known_).public_key)) return answer;
    const auto key = newest_key();
    const auto& epoch = held->identity ? held->identity->epoch : request_.epoch;
    held->token_expires = now_.plus_ms(kTokenLife);
    held->token = wire::write_token(
        {request_.till, epoch, held->contact.counter, held->token_expires, held->hq_incarnation}, key.secret_key);
    if (held->identity && situation_.store) {
      auto& identity = *held->identity;
      identity.hq_key = key.public_key;
      identity.certificate = write_certificate(
          {identity.till, identity.key_generation, identity.epoch, identity.public_key, *situation_.store},
          key.secret_key);
    }
    held->hq_keys = keys_.links(known_, hq_.key_generation);
    held->certificate.clear();
    if (!held->hq_keys.empty() && !held->identity && situation_.record)
      held->certificate = certificate_of(*situation_.record, situation_.store);
    held->time = now_;
    wire::sign_time(*held, request_.request_nonce, keys_.signing(known_).secret_key);
    return wire::write(*held);
  }

  std::string certificate_of(const EpochRecord& record, const std::optional<Store>& store) const {
    if (!store) return {};
    return write_certificate({record.till, record.generation, record.epoch, record.public_key, *store},
                             newest_key().secret_key);
  }

  wire::ContactValue fresh_value(const EpochRecord& record, std::uint64_t counter) const {
    return make_contact_value(keys_, record.till, record.epoch, counter, dice_.contact_random);
  }

  wire::KeyPair newest_key() const { return keys_.signing(hq_.key_generation); }

  Result<ContactPlan> honest() {
    auto record = *situation_.record;
    record.previous = record.newest;
    record.newest = fresh_value(record, record.newest.counter + 1);
    record.nonce = request_.request_nonce;
    if (record.state == EpochState::frozen) record.state = EpochState::live;
    const auto identity = rotate(record);
    record.answer = plan_.answer =
        document(ContactOutcome::honest, record, identity, situation_.store, situation_.held_seq);
    plan_.changed = std::move(record);
    return plan_;
  }

  // The request, signed by the key before, names the next one: that is its proof. nullopt: the key stays.
  std::optional<wire::Identity> rotate(EpochRecord& record) {
    const int newest = newest_generation(record.generation);
    const bool named = request_.next_public_key != VerifyingKey{} && request_.next_public_key != record.public_key;
    if (!situation_.till || !situation_.till->rotate || !situation_.store || !named || newest >= kLastGeneration)
      return std::nullopt;
    record.generation = static_cast<std::uint8_t>(newest + 1);
    record.public_key = request_.next_public_key;
    plan_.rotated = true;
    auto identity = identity_for(record, *situation_.store, hq_, keys_);
    auto generations = std::vector<std::uint8_t>{situation_.record->generation};
    for (const auto& old : situation_.old_keys)
      if (old.epoch == record.epoch) generations.push_back(old.generation);
    std::sort(generations.rbegin(), generations.rend());
    for (const auto generation : generations)
      identity.earlier_typed_keys.push_back({generation, keys_.typed_key(record.till, generation)});
    return identity;
  }

  int newest_generation(int newest) const {
    for (const auto& record : situation_.others) newest = std::max<int>(newest, record.generation);
    for (const auto& old : situation_.old_keys) newest = std::max<int>(newest, old.generation);
    for (const auto& record : plan_.ended) newest = std::max<int>(newest, record.generation);
    return newest;
  }

  // The copy moves to an epoch of its own; what it copied goes on under the old one, if its holder still lives. So does
  // a till that has parted from what is held: what it sells from now on arrives, what forked is kept beside.
  Result<ContactPlan> fenced() {
    auto old = *situation_.record;
    if (old.state == EpochState::live) old.state = EpochState::frozen;
    plan_.changed = std::move(old);
    return begin_epoch(ContactOutcome::fenced, "fenced", *situation_.store);
  }

  Result<ContactPlan> readmitted(const std::optional<OldKey>& known_as = std::nullopt) {
    auto old = *situation_.record;
    if (known_as) old.generation = known_as->generation, old.public_key = known_as->public_key;
    old.state = EpochState::ended;
    old.must_recover = false;
    old.report_until = std::max(old.report_until, request_.last_seq);
    plan_.changed = std::move(old);
    return begin_epoch(ContactOutcome::readmitted, "readmitted", *situation_.store);
  }

  // Headquarters does not know the epoch the till says: with its certificate, it was restored from before that epoch
  // began. With a known key alone nothing is proved, but the till goes on, under an epoch that is known.
  Result<ContactPlan> unknown_epoch() {
    if (situation_.answer_to_nonce && signed_by_known_key()) return again(*situation_.answer_to_nonce);
    EpochRecord old;
    old.till = request_.till;
    old.epoch = request_.epoch;
    old.state = EpochState::ended;
    old.newest = request_.contact;
    old.report_until = request_.last_seq;
    old.begun = now_;
    const auto certificate = vouched_for(request_.certificate, keys_, hq_);
    if (certificate && (certificate->till != request_.till || certificate->epoch != request_.epoch)) return not_ours();
    if (certificate && wire::verify(request_, certificate->public_key)) {
      old.public_key = certificate->public_key;
      old.generation = certificate->generation;
    } else if (const auto* known = signed_by_known_key()) {
      old.public_key = known->public_key;
      old.generation = known->generation;
    } else if (situation_.till) {
      return not_ours();
    } else {
      return Error{ErrorCode::not_found, "till", "nobody vouches for this till: enroll it again"};
    }
    if (!situation_.store && !certificate) return Error{ErrorCode::not_found, "till", "enroll this till again"};
    auto store = situation_.store ? *situation_.store : certificate->store;
    if (!situation_.till) {
      plan_.unknown_till = TillInfo{};
      plan_.unknown_till->till = request_.till;
      plan_.unknown_till->store_id = store.store_id;
      if (!situation_.store) plan_.unknown_store = store;
    }
    if (certificate && !hq_.recovering) restore();
    plan_.changed = old;
    return begin_epoch(ContactOutcome::readmitted, "readmitted", store);
  }

  const EpochRecord* signed_by_known_key() const {
    for (const auto& record : situation_.others)
      if (wire::verify(request_, record.public_key)) return &record;
    return nullptr;
  }

  // Epochs this till was readmitted from, in a life of this ledger that is forgotten: nobody goes on under them, and
  // what was done there is still to come.
  void end_left_epochs() {
    for (const auto& left : request_.left) {
      const auto certificate = vouched_for(left.certificate, keys_, hq_);
      if (!certificate || certificate->till != request_.till || certificate->epoch == request_.epoch) continue;
      const auto& others = situation_.others;
      const auto held = std::find_if(others.begin(), others.end(),
                                     [&](const EpochRecord& other) { return other.epoch == certificate->epoch; });
      if (held != others.end() && held->state == EpochState::ended) continue;
      EpochRecord record;
      if (held != others.end()) {
        record = *held;
      } else {
        record.till = certificate->till;
        record.epoch = certificate->epoch;
        record.generation = certificate->generation;
        record.public_key = certificate->public_key;
        record.begun = now_;
      }
      record.state = EpochState::ended;
      record.must_recover = false;
      record.report_until = std::max(record.report_until, left.last_seq);
      plan_.ended.push_back(std::move(record));
    }
  }

  void restore() {
    plan_.restored_as = dice_.incarnation;
    hq_.incarnation = dice_.incarnation;
    hq_.recovering = true;
  }

  Result<ContactPlan> begin_epoch(ContactOutcome outcome, const char* name, const Store& store) {
    if (outcome == ContactOutcome::readmitted) end_left_epochs();
    const int newest = newest_generation(plan_.changed->generation);
    if (newest >= kLastGeneration)
      return Error{ErrorCode::limit, "key_generation", "all key generations are used up: enroll this till again"};
    EpochRecord begun;
    begun.till = request_.till;
    begun.epoch = dice_.epoch;
    begun.generation = static_cast<std::uint8_t>(newest + 1);
    begun.public_key = request_.next_public_key;
    begun.newest = fresh_value(begun, 1);
    begun.begun = now_;
    plan_.outcome = name;
    plan_.answer = document(outcome, begun, identity_for(begun, store, hq_, keys_), store, situation_.held_seq);
    plan_.begun = std::move(begun);
    return plan_;
  }

  std::string document(ContactOutcome outcome, const EpochRecord& record, std::optional<wire::Identity> identity,
                       const std::optional<Store>& store, std::uint64_t held_seq) const {
    const auto key = newest_key();
    wire::ContactAnswer answer;
    answer.outcome = outcome;
    answer.token_expires = now_.plus_ms(kTokenLife);
    answer.token = wire::write_token(
        {record.till, record.epoch, record.newest.counter, answer.token_expires, hq_.incarnation}, key.secret_key);
    answer.contact = record.newest;
    answer.hq_keys = keys_.links(known_, hq_.key_generation);
    if (!answer.hq_keys.empty() && !identity) answer.certificate = certificate_of(record, store);
    answer.identity = std::move(identity);
    answer.held_seq = held_seq;
    answer.hq_incarnation = hq_.incarnation;
    answer.recovering = hq_.recovering;
    answer.time = now_;
    wire::sign_time(answer, request_.request_nonce, keys_.signing(known_).secret_key);
    return wire::write(answer);
  }

  const ContactSituation& situation_;
  const ContactRequest& request_;
  const HqKeys& keys_;
  const ContactDice& dice_;
  Instant now_;
  HqState hq_;
  std::uint8_t known_ = 0;  // key_known_to()
  ContactPlan plan_;
};

constexpr std::string_view kNoncePurpose = "tillside/nonce/v1";

std::string nonce_mac(const HqKeys& keys, std::string_view stamp) {
  const auto mac = keyed_hash(keys.nonce_key(), std::string(kNoncePurpose) + std::string(stamp));
  return to_hex(mac.data(), 16);
}

}  // namespace

Result<ContactPlan> judge_contact(const ContactSituation& situation, const ContactRequest& request, const HqKeys& keys,
                                  const ContactDice& dice, Instant now) {
  return Judge(situation, request, keys, dice, now).run();
}

wire::Identity identity_for(const EpochRecord& record, const Store& store, const HqState& hq, const HqKeys& keys) {
  wire::Identity identity;
  identity.till = record.till;
  identity.store_id = store.store_id;
  identity.store_number = store.number;
  identity.store_name = store.name;
  identity.zone = store.zone;
  identity.currency = store.currency;
  identity.country_calling_code = store.calling_code;
  identity.public_host = hq.public_host;
  identity.chain = keys.chain();
  const auto key = keys.signing(hq.key_generation);
  identity.hq_key = key.public_key;
  identity.member_keys = {{hq.member_generation, keys.member_key(hq.member_generation)}};
  identity.referral_key = keys.till_referral_key(record.till);
  identity.typed_key = keys.typed_key(record.till, record.generation);
  identity.epoch = record.epoch;
  identity.key_generation = record.generation;
  identity.hq_incarnation = hq.incarnation;
  identity.public_key = record.public_key;
  identity.certificate =
      write_certificate({record.till, record.generation, record.epoch, record.public_key, store}, key.secret_key);
  return identity;
}

std::string make_nonce(const HqKeys& keys, Instant now) {
  std::array<std::uint8_t, 8> time{};
  for (std::size_t i = 0; i < 8; ++i) time[i] = static_cast<std::uint8_t>(now.ms >> (56 - 8 * i));
  const auto stamp = to_hex(time) + to_hex(random_bytes<8>());
  return stamp + nonce_mac(keys, stamp);
}

bool nonce_is_live(const HqKeys& keys, std::string_view nonce, Instant now) {
  std::array<std::uint8_t, 8> time{};
  if (nonce.size() != 64 || !from_hex(nonce.substr(0, 16), time)) return false;
  if (nonce_mac(keys, nonce.substr(0, 32)) != nonce.substr(32)) return false;
  std::uint64_t ms = 0;
  for (const auto byte : time) ms = (ms << 8) | byte;
  const auto age = now.ms - static_cast<std::int64_t>(ms);
  return age >= -kSecond && age <= kNonceLife;
}

Result<std::string> Contacts::answer(const ContactRequest& request) {
  const auto now = clock_.now();
  if (!nonce_is_live(keys_, request.server_nonce, now))
    return Error{ErrorCode::bad_time, "server_nonce", "unknown or older than a minute"};
  const ContactDice dice{random_bytes<16>(), random_bytes<8>(), random_bytes<16>()};
  return ledger_.contact(request.till, request.epoch, request.request_nonce, [&](const ContactSituation& situation) {
    return judge_contact(situation, request, keys_, dice, now);
  });
}

}  // namespace tillside::hq
