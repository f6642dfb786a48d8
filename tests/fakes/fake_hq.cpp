#include "tests/fakes/fake_hq.h"

#include <sodium.h>

#include <algorithm>

#include "sync/wire/compress.h"
#include "sync/wire/snapshot.h"

namespace tillside::fakes {
namespace {

using Answer = FakeHq::Answer;

Answer problem(int status, const std::string& code) {
  return Answer{status, R"({"status":)" + std::to_string(status) + R"(,"code":")" + code + R"("})", std::nullopt};
}

std::string parameter(const std::string& path, const std::string& name) {
  const auto at = path.find(name + "=");
  if (at == path.npos) return {};
  const auto begin = at + name.size() + 1;
  return path.substr(begin, path.find('&', begin) - begin);
}

std::size_t number_in_cursor(const std::string& cursor) {
  const auto at = cursor.find('-');
  return at == cursor.npos ? 0 : std::stoul(cursor.substr(at + 1));
}

bool is_poison(std::string_view event) { return event.find("poison") != event.npos; }

}  // namespace

FakeHq::FakeHq() : keys_(wire::key_pair_from_seed(Bytes32{99})) {}

wire::ContactValue FakeHq::fresh_value() {
  Bytes16 random{};
  random[0] = static_cast<std::uint8_t>(++unique);
  random[1] = static_cast<std::uint8_t>(unique >> 8);
  return {unique, random};
}

wire::Epoch FakeHq::fresh_epoch() {
  wire::Epoch epoch{};
  ++unique;
  epoch[0] = static_cast<std::uint8_t>(unique);
  epoch[1] = static_cast<std::uint8_t>(unique >> 8);
  return epoch;
}

wire::Identity FakeHq::identity_of(TillNumber till, const TillRecord& record) {
  wire::Identity identity;
  identity.till = till;
  identity.store_id = "0123";
  identity.store_number = 123;
  identity.zone = "Asia/Shanghai";
  identity.currency = "CNY";
  identity.country_calling_code = "86";
  identity.public_host = "t.example.cn";
  identity.hq_key = keys_.public_key;
  identity.epoch = record.epoch;
  identity.key_generation = static_cast<std::uint8_t>(record.keys.size() - 1);
  identity.hq_incarnation = memory.incarnation;
  if (says_its_key) identity.public_key = record.keys.back();
  return identity;
}

Answer FakeHq::handle(const Request& request) {
  const std::lock_guard lock(mutex_);
  const std::string path = request.path.substr(0, request.path.find('?'));
  if (path == "/v1/enroll") return enroll(request);
  if (path == "/v1/nonce") return {200, wire::write(wire::NonceAnswer{"n" + std::to_string(++unique), time}), {}};
  if (path == "/v1/token") return contact(request);
  const auto till = authorised(request);
  if (!till) return problem(401, "token_not_live");
  if (path == "/v1/uplink") return uplink(request, *till);
  if (path == "/v1/downlink") return downlink(request);
  return problem(404, "not_found");
}

std::optional<TillNumber> FakeHq::authorised(const Request& request) {
  const auto token = wire::read_token(request.bearer, keys_.public_key);
  if (!token || rejects_all_tokens) return std::nullopt;
  const auto found = memory.tills.find(token->till);
  if (found == memory.tills.end() || found->second.newest.counter != token->counter) return std::nullopt;
  return token->till;
}

Answer FakeHq::enroll(const Request& request) {
  const auto enrolment = wire::read_enroll_request(request.body);
  if (!enrolment || !wire::verify(*enrolment)) return problem(400, "bad_proof");
  const auto used = memory.used_codes.find(enrolment->code);
  if (used != memory.used_codes.end() && memory.tills.at(used->second).keys.front() != enrolment->public_key)
    return problem(403, "code_used");
  const TillNumber till = used != memory.used_codes.end() ? used->second : static_cast<TillNumber>(++unique);
  auto [at, is_new] = memory.tills.try_emplace(till);
  if (is_new) {
    at->second.keys = {enrolment->public_key};
    at->second.epoch = fresh_epoch();
    at->second.newest = fresh_value();
    memory.used_codes[enrolment->code] = till;
  }
  return {200, wire::write(wire::EnrollAnswer{identity_of(till, at->second), at->second.newest, time}), {}};
}

wire::ContactOutcome FakeHq::decide(TillRecord*& record, const wire::ContactRequest& request) {
  const auto found = memory.tills.find(request.till);
  if (found == memory.tills.end()) {
    record = &memory.tills[request.till];
    record->keys = {request.next_public_key};
    record->epoch = fresh_epoch();
    return wire::ContactOutcome::readmitted;
  }
  record = &found->second;
  const auto& ledger = record->ledger[request.epoch];
  const bool parted = ledger.held > request.last_seq || ledger.newest_fork > request.acked_seq;
  if (request.contact == record->newest && !parted) return wire::ContactOutcome::honest;
  if (record->answer && request.contact == record->previous && request.request_nonce == record->previous_nonce)
    return wire::ContactOutcome::repeated;
  if (request.contact.counter > record->newest.counter) return wire::ContactOutcome::readmitted;
  record->keys.push_back(request.next_public_key);
  record->epoch = fresh_epoch();
  return wire::ContactOutcome::fenced;
}

void FakeHq::renew(TillRecord& record, const wire::ContactRequest& request, wire::ContactOutcome outcome) {
  wire::ContactAnswer answer;
  answer.outcome = outcome;
  record.previous = request.contact;
  record.previous_nonce = request.request_nonce;
  record.newest = answer.contact = fresh_value();
  answer.held_seq = record.ledger[request.epoch].held;
  answer.hq_incarnation = memory.incarnation;
  answer.token_expires = time.plus_ms(token_life_ms);
  answer.token = wire::write_token(
      {request.till, record.epoch, record.newest.counter, answer.token_expires, memory.incarnation}, keys_.secret_key);
  if (outcome != wire::ContactOutcome::honest) answer.identity = identity_of(request.till, record);
  record.answer = answer;
}

Answer FakeHq::contact(const Request& request) {
  const auto asked = wire::read_contact_request(request.body);
  if (!asked) return problem(400, "bad_request");
  const auto known = memory.tills.find(asked->till);
  if (known != memory.tills.end() && std::none_of(known->second.keys.begin(), known->second.keys.end(),
                                                  [&](const VerifyingKey& key) { return wire::verify(*asked, key); }))
    return problem(403, "bad_signature");
  TillRecord* record = nullptr;
  const auto outcome = decide(record, *asked);
  if (outcome != wire::ContactOutcome::repeated) renew(*record, *asked, outcome);
  auto answer = *record->answer;
  answer.outcome = outcome;
  answer.time = time;
  answer.hq_keys = hq_keys;
  wire::sign_time(answer, asked->request_nonce, keys_.secret_key);
  return {200, wire::write(answer), {}};
}

Answer FakeHq::uplink(const Request& request, TillNumber till) {
  if (!knows_dictionary && request.body.size() > 4 && (request.body[4] & 3) != 0)
    return problem(415, "unknown_dictionary");
  auto text = wire::Decompressor().decompress(request.body, wire::kMaxBatchBytes);
  if (!text) return problem(400, "bad_frame");
  const auto batch = wire::read_batch(*text);
  if (!batch) return problem(400, "bad_batch");
  if (batch->events.size() > most_events) return problem(413, "too_large");

  auto& ledger = memory.tills.at(till).ledger[batch->head.epoch];
  wire::UplinkAnswer answer;
  answer.time = time;
  const auto first = batch->head.first_seq;
  const auto before = ledger.hashes.find(first - 1);
  const bool differs_before = before != ledger.hashes.end() && before->second != batch->head.prev;
  if (ledger.other_copy.contains({first - 1, batch->head.prev}) && says_kept)
    return fork(ledger, batch->head, batch->events, first, true);
  if (first > std::max(ledger.held + 1, batch->head.retained_from)) {
    answer.held_seq = ledger.held;
    answer.expected_seq = ledger.held + 1;
    return {409, wire::write(answer), {}};
  }
  if (differs_before) {
    ledger.newest_fork = std::max(ledger.newest_fork, first - 1);
    return fork(ledger, batch->head, batch->events, first - 1, batch->head.retained_from >= first);
  }
  auto hash = batch->head.prev;
  for (std::size_t i = 0; i < batch->events.size(); ++i) {
    hash = wire::chain(hash, batch->events[i]);
    const auto seq = first + i;
    if (const auto held = ledger.hashes.find(seq); held != ledger.hashes.end()) {
      if (held->second == hash) continue;
      ledger.newest_fork = std::max(ledger.newest_fork, seq);
      return fork(ledger, batch->head, batch->events, seq, true);
    }
    ledger.events[seq] = batch->events[i];
    ledger.hashes[seq] = hash;
    ledger.held = seq;
    if (is_poison(batch->events[i])) answer.verdicts.push_back({seq, "parked", "unknown_value"});
  }
  answer.held_seq = claims_too_much ? ledger.held + 1000 : ledger.held;
  return {200, wire::write(answer), {}};
}

Answer FakeHq::fork(EpochLedger& ledger, const wire::BatchHead& head, const std::vector<std::string_view>& events,
                    std::uint64_t seq, bool rooted) {
  auto hash = head.prev;
  for (std::size_t i = 0; i < events.size(); ++i) {
    hash = wire::chain(hash, events[i]);
    if (head.first_seq + i >= seq) ledger.other_copy[{head.first_seq + i, hash}] = events[i];
  }
  wire::UplinkAnswer answer;
  answer.time = time;
  answer.held_seq = ledger.held;
  answer.fork_seq = seq;
  if (says_kept) answer.kept_to = rooted ? head.first_seq + events.size() - 1 : seq - 1;
  return {409, wire::write(answer), {}};
}

Answer FakeHq::downlink(const Request& request) {
  const std::string own = to_hex(memory.incarnation).substr(0, 4);
  std::string since = parameter(request.path, "since");
  wire::DownlinkAnswer answer;
  answer.reset = !since.empty() && since.substr(0, 4) != own;
  const std::size_t from = answer.reset ? 0 : number_in_cursor(since);
  const std::size_t to = std::min(memory.changes.size(), from + changes_per_answer);
  for (std::size_t i = from; i < to; ++i) answer.changes.push_back(memory.changes[i]);
  answer.cursor = own + "-" + std::to_string(to);
  answer.hq_incarnation = memory.incarnation;
  answer.as_of = time;
  answer.more = to < memory.changes.size();
  return {200, wire::write(answer), {}};
}

bool FakeHq::has_changes_after(const std::string& cursor) {
  const std::lock_guard lock(mutex_);
  return cursor.empty() || number_in_cursor(cursor) < memory.changes.size();
}

std::string FakeHq::snapshot_body(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = memory.snapshots.find(name);
  return found == memory.snapshots.end() ? std::string() : found->second;
}

void FakeHq::add_snapshot(const std::string& name, std::size_t rows) {
  const std::lock_guard lock(mutex_);
  std::string file;
  wire::append_snapshot_head(file, rows);
  for (std::size_t i = 0; i < rows; ++i) {
    IdHash hash{};
    hash[0] = static_cast<std::uint8_t>(i >> 8);
    hash[1] = static_cast<std::uint8_t>(i);
    wire::append_snapshot_row(file, hash, "record");
  }
  wire::Change change;
  change.kind = wire::ChangeKind::members_checkpoint;
  change.checkpoint.snapshot = name;
  change.checkpoint.rows = rows;
  change.checkpoint.bytes = file.size();
  auto& digest = change.checkpoint.digest;
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(file.data()), file.size(),
                     nullptr, 0);
  memory.snapshots[name] = std::move(file);
  memory.changes.push_back(std::move(change));
}

std::vector<std::string> FakeHq::events_of(TillNumber till, const wire::Epoch& epoch) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> events;
  for (const auto& [seq, event] : memory.tills[till].ledger[epoch].events) events.push_back(event);
  return events;
}

void FakeHq::restore(const Memory& backup) {
  const std::lock_guard lock(mutex_);
  const auto next = static_cast<std::uint8_t>(memory.incarnation[0] + 1);
  memory = backup;
  memory.incarnation = Bytes16{next};
}

}  // namespace tillside::fakes
