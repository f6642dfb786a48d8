#include "agent/domain/member.h"

#include <sodium.h>

#include <algorithm>

#include "agent/domain/phone.h"

namespace tillside {
namespace {

constexpr std::string_view kBlanks[] = {" ", "\t", "\r", "\n", "\u00A0", "\u3000", "\uFEFF", "\u200B"};

std::string without_blanks(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const auto blank = std::find_if(std::begin(kBlanks), std::end(kBlanks),
                                    [&](std::string_view candidate) { return text.starts_with(candidate); });
    if (blank == std::end(kBlanks)) kept.push_back(text.front());
    text.remove_prefix(blank == std::end(kBlanks) ? 1 : blank->size());
  }
  return kept;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_control(char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }

bool covers(const ReplicaFacts& facts, IdType type) {
  return type != IdType::member_code && (facts.covered_types >> static_cast<unsigned>(type) & 1u) != 0;
}

bool in_a_group(const Finding& finding) { return finding.record && !finding.record->stores.empty(); }

bool in_group_of(const MemberRecord& record, StoreNumber store) {
  return std::find(record.stores.begin(), record.stores.end(), store) != record.stores.end();
}

bool in_another_group(const MemberRecord& record, StoreNumber store) {
  return std::any_of(record.stores.begin(), record.stores.end(), [&](StoreNumber one) { return one != store; });
}

// The better witness: one in a group, then the stronger proof, then one who is here.
bool better(const Finding& a, const Finding& b, StoreNumber store) {
  if (in_a_group(a) != in_a_group(b)) return in_a_group(a);
  if (a.proof != b.proof) return a.proof > b.proof;
  return in_group_of(*a.record, store) && !in_group_of(*b.record, store);
}

const Finding* best_witness(std::span<const Finding> findings, StoreNumber store) {
  const Finding* best = nullptr;
  for (const auto& finding : findings)
    if (finding.record && (best == nullptr || better(finding, *best, store))) best = &finding;
  return best;
}

void take_facts(Verdict& verdict, const MemberRecord& record) {
  verdict.friend_of = record.friend_of;
  verdict.tier = record.tier;
  verdict.paid_until = record.paid_until;
  verdict.first_joined = record.first_joined;
  verdict.person = record.person;
  verdict.birthday = record.birthday;
  verdict.bought = record.bought;
}

// A replica of one store's groups cannot deny that she is in another store's.
std::optional<bool> elsewhere_of(bool listed, Scope scope) {
  if (listed || scope == Scope::chain) return listed;
  return std::nullopt;
}

Proof strongest(std::span<const Finding> findings, const ReplicaFacts* covered_by) {
  Proof proof = Proof::named;
  for (const auto& finding : findings)
    if (covered_by == nullptr || finding.record || covers(*covered_by, finding.type))
      proof = std::max(proof, finding.proof);
  return proof;
}

bool may_deny(std::span<const Finding> findings, const ReplicaFacts& facts) {
  return facts.checkpoint_applied && std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
           return finding.record || covers(facts, finding.type);
         });
}

}  // namespace

Result<std::string> normalise(IdType type, std::string_view value, std::string_view country_calling_code) {
  if (type == IdType::phone) return normalise_phone(value, country_calling_code);
  std::string text = without_blanks(value);
  if (type == IdType::card) std::transform(text.begin(), text.end(), text.begin(), upper);
  if (text.empty() || text.size() > 128) return Error{ErrorCode::bad_format, "", "not 1 to 128 bytes"};
  if (std::any_of(text.begin(), text.end(), is_control)) return Error{ErrorCode::bad_format, "", "a control character"};
  return text;
}

IdHash hash_identifier(const MemberKey& key, IdType type, std::string_view normalised) {
  IdHash hash;
  crypto_generichash_state state;
  const auto type_byte = static_cast<std::uint8_t>(type);
  crypto_generichash_init(&state, key.data(), key.size(), hash.size());
  crypto_generichash_update(&state, &type_byte, 1);
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(normalised.data()), normalised.size());
  crypto_generichash_final(&state, hash.data(), hash.size());
  return hash;
}

Verdict judge(std::span<const Finding> findings, const ReplicaFacts& facts, StoreNumber store) {
  Verdict verdict;
  verdict.as_of = facts.as_of;
  verdict.scope = facts.scope;
  if (findings.empty()) return verdict;

  const Finding* witness = best_witness(findings, store);
  if (witness != nullptr) take_facts(verdict, *witness->record);
  if (witness != nullptr && in_a_group(*witness)) {
    verdict.status = VerdictStatus::member;
    verdict.here = in_group_of(*witness->record, store);
    verdict.elsewhere = elsewhere_of(in_another_group(*witness->record, store), facts.scope);
    verdict.proof = witness->proof;
  } else if (may_deny(findings, facts)) {
    verdict.status = VerdictStatus::not_member;
    verdict.here = false;
    verdict.elsewhere = elsewhere_of(false, facts.scope);
    verdict.proof = strongest(findings, &facts);
  } else {
    verdict.status = VerdictStatus::unknown;
    verdict.proof = strongest(findings, nullptr);
  }
  return verdict;
}

}  // namespace tillside
